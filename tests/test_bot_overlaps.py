"""Where groups change the same lines of a file."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from dockfix.frontends.bot.overlaps import overlaps

LINES = [b"%d" % number for number in range(1, 7)]


def text(lines: list[bytes]) -> bytes:
    return b"\n".join(lines) + b"\n"


def with_line(at: int, line: bytes) -> bytes:
    return text([line if number == at else one for number, one in enumerate(LINES, 1)])


def with_more(at: int) -> bytes:
    return text([*LINES[: at - 1], b"new", *LINES[at - 1 :]])


@pytest.mark.parametrize("other", [with_line(at, b"y") for at in range(1, 7)] + [with_more(at) for at in range(1, 7)])
@pytest.mark.parametrize("one", [with_line(3, b"x"), with_more(3), text(LINES[:2] + LINES[3:])])
def test_groups_meet_where_git_does_not_merge_both(one: bytes, other: bytes, tmp_path: Path) -> None:
    for name, content in {"base": text(LINES), "one": one, "other": other}.items():
        (tmp_path / name).write_bytes(content)
    merge = ["git", "merge-file", "-p", "one", "base", "other"]
    merges = subprocess.run(merge, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    met = list(overlaps({"f": text(LINES)}, {"one": {"f": one}, "other": {"f": other}}))
    # The same twice is the same for git; the second one has nothing left to do.
    assert bool(met) is (not merges or one == other)
    assert [(shared.group, shared.told.path) for shared in met] == [("one", "f"), ("other", "f")] * bool(met)


def test_what_is_in_different_files_is_not_shared() -> None:
    before = {"a": b"1\n", "b": b"1\n"}
    assert not list(overlaps(before, {"one": {"a": b"2\n"}, "other": {"b": b"2\n"}}))


def test_the_line_is_the_first_that_both_change() -> None:
    found = list(overlaps({"f": text(LINES)}, {"one": {"f": with_line(2, b"x")}, "other": {"f": with_line(3, b"y")}}))
    assert [shared.told.line for shared in found] == [3, 3]


def test_an_ignore_file_that_two_groups_write_is_shared() -> None:
    assert list(overlaps({}, {"one": {".dockerignore": b"a\n"}, "other": {".dockerignore": b"b\n"}}))
