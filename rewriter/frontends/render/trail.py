"""Where the bytes of a rewritten text come from: the way back from any step to the file as it was read."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import NamedTuple

from ...engine.change import Outcome
from ...syntax.edit import Edit


class _Piece(NamedTuple):
    """The bytes from `start` to `end` of the original, or `new` in their place, which is `size` bytes long now."""

    start: int
    end: int
    size: int
    new: bytes | None = None


class Trail:
    """One text and the edits made to it so far."""

    def __init__(self, original: bytes) -> None:
        """Nothing is changed yet."""
        self._original = original
        self._pieces = [_Piece(0, len(original), len(original))]
        # The piece that was last looked for, and where it begins: the next one is mostly near.
        self._near = (0, 0)
        self._line_starts = [0, *(found.end() for found in re.finditer(b"\n", original))]

    def follow(self, edits: Iterable[Edit]) -> None:
        """Make the edits, which are in offsets of the text as it is now and disjoint."""
        for edit in sorted(edits, reverse=True):
            self._make(edit)

    def origin(self, offset: int) -> int:
        """The offset in the original of this offset in the text as it is now; new text stands where its edit does."""
        index, at = self._ahead(offset)
        for piece in islice(self._pieces, index, None):
            if offset < at + piece.size:
                return piece.start if piece.new is not None else piece.start + offset - at
            at += piece.size
        return len(self._original)

    def line(self, offset: int) -> int:
        """The line of the original."""
        return bisect_right(self._line_starts, self.origin(offset))

    def untouched(self, start: int, end: int) -> int | None:
        """How far the text from `start` to `end` has moved; None where anything in it or right beside it is new."""
        at = 0
        moved: int | None = None
        for piece in self._pieces:
            if piece.new is None and at <= start <= at + piece.size:
                moved = at - piece.start if moved is None else moved
            if piece.new is not None and at <= end and start <= at + piece.size:
                return None
            at += piece.size
        return moved

    def net(self) -> list[Edit]:
        """All edits as one set, in offsets of the original."""
        return [Edit(piece.start, piece.end, piece.new) for piece in self._pieces if piece.new is not None]

    def _make(self, edit: Edit) -> None:
        first = self._split(edit.start)
        last = self._split(edit.end)
        replaced = self._pieces[first:last]
        start = replaced[0].start if replaced else self._start_of(first)
        end = replaced[-1].end if replaced else start
        at, new = edit.start, edit.new
        # Neighbouring new pieces become one: two edits of a set may not touch at the same original offset.
        while first > 0 and (left := self._pieces[first - 1]).new is not None:
            start, at, new, first = left.start, at - left.size, left.new + new, first - 1
        while last < len(self._pieces) and (right := self._pieces[last]).new is not None:
            end, new, last = right.end, new + right.new, last + 1
        self._pieces[first:last] = [_Piece(start, end, len(new), new)]
        self._near = (first, at)

    def _start_of(self, index: int) -> int:
        return self._pieces[index].start if index < len(self._pieces) else len(self._original)

    def _split(self, offset: int) -> int:
        """The index of the piece that begins at `offset`, made so where it lies inside of one."""
        index, at = self._ahead(offset)
        if at >= offset or index == len(self._pieces):
            return index
        piece = self._pieces[index]
        if offset < at + piece.size:
            self._pieces[index : index + 1] = _halves(piece, offset - at)
        return index + 1

    def _ahead(self, offset: int) -> tuple[int, int]:
        """The last piece that begins before the offset, the first one if none does, and where it begins."""
        index, at = self._near
        while index > 0 and at >= offset:
            index -= 1
            at -= self._pieces[index].size
        while index < len(self._pieces) and at + self._pieces[index].size < offset:
            at += self._pieces[index].size
            index += 1
        self._near = (index, at)
        return index, at


def _halves(piece: _Piece, at: int) -> tuple[_Piece, _Piece]:
    if piece.new is None:
        middle = piece.start + at
        return _Piece(piece.start, middle, at), _Piece(middle, piece.end, piece.size - at)
    # What the new text stands for goes with its first half.
    left, right = piece.new[:at], piece.new[at:]
    return _Piece(piece.start, piece.end, at, left), _Piece(piece.end, piece.end, len(right), right)


class Lines(NamedTuple):
    """The line of each step, held-back change, skip and finding of an outcome, in the files as they were read.

    `also` are those of the further instructions that each finding is about.
    """

    steps: list[int]
    held_back: list[int]
    skipped: list[int]
    findings: list[int]
    also: list[list[int]]


def lines(outcome: Outcome) -> Lines:
    """Lines in the original files: they are what a reader has at hand, whatever else changes before them."""
    trails = {path: Trail(text) for path, text in outcome.originals.items()}
    steps: list[int] = []
    for step in outcome.steps:
        steps.append(_line(trails, step.change.path, step.at))
        for path, edits in step.edits.items():
            trails.setdefault(path, Trail(b"")).follow(edits)
    held_back = [_line(trails, change.path, change.at) for change in outcome.held_back]
    skipped = [_line(trails, skip.path, skip.at) for skip in outcome.skipped]
    findings = [_line(trails, finding.path, finding.at) for finding in outcome.findings]
    also = [[_line(trails, finding.path, at) for at in finding.also] for finding in outcome.findings]
    return Lines(steps, held_back, skipped, findings, also)


def _line(trails: Mapping[str, Trail], path: str, offset: int) -> int:
    trail = trails.get(path)
    return trail.line(offset) if trail else 1
