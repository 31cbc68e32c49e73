"""rpm databases in Berkeley DB's hash format, `Packages`: CentOS 7, RHEL and UBI 8, Amazon Linux 2.

The layout is that of Berkeley DB's `dbinc/db_page.h`, and the way through it that of its hash method: a metadata page;
buckets, each a chain of hash pages with keys and values by turns; and chains of overflow pages for what is too large
for a page, as nearly all headers are. All numbers are in the byte order of the machine that made the file.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import IO

from .rpm_header import Blob, Damaged

_MAGIC = 0x061561
_VERSIONS = range(8, 11)
_PAGE_SIZES = frozenset(2**power for power in range(9, 17))
_META = 512
_PAGE_HEADER = 26
# Types of pages; the first is that of hash pages before Berkeley DB 4.6, whose keys are not sorted.
_HASH_UNSORTED, _OVERFLOW, _HASH_META, _HASH = 2, 7, 8, 13
# Types of items on a hash page: the bytes themselves, or where they are.
_KEY_DATA, _OFF_PAGE = 1, 3
_CHECKSUMS = 1


def headers(file: IO[bytes], size: int) -> Iterator[Blob]:
    """The headers of a database of `size` bytes, each to be read before the next is asked for; raises Damaged."""
    table = _Hash(file, size)
    for key, value in table.records():
        # Under the number 0, rpm keeps the highest number that it has given out.
        if key != b"\0\0\0\0":
            yield value


class _Hash:
    """A hash table in a file."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file = file
        meta = file.read(_META)
        if len(meta) < _META:
            raise Damaged("the Berkeley DB is cut off")
        self._order = _byte_order(meta)
        version, self._page_size, encryption, kind, flags = self._unpack("IIBBB", meta, 16)
        if version not in _VERSIONS or self._page_size not in _PAGE_SIZES or kind != _HASH_META:
            raise Damaged("the Berkeley DB is not a hash table of a version that rpm has used")
        if encryption or flags & _CHECKSUMS:
            raise Damaged("the Berkeley DB is encrypted or has checksums, which rpm never asks for")
        self._last_bucket = self._unpack("I", meta, 72)[0]
        self._spares = self._unpack("32I", meta, 96)
        self._pages = size // self._page_size

    def records(self) -> Iterator[tuple[bytes, Blob]]:
        """Every key with its value."""
        visited = 0
        for bucket in range(self._last_bucket + 1):
            # Buckets are made in doublings; the pages of each doubling stand together, moved by its "spare" pages.
            doubling = bucket.bit_length()
            if doubling >= len(self._spares):
                raise Damaged("the Berkeley DB has more buckets than there can be")
            number = bucket + self._spares[doubling]
            while number:
                visited += 1
                if visited > self._pages:
                    raise Damaged("the Berkeley DB has a chain of pages that leads back into itself")
                page = self._page(number, (_HASH, _HASH_UNSORTED))
                yield from self._items(page)
                number = self._next(page)

    def _items(self, page: bytes) -> Iterator[tuple[bytes, Blob]]:
        """The keys and values on a hash page; it is filled from its end, so each ends where the one before starts."""
        count = self._unpack("H", page, 20)[0]
        if _PAGE_HEADER + 2 * count > self._page_size or count % 2:
            raise Damaged("the Berkeley DB has a page with more entries than fit")
        starts = self._unpack(f"{count}H", page, _PAGE_HEADER)
        ends = (self._page_size, *starts)
        items = [page[start:end] for start, end in zip(starts, ends, strict=False)]
        for key, value in zip(items[::2], items[1::2], strict=True):
            if key[:1] != bytes([_KEY_DATA]) or len(key) != 5:
                raise Damaged("the Berkeley DB has a key that is no package's number")
            yield key[1:], self._value(value)

    def _value(self, item: bytes) -> Blob:
        kind = item[0] if item else 0
        if kind == _KEY_DATA:
            return Blob(len(item) - 1, _Chunks(iter([item[1:]])).read)
        if kind == _OFF_PAGE and len(item) == 12:
            number, size = self._unpack("II", item, 4)
            return Blob(size, _Chunks(self._overflow(number)).read)
        raise Damaged("the Berkeley DB has a value of a type that rpm never stores")

    def _overflow(self, number: int) -> Iterator[bytes]:
        """The parts of a value, without end where the chain has none: who reads knows the size."""
        while number:
            page = self._page(number, (_OVERFLOW,))
            filled = self._unpack("H", page, 22)[0]
            # With an empty page, a chain that leads back into itself would give nothing for ever.
            if not 0 < filled <= self._page_size - _PAGE_HEADER:
                raise Damaged("the Berkeley DB has an overflow page with an impossible size")
            yield page[_PAGE_HEADER : _PAGE_HEADER + filled]
            number = self._next(page)

    def _next(self, page: bytes) -> int:
        return int(self._unpack("I", page, 16)[0])

    def _page(self, number: int, kinds: tuple[int, ...]) -> bytes:
        if number >= self._pages:
            raise Damaged("the Berkeley DB is cut off, or points to a page that it does not have")
        self._file.seek(number * self._page_size)
        page = self._file.read(self._page_size)
        if self._unpack("I", page, 8)[0] != number or page[25] not in kinds:
            raise Damaged("the Berkeley DB has a page that is not what it is used as")
        return page

    def _unpack(self, layout: str, data: bytes, offset: int) -> tuple[int, ...]:
        return struct.unpack_from(self._order + layout, data, offset)


def _byte_order(meta: bytes) -> str:
    for order in "<>":
        if struct.unpack_from(order + "I", meta, 12)[0] == _MAGIC:
            return order
    raise Damaged("it is not a Berkeley DB hash table")


class _Chunks:
    """Parts that come one after the other, read as a stream."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts = parts
        self._rest = b""

    def read(self, size: int) -> bytes:
        """The next `size` bytes; fewer only at the end."""
        taken = [self._rest]
        have = len(self._rest)
        while have < size and (part := next(self._parts, None)) is not None:
            taken.append(part)
            have += len(part)
        data = b"".join(taken)
        self._rest = data[size:]
        return data[:size]
