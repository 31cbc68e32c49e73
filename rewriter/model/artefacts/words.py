"""What words of a command name: paths, prefixes, files that are sources."""

from __future__ import annotations

import posixpath
from fnmatch import fnmatchcase

from ...syntax.script import Command
from ..effect import unquoted
from ..steps.gathering import Place
from ..steps.paths import is_plain
from .toolchains import SOURCES


def path_of(place: Place, word: bytes) -> bytes:
    """The path that a word names, from the root; empty where it is not known. No alias is resolved."""
    text = place.literal(word)
    if text.startswith(b"~"):
        text = b"/root" + text[1:] if text[1:2] in (b"", b"/") and place.config.user in (None, b"root", b"0") else b"$"
    if not text or not is_plain(text):
        return b""
    if not text.startswith(b"/"):
        if not place.folder:
            return b""
        text = place.folder + b"/" + text
    return b"/" + posixpath.normpath(text).lstrip(b"/")


def prefix_of(command: Command, place: Place) -> bytes:
    """The prefix that a command which configures a build names; /usr/local where it names none."""
    words = [unquoted(word.text) for word in command.words]
    for at, word in enumerate(words):
        for option in (b"--prefix=", b"-DCMAKE_INSTALL_PREFIX=", b"-DCMAKE_INSTALL_PREFIX:PATH=", b"INSTALL_BASE=",
                       b"PREFIX="):  # fmt: skip
            if word.startswith(option):
                return path_of(place, word[len(option) :]) or b"?"
        if word == b"--prefix" and at + 1 < len(words):
            return path_of(place, words[at + 1]) or b"?"
    return b"/usr/local"


def is_source(path: bytes) -> bool:
    """Whether a file of this name is of no use once the project is compiled."""
    name = posixpath.basename(path).decode("utf-8", "surrogateescape")
    return any(fnmatchcase(name, pattern) for pattern in SOURCES)
