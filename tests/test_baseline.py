"""`--baseline`: what a project has accepted is quiet, whatever is edited elsewhere; what is new is not."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from command import Ended, dockfix, files_below

TEXT = b"FROM debian:12-slim\nRUN echo a\nRUN echo b\nUSER x\nRUN apt-get update && apt-get install -y curl\n"
MORE = b"USER y\nRUN echo c\nRUN echo d\n"
LEAK = b"FROM debian:12-slim\nCOPY id_rsa /k\nRUN ssh -i /k a\nUSER y\nRUN rm /k\n"
FILE = "baseline.json"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two Dockerfiles with changes of both levels and a finding, and a baseline that has accepted all of it."""
    (tmp_path / "api").mkdir()
    (tmp_path / "Dockerfile").write_bytes(TEXT)
    (tmp_path / "api/Dockerfile").write_bytes(LEAK)
    assert dockfix(tmp_path).status == 1
    ended = dockfix(tmp_path, "--write-baseline", FILE)
    assert (ended.status, ended.out) == (0, b"")
    assert ended.err.startswith(f"dockfix: {FILE}: ")
    return tmp_path


def checked(folder: Path, *arguments: str) -> Ended:
    return dockfix(folder, "--baseline", FILE, *arguments)


@pytest.mark.parametrize("level", ["safe", "review", "unsafe"])
@pytest.mark.parametrize("form", ["text", "json", "sarif", "github", "gitlab", "markdown", "junit"])
def test_nothing_of_what_is_accepted_is_told(folder: Path, level: str, form: str) -> None:
    ended = checked(folder, "--level", level, "--format", form)
    assert ended.status == 0
    assert "merge-runs (" not in ended.out.decode()
    if form == "json":
        found = json.loads(ended.out)
        assert [file["changes"] + file["held_back"] for file in found["files"]] == [[], []]
        assert (found["summary"]["held_back"], found["summary"]["findings"]) == ({}, {"error": 0, "warning": 0})
        assert found["summary"]["baseline"] >= 4


def test_it_is_counted(folder: Path) -> None:
    accepted = json.loads((folder / FILE).read_text())["accepted"]
    total = sum(entry["count"] for entry in accepted)
    assert f"{total} in the baseline" in checked(folder).err
    assert "not found any more" not in checked(folder).err


def test_making_it_changes_no_dockerfile(folder: Path) -> None:
    assert ((folder / "Dockerfile").read_bytes(), (folder / "api/Dockerfile").read_bytes()) == (TEXT, LEAK)


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: b"# above\n\n\n" + text,
        lambda text: text + b"CMD curl\n",
        lambda text: text.replace(b"USER x\n", b"USER z\nENV A=b\n"),
        lambda text: text.replace(b"\n", b"\r\n"),
    ],
    ids=["lines above", "lines below", "lines between", "line endings"],
)
def test_it_survives_edits_elsewhere(folder: Path, edit: Callable[[bytes], bytes]) -> None:
    (folder / "Dockerfile").write_bytes(edit(TEXT))
    ended = checked(folder)
    assert (ended.status, ended.out) == (0, b"")
    assert "not found any more" not in ended.err


def test_only_what_is_new_is_shown_and_made(folder: Path) -> None:
    (folder / "Dockerfile").write_bytes(TEXT + MORE)
    ended = checked(folder)
    assert (ended.status, ended.out.splitlines()) == (
        1,
        [b"Dockerfile:7: merge-runs (safe, proved): merge 2 RUN instructions"],
    )
    assert checked(folder, "--write").status == 1
    assert (folder / "Dockerfile").read_bytes() == TEXT + MORE.replace(b"\nRUN echo d", b" \\\n    && echo d")


def test_one_more_of_what_is_accepted_is_new(folder: Path) -> None:
    pair = b"USER y\nRUN echo a\nRUN echo b\n"
    (folder / "Dockerfile").write_bytes(TEXT + pair)
    assert checked(folder).out.count(b"merge-runs") == 1
    assert dockfix(folder, "--write-baseline", FILE).status == 0
    assert checked(folder).out == b""
    (folder / "Dockerfile").write_bytes(TEXT + pair + pair)
    assert checked(folder).out.count(b"merge-runs") == 1


