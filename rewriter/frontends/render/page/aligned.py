"""Two texts side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import NamedTuple

from .shown import shown_line

_CONTEXT = 3
_SHORTEST_FOLD = 12
"""Lines without a change that are folded away; fewer are no trouble."""


class Line(NamedTuple):
    """A line of one text; `number` from 1. `is_open_ended`: no line end follows, which is otherwise not to be seen."""

    number: int
    text: str
    is_open_ended: bool


class Row(NamedTuple):
    """The lines that stand beside one another."""

    before: Line | None
    after: Line | None


class Block(NamedTuple):
    """Rows that are all changed, or all the same; `is_folded`: of no interest at first."""

    rows: tuple[Row, ...]
    is_changed: bool
    is_folded: bool = False


def aligned(before: bytes, after: bytes) -> tuple[Block, ...]:
    """All lines of both texts."""
    old, new = _split(before), _split(after)
    opcodes = SequenceMatcher(None, old, new).get_opcodes()
    blocks: list[Block] = []
    for index, (tag, i, j, k, m) in enumerate(opcodes):
        is_changed = tag != "equal"
        pairs = zip_longest(_lines(old, i, j, is_changed), _lines(new, k, m, is_changed))
        rows = tuple(Row(left, right) for left, right in pairs)
        if not is_changed:
            blocks += _folded(rows, is_first=index == 0, is_last=index == len(opcodes) - 1)
        else:
            blocks.append(Block(rows, is_changed=True))
    return tuple(blocks)


def _split(text: bytes) -> list[bytes]:
    """Lines as BuildKit has them: only a line feed ends one."""
    return [line for line in re.findall(rb"[^\n]*\n?", text) if line]


def _lines(lines: Sequence[bytes], start: int, end: int, is_changed: bool) -> Iterator[Line]:
    for number, line in enumerate(lines[start:end], start + 1):
        text = line.removesuffix(b"\n")
        # A carriage return may be all that is changed; elsewhere it only disturbs.
        yield Line(number, shown_line(text if is_changed else text.removesuffix(b"\r")), text == line)


def _folded(rows: tuple[Row, ...], *, is_first: bool, is_last: bool) -> Iterator[Block]:
    start = 0 if is_first else _CONTEXT
    end = len(rows) if is_last else len(rows) - _CONTEXT
    if end - start < _SHORTEST_FOLD or (is_first and is_last):
        yield Block(rows, is_changed=False)
        return
    parts = Block(rows[:start], False), Block(rows[start:end], False, is_folded=True), Block(rows[end:], False)
    yield from (part for part in parts if part.rows)
