"""rpm's database of installed packages, in each of the three formats that it has had, read without rpm.

Berkeley DB (`Packages`) is in rpm_berkeley.py, the headers that all of them hold are in rpm_header.py. None of the
readers trusts what it reads: a database comes out of an image that may hold anything.
"""

from __future__ import annotations

import shutil
import sqlite3
import struct
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import IO, BinaryIO

from .rpm_berkeley import headers as berkeley_headers
from .rpm_header import Blob, Damaged, Label, label

__all__ = ["FORMATS", "Damaged", "Label", "installed"]

_CHUNK = 1_000_000


def installed(name: str, content: BinaryIO, scratch: str) -> Iterator[Label]:
    """The packages in the database file `name` (one of FORMATS), as `rpm -qa` lists them, in no particular order.

    `content` is read forward, to a temporary file in the folder `scratch` that is gone at the end. Raises Damaged,
    perhaps after some packages, where it is no such database; an OSError of the stream or the folder is passed on.
    """
    with tempfile.NamedTemporaryFile(dir=scratch, prefix="rpmdb-") as file:
        shutil.copyfileobj(content, file, _CHUNK)
        file.flush()
        size = file.tell()
        file.seek(0)
        rest = size
        try:
            for blob in FORMATS[name](file.file, Path(file.name), size):
                # No two packages share their bytes. Without this, a few bytes that point to the same large header again
                # and again would keep us busy for hours.
                rest -= blob.size
                if rest < 0:
                    raise Damaged("the rpm database points to more data than it has")
                yield label(blob)
        # Python decodes sqlite's messages, which quote the damaged schema as it is.
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise Damaged("the SQLite database is damaged, or is none") from error


def _berkeley(file: IO[bytes], _: Path, size: int) -> Iterator[Blob]:
    return berkeley_headers(file, size)


def _sqlite(_: IO[bytes], path: Path, __: int) -> Iterator[Blob]:
    """`rpmdb.sqlite`: Fedora, RHEL 9 and later, Amazon Linux 2023; a table `Packages` (rpm's lib/backend/sqlite.c)."""
    # `immutable` since sqlite would otherwise look for a write-ahead log beside the file, and make one.
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        yield from _rows(connection)


def _rows(connection: sqlite3.Connection) -> Iterator[Blob]:
    # A view may be a query that never ends.
    kind = connection.execute("SELECT type FROM sqlite_master WHERE name = 'Packages'").fetchone()
    if kind != ("table",):
        raise Damaged("the SQLite database has no table of packages")
    before: int | None = None
    for (row,) in connection.execute("SELECT rowid FROM Packages NOT INDEXED ORDER BY rowid"):
        # In a damaged tree, branches may lead back to what was read before.
        if not isinstance(row, int) or (before is not None and row <= before):
            raise Damaged("the SQLite database has its packages in the wrong order")
        before = row
        with connection.blobopen("Packages", "blob", row, readonly=True) as blob:
            yield Blob(len(blob), blob.read)


_SLOT_PAGE = 4096
_BLOCK = 16
_SLOT = struct.Struct("<4sIII")
_HEAD = struct.Struct("<4sIII")
_TAIL = struct.Struct("<III")
_TAIL_MAGIC = int.from_bytes(b"BlbE", "little")


def _ndb(file: IO[bytes], _: Path, size: int) -> Iterator[Blob]:
    """`Packages.db`: SUSE; rpm's own format (lib/backend/ndb/rpmpkg.c): pages of slots, then a blob for each."""
    magic, version, _generation, pages = _SLOT.unpack(file.read(_SLOT.size).ljust(_SLOT.size))
    if magic != b"RpmP" or version != 0:
        raise Damaged("it is not an ndb database of a version that is known")
    if pages * _SLOT_PAGE > size:
        raise Damaged("the ndb database is cut off")
    for page in range(pages):
        file.seek(page * _SLOT_PAGE)
        slots = file.read(_SLOT_PAGE)
        # The database's own header takes the place of the first two slots.
        for slot, number, block, blocks in _SLOT.iter_unpack(slots[2 * _SLOT.size :] if page == 0 else slots):
            if slot != b"Slot":
                raise Damaged("the ndb database has a slot that is none")
            if block:
                yield _ndb_blob(file, number, block * _BLOCK, blocks * _BLOCK)


def _ndb_blob(file: IO[bytes], number: int, start: int, room: int) -> Blob:
    """The blob at `start`; its checksum is left alone, as rpm does that only reads."""
    file.seek(start + room - _TAIL.size)
    tail = file.read(_TAIL.size)
    file.seek(start)
    head = file.read(_HEAD.size)
    if len(tail) < _TAIL.size or len(head) < _HEAD.size:
        raise Damaged("the ndb database is cut off")
    magic, owner, _time, size = _HEAD.unpack(head)
    _checksum, size_again, end = _TAIL.unpack(tail)
    if (magic, owner, end) != (b"BlbS", number, _TAIL_MAGIC) or size != size_again:
        raise Damaged("the ndb database has a slot that does not point to its package")
    if _HEAD.size + size + _TAIL.size > room:
        raise Damaged("the ndb database has a package that is larger than its place")
    return Blob(size, file.read)


FORMATS: dict[str, Callable[[IO[bytes], Path, int], Iterator[Blob]]] = {
    "Packages": _berkeley,
    "Packages.db": _ndb,
    "rpmdb.sqlite": _sqlite,
}
"""The names that the database's file has had, each with its reader: open file, path, size."""
