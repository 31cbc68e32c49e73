"""Where a manager's folder lies for a RUN, the mount for it, and which words of commands reach into it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import NamedTuple

from ...syntax.words import mount_fields
from ..bases import User, environment_of, user_of
from ..effect import unquoted
from ..image import Configuration
from .mounts import CacheMount

# A comma ends a field of a mount, and a variable is expanded in there.
_PLAIN = re.compile(rb"/[\w./+@-]*")
_HOME = re.compile(rb"\$HOME\b|\$\{HOME\}|(?<![\w/.])~(?=/|$)")
_TARGET = (b"target", b"dst", b"destination")


class Place(NamedTuple):
    """A folder for a RUN: `path`, and `home`, that of who runs it. `owner`: it is not root's.

    `refused` says why it is not known, or can't be a mount; empty: it is, and can.
    """

    path: bytes = b""
    home: bytes = b""
    owner: User | None = None
    refused: str = ""


def place_of(row: CacheMount, config: Configuration) -> Place:
    """Where the folder of this row lies for a RUN with this configuration."""
    image = config.base.decode("utf-8", "replace")
    runner = _runner(config, image)
    if runner.refused:
        return runner
    path, refused = _path(row, config, image, runner.home)
    if refused:
        return runner._replace(refused=refused)
    # An engine makes the folders above a mount, as root, and they stay: only one that is there already is the user's.
    if runner.owner is not None and (row.store.root or posixpath.dirname(path) != runner.owner.home):
        return runner._replace(refused=f"{_user(config)} may not write to the folders above {path.decode()}")
    return runner._replace(path=path)


def _user(config: Configuration) -> str:
    return (config.user or b"root").split(b":")[0].decode("utf-8", "replace")


def _runner(config: Configuration, image: str) -> Place:
    """The home folder of who runs a RUN; where nothing is said, that is root, as everywhere in the model."""
    name = _user(config)
    owner = None
    home = b"/root"
    if name not in ("root", "0", ""):
        owner = user_of(image, name.encode())
        if owner is None:
            return Place(refused=f"it runs as {name}, whose number and home folder are not known")
        home = owner.home
    given = config.env.get(b"HOME", config.args.get(b"HOME", home))
    if not _PLAIN.fullmatch(given):
        return Place(refused="the home folder is not known")
    return Place(home=posixpath.normpath(given), owner=owner)


def _path(row: CacheMount, config: Configuration, image: str, home: bytes) -> tuple[bytes, str]:
    given = {**environment_of(image), **config.args, **config.env}
    for variable, below in row.moved:
        found = given.get(variable, b"")
        if below is None:
            if b"/" in found:
                return b"", f"{variable.decode()} may move {row.store.what}"
        elif found:
            found = found.split(b":")[0] if variable == b"GOPATH" else found
            if not _PLAIN.fullmatch(found):
                return b"", f"{variable.decode()} moves {row.store.what} to a place that is not known"
            return posixpath.normpath(found + below), ""
    if not row.path or not row.usual_in(image):
        return b"", f"where {row.store.what} lies in this image is not known"
    return _HOME.sub(lambda _: home, row.path), ""


def mount_of(row: CacheMount, place: Place) -> bytes:
    """The mount, as it stands behind `--mount=`."""
    fields = [b"type=cache", b"target=" + place.path]
    fields += [b"sharing=locked"] if row.locked else []
    fields += [b"uid=%d" % place.owner.uid, b"gid=%d" % place.owner.gid] if place.owner else []
    return b",".join(fields)


def is_mounted(path: bytes, flags: Iterable[bytes]) -> bool:
    """Whether a mount holds the path, or lies in it, or may."""
    for flag in flags:
        if not flag.startswith(b"--mount="):
            continue
        fields = mount_fields(flag[8:])
        target = next((fields[name] for name in _TARGET if name in fields), b"")
        if b"$" in target or overlap(target, path):
            return True
    return False


def overlap(one: bytes, other: bytes) -> bool:
    """Whether one of two paths lies in the other, or they are the same."""
    one, other = (posixpath.normpath(path).rstrip(b"/") + b"/" for path in (one, other))
    return one.startswith(other) or other.startswith(one)


def is_named(place: Place, text: bytes) -> bool:
    """Whether the text names the folder, or something in it."""
    text = _HOME.sub(lambda _: place.home, unquoted(text))
    return re.search(re.escape(place.path) + rb"(?![\w.-])", text) is not None


def is_inside(place: Place, word: bytes) -> bool:
    """Whether the word names nothing but the folder, or what is in it."""
    paths = list(_alternatives(place, word))
    return all(path == place.path or path.startswith(place.path + b"/") for path in paths) and b".." not in word


def is_reached(place: Place, word: bytes) -> bool:
    """Whether the word, as an operand of `rm`, names the folder, something in it, or a folder that it is in."""
    for path in _alternatives(place, word):
        if not path.startswith(b"/"):
            # From a folder that is not known: `cd /var/lib/apt && rm -rf lists`.
            bare = path.removesuffix(b"/*").strip(b"/")
            if bare and b"/" + bare + b"/" in place.path + b"/":
                return True
            continue
        parts, own = path.split(b"/"), place.path.split(b"/")
        if all(map(_matches, parts, own)):
            return True
    return False


def _matches(pattern: bytes, name: bytes) -> bool:
    """Whether a part of a path matches a name; as in a shell, `*` does not match a leading dot."""
    if name.startswith(b".") and not pattern.startswith(b"."):
        return False
    return fnmatchcase(name.decode("latin-1"), pattern.decode("latin-1"))


def _alternatives(place: Place, word: bytes) -> Iterator[bytes]:
    """The paths that the word names: its braces resolved, the home folder written out."""
    word = _HOME.sub(lambda _: place.home, unquoted(word))
    waiting = [word]
    while waiting:
        text = waiting.pop()
        braces = re.search(rb"\{([^{},]*(?:,[^{},]*)+)\}", text)
        if braces is None:
            yield text.rstrip(b"/") if text != b"/" else text
        else:
            waiting += [text[: braces.start()] + part + text[braces.end() :] for part in braces[1].split(b",")]
