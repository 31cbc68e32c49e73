"""Where the sources of a COPY come to stand."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ..context import Context, Kind
from ..facts import Facts
from ..image import Configuration
from ..sources import matches
from ..steps.copies import CopyWords, copy_words, in_context, is_folder, kinds_of
from ..steps.paths import canonical, is_plain
from ..steps.places import stands
from ..steps.step import step_at
from ..steps.workdir import rooted

_WILD = re.compile(rb"[*?\[\\]")


class Placed(NamedTuple):
    """A source of a COPY, and where it stands.

    `source` is a path of the build context, from its root; empty for the whole. `path` is absolute, in the words of
    the file: where the file stands, or the folder into which a folder's contents go. `kind` is None where only the
    build context could tell. `size` is in bytes, None where that is not known.
    """

    source: str
    path: bytes
    kind: Kind | None
    size: int | None = None

    @property
    def tree(self) -> bytes:
        """The place as a tree."""
        return canonical(self.path)


class Copied(NamedTuple):
    """A COPY of the build context: what it places, or in `refused` why that is not known.

    `folder` is the folder that the sources go into, empty where the destination is a file's own name. `more` says what
    a mount brings along that the COPY does not. `destination` is absolute.
    """

    position: int
    flags: Mapping[bytes, bytes]
    folder: bytes
    placed: tuple[Placed, ...]
    refused: str = ""
    more: str = ""
    destination: bytes = b""


def copied(facts: Facts, index: int) -> Copied | None:
    """What the COPY at the index places; None where it takes nothing from the build context."""
    return facts.at(_copied, index)


def _copied(facts: Facts, index: int) -> Copied | None:
    step = step_at(facts, index)
    words = copy_words(step)
    if words is None or b"--from" in words.flags or step.instruction.bodies or step.stage < 0:
        return None
    destination = _destination(words.destination, step.config)
    if not destination:
        return Copied(index, words.flags, b"", (), "where it copies to is not known")
    kinds = kinds_of(words, step, facts.context)
    into = is_folder(words, step, canonical(destination), kinds) or stands(canonical(destination), step.config)
    folder = destination if into else b""
    try:
        placed = tuple(_placed(words, kinds, destination, into, facts.context))
    except _NotKnownError as unknown:
        return Copied(index, words.flags, folder, (), str(unknown), destination=destination)
    return Copied(index, words.flags, folder, placed, destination=destination)


class _NotKnownError(Exception):
    pass


def _destination(path: bytes, config: Configuration) -> bytes:
    """The destination from the root, cleaned; empty where it is not known."""
    found = rooted(path, config)
    return b"/" + posixpath.normpath(found).lstrip(b"/") if found else b""


def _placed(
    words: CopyWords, kinds: Sequence[Kind | None], destination: bytes, into: bool, context: Context | None
) -> Iterator[Placed]:
    for source, kind in zip(words.sources, kinds, strict=True):
        shown = source.decode("utf-8", "replace")
        if _WILD.search(source):
            yield from _matched(shown, destination, into, context)
        elif not is_plain(source) or b":" in source:
            raise _NotKnownError(f"what `{shown}` is depends on a variable")
        elif kind is None and into and source.endswith(b"/"):
            yield Placed(in_context(source), destination, None)
        else:
            inside = into and kind is not Kind.FOLDER
            name = b"/" + in_context(source).rpartition("/")[2].encode("utf-8", "surrogateescape")
            path = destination.rstrip(b"/") + name if inside else destination
            yield Placed(in_context(source), path, kind, _size(in_context(source), kind, context))


def _matched(pattern: str, destination: bytes, into: bool, context: Context | None) -> Iterator[Placed]:
    """What a pattern matches, one by one."""
    if context is None:
        raise _NotKnownError(f"what `{pattern}` matches, the build context tells, which is not known here (--context)")
    clean = in_context(pattern.encode("utf-8", "surrogateescape"))
    depth = clean.count("/")
    found = [path for path in context.entries if path.count("/") == depth and matches(clean, path)]
    if not found or not into:
        raise _NotKnownError(f"it is not known what `{pattern}` matches")
    for path in found:
        kind = context.entries[path].kind
        if kind not in (Kind.FILE, Kind.FOLDER):
            raise _NotKnownError(f"`{path}` is a link")
        name = path.rpartition("/")[2].encode("utf-8", "surrogateescape")
        into_it = destination.rstrip(b"/") + b"/" + name if kind is Kind.FILE else destination
        yield Placed(path, into_it, kind, _size(path, kind, context))


def _size(source: str, kind: Kind | None, context: Context | None) -> int | None:
    """Bytes of a file, or of all files in a folder."""
    if context is None or kind is None:
        return None
    if kind is Kind.FILE:
        return context.entries[source].size
    start = source + "/" if source else ""
    files = ((path, entry) for path, entry in context.entries.items() if entry.kind is Kind.FILE)
    return sum(entry.size for path, entry in files if path.startswith(start))


def as_folder(facts: Facts, copy: Copied) -> Copied | None:
    """The COPY as one of the whole folder that all its sources lie in, for a mount, which knows no patterns.

    `more` says what comes along; None where the sources have no folder of their own, or go to no folder.
    """
    words = copy_words(step_at(facts, copy.position))
    if words is None or not copy.folder or not all(map(is_plain, map(_without_wildcards, words.sources))):
        return None
    sources = [in_context(source) for source in words.sources]
    folders = {source.rpartition("/")[0] for source in sources}
    folder = next(iter(folders))
    if len(folders) != 1 or not folder or _WILD.search(folder.encode("utf-8", "surrogateescape")):
        return None
    entries = facts.context.entries if facts.context is not None else {}
    inside = [path for path in entries if path.startswith(folder + "/")]
    others = [path for path in inside if not any(matches(source, path) for source in sources)]
    more = f"all of {folder} is mounted, not only {', '.join(sources)}" if others or not inside else ""
    placed = Placed(folder, copy.folder, Kind.FOLDER, _size(folder, Kind.FOLDER, facts.context))
    return copy._replace(placed=(placed,), refused="", more=more)


def _without_wildcards(source: bytes) -> bytes:
    return _WILD.sub(b"", source)