def test_an_instruction_that_is_edited_is_new(folder: Path) -> None:
    (folder / "Dockerfile").write_bytes(TEXT.replace(b"curl", b"curl git"))
    assert checked(folder, "--only", "no-install-recommends").out.startswith(b"Dockerfile:5: no-install-recommends")


def test_an_accepted_finding_is_quiet_and_a_new_one_is_not(folder: Path) -> None:
    (folder / "api/Dockerfile").write_bytes(b"# more\n" + LEAK + b"CMD a\n")
    assert checked(folder, "api").status == 0
    (folder / "api/Dockerfile").write_bytes(LEAK + b"COPY id_ed25519 /l\nRUN rm /l\n")
    ended = checked(folder, "api", "--only", "hidden-bytes")
    assert ended.status == 1
    assert ended.err.count("error: hidden-bytes") == 1
    assert "/l" in ended.err


def test_what_is_gone_is_counted(folder: Path) -> None:
    (folder / "Dockerfile").write_bytes(TEXT.replace(b"RUN echo b\n", b""))
    assert f"dockfix: {FILE}: 1 entry is not found any more; --write-baseline makes it anew\n" in checked(folder).err
    (folder / "api/Dockerfile").unlink()
    assert "entries are not found any more" in checked(folder).err


def test_what_was_not_looked_for_is_not_gone(folder: Path) -> None:
    for arguments in (["api"], ["--only", "merge-runs"], ["--skip", "merge-runs"]):
        assert "not found any more" not in checked(folder, *arguments).err


def test_it_holds_from_every_folder(folder: Path) -> None:
    ended = dockfix(folder / "api", "--baseline", "../" + FILE, "..")
    assert ended.status == 0
    assert "not found any more" not in ended.err


def test_it_is_sorted_and_the_same_each_time(folder: Path) -> None:
    before = (folder / FILE).read_bytes()
    assert dockfix(folder, "--write-baseline", FILE, "-j", "2").status == 0
    assert (folder / FILE).read_bytes() == before
    accepted = json.loads(before)["accepted"]
    assert accepted == sorted(accepted, key=lambda entry: (entry["file"], entry["rule"], entry["fingerprint"]))
    assert {entry["rule"] for entry in accepted} >= {"merge-runs", "no-install-recommends", "hidden-bytes"}


def test_it_holds_with_several_processes(folder: Path) -> None:
    assert checked(folder, "-j", "2").out == b""


def test_ignore_files_are_accepted_too(tmp_path: Path) -> None:
    (tmp_path / "node_modules/x").mkdir(parents=True)
    (tmp_path / "node_modules/x/index.js").write_bytes(b"x" * 100_000)
    (tmp_path / "package.json").write_bytes(b"{}")
    (tmp_path / "Dockerfile").write_bytes(b"FROM node:22\nCOPY . /app\nRUN npm ci\n")
    assert b".dockerignore:1: " in dockfix(tmp_path).out
    assert dockfix(tmp_path, "--write-baseline", FILE).status == 0
    ended = checked(tmp_path)
    assert (ended.status, ended.out) == (0, b"")
    assert not (tmp_path / ".dockerignore").exists()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"{", "not JSON ("),
        (b"\xff", "not JSON ("),
        (b"[]", "no baseline of version 1"),
        (b'{"version": 2, "accepted": []}', "no baseline of version 1"),
        (b'{"version": 1, "accepted": {}}', "no baseline of version 1"),
        (b'{"version": 1, "accepted": [{"file": "x"}]}', "entry 1 is not understood"),
        (b'{"version": 1, "accepted": [1]}', "entry 1 is not understood"),
        (None, "no such file or folder"),
    ],
    ids=["cut off", "not UTF-8", "a list", "another version", "no list", "half an entry", "a number", "away"],
)
def test_a_broken_one_is_one_sentence(tmp_path: Path, text: bytes | None, sentence: str) -> None:
    (tmp_path / "Dockerfile").write_bytes(TEXT)
    if text is not None:
        (tmp_path / FILE).write_bytes(text)
    ended = checked(tmp_path)
    assert (ended.status, ended.out, len(ended.err.splitlines())) == (3, b"", 1)
    assert ended.err.startswith(f"dockfix: {FILE}: {sentence}")


