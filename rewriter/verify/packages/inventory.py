"""Which packages an image holds, read from the databases of their managers: dpkg, apk, rpm, pip and npm.

No manager is run: the files come out of an image's layers, one by one, and may be damaged or made to harm.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import BinaryIO, NamedTuple


class Package(NamedTuple):
    """An installed package; `name` and `version` are written as its manager prints them."""

    manager: str
    name: str
    version: str


class Unreadable(ValueError):
    """A database that is not what its path says, or that is damaged; the text is a one-sentence reason."""


# Triggers that wait are work that is left to do for a package that is there (deb-triggers(5)).
_INSTALLED = {b"installed", b"triggers-awaited", b"triggers-pending"}
_DPKG_PARTS = b"var/lib/dpkg/status.d/"
_DATABASES = {
    b"var/lib/dpkg/status": "dpkg",
    b"lib/apk/db/installed": "apk",
    b"usr/lib/apk/db/installed": "apk",
    **{
        folder + name: "rpm"
        for folder in (b"var/lib/rpm/", b"usr/lib/sysimage/rpm/")
        for name in (b"Packages", b"Packages.db", b"rpmdb.sqlite")
    },
}
_ENDINGS = (b"/package.json", b"/METADATA", b"/PKG-INFO", b".egg-info")
_PIP = re.compile(
    rb"(?:.*/)?(?:site|dist)-packages/[^/]+(?:\.dist-info/METADATA|\.egg-info/PKG-INFO|\.egg-info)", re.DOTALL
)
# Folders of node_modules that start with a dot are npm's and pnpm's own; a package's name never does.
_NPM = re.compile(rb"(?:.*/)?node_modules/(?:@[^/]+/)?[^/.@][^/]*/package\.json", re.DOTALL)


def manager_of(path: bytes) -> str | None:
    """The manager whose database the file at `path` is part of; None for all others.

    `path` has no slash at its start, as in a layer's archive. Where the databases are: dpkg(1), and distroless's
    PACKAGE_METADATA.md for status.d; apk-tools' database.c; rpm's `%_dbpath` and the file names of its backends; for
    pip "Recording installed projects" of the PyPA's specifications; for npm "Folders" of npm's documentation.
    """
    manager = _DATABASES.get(path)
    if manager is not None:
        return manager
    # Nearly all paths of an image end in none of these ways: they never come to the slower patterns.
    if path.endswith(_ENDINGS):
        if path.endswith(b"/package.json"):
            return "npm" if _NPM.fullmatch(path) else None
        return "pip" if _PIP.fullmatch(path) else None
    if path.startswith(_DPKG_PARTS):
        name = path[len(_DPKG_PARTS) :]
        return "dpkg" if name and b"/" not in name and not name.endswith(b".md5sums") else None
    return None


def packages(manager: str, path: bytes, content: BinaryIO, scratch: str) -> Iterator[Package]:
    """The packages that the file at `path` records; `manager` is what manager_of says of it.

    `content` is only read forward, with `read` and `readline`, and not always to its end. `scratch` is a folder for a
    temporary file, which is gone at the end. Raises Unreadable, perhaps after some packages; what was given so far is
    then not all that is installed. An OSError of the stream or the folder is passed on.
    """
    return _READERS[manager](path, content, scratch)


# Longer lines are read in part: the fields that matter are short, Depends of a metapackage can be a hundred kB.
_LINE = 65_536


def _lines(content: BinaryIO) -> Iterator[bytes]:
    """The lines, of long ones the start."""
    starts = True
    while line := content.readline(_LINE):
        if starts:
            yield line
        starts = line.endswith(b"\n")


def _stanzas(content: BinaryIO, keys: frozenset[bytes], same: Callable[[bytes], bytes]) -> Iterator[dict[bytes, bytes]]:
    """The fields `keys` of each stanza of `Field: value` lines; stanzas are parted by empty lines.

    `same` brings a field's name into the form that `keys` have. A stanza with none of them is given too.
    """
    stanza: dict[bytes, bytes] | None = None
    for line in _lines(content):
        if not line.strip():
            if stanza is not None:
                yield stanza
            stanza = None
            continue
        # Made here, so that a stanza without any of the fields is found out.
        stanza = {} if stanza is None else stanza
        if line[:1] in b" \t":
            continue
        name, colon, value = line.partition(b":")
        if not colon:
            raise Unreadable("it has a line that is no field")
        name = same(name)
        if name in keys:
            stanza[name] = value.strip()
    if stanza is not None:
        yield stanza


def _required(stanza: dict[bytes, bytes], key: bytes) -> bytes:
    value = stanza.get(key)
    if not value:
        raise Unreadable(f"it has a package without the field {key.decode()}")
    return value


_DPKG_KEYS = frozenset({b"Package", b"Status", b"Version", b"Architecture", b"Multi-Arch"})
# How many packages may stand before dpkg itself; it is at "d", and few systems have more than 3,000 packages.
_BEFORE_DPKG = 5_000


def _dpkg(path: bytes, content: BinaryIO, _: str) -> Iterator[Package]:
    """dpkg's status file (deb822(5)); in status.d, what is there is installed, and has no Status."""
    native = b""
    waiting: list[dict[bytes, bytes]] = []
    for stanza in _stanzas(content, _DPKG_KEYS, bytes.title):
        name = _required(stanza, b"Package")
        if not path.startswith(_DPKG_PARTS) and _required(stanza, b"Status").split()[-1] not in _INSTALLED:
            continue
        waiting.append(stanza)
        if name == b"dpkg":
            native = stanza.get(b"Architecture", b"")
        # Whether a package is a foreign one can be said only when dpkg's own architecture is known.
        if native or len(waiting) >= _BEFORE_DPKG:
            yield from (_debian(each, native) for each in waiting)
            waiting.clear()
    yield from (_debian(each, native) for each in waiting)


