"""Changes as suggestions at lines of a pull request that a person has opened."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ...adapters.changed import Lines
from .groups import Made
from .platform import Suggestion
from .texts.comments import remark

_HUNK = re.compile(r"^@@ -(\d+)(?:,\d+)? \+\d+(?:,\d+)? @@.*\n", re.MULTILINE)
_LONGEST = 30_000  # characters of what is to be applied; a comment on GitHub has 65,536 in all
# What JSON or a comment does not carry as it is: bytes that are no UTF-8, and control characters but the tab.
_LOST = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class Part(NamedTuple):
    """A part of a diff: the lines `was`, of which `first` is the number of the first, from 1, become `new`.

    Each has its line end, if it has one. Something is always lost: an insertion takes in the line before or behind it.
    """

    first: int
    was: tuple[str, ...]
    new: tuple[str, ...]

    @property
    def last(self) -> int:
        """The number of the last line."""
        return self.first + len(self.was) - 1

    @property
    def growth(self) -> int:
        """How many lines there are more then."""
        return len(self.new) - len(self.was)


class _Touched(NamedTuple):
    """The lines of the instructions that a change touches, and how many there are more then."""

    first: int
    last: int
    growth: int


def suggestions(made: Sequence[Made], lines: Mapping[str, Lines]) -> list[Suggestion]:
    """Those changes, each of one file, that can be told at lines that the pull request itself changes.

    A change behind others in the same file can only where it touches none of their instructions: a reader applies each
    alone, and package lists deleted by a RUN are there to stay if the one that fetched them is not merged with it.
    https://docs.github.com/en/rest/pulls/reviews wants all lines of a remark within the diff.
    """
    told: list[Suggestion] = []
    before: dict[str, list[_Touched]] = {}
    for one in made:
        parts = list(parts_of(one.diff))
        touched, earlier = _touched(one, parts), before.setdefault(one.path, [])
        moved = _moved(touched, earlier)
        earlier.append(touched)
        if moved is None or len(parts) != 1 or _LOST.search(one.path):
            continue
        part = parts[0]._replace(first=parts[0].first - moved)
        if any(first <= part.first and part.last <= last for first, last in lines.get(one.path, ())):
            told.append(_suggestion(one, part))
    return told


def parts_of(diff: str) -> Iterator[Part]:
    """The parts of a unified diff of one file, without the unchanged lines around them."""
    found = list(_HUNK.finditer(diff))
    ends = [hunk.start() for hunk in found[1:]] + [len(diff)]
    for hunk, end in zip(found, ends, strict=True):
        rows = _rows(diff[hunk.end() : end])
        changed = [at for at, row in enumerate(rows) if row[0] != " "]
        start, stop = changed[0], changed[-1] + 1
        if all(row[0] == "+" for row in rows[start:stop]):
            start, stop = (start - 1, stop) if start else (start, stop + 1)
        inner = rows[start:stop]
        was = tuple(row[1:] for row in inner if row[0] != "+")
        yield Part(int(hunk[1]) + start, was, tuple(row[1:] for row in inner if row[0] != "-"))


def _rows(text: str) -> list[str]:
    """The lines of a hunk with their line ends; one that has none in the file has none here."""
    rows: list[str] = []
    for row in text.split("\n")[:-1]:
        if row.startswith("\\"):
            rows[-1] = rows[-1].removesuffix("\n")
        else:
            rows.append(f"{row}\n")
    return rows


def _touched(made: Made, parts: Sequence[Part]) -> _Touched:
    end = made.line + len(made.was.removesuffix(b"\n").split(b"\n")) - 1
    first, last = min(made.line, parts[0].first), max(end, parts[-1].last)
    return _Touched(first, last, sum(part.growth for part in parts))


def _moved(touched: _Touched, earlier: Sequence[_Touched]) -> int | None:
    """By how many lines earlier changes have moved these; None where they have touched them."""
    moved = 0
    for one in reversed(earlier):
        first, last, end = touched.first - moved, touched.last - moved, one.last + one.growth
        if first <= end and one.first <= last:
            return None
        if first > end:
            moved += one.growth
    return moved


def _suggestion(made: Made, part: Part) -> Suggestion:
    message, why_not = remark(made), _why_not(part)
    if why_not:
        return Suggestion(made.path, part.first, part.last, f"{message} Nothing to apply here: {why_not}.", None)
    return Suggestion(made.path, part.first, part.last, message, "".join(part.new).removesuffix("\n"))


def _why_not(part: Part) -> str:
    """Why a block that takes the place of the lines would give another text than the change; empty: it does not."""
    if part.was[-1].endswith("\n") != (not part.new or part.new[-1].endswith("\n")):
        return "it changes whether the file ends with a line end"
    if part.new == ("\n",):
        return "a suggestion that is empty deletes the line"
    if part.new and any(line.endswith("\r\n") for line in (*part.was, *part.new)):
        # GitHub takes what a comment has between its lines, and that is LF: the file would have both.
        return "its lines end in CR LF, and those of a suggestion in LF"
    if sum(map(len, part.new)) > _LONGEST:
        return "it is too long for a comment"
    if any(_LOST.search(line.removesuffix("\n")) for line in part.new):
        return "it has characters that no comment can hold"
    return ""
