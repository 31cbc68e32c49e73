"""What commands of a RUN are known to put into its layer: the paths, hardly ever the sizes."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from ...syntax.once import once
from ..context import Kind
from ..effect import unquoted
from ..packages.call import call_of
from ..packages.stores import STORES, Store, stores_of
from ..packages.use import empties, fills, kept_out
from ..steps.gathering import Place
from ..steps.options import Words
from ..steps.paths import EVERYTHING, is_plain
from ..steps.places import home
from .located import Located
from .sorted_words import sorted_words

_ADDRESS = re.compile(rb"\w+://[^?#]+")
_NEW_FILE = re.compile(rb"\d?>\|?\s*([^>&|\s].*)", re.DOTALL)


class Made(NamedTuple):
    """A path that a command makes, and what it is; `holds` are names that are sure to be in it."""

    path: bytes
    kind: Kind | None = None
    holds: tuple[bytes, ...] = ()


@once
def made(one: Located) -> tuple[Made, ...]:
    """What the command makes."""
    return tuple(_made(one))


def _made(one: Located) -> Iterator[Made]:
    for redirect in one.command.redirects:
        match = _NEW_FILE.fullmatch(redirect.text)
        path = absolute(match[1], one.place) if match else b""
        if path and not path.startswith(b"/dev/"):
            yield Made(path, Kind.FILE)
    words = sorted_words(one)
    if words is not None and one.name in _MAKERS:
        yield from _MAKERS[one.name](words, one.place)


def absolute(word: bytes, place: Place) -> bytes:
    """The one path that a word names; empty where that is not known."""
    path = place.literal(word)
    if path.startswith(b"~/") and home(place.config):
        path = home(place.config) + path[1:]
    if not path.startswith(b"/"):
        path = place.folder.rstrip(b"/") + b"/" + path if place.folder else b""
    known = bool(path) and is_plain(path) and b"~" not in path and place.tree(word) != EVERYTHING
    return path if known else b""


def _named(paths: list[bytes], place: Place, kind: Kind | None = Kind.FILE) -> Iterator[Made]:
    yield from (Made(posixpath.normpath(path), kind) for word in paths if (path := absolute(word, place)))


def _last_part(word: bytes) -> bytes:
    """What a file is called that is fetched from an address, as the address says it."""
    match = _ADDRESS.fullmatch(unquoted(word))
    return match[0].rpartition(b"/")[2] if match else b""


def _curl(words: Words, place: Place) -> Iterator[Made]:
    yield from _named(words.valued("write"), place)
    if "O" in words.letters or "remote-name" in words.longs:
        yield from _named([name for word in words.operands if (name := _last_part(word))], place)


def _wget(words: Words, place: Place) -> Iterator[Made]:
    given = words.valued("write")
    if given or words.valued("folder"):
        yield from _named(given, place)
    else:
        yield from _named([name for word in words.operands if (name := _last_part(word))], place)


def _git(words: Words, place: Place) -> Iterator[Made]:
    if len(words.operands) < 2 or words.operands[0] != b"clone":
        return
    address = unquoted(words.operands[1]).rstrip(b"/")
    folder = words.operands[2] if len(words.operands) > 2 else address.rpartition(b"/")[2].removesuffix(b".git")
    holds = () if words.longs & {"bare", "mirror"} else (b".git",)
    yield from (one._replace(holds=holds) for one in _named([folder], place, None))


def _unpacked(words: Words, place: Place) -> Iterator[Made]:
    """Something is in that folder then; which names, the archive knows."""
    extracts = words.program != b"tar" or "x" in words.letters or words.longs & {"extract", "get"}
    yield from _named(words.valued("folder") if extracts else [], place, None)


def _copied(words: Words, place: Place) -> Iterator[Made]:
    if len(words.operands) == 2 and not unquoted(words.operands[1]).endswith(b"/"):
        yield from _named([words.operands[1]], place, None)


_MAKERS: Mapping[bytes, Callable[[Words, Place], Iterator[Made]]] = {
    b"curl": _curl,
    b"wget": _wget,
    b"git": _git,
    b"tar": _unpacked,
    b"unzip": _unpacked,
    b"cp": _copied,
}


@once
def filled(one: Located, flags: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """The folders of package lists and download caches that a call of a package manager fills."""
    call = call_of(one.command)
    if call is None:
        return ()
    kept = (s for s in stores_of(call.manager.name) if fills(s, call) and not kept_out(s, flags, one.place.config))
    return tuple(folder for store in kept for folder in _places(store, one.place))


@once
def emptied(one: Located) -> tuple[bytes, ...]:
    """Those that a call of a package manager empties."""
    call = call_of(one.command)
    if call is None:
        return ()
    named = (store for store in STORES if call.verb in store.emptied_by)
    gone = (store for store in named if empties(store, one.command, one.place.config))
    return tuple(folder for store in gone for folder in _places(store, one.place))


def _places(store: Store, place: Place) -> Iterator[bytes]:
    """The first one is where the version that images have today keeps it."""
    path = absolute(store.paths[0], place) if not store.paths[0].startswith(b"$") else b""
    if path:
        yield path
