"""Bars: numbers as lengths. Whoever cannot see them gets `label`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

_WIDE_ENOUGH = 4.0  # percent, for a name inside


class Part(NamedTuple):
    """A length of a bar: its size, what it stands for (a class of the style sheet), its name, and a sentence."""

    size: float
    kind: str
    name: str
    title: str


class Segment(NamedTuple):
    """A part in its place, in percent; `name` only where there is room for it."""

    start: str
    width: str
    kind: str
    name: str
    title: str


class Bar(NamedTuple):
    """A bar."""

    label: str
    segments: tuple[Segment, ...]


def bar(label: str, parts: Iterable[Part], longest: float) -> Bar:
    """Parts one after the other; a bar of the size `longest` is as wide as the page."""
    return Bar(label, tuple(_segments(parts, longest)))


def _segments(parts: Iterable[Part], longest: float) -> Iterator[Segment]:
    start = 0.0
    for part in parts:
        width = 100 * max(part.size, 0) / longest if longest > 0 else 0.0
        if width:
            name = part.name if width >= _WIDE_ENOUGH else ""
            yield Segment(f"{start:.3f}%", f"{width:.3f}%", part.kind, name, part.title)
        start += width
