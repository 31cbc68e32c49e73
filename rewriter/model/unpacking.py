"""What ADD does beyond COPY: it fetches what is remote, and unpacks archives of the context.

An archive is told by its first bytes, not by its name: https://docs.docker.com/reference/dockerfile/#add and
`isArchivePath` of BuildKit's file backend, which reads a tar header behind what decompresses. Of a folder, only the
folder itself is looked at, so what is in it is never unpacked.
"""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator

from ..syntax.words import operands
from .context import HEAD, Context, Kind
from .facts import Facts
from .sources import Source, matches, sources_of

# Both instructions have these, and mean the same by them.
_SHARED = frozenset({b"--chown", b"--chmod", b"--link", b"--exclude"})
_PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"\x5d\x00\x00", b"\x1f\x9d", b"\x04\x22\x4d\x18")
_SKIPPED = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18")  # a frame of zstd that holds nothing
# Who is called so is one, or stands in the place of one (a pointer of Git LFS).
_NAMED_SO = re.compile(
    r"\.(?:tar|t[abglx]z\w*|tbz2?|tzst|gz|bz2|xz|zst|lzma|lz4|z)(?:\.\w+)?$|(?:^|[-_.])rootfs", re.IGNORECASE
)
_EXTENSION = re.compile(r"\.[\w-]+")


def beyond_copy(facts: Facts, index: int) -> str:
    """What the ADD at the index does, or may do, that COPY would not; empty where it is known to do nothing more."""
    instruction = facts.instructions[index]
    for flag in instruction.flags:
        name = flag.partition(b"=")[0]
        if name not in _SHARED:
            return f"`{name.decode('utf-8', 'replace')}` is a flag of ADD alone"
    try:
        given = operands(instruction.rest, facts.source.escape)[:-1]
    except ValueError:
        return "its words are not understood"
    if instruction.bodies:
        return "it has a heredoc"
    taken = sources_of(facts, index)
    if len(taken) < len(given) or not given:
        return "it fetches something, which COPY cannot"
    return next((why for source in taken if (why := _unpacks(facts, source))), "")


def _unpacks(facts: Facts, source: Source) -> str:
    """Why it is not known that a source is no archive."""
    if source.pattern == "" and source.known:
        return ""  # The context is a folder.
    if not source.known:
        return f"what `{source.pattern}` is depends on a variable"
    context = facts.context
    if context is None:
        return "whether it unpacks something, the build context tells, which is not known here (--context)"
    if not source.exact and not _is_told_by_name(source.pattern):
        return f"what matches `{source.pattern}` may be an archive one day"
    found = list(_found(source, context))
    if not found:
        return f"nothing of the build context is `{source.pattern}`"
    return next((why for path in found if (why := _is_archive(context, path))), "")


def _is_told_by_name(pattern: str) -> bool:
    """Whether all that matches has an extension (or whole name) that no archive has."""
    last = re.split(r"[*?\]]", pattern.rpartition("/")[2])[-1]
    return _EXTENSION.search(last) is not None and _NAMED_SO.search(last) is None


def _found(source: Source, context: Context) -> Iterator[str]:
    if source.exact:
        return iter([source.pattern] if source.pattern in context.entries else [])
    depth = source.pattern.count("/")
    return (path for path in context.entries if path.count("/") == depth and matches(source.pattern, path))


def _is_archive(context: Context, path: str) -> str:
    """Why a path of the context is, or may be, an archive."""
    entry = context.entries[path]
    if entry.kind is Kind.FOLDER:
        return ""
    if entry.kind is not Kind.FILE:
        return f"`{path}` is a link, and what it leads to may be an archive"
    if _NAMED_SO.search(path.rpartition("/")[2]):
        return f"`{path}` is called as archives are"
    head = context.head(path)
    if head is None:
        return f"`{path}` cannot be read"
    return f"`{path}` is an archive, and unpacked" if may_be_archive(head) else ""


def may_be_archive(head: bytes) -> bool:
    """Whether a file with these first bytes (512, if it has as many) is packed, or a tar archive."""
    if head.startswith(_PACKED) or _SKIPPED.match(head):
        return True
    if len(head) < HEAD:
        return False
    try:
        tarfile.TarInfo.frombuf(head[:HEAD], "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return head[257:262] == b"ustar"
    return True
