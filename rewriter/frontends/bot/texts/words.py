"""What levels and proofs mean, in words, and how many there are of something."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..groups import Made

LEVELS: Mapping[str, str] = {
    "safe": "every image keeps its configuration and its files; only layers, their order, package index lists and "
    "download caches differ.",
    "review": "files or configuration of an image change in the way that the change names, or may: read each one.",
    "unsafe": "right only with knowledge that is not in the files: check each one before it is merged.",
}
"""The README's "Levels and proofs", for a reviewer; the lowest first."""
PROOFS: Mapping[str, str] = {
    "proved": "the meaning before and after is equal, under what the change may move.",
    "modelled": "besides, it rests on what dockfix knows about certain commands or images.",
    "measured": "both versions were built, and no difference was found but the expected ones.",
}


def levels(made: Iterable[Made]) -> Sequence[str]:
    """The levels of the changes, the lowest first."""
    there = {one.level for one in made}
    return [*(level for level in LEVELS if level in there), *sorted(there - LEVELS.keys())]


def proofs(made: Iterable[Made]) -> Sequence[str]:
    """The proofs of the changes, the strictest first."""
    there = {one.proof for one in made}
    return [*(proof for proof in PROOFS if proof in there), *sorted(there - PROOFS.keys())]


def transforms(made: Iterable[Made]) -> Sequence[str]:
    """The transforms of the changes, each once, in their order."""
    return list(dict.fromkeys(one.transform for one in made))


def paths(made: Iterable[Made]) -> Sequence[str]:
    """The files of the changes, each once, in their order."""
    return list(dict.fromkeys(one.path for one in made))


def counted(number: int, noun: str) -> str:
    """`1 change`, `2 changes`."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def fitted(parts: Sequence[str], between: str, more: str, room: int, most: int | None = None) -> str:
    """The first parts, as many as there is room for, and the sentence `more` where those are not all.

    It takes how many are left out, and how many there are.
    """
    room -= len(more) + 20
    kept: list[str] = []
    for part in parts[:most]:
        room -= len(part) + len(between)
        if room < 0:
            break
        kept.append(part)
    left = len(parts) - len(kept)
    return between.join([*kept, *([more.format(left, len(parts))] if left and more else [])])
