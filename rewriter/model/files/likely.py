"""What most files have not: something placed or fetched, and a deletion of it. Told by the text, before it is read."""

from __future__ import annotations

import re

from ..facts import Facts
from ..stages import layout

_FETCHES = re.compile(rb"\b(?:curl|wget|aria2c|clone|tar|unzip)\b")
_STAGE = re.compile("download|fetch|expand|extract|unpack")
KEEPS = re.compile(rb"(?s)\b(?:curl|wget|aria2c)\b.*\b(?:tar|unzip|dpkg|rpm)\b")


# The words of an `rm`, up to the end of the command.
_DELETED = re.compile(rb"\brm\s((?:[^;&|\n\\]|\\\r?\n|\\.)*)")
# What package managers store is never what a COPY brings or a RUN fetches by name.
_STORES = re.compile(rb"['\"]?/var/(?:lib/apt/lists|cache/(?:apt|apk|yum|dnf))[\w./*-]*['\"]?")
_ARCHIVE = re.compile(rb"\.(?:t(?:ar\.)?(?:gz|bz2|xz|zst|Z)|tar|tbz|zip|7z)$")
_NAME = re.compile(rb"[\w.+-]+")
_SETTLED = re.compile(rb"[\w.+/-]+")


def deleted_words(text: bytes) -> tuple[bytes, ...]:
    """The words of all `rm` in the text of a RUN, but for options and the stores of package managers."""
    if b"rm" not in text:
        return ()
    words = (word for found in _DELETED.findall(text) for word in found.replace(b"\\\n", b" ").split())
    return tuple(word for word in words if not word.startswith(b"-") and not _STORES.fullmatch(word))


def may_delete(facts: Facts) -> bool:
    """Whether a RUN deletes what one before it may have fetched."""
    names: set[bytes] = set()
    for one in facts.instructions:
        if one.keyword != "RUN" or not (names or _FETCHES.search(one.rest)):
            continue
        if names and any(_may_be_among(word, names) for word in deleted_words(one.rest)):
            return True
        for name in _NAME.findall(one.rest):
            names |= {name, name.lstrip(b"-"), folder_of_archive(name), name.removesuffix(b".git")}
    return False


def folder_of_archive(path: bytes) -> bytes:
    """The folder of its name into which an archive is unpacked by custom; itself where it has no such name."""
    return _ARCHIVE.sub(b"", path)


def _may_be_among(word: bytes, names: set[bytes]) -> bool:
    """Whether a word names one of these: by its last part, unless that is a pattern or a variable."""
    plain = word.strip(b"'\"").rstrip(b"/")
    return not _SETTLED.fullmatch(plain) or plain.rpartition(b"/")[2] in names


def may_add(facts: Facts) -> bool:
    """Whether a RUN that deletes something stands behind an ADD that fetches something."""
    adds = (index for index, one in enumerate(facts.instructions) if one.keyword == "ADD" and b"://" in one.rest)
    first = next(adds, len(facts.instructions))
    return any(one.keyword == "RUN" and b"rm" in one.rest for one in facts.instructions[first + 1 :])


def may_keep(facts: Facts) -> bool:
    """Whether a RUN fetches and unpacks, or unpacks and takes something out."""
    return any(one.keyword == "RUN" and KEEPS.search(one.rest) for one in facts.instructions)


def has_such_stages(facts: Facts) -> bool:
    """Whether it is the file's own style to fetch or unpack in a stage that has its name from that."""
    return any(_STAGE.match(stage.name) and stage.base != "scratch" for stage in facts.of(layout).stages)
