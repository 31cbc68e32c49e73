"""What a command fetches or unpacks, and to where, as data; each row with its source."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ...syntax.script import Word
from ..effect import unquoted
from ..steps.gathering import Place
from ..steps.places import home
from .located import Located


class Fetcher(NamedTuple):
    """A program that fetches: its options that name the file, those that name the folder, and those with a value.

    `by_address` are the options by which the address names the file; empty where it does so of its own accord.
    `query`: what stands behind a `?` is part of that name.
    """

    file: frozenset[bytes]
    folder: frozenset[bytes]
    valued: bytes
    by_address: frozenset[bytes] = frozenset()
    query: bool = False


def _options(text: str) -> frozenset[bytes]:
    return frozenset(option.encode() for option in text.split())


# curl(1), wget(1), aria2c(1). `valued` are the letters whose value may hang on them.
FETCHERS: Mapping[bytes, Fetcher] = {
    b"curl": Fetcher(
        _options("-o --output"),
        _options("--output-dir"),
        b"AbcCdDeEFHKmoPQrtTuUwxXyYz",
        _options("-O --remote-name --remote-name-all"),
    ),
    b"wget": Fetcher(
        _options("-O --output-document"), _options("-P --directory-prefix"), b"aeiBtOTwQPUlARDIX", query=True
    ),
    b"aria2c": Fetcher(_options("-o --out"), _options("-d --dir"), b"doxskjilMmt"),
}
# tar(1), bsdtar(1), unzip(1): the option that names the folder into which they unpack.
UNPACKERS: Mapping[bytes, frozenset[bytes]] = {
    b"tar": _options("-C --directory"),
    b"bsdtar": _options("-C --directory"),
    b"unzip": _options("-d"),
}
# dpkg(1), rpm(8): where a package goes, it says itself.
PACKAGE_UNPACKERS = frozenset({b"dpkg", b"rpm"})

_ADDRESS = re.compile(rb"\w+://|[\w-]+(?:\.[\w-]+)+/|\$")
_TO_FILE = re.compile(rb"1?>>?\s*(?![&(])(\S+)")


def fetched_by(one: Located) -> tuple[bytes, ...]:
    """The paths, as `path_of` has them, of what the command fetches, or of the folder into which it unpacks."""
    if one.name in FETCHERS:
        return tuple(path for path in _fetched(one, FETCHERS[one.name]) if path)
    if one.name in UNPACKERS:
        return tuple(path for path in _unpacked(one, UNPACKERS[one.name]) if path)
    if one.name == b"git" and b"clone" in one.words:
        return tuple(path for path in _cloned(one) if path)
    return ()


def path_of(word: bytes, place: Place) -> bytes:
    """The path that a word names, as far as it is known: variables stay, `.` is a folder that is not known.

    Empty where nothing is known. Two words of one stage with the same path name the same file, as long as their
    variables and the working directory are the same.
    """
    if b"\\" in word or b"`" in word or b"$(" in word or (b"'" in word and b"$" in word):
        return b""
    path = place.literal(word)
    if path.startswith(b"~/") and home(place.config):
        path = home(place.config) + path[1:]
    if not path.startswith((b"/", b"$")):
        folder = place.folder or (b"" if place.moved else b".")
        path = folder.rstrip(b"/") + b"/" + path if folder else b""
    return posixpath.normpath(path) if path else b""


def _fetched(one: Located, fetcher: Fetcher) -> Iterator[bytes]:
    files: list[bytes] = []
    folders: list[bytes] = []
    addresses: list[bytes] = []
    named_by_address = not fetcher.by_address
    for option, value in _cut(one.raw[1:], fetcher.valued, fetcher.file | fetcher.folder):
        if option in fetcher.file:
            files.append(value)
        elif option in fetcher.folder:
            folders.append(value)
        elif option in fetcher.by_address:
            named_by_address = True
        elif not option and _ADDRESS.search(unquoted(value)):
            addresses.append(value)
    files += [match[1] for word in one.command.redirects if (match := _TO_FILE.fullmatch(word.text)) is not None]
    if not files and named_by_address:
        files = [_last_of(one.place.literal(address), fetcher.query) for address in addresses]
    for name in files:
        if name and unquoted(name) != b"-":
            path = unquoted(folders[0]) + b"/" + unquoted(name) if folders else name
            yield path_of(path, one.place)


def _last_of(address: bytes, query: bool) -> bytes:
    """The name of the file by its address."""
    path = address.partition(b"#")[0]
    path = path if query else path.partition(b"?")[0]
    return path.partition(b"?")[0].rpartition(b"/")[2] + (b"?" + path.partition(b"?")[2] if b"?" in path else b"")


def _cut(words: tuple[Word, ...], valued: bytes, longs: frozenset[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """The options with values, operands with an empty option; a long one that is not in `longs` has no value."""
    waiting = iter(word.text for word in words)
    for word in waiting:
        plain = unquoted(word)
        if plain.startswith(b"--"):
            name, equals, value = plain.partition(b"=")
            yield name, value if equals else next(waiting, b"") if name in longs else b""
        elif plain.startswith(b"-") and len(plain) > 1:
            for at in range(1, len(plain)):
                letter = plain[at : at + 1]
                if letter in valued:
                    yield b"-" + letter, plain[at + 1 :] or next(waiting, b"")
                    break
                yield b"-" + letter, b""
        else:
            yield b"", word


def _unpacked(one: Located, folder: frozenset[bytes]) -> Iterator[bytes]:
    for option, value in _cut(one.raw[1:], b"CfdTX", folder):
        if option in folder:
            yield path_of(value, one.place)


def _cloned(one: Located) -> Iterator[bytes]:
    found = [value for option, value in _cut(one.raw[1:], b"bjcoC", _options("--branch --depth --jobs")) if not option]
    at = found.index(b"clone") if b"clone" in found else len(found)
    address, *named = (*found[at + 1 :], b"")[:3]
    if address:
        last = one.place.literal(address).rstrip(b"/").rpartition(b"/")[2].removesuffix(b".git")
        yield path_of(named[0] if named and named[0] else last, one.place)