def test_one_that_cannot_be_written_is_one_sentence_and_nothing_is_left_behind(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_bytes(TEXT)
    before = files_below(tmp_path)
    ended = dockfix(tmp_path, "--write-baseline", "away/baseline.json")
    assert ended.status == 3
    assert ended.err.splitlines()[-1].startswith("dockfix: away/baseline.json: ")
    assert files_below(tmp_path) == before


def test_writing_it_replaces_the_old_one_whole(folder: Path) -> None:
    os.chmod(folder / FILE, 0o640)
    (folder / "api/Dockerfile").unlink()
    assert dockfix(folder, "--write-baseline", FILE).status == 0
    assert {entry["file"] for entry in json.loads((folder / FILE).read_text())["accepted"]} == {"Dockerfile"}
    assert (folder / FILE).stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in folder.iterdir()) == ["Dockerfile", "api", FILE]


@pytest.mark.parametrize(
    ("arguments", "pair"),
    [
        (["--baseline", "a"], "--write-baseline and --baseline"),
        (["--write"], "--write-baseline and --write"),
        (["--interactive"], "--write-baseline and --interactive"),
        (["--staged"], "--write-baseline and --staged"),
        (["--changed-since", "x"], "--write-baseline and --changed-since"),
        (["-"], "- and --write-baseline"),
    ],
)
def test_making_it_goes_with_nothing_that_leaves_something_out(tmp_path: Path, arguments: list[str], pair: str) -> None:
    ended = dockfix(tmp_path, "--write-baseline", FILE, *arguments, text=TEXT)
    assert (ended.status, ended.out) == (3, b"")
    assert f"{pair} do not go together" in ended.err


class TestStats:
    def test_the_table_counts_changes_by_transform_and_level(self, tmp_path: Path) -> None:
        (tmp_path / "Dockerfile").write_bytes(TEXT + MORE)
        (tmp_path / "b.Dockerfile").write_bytes(TEXT)
        ended = dockfix(tmp_path, "--stats", "--only", "merge-runs,no-install-recommends")
        table = [line.split() for line in ended.err.splitlines()]
        assert table[1:5] == [
            ["transform", "level", "changes", "files"],
            ["merge-runs", "safe", "3", "2"],
            ["no-install-recommends", "review", "2", "2"],
            ["all", "5", "2"],
        ]
        assert ended.err.splitlines()[5] == "layers of RUN, COPY and ADD in these files: 8 before, 5 after"
        assert ended.err.splitlines()[6] == "hidden bytes that are known: 0 B"
        assert table[7][0] == "seconds:"
        assert len(table) == 8

    def test_json_has_them_as_a_field(self, tmp_path: Path) -> None:
        (tmp_path / "Dockerfile").write_bytes(TEXT)
        ended = dockfix(tmp_path, "--stats", "--format", "json", "--only", "merge-runs")
        stats = json.loads(ended.out)["stats"]
        assert stats.pop("seconds") > 0
        assert stats == {
            "files": 1,
            "hidden_bytes": 0,
            "layers": {"before": 3, "after": 2},
            "changes": [{"transform": "merge-runs", "level": "safe", "changes": 1, "files": 1}],
        }
        assert ended.err == ""

    def test_the_document_with_them_keeps_to_its_schema(self, tmp_path: Path) -> None:
        import jsonschema

        (tmp_path / "Dockerfile").write_bytes(TEXT)
        schema = json.loads((Path(__file__).parent.parent / "docs/schema/outcome-v1.json").read_text())
        jsonschema.validate(json.loads(dockfix(tmp_path, "--stats", "--format", "json").out), schema)

    def test_what_is_not_asked_for_is_not_there(self, tmp_path: Path) -> None:
        (tmp_path / "Dockerfile").write_bytes(TEXT)
        assert "stats" not in json.loads(dockfix(tmp_path, "--format", "json").out)
