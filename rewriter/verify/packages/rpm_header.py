"""What an rpm database says about one package: the header, of which the start is enough."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import NamedTuple


class Damaged(ValueError):
    """An rpm database that is none, or is damaged; the text is one sentence."""


class Blob(NamedTuple):
    """A header as a database holds it: how many bytes it has, and a way to read them, forward only."""

    size: int
    read: Callable[[int], bytes]


class Label(NamedTuple):
    """What `rpm -qa` tells of a package: `epoch:version-release.arch`, without those that the header lacks."""

    name: str
    version: str


_NAME, _VERSION, _RELEASE, _EPOCH, _ARCH = 1000, 1001, 1002, 1003, 1022
_INT32, _STRING = 4, 6
_TYPES = {_NAME: _STRING, _VERSION: _STRING, _RELEASE: _STRING, _EPOCH: _INT32, _ARCH: _STRING}
_PREAMBLE = struct.Struct(">II")
_ENTRY = struct.Struct(">IIII")
# rpm's own limit (HEADER_TAGS_MAX).
_MOST_ENTRIES = 0xFFFF
_LONGEST_STRING = 4096
# The store is sorted by tag: before the architecture, the last of ours, come the summary and the description in all
# languages, and perhaps an icon. What is larger than that, file lists and change logs, comes after it.
_FARTHEST = 4_000_000


def label(blob: Blob) -> Label:
    """The name and the version in a header; raises Damaged.

    The layout is that of rpm's documentation of format 4 ("Header"), without the magic number, which databases leave
    out: two numbers, the index of tags, and the store that the tags point into.
    """
    tags, store = _index(blob)
    farthest = max(tags.values()) + _LONGEST_STRING
    if farthest > _FARTHEST:
        raise Damaged("a package's header has its architecture where no header has it")
    start = blob.read(min(store, farthest))
    name, version, release = (_string(start, tags, tag) for tag in (_NAME, _VERSION, _RELEASE))
    if not (name and version and release):
        raise Damaged("a package's header lacks its name, version or release")
    # Public keys are listed as packages (gpg-pubkey), and have no architecture.
    arch = _string(start, tags, _ARCH)
    epoch = f"{_number(start, tags[_EPOCH])}:" if _EPOCH in tags else ""
    return Label(name, f"{epoch}{version}-{release}" + (f".{arch}" if arch else ""))


def _index(blob: Blob) -> tuple[dict[int, int], int]:
    """Where in the store the tags that matter are, and how large the store is."""
    if blob.size < _PREAMBLE.size:
        raise Damaged("a package's header is too short")
    entries, store = _PREAMBLE.unpack(_exactly(blob, _PREAMBLE.size))
    if entries > _MOST_ENTRIES or blob.size != _PREAMBLE.size + _ENTRY.size * entries + store:
        raise Damaged("a package's header has another size than it says")
    tags: dict[int, int] = {}
    for tag, kind, offset, _ in _ENTRY.iter_unpack(_exactly(blob, _ENTRY.size * entries)):
        if tag in _TYPES:
            if kind != _TYPES[tag] or offset >= store:
                raise Damaged("a package's header has an entry that points nowhere")
            tags.setdefault(tag, offset)
    if not tags:
        raise Damaged("a package's header has no entry that names it")
    return tags, store


def _exactly(blob: Blob, size: int) -> bytes:
    data = blob.read(size)
    if len(data) != size:
        raise Damaged("a package's header is cut off")
    return data


def _string(start: bytes, tags: dict[int, int], tag: int) -> str:
    if tag not in tags:
        return ""
    end = start.find(b"\0", tags[tag], tags[tag] + _LONGEST_STRING)
    if end < 0:
        raise Damaged("a package's header has a string without an end")
    return start[tags[tag] : end].decode("utf-8", "surrogateescape")


def _number(start: bytes, offset: int) -> int:
    number = start[offset : offset + 4]
    if len(number) < 4:
        raise Damaged("a package's header is cut off")
    return int.from_bytes(number, "big")
