"""What the bot learns of a clone: groups of commits, what is told beside them, and figures."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import TypeVar

import pytest
from bot_clones import APT, OPERATOR, RUNS, applied, by_name, clone, commit, looked, summary
from command import dockfix, git

from dockfix.frontends.bot.inspecting import InspectionError, inspect
from dockfix.frontends.bot.settings import NamedGroup, Operator
from dockfix.frontends.bot.wire import BadAnswer, unpacked

T = TypeVar("T")

NODE = b"FROM node:22\nCOPY . /app\nRUN cd /app && npm ci\n"
PROJECT = {
    "Dockerfile": RUNS,
    "api/Dockerfile": b"FROM debian:bookworm-slim\nRUN apt-get update\nRUN apt-get install -y curl\nCOPY . /srv\n",
    "api/server.py": b"print(1)\n",
    "web/Dockerfile": NODE,
    "web/package.json": b'{"name": "web"}\n',
    "web/package-lock.json": b"{}\n",
    "web/src/main.js": b"1\n",
    "legacy/Dockerfile": b"FROM debian:12\nRUN server & sleep 1\nRUN echo b\nRUN echo c\n",
    "notes.txt": b"x\n",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clone(tmp_path_factory.mktemp("project"), PROJECT)


def test_a_repository_without_dockerfiles_has_no_groups(tmp_path: Path) -> None:
    found = looked(clone(tmp_path, {"README.md": b"x\n"}))
    assert (found.groups, found.problems, found.files, found.is_configured) == ([], [], 0, False)


def test_a_schedule_is_read_with_its_time_zone(tmp_path: Path) -> None:
    settings = b'[bot]\nschedule = "* 6-8 * * mon-fri"\ntimezone = "Europe/Berlin"\n'
    found = looked(clone(tmp_path, {".dockfix.toml": settings})).settings
    assert (found.schedule, found.timezone) == ("* 6-8 * * mon-fri", "Europe/Berlin")


def test_a_schedule_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(InspectionError, match="is no cron expression of five fields"):
        looked(clone(tmp_path, {".dockfix.toml": b'[bot]\nschedule = "at night"\n'}))


def test_safe_changes_are_in_one_group_and_those_for_review_in_another(project: Path) -> None:
    found = looked(project)
    assert list(by_name(found)) == ["safe", "review"]
    for name, group in by_name(found).items():
        assert {one.level for one in group.made} == {name}
    assert found.files == 4


def test_each_group_applies_on_the_base_as_if_it_were_the_only_one(project: Path) -> None:
    for group in looked(project).groups:
        for one in group.made:
            applied(project, one)
            for path, text in one.files.items():
                assert (project / path).read_bytes() == text
        assert len(group.made) > 1
        git(project, "checkout", "--quiet", ".")
        git(project, "clean", "--quiet", "--force", "-d")


def test_a_group_alone_is_what_the_command_line_makes_of_it(tmp_path: Path) -> None:
    top = clone(tmp_path, {"Dockerfile": APT.replace(b" && ", b"\nRUN ")})
    made = by_name(looked(top))["safe"].made
    assert [one.transform for one in made] == ["merge-runs", "clean-package-lists"]
    dockfix(top, "--write", "--level", "safe", "--skip", "no-install-recommends")
    assert made[-1].files["Dockerfile"] == (top / "Dockerfile").read_bytes()


def test_what_a_change_for_review_would_take_is_there_without_it(tmp_path: Path) -> None:
    text = b"""FROM debian:bookworm-slim