def _debian(stanza: dict[bytes, bytes], native: bytes) -> Package:
    """The name is qualified as by `${binary:Package}` (dpkg's lib/dpkg/pkg-show.c, pnaw_nonambig)."""
    name, version = _required(stanza, b"Package"), _required(stanza, b"Version")
    architecture = stanza.get(b"Architecture", b"")
    foreign = native and architecture not in (native, b"all")
    if architecture and (foreign or stanza.get(b"Multi-Arch") == b"same"):
        name += b":" + architecture
    return Package("dpkg", _text(name), _text(version))


_APK_KEYS = frozenset({b"P", b"V", b"A"})


def _apk(_: bytes, content: BinaryIO, __: str) -> Iterator[Package]:
    """What apk has installed (apk-tools' database.c); the version with its architecture, as `apk list` has it."""
    for stanza in _stanzas(content, _APK_KEYS, bytes):
        version = _required(stanza, b"V") + b" " + stanza.get(b"A", b"")
        yield Package("apk", _text(_required(stanza, b"P")), _text(version.strip()))


def _rpm(path: bytes, content: BinaryIO, scratch: str) -> Iterator[Package]:
    from .rpmdb import Damaged, installed

    try:
        for name, version in installed(path.rpartition(b"/")[2].decode(), content, scratch):
            yield Package("rpm", name, version)
    except Damaged as error:
        raise Unreadable(str(error)) from error


# A licence or a description may stand before the fields that matter, but no book.
_PIP_LINES = 10_000


def _pip(_: bytes, content: BinaryIO, __: str) -> Iterator[Package]:
    """The header of a project's metadata (PyPA, "Core metadata specifications"), which ends at the first empty line."""
    fields: dict[bytes, bytes] = {}
    for line in islice(_lines(content), _PIP_LINES):
        name, colon, value = line.partition(b":")
        # As for Python's own email parser, a line that is no field ends the header as well.
        if not line.strip() or not (colon or line[:1] in b" \t"):
            break
        if name.lower() in (b"name", b"version"):
            fields.setdefault(name.title(), value.strip())
        if len(fields) == 2:
            break
    yield Package("pip", _text(_required(fields, b"Name")), _text(_required(fields, b"Version")))


# The largest package.json of npm's registry have some hundred kB.
_NPM_SIZE = 1_000_000


def _npm(_: bytes, content: BinaryIO, __: str) -> Iterator[Package]:
    """A package.json (npm's documentation of it); without name and version, as in test fixtures, it is no package's."""
    import json

    text = content.read(_NPM_SIZE + 1)
    if len(text) > _NPM_SIZE:
        return
    try:
        manifest: object = json.loads(text)
    except (ValueError, RecursionError):
        return
    if isinstance(manifest, dict):
        name, version = manifest.get("name"), manifest.get("version")
        if isinstance(name, str) and isinstance(version, str) and name and version:
            yield Package("npm", name, version)


def _text(value: bytes) -> str:
    return value.decode("utf-8", "surrogateescape")


_READERS: dict[str, Callable[[bytes, BinaryIO, str], Iterator[Package]]] = {
    "dpkg": _dpkg,
    "apk": _apk,
    "rpm": _rpm,
    "pip": _pip,
    "npm": _npm,
}
