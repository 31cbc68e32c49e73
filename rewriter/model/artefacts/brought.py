"""What COPY and ADD bring to which path, file by file, as far as the build context or the names of files tell."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ...syntax.words import operands
from ..context import Context, Kind
from ..facts import Facts
from ..image import value
from ..sources import Source, matches, sources_of, takes
from ..stages import layout
from ..steps.paths import is_plain
from ..steps.places import is_known_base
from .split import NotTold


class Brought(NamedTuple):
    """A COPY or ADD: `path` is its destination, `folder` says that this is a folder for certain.

    `files` are the paths at which files come to stand, each with its path in the context; None where they are not
    known.
    """

    path: bytes
    folder: bool
    files: tuple[tuple[bytes, str], ...] | None

    @property
    def root(self) -> bytes:
        """The folder that takes the files in."""
        return self.path if self.folder else posixpath.dirname(self.path)


def brought(facts: Facts, index: int) -> Brought:
    """What the COPY or ADD at the index brings. Raises NotTold."""
    instruction = facts.instructions[index]
    config = facts.of(layout).before[index]
    try:
        given = operands(instruction.rest, facts.source.escape)
    except ValueError:
        raise NotTold(f"the words of its {instruction.keyword} are not understood") from None
    written = value(config, given[-1], facts.source.escape) if given else b""
    path = _absolute(written, config.workdir, is_known_base(config))
    if not path:
        raise NotTold(f"where its {instruction.keyword} copies to is not known")
    taken = sources_of(facts, index)
    into = written.endswith((b"/", b"/.", b"/..")) or written in (b".", b"..") or len(given) > 2
    into = into or path == config.workdir
    if len(taken) != len(given) - 1 or instruction.bodies or (instruction.keyword == "ADD" and _may_unpack(taken)):
        return Brought(path, into, None)
    found: list[tuple[bytes, str]] = []
    context = facts.context
    for source in taken:
        if context is None:
            named = _by_name(source)
            if named is None:
                return Brought(path, into or source.whole, None)
            found.append((posixpath.join(path, named.encode()) if into else path, source.pattern))
            continue
        top = _tops(source, context)
        into = into or source.whole or any(context.entries[one].kind is Kind.FOLDER for one in top if one)
        found += _files(source, top, path, into, context)
    return Brought(path, into, tuple(found))


def _absolute(written: bytes, workdir: bytes | None, known: bool) -> bytes:
    if not written.startswith(b"/"):
        if workdir is None:
            workdir = b"/" if known else None
        if workdir is None:
            return b""
        if known:
            workdir = workdir.removeprefix(b"<workdir of the base>")
        written = workdir + b"/" + written
    return b"/" + posixpath.normpath(written).lstrip(b"/") if is_plain(written) and written[:1] == b"/" else b""


def _may_unpack(taken: Sequence[Source]) -> bool:
    return any(re.search(r"\.(?:tar|t?gz|tgz|bz2|xz|zst)\b", source.pattern) for source in taken)


def _by_name(source: Source) -> str | None:
    """The name of a file, where the pattern itself tells that it is one; a folder's has no extension."""
    name = posixpath.basename(source.pattern)
    if not source.exact or not source.known:
        return None
    return name if re.search(r"\.\w+$|^Makefile$|^LICENSE$", name) else None


def _tops(source: Source, context: Context) -> list[str]:
    """The entries that the source itself names; the empty one is the root."""
    if source.whole:
        return [""]
    if source.exact:
        return [source.pattern] if source.pattern in context.entries else []
    return [path for path in context.entries if matches(source.pattern, path)]


def _files(source: Source, tops: list[str], path: bytes, into: bool, context: Context) -> Iterator[tuple[bytes, str]]:
    """Each file below them: what is in a folder comes to stand in the destination itself."""
    for top in tops:
        if top and context.entries[top].kind is not Kind.FOLDER:
            name = posixpath.basename(top).encode("utf-8", "surrogateescape")
            yield (posixpath.join(path, name) if into else path), top
            continue
        start = f"{top}/" if top else ""
        for inner, entry in context.entries.items():
            if entry.kind is Kind.FOLDER or not inner.startswith(start) or not takes(source, inner):
                continue
            yield posixpath.join(path, inner[len(start) :].encode("utf-8", "surrogateescape")), inner
