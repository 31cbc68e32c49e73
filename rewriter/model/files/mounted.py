"""Whether the commands of a RUN can have files as mounts, and which of these must be writable.

https://docs.docker.com/reference/dockerfile/#run---mounttypebind: what is written to a bind mount is discarded. A mount
point can't be deleted, moved or replaced while it is one (EBUSY), and a rename or hard link does not leave it (EXDEV).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..context import Context, Kind
from ..steps.paths import canonical, covers
from .located import Located
from .names import paths_in
from .placed import Placed
from .readers import Use, read_by_copy, use

# What may stand in a mount's fields without quotes, and be no variable of the builder's.
_PLAIN = re.compile(r"[\w./@+=~%-]*")
# In a line of a script, what deletes or replaces files.
_DELETES = re.compile(rb"\b(?:rm|mv|unlink|shred|truncate|find|rsync)\b|\bsed\s+-\w*i")
_WORD = re.compile(rb"[^\s;&|()<>\"']+")
_OF_MODES = frozenset({b"chmod", b"chown", b"chgrp"})
_UNSETTLED = re.compile(rb"[$`*?\[{]")


class Fit(NamedTuple):
    """How a command gets along with mounts: `refused` says why not, `unsure` what a person must know."""

    refused: str = ""
    unsure: str = ""
    writes: bool = False


def is_mountable(placed: Placed) -> bool:
    """Whether source and path can stand in a mount as they are."""
    path = placed.path.decode("utf-8", "surrogateescape")
    return _PLAIN.fullmatch(path) is not None and _PLAIN.fullmatch(placed.source) is not None


def mount_of(placed: Placed, writable: bool) -> bytes:
    """The mount, as it stands behind `--mount=`."""
    source = [b"source=" + placed.source.encode("utf-8", "surrogateescape")] if placed.source else []
    return b",".join([b"type=bind", *source, b"target=" + placed.path, *([b"rw"] if writable else [])])


def fit(one: Located, root: bytes, placed: Sequence[Placed], context: Context | None) -> Fit:
    """How a command that names something in the tree `root` gets along with what is placed there as mounts."""
    shown = one.words[0].decode("utf-8", "replace")
    folders = any(one.kind is not Kind.FILE and canonical(one.path) == root for one in placed)
    if b"/" in one.words[0] and covers(root, one.place.tree(one.words[0])):
        return _script(placed, context)
    meant = use(one)
    if meant is Use.READS:
        return Fit()
    if meant is Use.RUNS:
        return _script(placed, context)
    if meant is Use.WRITES:
        return Fit(writes=True) if folders or one.name in _OF_MODES else Fit(f"`{shown}` writes it")
    if meant is Use.REPLACES:
        inside = folders and not any(_is_top(word.text, one, root) for word in one.raw[1:])
        return Fit(writes=True) if inside else Fit(f"`{shown}` deletes, moves or replaces it, which no mount bears")
    if one.name == b"cp" and read_by_copy(one) and not covers(root, one.place.tree(one.raw[-1].text)):
        return Fit()
    return Fit(
        unsure=f"what `{shown}` does there is not known; a rename or a hard link out of a mount fails", writes=True
    )


def _is_top(word: bytes, one: Located, root: bytes) -> bool:
    """Whether a word names the tree itself, or what may be all of it."""
    return any(one.place.tree(path) == root or b"*" in path for path in paths_in(word))


def _script(placed: Sequence[Placed], context: Context | None) -> Fit:
    """What a script does with itself, its text tells."""
    for one in placed:
        name = one.path.decode("utf-8", "replace")
        if one.kind is not Kind.FILE or context is None:
            return Fit(unsure=f"a script that itself changes {name} would fail")
        line = next(_lines_about_itself(context.read(one.source), one.path), None)
        if line is not None:
            return Fit(f"`{one.source}` may delete or replace itself: {line}")
    return Fit()


def _lines_about_itself(text: bytes | None, path: bytes) -> Iterator[str]:
    if text is None:
        yield "it cannot be read"
        return
    for line in text.split(b"\n"):
        found = _DELETES.search(line)
        if found is not None and any(_may_reach(word, path) for word in _WORD.findall(line[found.end() :])):
            yield line.strip().decode("utf-8", "replace")[:80]


def _may_reach(word: bytes, path: bytes) -> bool:
    """Whether a word of a script may stand for the path, or for a folder above it."""
    cut = _UNSETTLED.search(word)
    if word.startswith(b"/"):
        known = word[: cut.start()].rpartition(b"/")[0] if cut is not None else word
        return covers(canonical(known or b"/"), path) or (cut is None and covers(path, canonical(known)))
    if cut is not None:
        return cut[0] in b"$`" or cut.start() == 0 or path.rpartition(b"/")[2].startswith(word[: cut.start()])
    return word in (b".", b"..") or word.rpartition(b"/")[2] == path.rpartition(b"/")[2]
