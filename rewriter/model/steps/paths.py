"""Places in an image, as sets of trees: a path stands for itself and all below it.

`/app/`, with a slash at its end, is what is in /app, not the folder itself; `/` is everything.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import lru_cache

EVERYTHING = b"/"

# The same place by another name, on some images; where they are two, treating them as one only refuses more. Sources:
# Debian's usrmerge and base-files, Fedora 42 and Arch (one folder for programs, one for libraries), FHS 3.0.
_ALIASES = (
    (b"/bin", b"/usr/bin"),
    (b"/sbin", b"/usr/bin"),
    (b"/usr/sbin", b"/usr/bin"),
    (b"/usr/local/sbin", b"/usr/local/bin"),
    (b"/lib", b"/usr/lib"),
    (b"/lib32", b"/usr/lib32"),
    (b"/lib64", b"/usr/lib"),
    (b"/usr/lib64", b"/usr/lib"),
    (b"/libx32", b"/usr/libx32"),
    (b"/etc/os-release", b"/usr/lib/os-release"),
    (b"/var/run", b"/run"),
    (b"/var/lock", b"/run/lock"),
    (b"/var/spool/mail", b"/var/mail"),
    (b"/usr/tmp", b"/var/tmp"),
)
# What may be in a path: of other bytes (a colon of Windows, a control character) nobody here knows what they do.
_PLAIN = re.compile(rb"[\w./@+,=~% -]*")


# The same few folders are asked about again and again.
@lru_cache(4096)
def canonical(path: bytes) -> bytes:
    """An absolute path without `.`, `..`, doubled slashes and known aliases; a slash at its end goes."""
    clean = b"/" + posixpath.normpath(path).lstrip(b"/")
    for alias, folder in _ALIASES:
        if clean == alias or clean.startswith(alias + b"/"):
            return folder + clean[len(alias) :]
    return clean if clean != b"/." else EVERYTHING


def is_plain(path: bytes) -> bool:
    """Whether nothing in the path can stand for something else."""
    return _PLAIN.fullmatch(path) is not None


def folder_of(path: bytes) -> bytes:
    """The folder that a path lies in."""
    return posixpath.dirname(path.rstrip(b"/")) or EVERYTHING


def ancestors(path: bytes) -> Iterator[bytes]:
    """The folders above a canonical path, the root left out."""
    end = path.rstrip(b"/").rfind(b"/")
    while end > 0:
        yield path[:end]
        end = path.rfind(b"/", 0, end)


def is_below(path: bytes, tree: bytes) -> bool:
    """Whether the path lies below the top of the tree."""
    return path != EVERYTHING and path.rstrip(b"/").startswith(tree.rstrip(b"/") + b"/")


def covers(tree: bytes, path: bytes) -> bool:
    """Whether the path is in the tree; the top of a tree with a slash at its end is not."""
    return tree == EVERYTHING or is_below(path, tree) or path == tree


def overlap(one: bytes, other: bytes) -> bool:
    """Whether something may lie in both trees, or one of them stands or falls with the other's top."""
    return one.rstrip(b"/") == other.rstrip(b"/") or EVERYTHING in (one, other) or _nested(one, other)


def _nested(one: bytes, other: bytes) -> bool:
    return is_below(one, other) or is_below(other, one)


def shown(path: bytes) -> str:
    """The path for a person."""
    return "anything" if path == EVERYTHING else path.rstrip(b"/").decode("utf-8", "replace")
