"""Dockerfiles that stand inside of another document, and the way between the two: offsets there, edits back.

A Dockerfile stands in whole lines of its document, each behind the same prefix: the indentation of a YAML block, the
`> ` of a quotation. So a change of it is a change of the document that leaves every other byte as it is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ..syntax.edit import Edit, ordered


class Bar(NamedTuple):
    """Bytes that a change may not bring into an embedded Dockerfile, since the document would read them, and why."""

    text: bytes
    reason: str


class Embedded(NamedTuple):
    """A Dockerfile `text` that stands in a document from byte `start` on, each line behind `prefix`.

    `text` has the line ends of the document. Of an empty line, the prefix may be missing or cut short. A byte that is
    `doubled` stands in the document twice. `name` tells it from others of the document.
    """

    name: str
    start: int
    text: bytes
    prefix: bytes = b""
    doubled: bytes = b""
    bars: tuple[Bar, ...] = ()

    def refusal(self, edits: Iterable[Edit]) -> str:
        """Why the document cannot take these edits; empty if it can."""
        news = [edit.new for edit in edits]
        return next((bar.reason for bar in self.bars if any(bar.text in new for new in news)), "")


class Left(NamedTuple):
    """What stands at byte `at` of a document is a Dockerfile, or means to be one, but is left alone; and why."""

    at: int
    reason: str


class Carried(NamedTuple):
    """The Dockerfiles in a document, in their order, and those that are left alone."""

    dockerfiles: tuple[Embedded, ...] = ()
    left: tuple[Left, ...] = ()


def found(name: str, document: bytes, start: int, value: bytes, doubled: bytes = b"") -> Embedded | None:
    """The Dockerfile whose lines, from byte `start` on, are those of `value` but for a prefix; None where any differs.

    `value` is what a reader of the document makes of them, with LF at the line ends, and once what is `doubled`.
    """
    if b"\r" in value or not value.strip():
        return None
    prefix = _prefix(document, start, _twice(value, doubled))
    if prefix is None:
        return None
    at = start
    parts: list[bytes] = []
    for line in _lines(value):
        content = line.removesuffix(b"\n")
        written = _twice(content, doubled)
        inside = _inside(document, at, written, prefix)
        if inside is None:
            return None
        end = at = inside + len(written)
        if line != content:
            if not document.startswith((b"\n", b"\r\n"), end):
                return None
            at = document.index(b"\n", end) + 1
        parts += (content, document[end:at])
    return Embedded(name, start, b"".join(parts), prefix, doubled)


def _prefix(document: bytes, start: int, value: bytes) -> bytes | None:
    """What stands before the first line of the value that is not empty."""
    at = start
    for content in value.split(b"\n"):
        end = document.find(b"\n", at)
        line = document[at : end if end >= 0 else len(document)].removesuffix(b"\r")
        if content:
            return line.removesuffix(content) if line.endswith(content) else None
        at = end + 1
    return None


def _inside(document: bytes, start: int, content: bytes, prefix: bytes) -> int | None:
    """Where the content of the line from `start` begins, None where that is not the line."""
    if document.startswith(prefix + content, start):
        return start + len(prefix)
    if content:
        return None
    end = document.find(b"\n", start)
    line = document[start : end if end >= 0 else len(document)].removesuffix(b"\r")
    return start + len(line) if not line.strip(b" \t") or prefix.startswith(line) else None


def _twice(text: bytes, doubled: bytes) -> bytes:
    return text.replace(doubled, doubled * 2) if doubled else text


def _lines(text: bytes) -> list[bytes]:
    return re.findall(rb"[^\n]*\n|[^\n]+", text)


class _Line(NamedTuple):
    """A line of the Dockerfile, from its byte `at`; in the document it begins at `start`, and behind the prefix."""

    at: int
    start: int
    inside: int


class Placed:
    """A Dockerfile in its document."""

    def __init__(self, document: bytes, embedded: Embedded) -> None:
        """The document holds the Dockerfile where it says so."""
        self._document = document
        self._text = embedded.text
        self._prefix = embedded.prefix
        self._doubled = embedded.doubled
        self._lines = list(self._placed(embedded.start))
        self._starts = [line.at for line in self._lines]

    def offset(self, at: int) -> int:
        """Where the byte `at` of the Dockerfile stands in the document."""
        line = self._line(at)
        return line.inside + len(_twice(self._text[line.at : at], self._doubled))

    def edits(self, edits: Iterable[Edit]) -> tuple[Edit, ...]:
        """The edits of the document that make these edits of the Dockerfile: new lines get the prefix."""
        return tuple(self._edit(edit) for edit in _joined(ordered(edits)))

    def _placed(self, start: int) -> Iterator[_Line]:
        at = 0
        for line in _lines(self._text):
            content = line.rstrip(b"\r\n")
            inside = _inside(self._document, start, _twice(content, self._doubled), self._prefix)
            if inside is None:
                raise AssertionError(f"the document does not hold the Dockerfile at byte {start}")
            yield _Line(at, start, inside)
            at, start = at + len(line), inside + len(_twice(line, self._doubled))
        if self._text.endswith(b"\n"):
            yield _Line(at, start, start)

    def _line(self, at: int) -> _Line:
        return self._lines[bisect_right(self._starts, at) - 1]

    def _edit(self, edit: Edit) -> Edit:
        first = self._line(edit.start)
        # An empty line may have no prefix, which the line in its place needs.
        from_start = edit.start == first.at or self._document[first.start : first.inside] != self._prefix
        new = self._text[first.at : edit.start] + edit.new if from_start else edit.new
        new = _twice(new, self._doubled)
        start = first.start if from_start else self.offset(edit.start)
        parts = new.split(b"\n")
        # What follows the edit in its last line decides whether that is an empty one.
        rest = self._text[edit.end :].partition(b"\n")[0]
        wholes = [*parts[:-1], parts[-1] + rest]
        heads = [self._head(whole) if from_start or at else b"" for at, whole in enumerate(wholes)]
        return Edit(
            start,
            self.offset(edit.end),
            b"\n".join(head + part for head, part in zip(heads, parts, strict=True)),
        )

    def _head(self, line: bytes) -> bytes:
        """The prefix of a line; no blanks at the end of an empty one."""
        return self._prefix if line.rstrip(b"\r\n") else self._prefix.rstrip(b" \t")


def _joined(edits: Sequence[Edit]) -> list[Edit]:
    """The same edits; of those that touch, one: between two lines of the Dockerfile, a prefix belongs to either."""
    joined: list[Edit] = []
    for edit in edits:
        if joined and joined[-1].end == edit.start:
            before = joined.pop()
            joined.append(Edit(before.start, edit.end, before.new + edit.new))
        else:
            joined.append(edit)
    return joined
