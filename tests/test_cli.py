"""The program as a user meets it: what it prints, what it writes, and how it ends."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from command import PROGRAM, dockfix, environment, files_below, git

# One change, which is safe.
SPLIT = b"FROM debian:12-slim\nRUN echo a\nRUN echo b\n"
MERGED = b"FROM debian:12-slim\nRUN echo a \\\n    && echo b\n"
# Nothing to do.
DONE = b"FROM debian:12-slim\nRUN echo a\n"
# A change that is held back unless `review` is asked for: what the script does is not known.
UNSURE = b"FROM debian:12-slim\nRUN apt-get update && apt-get install -y --no-install-recommends curl\nCOPY setup.sh /\nUSER root\nRUN /setup.sh\n"
# Two RUNs that must not become one.
BACKGROUND = b"FROM debian:12-slim\nRUN server & sleep 1\nRUN client\n"
BROKEN = b"FROM debian:12-slim\nNONSENSE\n"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A small repository with two Dockerfiles that can be better and one that cannot."""
    for name, text in {"api/Dockerfile": SPLIT, "done/Dockerfile": DONE, "web.Dockerfile": SPLIT}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(text)
    return tmp_path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one Dockerfile in it."""
    (tmp_path / "Dockerfile").write_bytes(SPLIT)
    return tmp_path


class TestLines:
    def test_each_change_is_a_line_with_its_place_level_proof_and_title(self, repository: Path) -> None:
        ended = dockfix(repository)
        assert [line.partition(b" (safe, ")[0] for line in ended.out.splitlines()] == [
            b"web.Dockerfile:2: merge-runs",
            b"api/Dockerfile:2: merge-runs",
        ]
        assert ended.err == "2 changes (2 files)\n"

    def test_nothing_is_written_unless_asked_for(self, repository: Path) -> None:
        before = files_below(repository)
        dockfix(repository)
        dockfix(repository, "--diff")
        assert files_below(repository) == before

    def test_lines_are_those_of_the_file_as_it_was(self, folder: Path) -> None:
        (folder / "Dockerfile").write_bytes(SPLIT + b"ENV A=1\n" + b"RUN echo c\nRUN echo d\n")
        out = dockfix(folder, "--only", "merge-runs").out
        assert [line.split(b" ")[0] for line in out.splitlines()] == [b"Dockerfile:2:", b"Dockerfile:5:"]

    def test_nothing_to_do_is_said_too(self, folder: Path) -> None:
        (folder / "Dockerfile").write_bytes(DONE)
        assert dockfix(folder) == (0, b"", "nothing to do (1 file)\n")

    def test_a_folder_without_dockerfiles_is_said_too(self, tmp_path: Path) -> None:
        assert dockfix(tmp_path) == (0, b"", "dockfix: no Dockerfile found in .\n")

    def test_what_is_held_back_is_counted_and_named_by_v(self, folder: Path) -> None:
        (folder / "Dockerfile").write_bytes(UNSURE)
        ended = dockfix(folder, "--level", "safe")
        assert ended == (0, b"", "nothing to do (1 file); 1 held back (review: 1)\n")
        err = dockfix(folder, "--level", "safe", "-v").err.splitlines()
        assert err[0] == "Dockerfile:1: info: layer-budget: 3 layers, and those of debian:12-slim"
        assert err[1].startswith("Dockerfile:2: held back: clean-package-lists (review, ")
        assert len(err) == 3

    def test_what_is_left_alone_is_counted_and_named_by_v(self, folder: Path) -> None:
        (folder / "Dockerfile").write_bytes(BACKGROUND)
        assert dockfix(folder) == (0, b"", "nothing to do (1 file); 1 place left alone (-v names them)\n")
        err = dockfix(folder, "-v").err.splitlines()
        assert err[1].startswith("Dockerfile:3: left alone: merge-runs: ")
        assert err[2:] == ["nothing to do (1 file); 1 place left alone"]

    def test_there_is_no_colour_where_nobody_looks(self, folder: Path) -> None:
        assert b"\x1b" not in dockfix(folder, "--diff").out

    def test_control_characters_in_a_name_do_not_reach_the_terminal(self, tmp_path: Path) -> None:
        (tmp_path / "a\x1b[2J\n.Dockerfile").write_bytes(SPLIT)
        assert dockfix(tmp_path).out.startswith(b"a\\x1b[2J\\n.Dockerfile:2: ")

    def test_a_name_that_is_not_utf8_comes_out_as_it_is(self, tmp_path: Path) -> None:
        (tmp_path / os.fsdecode(b"caf\xe9.Dockerfile")).write_bytes(SPLIT)
        assert dockfix(tmp_path).out.startswith(b"caf\xe9.Dockerfile:2: ")


class TestDiffs:
    def test_each_change_has_a_heading_and_its_own_diff(self, folder: Path) -> None:
        out = dockfix(folder, "--diff").out
        heading, _, rest = out.partition(b"\n")
        assert heading.startswith(b"# merge-runs (safe, ")
        assert rest[rest.index(b"--- ") :] == (
            b"--- a/Dockerfile\n+++ b/Dockerfile\n@@ -1,3 +1,3 @@\n FROM debian:12-slim\n"
            b"-RUN echo a\n-RUN echo b\n+RUN echo a \\\n+    && echo b\n"
        )
        assert all(line.startswith(b"# ") for line in rest[: rest.index(b"--- ")].splitlines())

    TEXTS = (
        SPLIT * 2,
        SPLIT + b"USER a\nRUN apt-get update\nRUN apt-get install -y curl\nUSER b\n" + SPLIT[20:] + b"CMD x",
        SPLIT.replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + SPLIT[:-1],
    )

    @pytest.mark.parametrize("flag", ["--diff", "--diff-net"])
    @pytest.mark.parametrize("tool", ["git apply", "patch -p1 --binary"])
    @pytest.mark.parametrize("text", TEXTS, ids=["two stages", "many changes", "CRLF", "BOM and no final newline"])
    def test_the_whole_output_applies_and_gives_what_write_gives(
        self, repository: Path, flag: str, tool: str, text: bytes
    ) -> None:
        (repository / "Dockerfile").write_bytes(text)
        diff = dockfix(repository, flag, "--level", "safe").out
        subprocess.run(tool.split(), cwd=repository, input=diff, check=True, capture_output=True, env=environment())
        applied = files_below(repository)
        (repository / "Dockerfile").write_bytes(text)
        (repository / "api/Dockerfile").write_bytes(SPLIT)
        (repository / "web.Dockerfile").write_bytes(SPLIT)
        dockfix(repository, "--write")
        assert files_below(repository) == applied
        assert applied["Dockerfile"] != text

    def test_a_net_diff_is_one_for_a_file(self, folder: Path) -> None:
        (folder / "Dockerfile").write_bytes(SPLIT * 2)
        assert dockfix(folder, "--diff").out.count(b"--- a/Dockerfile") > 1
        assert dockfix(folder, "--diff-net").out.count(b"--- a/Dockerfile") == 1

    @pytest.mark.parametrize("given", ["api", "./api", "./api/../api", "ABSOLUTE/api"])
    def test_paths_are_from_the_current_folder(self, repository: Path, given: str) -> None:
        out = dockfix(repository, "--diff", given.replace("ABSOLUTE", str(repository))).out
        assert b"\n--- a/api/Dockerfile\n+++ b/api/Dockerfile\n" in out

    def test_paths_outside_of_it_are_as_they_were_given(self, repository: Path) -> None:
        assert b"\n--- a/../api/Dockerfile\n" in dockfix(repository / "done", "--diff", "../api").out


class TestWriting:
    def test_files_are_changed_and_the_changes_are_lines(self, repository: Path) -> None:
        ended = dockfix(repository, "--write")
        assert files_below(repository) == {"api/Dockerfile": MERGED, "done/Dockerfile": DONE, "web.Dockerfile": MERGED}
        assert (ended.status, ended.out.count(b"\n"), ended.err) == (1, 2, "2 changes made (2 files)\n")

    def test_a_second_time_there_is_nothing_to_do(self, repository: Path) -> None:
        dockfix(repository, "--write")
        assert dockfix(repository, "--write") == (0, b"", "nothing to do (3 files)\n")

    def test_diffs_of_what_was_written_can_be_asked_for(self, folder: Path) -> None:
        shown = dockfix(folder, "--diff").out
        assert dockfix(folder, "--diff", "--write").out == shown
        assert (folder / "Dockerfile").read_bytes() == MERGED

    def test_only_safe_changes_are_written_unless_more_is_asked_for(self, folder: Path) -> None:
        (folder / "Dockerfile").write_bytes(UNSURE)
        assert dockfix(folder).status == 1
        assert dockfix(folder, "--write").status == 0
        assert (folder / "Dockerfile").read_bytes() == UNSURE
        assert dockfix(folder, "--write", "--level", "review").status == 1
        assert (folder / "Dockerfile").read_bytes() != UNSURE

    def test_the_target_of_a_link_is_written(self, folder: Path) -> None:
        (folder / "Dockerfile").rename(folder / "real")
        (folder / "Dockerfile").symlink_to("real")
        dockfix(folder, "--write")
        assert (folder / "Dockerfile").is_symlink()
        assert (folder / "real").read_bytes() == MERGED

    def test_a_file_that_cannot_be_written_is_an_error_and_the_others_are_written(self, repository: Path) -> None:
        if os.geteuid() == 0:
            try:
                subprocess.run(["chattr", "+i", "api/Dockerfile"], cwd=repository, check=True, capture_output=True)
            except (OSError, subprocess.CalledProcessError):
                pytest.skip("root writes everywhere here")
        else:
            (repository / "api/Dockerfile").chmod(0o444)
        ended = dockfix(repository, "--write")
        subprocess.run(["chattr", "-i", "api/Dockerfile"], cwd=repository, check=False, capture_output=True)
        assert (repository / "web.Dockerfile").read_bytes() == MERGED
        assert (repository / "api/Dockerfile").read_bytes() == SPLIT
        assert (ended.status, ended.out.count(b"\n")) == (2, 1)
        assert "api/Dockerfile: error: left as it is" in ended.err


class TestStandardInput:
    def test_changes_are_lines_under_the_name_that_is_given(self, tmp_path: Path) -> None:
        out = dockfix(tmp_path, "-", "--stdin-filename", "a/b.Dockerfile", text=SPLIT).out
        assert out.startswith(b"a/b.Dockerfile:2: merge-runs (safe, ")

    def test_without_a_name_it_is_dockerfile(self, tmp_path: Path) -> None:
        assert dockfix(tmp_path, "-", "--diff", text=SPLIT).out.count(b"--- a/Dockerfile\n") == 1

    def test_write_prints_the_new_text_and_nothing_else(self, tmp_path: Path) -> None:
        assert dockfix(tmp_path, "--write", "-", text=SPLIT) == (1, MERGED, "")
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize(
        ("text", "status"),
        [(DONE, 0), (BACKGROUND, 0), (BROKEN, 2), (b"FROM a\0", 2), (b"\xff\xfeF\0", 2), (b"#" * 5_000_001, 2)],
        ids=["nothing to do", "a refusal", "a broken file", "a binary file", "UTF-16", "more than 5 MB"],
    )
    def test_write_prints_the_text_as_it_is_where_nothing_is_changed(
        self, tmp_path: Path, text: bytes, status: int
    ) -> None:
        ended = dockfix(tmp_path, "--write", "-", text=text)
        assert (ended.status, ended.out) == (status, text)

    def test_a_wrong_configuration_does_not_lose_the_text(self, tmp_path: Path) -> None:
        (tmp_path / ".dockfix.toml").write_text("levle = 1")
        ended = dockfix(tmp_path, "--write", "-", text=SPLIT)
        assert (ended.status, ended.out) == (3, SPLIT)


class TestJson:
    def test_a_document_holds_all_that_a_run_found(self, repository: Path) -> None:
        (repository / "done/Dockerfile").write_bytes(BACKGROUND)
        (repository / "api/Dockerfile").write_bytes(UNSURE)
        (repository / "broken.Dockerfile").write_bytes(BROKEN)
        ended = dockfix(repository, "--format", "json", "--level", "safe")
        found = json.loads(ended.out)
        assert (ended.status, ended.err, found["version"], found["errors"]) == (2, "", 1, [])
        files = {file["path"]: file for file in found["files"]}
        assert list(files) == ["broken.Dockerfile", "web.Dockerfile", "api/Dockerfile", "done/Dockerfile"]
        (change,) = files["web.Dockerfile"]["changes"]
        assert (change["transform"], change["level"], change["line"]) == ("merge-runs", "safe", 2)
        assert change["diff"].startswith("--- a/web.Dockerfile\n+++ b/web.Dockerfile\n@@ -1,3 +1,3 @@\n")
        assert {"proof", "title", "why"} < change.keys()
        (held_back,) = files["api/Dockerfile"]["held_back"]
        assert (held_back["transform"], held_back["level"], held_back["line"]) == ("clean-package-lists", "review", 2)
        (skip,) = files["done/Dockerfile"]["skipped"]
        assert (skip["transform"], skip["line"], bool(skip["reason"])) == ("merge-runs", 3, True)
        (error,) = files["broken.Dockerfile"]["errors"]
        assert (error["path"], error["line"]) == ("broken.Dockerfile", 2)
        assert found["summary"] == {
            "files": 4,
            "changed": 1,
            "failed": 1,
            "changes": 1,
            "held_back": {"review": 1},
            "skipped": 1,
            "findings": {"error": 0, "warning": 0},
            "errors": 1,
            "baseline": 0,
        }

    def test_it_says_what_was_written(self, repository: Path) -> None:
        found = json.loads(dockfix(repository, "--format", "json", "--write").out)
        assert {file["path"]: file["written"] for file in found["files"]} == {
            "api/Dockerfile": True,
            "done/Dockerfile": False,
            "web.Dockerfile": True,
        }

    def test_bytes_that_are_not_utf8_are_there_too(self, folder: Path) -> None:
        from base64 import b64decode

        (folder / "Dockerfile").write_bytes(SPLIT.replace(b"a\n", b"a\n# caf\xe9\n"))
        found = json.loads(dockfix(folder, "--format", "json").out)
        (change,) = found["files"][0]["changes"]
        assert "caf\N{REPLACEMENT CHARACTER}" in change["diff"]
        assert b"caf\xe9" in b64decode(change["diff_base64"])

    def test_it_keeps_to_its_schema(self, repository: Path) -> None:
        jsonschema = pytest.importorskip("jsonschema")
        schema = json.loads((Path(__file__).parent.parent / "docs/schema/outcome-v1.json").read_text())
        (repository / "api/Dockerfile").write_bytes(UNSURE + BACKGROUND)
        (repository / "broken.Dockerfile").write_bytes(BROKEN)
        jsonschema.validate(json.loads(dockfix(repository, "--format", "json", "--level", "safe").out), schema)


class TestAsking:
    @staticmethod
    def text(*merged: bool) -> bytes:
        """A Dockerfile with three stages, and in each a change to make."""
        join = {False: b"\nRUN ", True: b" \\\n    && "}
        return b"".join(b"FROM debian:12-slim\nRUN echo %d%secho b\n" % (n, join[on]) for n, on in enumerate(merged))

    @pytest.mark.parametrize(
        ("answers", "merged"),
        [
            (b"y\ny\ny\n", (True, True, True)),
            (b"n\nn\nn\n", (False, False, False)),
            (b"n\ny\nn\n", (False, True, False)),
            (b"what?\n\nY\nno\nyes\n", (True, False, True)),
            (b"n\na\n", (False, True, True)),
            (b"y\nq\n", (True, False, False)),
            (b"n\ny\n", (False, True, False)),
            (b"", (False, False, False)),
        ],
        ids=["yes", "no", "some", "asks again", "all that follow", "quit", "end of input", "no input"],
    )
    def test_what_is_accepted_is_written(self, tmp_path: Path, answers: bytes, merged: tuple[bool, ...]) -> None:
        (tmp_path / "Dockerfile").write_bytes(self.text(False, False, False))
        ended = dockfix(tmp_path, "--interactive", text=answers)
        assert (tmp_path / "Dockerfile").read_bytes() == self.text(*merged)
        assert ended.status == any(merged)

    def test_each_question_shows_the_diff_of_its_change(self, folder: Path) -> None:
        shown = dockfix(folder, "--diff").out
        ended = dockfix(folder, "--interactive", text=b"n\n")
        assert ended.out == shown + b"Make this change? [y]es, [n]o, [a]ll that follow, [q]uit: "
        assert ended.err == "nothing to do (1 file); 1 place left alone (-v names them)\n"

    def test_after_quit_no_other_file_is_asked_about(self, repository: Path) -> None:
        assert dockfix(repository, "--interactive", text=b"q\n").out.count(b"Make this change?") == 1

    def test_changes_to_review_are_asked_about(self, folder: Path) -> None:
        (folder / "Dockerfile").write_bytes(UNSURE)
        assert dockfix(folder, "--interactive", text=b"y\n").err == "1 change made (1 file)\n"


class TestNames:
    def test_the_command_rewrite_may_be_left_out(self, repository: Path) -> None:
        assert dockfix(repository) == dockfix(repository, "rewrite") == dockfix(repository, "rewrite", ".")

    @pytest.mark.parametrize("arguments", [["./list"], ["--", "list"], ["rewrite", "list"], ["--diff", "list"]])
    def test_a_path_that_is_called_like_a_command(self, tmp_path: Path, arguments: list[str]) -> None:
        (tmp_path / "list").write_bytes(SPLIT)
        ended = dockfix(tmp_path, *arguments)
        assert ended.status == 1
        assert b"list" in ended.out
        assert ended.err == "1 change (1 file)\n"

    def test_list_names_the_transforms(self, tmp_path: Path) -> None:
        ended = dockfix(tmp_path, "list")
        assert ended.status == 0
        assert {line.split()[0] for line in ended.out.splitlines()} >= {b"merge-runs", b"clean-package-lists"}

    def test_explain_prints_the_page_of_a_transform(self, tmp_path: Path) -> None:
        ended = dockfix(tmp_path, "explain", "merge-runs")
        assert ended.status == 0
        assert ended.out.startswith(b"# merge-runs (safe)\n\nMerge ")
        assert b"```diff" in ended.out

    def test_version_and_help(self, tmp_path: Path) -> None:
        assert dockfix(tmp_path, "--version").out == b"dockfix 0.1.0\n"
        for arguments in (["--help"], ["-h"], ["rewrite", "--help"], ["--diff", "--help"]):
            ended = dockfix(tmp_path, *arguments)
            assert ended.status == 0
            assert b"--diff-net" in ended.out


class TestChoosing:
    def test_only_and_skip_name_transforms(self, folder: Path) -> None:
        (folder / "Dockerfile").write_bytes(
            SPLIT + b"RUN apt-get update && apt-get install -y --no-install-recommends curl\n"
        )
        both = {b"merge-runs", b"clean-package-lists"}
        for arguments, expected in {
            (): both,
            ("--only", "merge-runs"): {b"merge-runs"},
            ("--only", "merge-runs,clean-package-lists"): both,
            ("--only", "merge-runs", "--only", "clean-package-lists"): both,
            ("--skip", "merge-runs"): {b"clean-package-lists"},
            ("--only", "merge-runs", "--skip", "merge-runs"): set(),
        }.items():
            out = dockfix(folder, *arguments).out
            assert {line.split()[1] for line in out.splitlines()} == expected

    def test_the_command_line_counts_more_than_the_configuration(self, folder: Path) -> None:
        (folder / "Dockerfile").write_bytes(UNSURE)
        (folder / ".dockfix.toml").write_text('level = "safe"\nskip = ["clean-package-lists"]')
        assert dockfix(folder).status == 0
        assert (
            dockfix(folder, "--only", "clean-package-lists").err == "nothing to do (1 file); 1 held back (review: 1)\n"
        )
        assert dockfix(folder, "--only", "clean-package-lists", "--level", "review").status == 1

    def test_a_level_in_the_configuration_is_for_writing_too(self, folder: Path) -> None:
        (folder / "Dockerfile").write_bytes(UNSURE)
        (folder / ".dockfix.toml").write_text('level = "review"')
        assert dockfix(folder, "--write").err == "1 change made (1 file)\n"

    def test_an_override_is_for_its_files(self, repository: Path) -> None:
        (repository / ".dockfix.toml").write_text("[[overrides]]\npaths = ['api']\nskip = ['merge-runs']")
        assert dockfix(repository).out.startswith(b"web.Dockerfile:2: ")
        assert dockfix(repository).err == "1 change (1 file)\n"

    def test_what_git_ignores_is_left_out(self, repository: Path) -> None:
        git(repository, "init", "-q")
        (repository / ".gitignore").write_text("web.*\n")
        assert dockfix(repository).err == "1 change (1 file)\n"


class TestStatus:
    def test_0_where_there_is_nothing_to_do(self, repository: Path) -> None:
        assert dockfix(repository, "done").status == 0

    def test_1_where_there_are_changes(self, repository: Path) -> None:
        assert dockfix(repository).status == 1

    def test_0_for_changes_with_exit_zero(self, repository: Path) -> None:
        assert dockfix(repository, "--exit-zero").status == 0

    @pytest.mark.parametrize(
        "text", [BROKEN, b"", b"RUN x\n", b"FROM a\0b"], ids=["unknown", "empty", "no FROM", "NUL"]
    )
    def test_2_where_a_file_cannot_be_parsed_and_the_others_are_done(self, repository: Path, text: bytes) -> None:
        (repository / "api/Dockerfile").write_bytes(text)
        for flags in ([], ["--exit-zero"]):
            ended = dockfix(repository, *flags)
            assert ended.status == 2
            assert ended.out.startswith(b"web.Dockerfile:2: ")
            assert ended.err.startswith("api/Dockerfile")
            assert ended.err.endswith("1 change (1 file); 1 error\n")

    def test_2_where_a_file_is_not_there_and_the_others_are_done(self, repository: Path) -> None:
        ended = dockfix(repository, "away", "api")
        assert ended.status == 2
        assert ended.out.startswith(b"api/Dockerfile:2: ")
        assert ended.err == "away: error: no such file or folder\n1 change (1 file); 1 error\n"

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (["--lvl", "safe"], "Did you mean '--level'?"),
            (["--level", "save"], "'save' is not one of 'safe', 'review', 'unsafe'"),
            (["--diff", "--diff-net"], "--diff and --diff-net do not go together"),
            (["--diff", "--format", "json"], "--diff and --format json do not go together"),
            (["-", "x"], "does not go together with other paths"),
            (["-", "--interactive"], "name the file instead"),
            (["-", "--write", "--diff"], "prints the new text"),
            (["--stdin-filename", "x"], "which is not among the paths"),
            (["-j", "0"], "0 is not in the range"),
            (["--only", "merge-run"], "unknown transform merge-run; did you mean merge-runs?"),
            (["--skip", "x"], "unknown transform x; known are "),
            (["explain", "merge-run"], "unknown transform merge-run; did you mean merge-runs?"),
            (["--config", "away.toml"], "away.toml: cannot be read"),
            (["explain"], "Missing argument 'TRANSFORM'"),
        ],
    )
    def test_3_for_a_wrong_command_line(self, folder: Path, arguments: list[str], sentence: str) -> None:
        ended = dockfix(folder, *arguments, text=SPLIT)
        assert (ended.status, ended.out) == (3, b"")
        assert sentence in ended.err
        assert "Traceback" not in ended.err

    def test_3_for_a_wrong_configuration_and_the_files_of_others_are_done(self, repository: Path) -> None:
        (repository / "api/.dockfix.toml").write_text("levle = 'safe'")
        ended = dockfix(repository)
        assert ended.status == 3
        assert ended.out.startswith(b"web.Dockerfile:2: ")
        assert ended.err == (
            'api/.dockfix.toml: error: unknown key "levle"; did you mean level?\n1 change (1 file); 1 error\n'
        )

    def test_a_reader_that_leaves_early_is_no_error_worth_a_word(self, tmp_path: Path) -> None:
        for number in range(300):
            (tmp_path / f"{number}.Dockerfile").write_bytes(SPLIT)
        with subprocess.Popen(
            [*PROGRAM, "--diff"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
        ) as process:
            assert process.stdout
            assert process.stderr
            process.stdout.readline()
            process.stdout.close()
            assert process.stderr.read() == b""
        assert process.returncode == 141

    def test_2_where_the_output_cannot_be_written(self, folder: Path) -> None:
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(
                PROGRAM, cwd=folder, stdout=full, stderr=subprocess.PIPE, env=environment(), check=False
            )
        assert (done.returncode, done.stderr) == (
            2,
            b"dockfix: the output cannot be written: No space left on device\n",
        )


class TestOnATerminal:
    @staticmethod
    def shown(folder: Path, *arguments: str, **changes: str) -> bytes:
        """What a terminal gets of both streams."""
        ours, theirs = os.openpty()
        with subprocess.Popen(
            [*PROGRAM, *arguments],
            cwd=folder,
            stdout=theirs,
            stderr=theirs,
            env=environment(**{"TERM": "xterm", **changes}),
        ):
            os.close(theirs)
            parts = []
            with contextlib.suppress(OSError):  # the end of a terminal is an error on Linux
                while part := os.read(ours, 65536):
                    parts.append(part)
        os.close(ours)
        return b"".join(parts)

    def test_diffs_are_in_colour(self, folder: Path) -> None:
        out = self.shown(folder, "--diff")
        assert b"\x1b[31m-RUN echo a\x1b[0m\r\n" in out
        assert b"\x1b[32m+RUN echo a \\\x1b[0m\r\n" in out

    @pytest.mark.parametrize("changes", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=["NO_COLOR", "a dumb terminal"])
    def test_not_for_those_who_want_none(self, folder: Path, changes: dict[str, str]) -> None:
        out = self.shown(folder, "--diff", **changes)
        assert b"\n-RUN echo a\r\n" in out
        assert b"\x1b" not in out

    def test_a_long_run_shows_a_bar_and_clears_it(self, tmp_path: Path) -> None:
        for number in range(2000):
            # None like another: what was read once is remembered.
            (tmp_path / f"{number}.Dockerfile").write_bytes(SPLIT.replace(b"echo", b"echo %d" % number))
        out = self.shown(tmp_path, "-j", "1")
        assert b"/2000 files" in out
        assert out.endswith((b"\x1b[2K2000 changes (2000 files)\r\n", b"\n2000 changes (2000 files)\r\n"))


class TestManyFiles:
    @pytest.fixture
    def many(self, tmp_path: Path) -> Path:
        """A folder with enough files that several processes are worth it."""
        for number in range(120):
            folder = tmp_path / f"service-{number}"
            folder.mkdir()
            text = (BROKEN, SPLIT, DONE, BACKGROUND, UNSURE)[number % 5]
            (folder / "Dockerfile").write_bytes(text + b"# padding\n" * (number % 7) * 100)
        return tmp_path

    @pytest.mark.parametrize("flag", ["-v", "--diff", "--format=json"])
    def test_the_output_is_the_same_whatever_the_number_of_processes(self, many: Path, flag: str) -> None:
        alone = dockfix(many, flag, "-j", "1")
        assert alone.status == 2
        assert alone == dockfix(many, flag, "-j", "2") == dockfix(many, flag, "-j", "5") == dockfix(many, flag)

    @pytest.mark.parametrize("processes", ["1", "3"])
    @pytest.mark.parametrize("delay", [0, 0.02, 0.05, 0.1])
    def test_an_interruption_ends_with_a_sentence_and_leaves_whole_files(
        self, many: Path, processes: str, delay: float
    ) -> None:
        # So many more, and none like another, that the run is not over before it is interrupted.
        numbers = [b"echo %d" % number for number in range(2500)]
        last = many / "zz"
        last.mkdir()
        for index, echo in enumerate(numbers):
            (last / f"{index}.Dockerfile").write_bytes(SPLIT.replace(b"echo", echo))
        with subprocess.Popen(
            [*PROGRAM, "--write", "-j", processes],
            cwd=many,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environment(),
            start_new_session=True,
        ) as process:
            assert process.stderr
            assert process.stderr.readline().startswith(b"service-0/Dockerfile:2: error: ")
            time.sleep(delay)
            os.killpg(process.pid, signal.SIGINT)
            err = process.stderr.read().decode()
        assert process.returncode == 130
        assert err.endswith("dockfix: interrupted; files that were not written yet are as they were\n")
        assert "Traceback" not in err
        assert not [path for path in files_below(many) if "Dockerfile" not in path]
        texts = {text.rstrip(b"# padding\n") for text in files_below(many).values()}
        whole = {text.rstrip(b"# padding\n") for text in (BROKEN, SPLIT, MERGED, DONE, BACKGROUND, UNSURE)}
        more = {text.replace(b"echo", echo).strip() for text in (SPLIT, MERGED) for echo in numbers}
        assert texts <= whole | more