COPY . /src
RUN make -C /src && cp /src/app /usr/bin/app
RUN rm -rf /src
"""
    top = clone(tmp_path, {"Dockerfile": text, "main.c": b"int main() {}\n"})
    made = by_name(looked(top))
    dockfix(top, "--write", "--level", "safe")
    assert "copy-then-delete" in {one.transform for one in made["review"].made}
    assert made["safe"].made[-1].files["Dockerfile"] == (top / "Dockerfile").read_bytes() != text


def test_where_two_groups_change_the_same_each_of_them_tells_of_the_other(tmp_path: Path) -> None:
    found = by_name(looked(clone(tmp_path, {"Dockerfile": APT, "b/Dockerfile": RUNS})))
    told = {name: [one for one in group.told if one.kind == "shared"] for name, group in found.items()}
    assert {name: [(one.path, one.line) for one in rows] for name, rows in told.items()} == {
        "safe": [("Dockerfile", 2)],
        "review": [("Dockerfile", 2)],
    }
    assert told["safe"][0].reason == (
        "the group review changes it, too: once one of the two is merged, the other is made anew"
    )


def test_no_change_is_in_two_groups(project: Path) -> None:
    found = looked(project, group_by=("transform", "file"))
    every = [(one.transform, one.path, one.was) for group in found.groups for one in group.made]
    assert len(every) == len(set(every))


def test_groups_are_made_by_transform_and_file(project: Path) -> None:
    names = list(by_name(looked(project, group_by=("transform", "file"))))
    assert "merge-runs-dockerfile" in names
    assert "merge-runs-api-dockerfile" in names
    assert all(re.fullmatch(r"[a-z0-9._-]+", name) for name in names)


def test_two_paths_never_give_the_same_name(tmp_path: Path) -> None:
    top = clone(tmp_path, {"a/b/Dockerfile": RUNS, "a-b/Dockerfile": RUNS, "ä/Dockerfile": RUNS, "Ü/Dockerfile": RUNS})
    found = looked(top, group_by=("file",))
    assert len(by_name(found)) == len(found.groups) == 4
    assert sum(len(group.made) for group in found.groups) == 4


def test_a_group_of_ones_own_takes_its_changes_first(project: Path) -> None:
    own = NamedGroup("merges", frozenset({"merge-runs"}), paths=("api",))
    found = summary(looked(project, groups=(own,)))
    assert found["merges"] == [("merge-runs", "api/Dockerfile")]
    assert ("merge-runs", "Dockerfile") in found["safe"]
    assert ("merge-runs", "api/Dockerfile") not in found["safe"]


def test_the_level_says_how_far_it_goes(project: Path) -> None:
    assert list(by_name(looked(project, level="safe"))) == ["safe"]
    held = [one for one in by_name(looked(project, level="safe"))["safe"].told if one.kind == "held back"]
    assert ("no-install-recommends", "api/Dockerfile") in [(one.transform, one.path) for one in held]
    assert all("level review" in one.reason or "level unsafe" in one.reason for one in held)


def test_paths_choose_and_skip_paths_leave_out(project: Path) -> None:
    assert looked(project, paths=("api", "web")).files == 2
    assert looked(project, skip_paths=("legacy/**",)).files == 3
    assert looked(project, paths=("api",), skip_paths=("Dockerfile",)).files == 0


def test_only_files_that_git_keeps_are_looked_at(tmp_path: Path) -> None:
    top = clone(tmp_path, {"Dockerfile": RUNS})
    (top / "new").mkdir()
    (top / "new" / "Dockerfile").write_bytes(RUNS)
    assert looked(top).files == 1


def test_a_link_in_the_repository_stands_for_the_file_that_it_leads_to(tmp_path: Path) -> None:
    top = clone(tmp_path, {"docker/prod": RUNS})
    (top / "Dockerfile").symlink_to("docker/prod")
    commit(top)
    assert summary(looked(top)) == {"safe": [("merge-runs", "docker/prod")]}


def test_configuration_and_comments_count_as_on_the_command_line(tmp_path: Path) -> None:
    rules = b'skip = ["clean-package-lists"]\n[[overrides]]\npaths = ["old/**"]\nlevel = "safe"\n'
    ignored = b"FROM debian:12\n# dockfix: ignore merge-runs\nRUN echo a\nRUN echo b\n"
    files = {".dockfix.toml": rules, "Dockerfile": APT, "old/Dockerfile": APT, "x/Dockerfile": ignored}
    found = looked(clone(tmp_path, files))
    assert found.is_configured
    assert summary(found) == {"review": [("no-install-recommends", "Dockerfile")]}


def test_the_table_of_the_bot_is_read(tmp_path: Path) -> None:
    found = looked(clone(tmp_path, {".dockfix.toml": b"[bot]\nmax-open = 1\nlevel = 'safe'\n", "Dockerfile": APT}))
    assert (found.settings.max_open, found.settings.level) == (1, "safe")
    assert list(by_name(found)) == ["safe"]


def test_a_repository_that_wants_no_pull_requests_is_not_looked_at_further(tmp_path: Path) -> None:
    found = looked(clone(tmp_path, {".dockfix.toml": b"[bot]\nenabled = false\n", "Dockerfile": APT}))
    assert (found.settings.enabled, found.groups, found.is_configured) == (False, [], True)


def test_a_configuration_that_cannot_be_followed_stops_everything(tmp_path: Path) -> None:
    top = clone(tmp_path, {".dockfix.toml": b"[bot]\nmax-opn = 1\n", "Dockerfile": APT})
    with pytest.raises(
        InspectionError, match=r"^\.dockfix\.toml: in \[bot\]: unknown key \"max-opn\"; did you mean max-open\?$"
    ):
        looked(top)


def test_what_is_no_clone_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(InspectionError, match="it is no clone"):
        inspect(str(tmp_path), OPERATOR)


def test_what_was_skipped_is_told_once_as_verbose_says_it(project: Path) -> None:
    told = [one for group in looked(project).groups for one in group.told]
    assert len(told) == len(set(told))
    verbose = dockfix(project, "--verbose").err
    for one in told:
        if one.kind == "skipped":
            assert f"{one.path}:{one.line}: left alone: {one.transform}: {one.reason}" in verbose
    assert any(one.transform == "merge-runs" and one.path == "legacy/Dockerfile" for one in told)


def test_the_edit_does_not_depend_on_where_in_the_file_it_is_nor_on_what_else_is_there(tmp_path: Path) -> None:
    top = clone(tmp_path, {"Dockerfile": RUNS})
    before = by_name(looked(top))["safe"]
    (top / "Dockerfile").write_bytes(RUNS.replace(b"RUN echo a", b"# a\nUSER x\nENV A=1\n\nRUN echo a") + b"USER y\n")
    commit(top)
    assert by_name(looked(top))["safe"].edit == before.edit
    (top / "Dockerfile").write_bytes(RUNS.replace(b"echo a", b"echo z"))
    commit(top)
    assert by_name(looked(top))["safe"].edit != before.edit


def test_what_a_change_touches_and_what_stands_there_then_are_parts_of_both_texts(project: Path) -> None:
    for group in looked(project).groups:
        texts = dict(PROJECT)
        for one in group.made:
            before = texts.get(one.path, b"")
            assert one.was in before
            assert one.new in one.files[one.path]
            assert len(before) - len(one.was) == len(one.files[one.path]) - len(one.new)
            texts |= one.files


def test_an_ignore_file_that_is_new_is_a_commit_too(tmp_path: Path) -> None:
    top = clone(
        tmp_path, {"Dockerfile": b"FROM node:22\nCOPY src /app\n", "src/a.js": b"1", "big.bin": b"x" * 3_000_000}
    )
    made = [one for group in looked(top).groups for one in group.made if one.transform == "write-dockerignore"]
    assert [(one.path, one.was) for one in made][:1] == [(".dockerignore", b"")]
    assert made[0].diff.startswith("--- /dev/null\n+++ b/.dockerignore\n")
    for one in made:
        applied(top, one)
    assert (top / ".dockerignore").read_bytes() == made[-1].files[".dockerignore"]


def test_what_the_history_weighs_in_this_clone_is_not_said(tmp_path: Path) -> None:
    files = {"Dockerfile": b"FROM debian:12\nCOPY . /srv\n", "main.c": b"x", "a.log": b"x" * 20_000}
    top = clone(tmp_path, files)
    before = looked(top)
    git(top, "gc", "--quiet")
    (top / ".git" / "hooks" / "pre-push").write_bytes(b"x" * 50_000)
    assert looked(top) == before
    (made,) = [one for group in before.groups for one in group.made]
    assert made.why == (
        "27 B of 20.0 kB (1 file), and .git, are no longer sent;"
        " copies of a whole folder no longer get .git, Dockerfile (27 B)"
    )


def test_the_history_is_kept_out_whatever_it_weighs(tmp_path: Path) -> None:
    (group,) = looked(clone(tmp_path, {"Dockerfile": b"FROM debian:12\nCOPY . /srv\n", "main.c": b"x"})).groups
    assert b"\n.git\n" in group.made[0].files[".dockerignore"]


def test_a_change_never_counts_on_an_ignore_file_of_another_group(tmp_path: Path) -> None:
    files = {"Dockerfile": b"FROM debian:12\nCOPY . /srv\nRUN rm -rf /srv/docs\n", "docs/a": b"x" * 9, "main.c": b"x"}
    for group in looked(clone(tmp_path, files)).groups:
        assert not [one for one in group.made if one.transform == "copy-then-delete"]


class TestLines:
    def test_only_changes_that_touch_them_are_told_in_one_group(self, tmp_path: Path) -> None:
        text = RUNS + b"USER x\nRUN echo c\nRUN echo d\n"
        top = clone(tmp_path, {"Dockerfile": text, "b/Dockerfile": RUNS, ".dockfix.toml": b"[bot]\nenabled = false\n"})
        found = inspect(str(top), OPERATOR, {"Dockerfile": ((6, 6),)})
        assert [(group.name, [one.line for one in group.made]) for group in found.groups] == [("all", [5])]

    def test_safe_ones_and_those_for_review_come_one_behind_the_other(self, tmp_path: Path) -> None:
        top = clone(tmp_path, {"Dockerfile": APT})
        (group,) = inspect(str(top), OPERATOR, {"Dockerfile": ((1, 2),)}).groups
        assert [one.level for one in group.made] == ["review", "safe"]
        for one in group.made:
            applied(top, one)

    def test_whoever_proposes_a_change_does_not_decide_how_it_is_looked_at(self, tmp_path: Path) -> None:
        top = clone(tmp_path, {"Dockerfile": RUNS, ".dockfix.toml": b"[bot]\nnonsense = 1\n"})
        assert inspect(str(top), OPERATOR, {"Dockerfile": ((1, 3),)}).groups


class TestLedgers:
    def test_what_is_no_longer_sent_is_counted(self, tmp_path: Path) -> None:
        files = {
            "Dockerfile": b"FROM node:22\nCOPY package.json /app/\n",
            "package.json": b"{}",
            "big.bin": b"x" * 3_000_000,
        }
        rows = [row for group in looked(clone(tmp_path, files)).groups for row in group.ledgers]
        (row,) = [row for row in rows if row.what.startswith("build context of Dockerfile")]
        assert row[1:] == ("3.0 MB (3 files)", "2 B (1 file)", "counted")

    def test_what_recommended_packages_weigh_is_modelled(self, tmp_path: Path) -> None:
        group = by_name(looked(clone(tmp_path, {"Dockerfile": APT})))["review"]
        (row,) = [row for row in group.ledgers if "recommend" in row.what]
        megabytes = re.search(r"-(\d+\.\d MB)", group.made[0].why)
        assert megabytes is not None
        assert (row.before, row.after) == (megabytes[1], "none")
        assert row.proof.startswith("modelled (bookworm, ")

    def test_what_layers_hide_is_modelled(self, tmp_path: Path) -> None:
        text = b"FROM debian:12\nCOPY big.bin /tmp/big.bin\nRUN rm /tmp/big.bin\n"
        group = by_name(looked(clone(tmp_path, {"Dockerfile": text, "big.bin": b"x" * 3_000_000})))["safe"]
        (row,) = [row for row in group.ledgers if "hold" in row.what]
        assert row[1:] == ("3.0 MB", "0 B", "modelled")

    def test_what_a_rebuild_costs_is_modelled_by_the_history_that_is_there(self, tmp_path: Path) -> None:
        files = {"Dockerfile": NODE, "package.json": b"{}", "package-lock.json": b"{}", "src/a.js": b"0"}
        top = clone(tmp_path, files)
        assert not [row for group in looked(top).groups for row in group.ledgers if "rebuild" in row.what]
        for text in (b"1", b"2", b"3"):
            (top / "src/a.js").write_bytes(text)
            commit(top)
        (row,) = [row for row in by_name(looked(top))["review"].ledgers if "rebuild" in row.what]
        assert "by the last 3 commits" in row.what
        assert float(row.after) < float(row.before)
        assert row.proof == "modelled"

    def test_what_is_not_known_has_no_row(self, tmp_path: Path) -> None:
        text = APT.replace(b"debian:bookworm-slim", b"ubuntu:24.04")
        for group in looked(clone(tmp_path, {"Dockerfile": text})).groups:
            assert group.ledgers == []


class TestBounds:
    def test_too_little_memory_is_a_sentence(self, tmp_path: Path) -> None:
        # Both programs start within it; what is to be read does not fit.
        top = clone(tmp_path, {"Dockerfile": b"FROM debian:12\n" + b"RUN echo %b\n" % (b"a b " * 600) * 2_000})
        with pytest.raises(InspectionError, match=r"^more than 60,000,000 bytes of memory are needed to look at it$"):
            inspect(str(top), Operator(memory=60_000_000))

    def test_too_little_memory_for_the_second_parser_is_a_sentence(self, tmp_path: Path) -> None:
        top = clone(tmp_path, {"Dockerfile": RUNS})
        with pytest.raises(InspectionError, match=r"gives no answer here; it needs more memory, or time$"):
            inspect(str(top), Operator(memory=38_000_000))

    def test_too_little_time_is_a_sentence(self, tmp_path: Path) -> None:
        top = clone(tmp_path, {"Dockerfile": RUNS * 900})
        with pytest.raises(InspectionError, match=r"^looking at it has taken more than 0.5 seconds$"):
            inspect(str(top), Operator(timeout=0.5))

    def test_being_killed_is_no_want_of_time(self, tmp_path: Path) -> None:
        top = clone(tmp_path, {"Dockerfile": RUNS * 900})
        killer = Thread(target=_kill_children, args=(os.getpid(),))
        killer.start()
        with pytest.raises(InspectionError, match=r"^looking at it was killed, as happens where memory runs out"):
            inspect(str(top), OPERATOR)
        killer.join()

    def test_it_ends_with_whoever_has_started_it(self, tmp_path: Path) -> None:
        top = clone(tmp_path, {"Dockerfile": RUNS * 900})
        code = (
            "import sys; from dockfix.frontends.bot.inspecting import inspect;"
            "from dockfix.frontends.bot.settings import Operator; inspect(sys.argv[1], Operator())"
        )
        parent = subprocess.Popen([sys.executable, "-c", code, str(top)])
        started = _waited(lambda: _children(parent.pid))
        parent.kill()
        parent.wait()
        assert started
        assert _waited(lambda: not any(Path(f"/proc/{child}").exists() for child in started))


def _kill_children(pid: int) -> None:
    """As Linux does where memory runs out."""
    for child in _waited(lambda: _children(pid)):
        os.kill(int(child), signal.SIGKILL)


def _children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def _waited(what: Callable[[], T]) -> T:
    """What it gives once that is something, within a minute."""
    end = monotonic() + 60
    while not (found := what()) and monotonic() < end:
        sleep(0.05)
    return found


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[",
        b"[" * 100_000,
        b"{}",
        b'["", null, [], []]',
        b'["", null, [], [1], 0]',
        b'["", null, [["safe", [["t"]], [], []]], [], 0]',
        b'["", null, [["safe", [["t","s","p","a",1,"t","w","d","?","",{}]], [], []]], [], 0]',
        b'["", null, [["safe", [["t","s","p","a",1,"t","w","d","","",[]]], [], []]], [], 0]',
        b'["", [1, "bot", {}], [], [], 0]',
    ],
)
def test_an_answer_of_another_form_is_refused(text: bytes) -> None:
    with pytest.raises(BadAnswer):
        unpacked(text)
