"""What the layers of a stage hold, as far as it is known who put it there."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from ...syntax.words import operands
from ..context import Context, Kind
from ..facts import Facts
from ..image import value
from ..steps.paths import EVERYTHING, canonical, covers, is_below, is_plain
from ..steps.step import step_at
from ..unpacking import beyond_copy
from .placed import Placed, copied

# Which files these take and where they put them, is another matter.
_OTHERWISE = frozenset({b"--parents", b"--exclude"})
_ADDRESS = re.compile(rb"https?://[^?#]+", re.IGNORECASE)


_tree = lru_cache(1 << 12)(canonical)


class Stored(NamedTuple):
    """Something that the layer of the step `position` holds, and that is in sight so far.

    `path` is the file, or the folder whose contents it is. `kind` is None where only the build could tell. `size` is in
    bytes, None where that is not known. `source` is the path in the build context, None where it is from elsewhere.
    `origin` is the step that brought it into the image, which may be an earlier one. `gone` are trees in it that are
    out of sight.
    """

    position: int
    origin: int
    path: bytes
    kind: Kind | None = None
    size: int | None = None
    source: str | None = None
    gone: tuple[bytes, ...] = ()

    @property
    def tree(self) -> bytes:
        """The place as a tree."""
        return _tree(self.path)

    def files(self, context: Context | None) -> Mapping[bytes, int]:
        """The files in sight with their sizes; empty where they are not known."""
        if self.kind is Kind.FILE:
            return {self.tree: self.size or 0}
        if self.kind is not Kind.FOLDER or self.source is None or context is None:
            return {}
        start = f"{self.source}/" if self.source else ""
        base = self.tree.rstrip(b"/") + b"/"
        found = (
            (base + path[len(start) :].encode("utf-8", "surrogateescape"), entry)
            for path, entry in context.entries.items()
            if entry.kind is Kind.FILE and path.startswith(start)
        )
        return {path: entry.size for path, entry in found if not any(covers(tree, path) for tree in self.gone)}

    def part(self, tree: bytes) -> Stored:
        """The part of a folder that lies in the tree, of which the files are known; it is a file or a folder itself."""
        inside = tree[len(self.tree.rstrip(b"/")) + 1 :].decode("utf-8", "surrogateescape")
        source = f"{self.source}/{inside}" if self.source else inside
        gone = tuple(one for one in self.gone if is_below(one, tree))
        return self._replace(path=tree, source=source, size=None, gone=gone)


def brought(facts: Facts, index: int) -> tuple[Stored, ...]:
    """What the COPY or ADD at the index puts into its layer, as far as it is known where."""
    instruction = facts.instructions[index]
    names = {flag.partition(b"=")[0] for flag in instruction.flags}
    if not names.isdisjoint(_OTHERWISE):
        return ()
    if b"--from" in names:
        return tuple(_from_elsewhere(facts, index))
    if instruction.keyword == "ADD" and _ADDRESS.search(instruction.rest):
        return tuple(_fetched(facts, index))
    found = copied(facts, index)
    if found is None:
        return ()
    placed = found.placed
    if instruction.keyword == "ADD":
        if beyond_copy(facts, index):
            return ()  # It may unpack something.
        placed = tuple(_as_copied(one, facts.context) for one in placed)
    folder = found.folder
    return tuple(
        Stored(index, index, folder if _may_be_folder(one, folder) else one.path, one.kind, one.size, one.source)
        for one in placed
        if is_plain(one.path)
    )


def _may_be_folder(placed: Placed, into: bytes) -> bool:
    """Whether it may be a folder, whose contents go into the other one; a name with an extension is that of a file."""
    return placed.kind is None and bool(into) and re.search(r"\.\w{2,}$", placed.source) is None


def _as_copied(placed: Placed, context: Context | None) -> Placed:
    """What ADD takes as COPY would, with what the build context tells of it."""
    entry = context.entries.get(placed.source) if context is not None else None
    if placed.kind is not None or entry is None or entry.kind is not Kind.FILE:
        return placed
    return placed._replace(kind=Kind.FILE, size=entry.size)


def _fetched(facts: Facts, index: int) -> Iterator[Stored]:
    """What an ADD fetches: a file, called as its address ends where the destination is a folder."""
    cut = _cut(facts, index)
    if cut is None or len(cut[0]) != 1:
        return
    (source,), destination = cut
    match = _ADDRESS.fullmatch(source)
    name = match[0].rpartition(b"/")[2] if match else b""
    path = destination + name if destination.endswith(b"/") else destination
    if match and not path.endswith(b"/") and is_plain(path) and b".git" not in name:
        yield Stored(index, index, path, Kind.FILE)


def _from_elsewhere(facts: Facts, index: int) -> Iterator[Stored]:
    """What a COPY takes from a stage or an image: what stands at its destination, whatever it is."""
    cut = _cut(facts, index)
    if cut is None:
        return
    sources, destination = cut
    if len(sources) == 1 and not destination.endswith((b"/", b"/.")):
        yield Stored(index, index, destination)


def _cut(facts: Facts, index: int) -> tuple[tuple[bytes, ...], bytes] | None:
    """The sources and the destination from the root; None where that is not known."""
    step = step_at(facts, index)
    try:
        words = [value(step.config, word, step.escape) for word in operands(step.instruction.rest, step.escape)]
    except ValueError:
        return None
    if len(words) < 2 or step.instruction.bodies:
        return None
    path = words[-1]
    if not path.startswith(b"/"):
        path = (step.config.workdir or b"$") + b"/" + path
    clean = posixpath.normpath(path) + (b"/" if path.endswith(b"/") and path != b"/" else b"")
    known = is_plain(path) and path.startswith(b"/") and canonical(path) != EVERYTHING
    return (tuple(words[:-1]), clean) if known else None
