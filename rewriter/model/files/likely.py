"""What most files have not: something placed or fetched, and a deletion of it. Told by the text, before it is read."""

from __future__ import annotations

import re

from ...syntax.instruction import Instruction
from ..facts import Facts
from ..stages import layout

# Patterns are compiled when they are needed: by most files, they are not.
_FETCHES = rb"\b(?:curl|wget|aria2c|clone|tar|unzip)\b"
_STAGE = "download|fetch|expand|extract|unpack"
_UNPACKS = rb"(?s)\b(?:curl|wget|aria2c)\b.*\b(?:tar|unzip|dpkg|rpm)\b"
# A RUN that takes something away may take the archive: then nothing is said of it.
_GOES = rb"\b(?:rm|mv|find)\b"
_REMOVES = rb"\brm\b"
_TAKES = rb"(?s)\b(?:tar|unzip)\b.*\b(?:mv|cp|install)\b"

# The words of an `rm`, up to the end of the command.
_DELETED = rb"\brm\s((?:[^;&|\n\\]|\\\r?\n|\\.)*)"
# What package managers store is never what a COPY brings or a RUN fetches by name.
_STORES = rb"['\"]?/var/(?:lib/apt/lists|cache/(?:apt|apk|yum|dnf))[\w./*-]*['\"]?"
_ARCHIVE = rb"\.(?:t(?:ar\.)?(?:gz|bz2|xz|zst|Z)|tar|tbz|zip|7z)$"
_SETTLED = rb"[\w.+/-]+"
_MOST = 200  # texts: to look through more of them for each word takes longer than to know


def deleted_words(text: bytes) -> tuple[bytes, ...]:
    """The words of all `rm` in the text of a RUN, but for options and the stores of package managers."""
    if b"rm" not in text:
        return ()
    words = (word for found in re.findall(_DELETED, text) for word in found.replace(b"\\\n", b" ").split())
    return tuple(word for word in words if not word.startswith(b"-") and not re.fullmatch(_STORES, word))


def may_delete(facts: Facts) -> bool:
    """Whether a RUN deletes what one before it may have fetched."""
    above: list[bytes] = []
    for one in facts.instructions:
        if one.keyword != "RUN" or not (above or re.search(_FETCHES, one.rest)):
            continue
        if above and any(_may_be_among(word, above) for word in deleted_words(one.rest)):
            return True
        above.append(one.rest)
    return False


def may_delete_copied(facts: Facts) -> bool:
    """Whether a RUN that deletes something of its own stands behind a COPY."""
    first = next((index for index, one in enumerate(facts.instructions) if one.keyword == "COPY"), None)
    if first is None:
        return False
    return any(one.keyword == "RUN" and deleted_words(one.rest) for one in facts.instructions[first:])


def folder_of_archive(path: bytes) -> bytes:
    """The folder of its name into which an archive is unpacked by custom; itself where it has no such name."""
    return re.sub(_ARCHIVE, b"", path)


def _may_be_among(word: bytes, above: list[bytes]) -> bool:
    """Whether these texts have what a word names: by its last part, unless that is a pattern or a variable."""
    plain = word.strip(b"'\"").rstrip(b"/")
    if not re.fullmatch(_SETTLED, plain) or len(above) > _MOST:
        return True
    name = plain.rpartition(b"/")[2]
    return any(name in text for text in above)


def may_add(facts: Facts) -> bool:
    """Whether a RUN that deletes something stands behind an ADD that fetches something."""
    adds = (index for index, one in enumerate(facts.instructions) if one.keyword == "ADD" and b"://" in one.rest)
    first = next(adds, len(facts.instructions))
    return any(one.keyword == "RUN" and b"rm" in one.rest for one in facts.instructions[first + 1 :])


def may_keep(facts: Facts) -> bool:
    """Whether a RUN may leave an archive, or a folder out of which something is taken."""
    return any(keeps_archive(one) or keeps_folder(one) for one in facts.instructions)


def keeps_archive(one: Instruction) -> bool:
    """Whether it may fetch and unpack an archive, and leave it where it is."""
    return _unpacks(one) and re.search(_GOES, one.rest) is None


def keeps_folder(one: Instruction) -> bool:
    """Whether it may fetch and unpack, take something out, and leave the rest."""
    return _unpacks(one) and re.search(_TAKES, one.rest) is not None and re.search(_REMOVES, one.rest) is None


def _unpacks(one: Instruction) -> bool:
    rest = one.rest
    if one.keyword != "RUN" or one.flags:
        return False
    if not (b"tar" in rest or b"unzip" in rest or b"dpkg" in rest or b"rpm" in rest):
        return False
    return re.search(_UNPACKS, one.rest) is not None


def has_such_stages(facts: Facts) -> bool:
    """Whether it is the file's own style to fetch or unpack in a stage that has its name from that."""
    return any(re.match(_STAGE, stage.name) and stage.base != "scratch" for stage in facts.of(layout).stages)
