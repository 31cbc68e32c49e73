"""What the words of a command name, among what is known to be there: one path, or all that a pattern matches."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import NamedTuple

from ..steps.gathering import Place
from ..steps.paths import EVERYTHING, canonical
from .made import absolute

_PLAIN_GLOB = re.compile(rb"[\w./@+,=~%:*?-]+")


class Named(NamedTuple):
    """Trees that a word names: `tree` and, in it, whatever matches `parts`, one part of the path each."""

    tree: bytes
    parts: tuple[bytes, ...] = ()

    @property
    def is_all(self) -> bool:
        """Whether it is all that is in the tree, but for names that begin with a dot."""
        return self.parts == (b"*",)

    def among(self, paths: Iterable[bytes]) -> frozenset[bytes]:
        """The trees that it names, of those that these paths lie in."""
        if not self.parts:
            return frozenset((self.tree,))
        start = self.tree.rstrip(b"/") + b"/"
        found = set()
        for path in paths:
            if path.startswith(start):
                parts = path[len(start) :].split(b"/")[: len(self.parts)]
                if len(parts) == len(self.parts) and all(map(_matches, self.parts, parts)):
                    found.add(start + b"/".join(parts))
        return frozenset(found)


def named_by_word(word: bytes, place: Place) -> Named | None:
    """What the word names; None where that is not known."""
    path = absolute(word, place)
    if path:
        tree = canonical(path)
        return Named(tree) if tree != EVERYTHING else None
    if b"*" not in word and b"?" not in word:
        return None
    # A pattern in quotes is a name.
    pattern = place.literal(word) if b"'" not in word and b'"' not in word else b""
    if _PLAIN_GLOB.fullmatch(pattern) is None or pattern.startswith(b"~") or b".." in pattern:
        return None
    if not pattern.startswith(b"/"):
        pattern = place.folder + b"/" + pattern if place.folder else b""
    parts = posixpath.normpath(pattern).lstrip(b"/").split(b"/") if pattern else []
    at = next((at for at, part in enumerate(parts) if b"*" in part or b"?" in part), None)
    if at is None:
        return None
    folder = b"/" + b"/".join(parts[:at])
    if place.tree(folder) == EVERYTHING and folder != b"/":
        return None  # By way of a link, it lies elsewhere.
    return Named(canonical(folder), tuple(parts[at:]))


def _matches(pattern: bytes, name: bytes) -> bool:
    """As in a shell, where `*` does not match a leading dot."""
    if name.startswith(b".") and not pattern.startswith(b"."):
        return False
    return fnmatchcase(name.decode("latin-1"), pattern.decode("latin-1"))
