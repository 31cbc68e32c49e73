"""Whether a command names a place in the image, and which words of it do."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...syntax.script import Word
from ..effect import unquoted
from ..steps.gathering import Place
from ..steps.paths import EVERYTHING, covers, overlap
from ..steps.redirect import redirect_of
from .located import Located, LocatedRun

_PATH = re.compile(rb"[\w./~$*?{}\[\]+,%@-]+")


def paths_in(word: bytes) -> Iterator[bytes]:
    """What of a word may be a path: the word, the value behind a `=`, an address without its scheme, and the like."""
    plain = unquoted(word)
    yield plain
    for part in _PATH.findall(plain):
        if part != plain:
            yield part


def named(word: bytes, place: Place, tree: bytes) -> bool:
    """Whether the word may name something in the tree, or a folder above it."""
    for path in paths_in(word):
        found = place.tree(path)
        if found == EVERYTHING:
            if path in (b"/", b"/*") or _ends_alike(path, tree):
                return True
        elif overlap(found, tree):
            return True
    return False


def _ends_alike(path: bytes, tree: bytes) -> bool:
    """A relative path in a folder that is not known: by its last part."""
    last = path.rstrip(b"/").rpartition(b"/")[2]
    return bool(last) and last == tree.rstrip(b"/").rpartition(b"/")[2]


def names(one: Located, tree: bytes) -> tuple[Word, ...]:
    """The words of a command that may name something in the tree."""
    return tuple(word for word in one.raw if named(word.text, one.place, tree))


def in_folder(one: Located, tree: bytes) -> bool:
    """Whether the command runs in the tree, or may."""
    return not one.place.folder or covers(tree.rstrip(b"/"), one.place.folder)


def redirected(run: LocatedRun, tree: bytes, *, writing: bool = False) -> bool:
    """Whether a redirect of the RUN may name something in the tree; `writing`: to write to it."""
    for word, place in run.redirects:
        redirect = redirect_of(word.text)
        if redirect is not None and named(redirect.target, place, tree) and not (writing and redirect.reads):
            return True
    return False
