"""Where groups change the same lines: each is made of the base alone, so the one merged second has to be made anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from itertools import permutations
from typing import NamedTuple

from .groups import Told


class Shared(NamedTuple):
    """What is to be told of a group."""

    group: str
    told: Told


def overlaps(before: Mapping[str, bytes], after: Mapping[str, Mapping[str, bytes]]) -> Iterator[Shared]:
    """For each two groups, where in a file they meet first.

    `before` are the texts as they are, by path, and `after` those that a group makes, by its name and path.
    """
    count = Counter(path for files in after.values() for path in files)
    changed = {
        name: {path: _changed(before.get(path, b""), text) for path, text in files.items() if count[path] > 1}
        for name, files in after.items()
    }
    for one, other in permutations(changed, 2):
        for path, lines in changed[one].items():
            met = _first_met(lines, changed[other].get(path, ()))
            if met is not None:
                reason = f"the group {other} changes it, too: once one of the two is merged, the other is made anew"
                yield Shared(one, Told("shared", "", path, met, reason))


def _changed(before: bytes, after: bytes) -> tuple[range, ...]:
    """The lines of the text before, from 1, that are others then, each with the next: git merges no neighbours."""
    matcher = SequenceMatcher(None, before.split(b"\n"), after.split(b"\n"), autojunk=False)
    return tuple(range(first + 1, last + 2) for kind, first, last, _, _ in matcher.get_opcodes() if kind != "equal")


def _first_met(lines: tuple[range, ...], others: tuple[range, ...]) -> int | None:
    found = (max(one.start, other.start) for one in lines for other in others if _meet(one, other))
    return min(found, default=None)


def _meet(one: range, other: range) -> bool:
    return one.start < other.stop and other.start < one.stop
