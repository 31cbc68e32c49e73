"""What one step fetches and a later step of the same stage deletes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..facts import Facts
from ..stages import Stage, layout
from .deleted import Deletion, Operand, deletions_of
from .fetches import fetched_by, path_of
from .likely import folder_of_archive
from .located import located

# A RUN without any of these neither fetches, unpacks nor deletes.
_LIKELY = re.compile(rb"rm|curl|wget|aria2c|clone|tar|unzip")


class Fetched(NamedTuple):
    """A file or folder that the step `first` fetches, or unpacks, and an `rm` of the step `last` deletes."""

    path: bytes
    first: int
    last: int
    deletion: Deletion
    operand: Operand

    @property
    def name(self) -> str:
        """The name, for a person."""
        return self.path.rpartition(b"/")[2].decode("utf-8", "replace")


def fetched(facts: Facts) -> tuple[Fetched, ...]:
    """Those of shipped stages, in the order in which they are deleted."""
    return tuple(one for stage in facts.of(layout).stages if stage.shipped for one in _of_stage(facts, stage))


def _of_stage(facts: Facts, stage: Stage) -> Iterator[Fetched]:
    waiting: dict[bytes, int] = {}
    for index in range(stage.first + 1, stage.last):
        instruction = facts.instructions[index]
        run = located(facts, index) if instruction.keyword == "RUN" and _LIKELY.search(instruction.rest) else None
        if run is None:
            continue
        found = deletions_of(facts, index)
        for path, first in list(waiting.items()):
            by = _deleted(path, found)
            if by is not None:
                del waiting[path]
                yield Fetched(path, first, index, *by)
        for one in run.commands:
            behind = [deletion for deletion in found if deletion.one.command.start > one.command.start]
            for path in (path for whole in fetched_by(one) for path in _with_folder(whole)):
                if _deleted(path, behind) is None:
                    waiting.setdefault(path, index)


def _with_folder(path: bytes) -> Iterator[bytes]:
    """The path, and of an archive the folder of its name, into which such are unpacked by custom."""
    yield path
    folder = folder_of_archive(path)
    if folder != path and not folder.endswith(b"/"):
        yield folder


def _deleted(path: bytes, found: Sequence[Deletion]) -> tuple[Deletion, Operand] | None:
    """Which `rm` deletes the path, with which word."""
    for deletion in found:
        for operand in deletion.operands:
            if _covers(path_of(operand.word.text, deletion.one.place), path):
                return deletion, operand
    return None


def _covers(word: bytes, path: bytes) -> bool:
    """Whether the word, with `*` and `?` for what they stand for, names the path or a folder above it."""
    if not word or b"[" in word or b"{" in word.replace(b"${", b""):
        return False
    if b"*" not in word and b"?" not in word:
        return path == word or path.startswith(word + b"/")
    pattern = re.escape(word).replace(rb"\*", b"[^/]*").replace(rb"\?", b"[^/]")
    return re.fullmatch(pattern + b"(?:/.*)?", path, re.DOTALL) is not None
