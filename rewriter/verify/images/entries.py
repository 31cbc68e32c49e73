"""The entries of a layer's tar: what it puts into the file system, what it takes away."""

from __future__ import annotations

import stat
import tarfile
from collections.abc import Iterator, Mapping
from typing import IO, BinaryIO, NamedTuple

_WHITEOUT, _OPAQUE = b".wh.", b".wh..wh..opq"
_XATTR = "SCHILY.xattr."
_TYPES = {
    tarfile.REGTYPE: "file",
    tarfile.AREGTYPE: "file",
    tarfile.CONTTYPE: "file",
    tarfile.GNUTYPE_SPARSE: "file",
    tarfile.LNKTYPE: "hard link",
    tarfile.SYMTYPE: "symlink",
    tarfile.CHRTYPE: "character device",
    tarfile.BLKTYPE: "block device",
    tarfile.DIRTYPE: "folder",
    tarfile.FIFOTYPE: "pipe",
}


class Whiteout(NamedTuple):
    """What stands at `path` in lower layers is gone; with `children_only`, just what is below it."""

    path: bytes
    children_only: bool


class Entry(NamedTuple):
    """One path. `target`: of a symlink its text, of a hard link the path; `mtime` in seconds since 1970.

    `xattrs` is one text of `name=value` lines, values in hex. `device` is `major:minor`.
    """

    path: bytes
    type: str
    mode: int
    uid: int
    gid: int
    size: int
    mtime: int
    target: bytes
    xattrs: str
    device: str


class Reader:
    """The entries of one layer. While one is at hand, `content` gives what a regular file holds."""

    def __init__(self, stream: BinaryIO) -> None:
        """Read from a tar that can only be read forward."""
        self._tar = tarfile.open(fileobj=stream, mode="r|", encoding="utf-8", errors="surrogateescape")  # noqa: SIM115
        self._member: tarfile.TarInfo | None = None

    def __iter__(self) -> Iterator[Entry | Whiteout]:
        while member := self._tar.next():
            # tarfile remembers every member it has seen; a million of them are a gigabyte.
            self._tar.members = []  # type: ignore[attr-defined]
            self._member = member
            path = _normal(_bytes(member.name))
            folder, _, name = path.rpartition(b"/")
            if name == _OPAQUE:
                yield Whiteout(folder, True)
            elif name.startswith(_WHITEOUT):
                removed = name.removeprefix(_WHITEOUT)
                yield Whiteout(folder + b"/" + removed if folder else removed, False)
            elif path and member.type in _TYPES:
                yield _entry(path, member)

    def content(self) -> IO[bytes]:
        """The content of the regular file that was given last; it can be read once."""
        assert self._member is not None  # noqa: S101
        file = self._tar.extractfile(self._member)
        assert file is not None  # noqa: S101
        return file


def _entry(path: bytes, member: tarfile.TarInfo) -> Entry:
    kind = _TYPES[member.type]
    target = _bytes(member.linkname) if kind in ("symlink", "hard link") else b""
    return Entry(
        path,
        kind,
        stat.S_IMODE(member.mode),
        member.uid,
        member.gid,
        member.size if kind == "file" else 0,
        int(member.mtime),
        _normal(target) if kind == "hard link" else target,
        _xattrs(member.pax_headers),
        f"{member.devmajor}:{member.devminor}" if kind.endswith("device") else "",
    )


def _xattrs(headers: Mapping[str, str]) -> str:
    if not any(name.startswith(_XATTR) for name in headers):
        return ""
    found = sorted((name.removeprefix(_XATTR), value) for name, value in headers.items() if name.startswith(_XATTR))
    return "\n".join(f"{name}={_bytes(value).hex()}" for name, value in found)


def _normal(path: bytes) -> bytes:
    """The path from the root, without `./` and slashes at its ends."""
    return b"/".join(part for part in path.split(b"/") if part not in (b"", b"."))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
