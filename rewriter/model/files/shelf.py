"""Things by the places where they stand, so that nobody has to look at all of them to find those near a tree."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Generic, TypeVar

from ..steps.paths import EVERYTHING, ancestors

T = TypeVar("T")


class Shelf(Generic[T]):
    """Keeps things in the order in which they are put, each with its tree, a canonical path."""

    def __init__(self) -> None:
        self._numbers = count()
        self._all: dict[int, T] = {}
        self._at: dict[bytes, dict[int, T]] = {}
        self._in: dict[bytes, dict[int, T]] = {}

    def __iter__(self) -> Iterator[T]:
        return iter(self._all.values())

    def __bool__(self) -> bool:
        return bool(self._all)

    def put(self, tree: bytes, thing: T) -> None:
        """Put a thing behind the others."""
        number = next(self._numbers)
        self._all[number] = thing
        self._at.setdefault(tree, {})[number] = thing
        for folder in ancestors(tree):
            self._in.setdefault(folder, {})[number] = thing

    def take(self, tree: bytes, thing: T) -> None:
        """Take away the first thing that is equal to this one; raises KeyError where there is none."""
        number = next((number for number, one in self._at[tree].items() if one == thing), -1)
        del self._all[number], self._at[tree][number]
        for folder in ancestors(tree):
            del self._in[folder][number]

    def near(self, tree: bytes) -> list[T]:
        """What stands at the tree, in it, or at a folder above it."""
        if tree == EVERYTHING:
            return list(self)
        found = {**self._in.get(tree, {}), **self._at.get(tree, {}), **self._at.get(EVERYTHING, {})}
        for folder in ancestors(tree):
            found |= self._at.get(folder, {})
        return [found[number] for number in sorted(found)]
