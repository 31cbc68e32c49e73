"""Paths as a tree of folders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, takewhile
from typing import NamedTuple

from .shown import shown

_DEEPEST = 10
"""Levels that are nested; what is below is a path in one piece. Browsers give up at some depth, and phones earlier."""
_MOST_PARTS = 64
_MOST_OPEN = 60
"""Rows of a tree that is unfolded from the start."""


class Node(NamedTuple):
    """A path, or a folder with `children`, of which `total` rows tell; `notes` are about the path itself."""

    name: str
    total: int
    notes: tuple[str, ...]
    children: tuple[Node, ...]
    is_open: bool


_Row = tuple[Sequence[str], str]


def tree(rows: Iterable[tuple[str, str]]) -> tuple[Node, ...]:
    """The tree of (path, note)s. A folder that holds but one other folder is shown with it in one line."""
    split: list[_Row] = sorted((path.lstrip("/").split("/", _MOST_PARTS), note) for path, note in rows)
    return tuple(_nodes(split, 0, is_open=len(split) <= _MOST_OPEN))


def _nodes(rows: Sequence[_Row], depth: int, *, is_open: bool) -> Iterator[Node]:
    for _, same in groupby(rows, key=lambda row: row[0] if depth == _DEEPEST else row[0][:1]):
        group = list(same)
        # Rows are sorted, so what the first and the last have in common, all have.
        first = group[0][0]
        length = _common(first, group[-1][0])
        own = tuple(shown(note) for parts, note in group if len(parts) == length)
        below = [(parts[length:], note) for parts, note in group if len(parts) > length]
        name = shown("/".join(first[:length]) or "/") + ("/" if below else "")
        yield Node(name, len(group), own, tuple(_nodes(below, depth + 1, is_open=is_open)), is_open)


def _common(first: Sequence[str], last: Sequence[str]) -> int:
    """How many parts two paths have in common."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False)))
