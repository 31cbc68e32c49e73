"""What the `rm` commands of a RUN delete."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ...syntax.script import Word, commands, in_compounds, texts
from ..effect import unquoted
from ..facts import Facts
from ..runs import Run
from ..steps.paths import EVERYTHING, covers
from .located import Located, LocatedRun, located
from .readers import removed_by

Words = tuple[bytes, ...]
_GLOB = re.compile(rb"[*?\[{]")


class Operand(NamedTuple):
    """A word of an `rm`: the tree that it names, or the folder that its pattern stands in; `path` is as known.

    `exact`: it names one path.
    """

    word: Word
    path: bytes
    tree: bytes
    exact: bool

    def deletes(self, tree: bytes) -> bool:
        """Whether all of the tree is gone behind it."""
        return self.exact and covers(self.tree, tree)


class Deletion(NamedTuple):
    """An `rm` that has run in each build in which its RUN succeeds, and what it deletes."""

    position: int
    one: Located
    operands: tuple[Operand, ...]


class Deleted(NamedTuple):
    """The words of a deletion that go, as they delete nothing but what is mounted."""

    deletion: Deletion
    words: tuple[Word, ...]

    @property
    def whole(self) -> bool:
        """Whether the command goes."""
        return len(self.words) == len(self.deletion.operands)

    @property
    def before(self) -> Words:
        """The words of the command."""
        return texts(self.deletion.one.command)

    @property
    def after(self) -> Words:
        """Those that stay; none where the command goes."""
        return (
            () if self.whole else tuple(word.text for word in self.deletion.one.command.words if word not in self.words)
        )


def words_of(deleted: Sequence[Deleted]) -> tuple[tuple[Words, Words], ...]:
    """The words of each deletion before and after."""
    return tuple((one.before, one.after) for one in deleted)


def deletions_of(facts: Facts, index: int) -> tuple[Deletion, ...]:
    """What the step at the index deletes by `rm`."""
    return facts.at(_deletions_of, index)


def _deletions_of(facts: Facts, index: int) -> tuple[Deletion, ...]:
    instruction = facts.instructions[index]
    run = located(facts, index) if instruction.keyword == "RUN" and b"rm" in instruction.rest else None
    return tuple(deletions(index, run)) if run is not None else ()


def is_emptied(run: Run, deleted: Sequence[Deleted]) -> bool:
    """Whether nothing of the RUN is left without these but a change of its folder, which ends with it."""
    gone = {one.deletion.one.command.start for one in deleted if one.whole}
    left = [one for one in commands(run.script) if one.start not in gone] if run.script is not None else []
    return run.script is not None and bool(gone) and all(texts(one)[:1] == (b"cd",) for one in left)


def deletions(index: int, run: LocatedRun) -> Iterator[Deletion]:
    """The deletions of the RUN at the index; those of which it is not known what they delete are left out."""
    if run.run.script is None:
        return
    compound = in_compounds(run.run.script)
    for one in run.commands:
        if not one.always or one.command.start in compound or one.command.redirects or one.command.assigns:
            continue
        removed = set(removed_by(one))
        words = [word for word in one.raw[1:] if word.text in removed]
        if words:
            yield Deletion(index, one, tuple(_operand(word, one) for word in words))


def _operand(word: Word, one: Located) -> Operand:
    path = one.place.literal(word.text)
    tree = one.place.tree(word.text)
    known = tree != EVERYTHING and b"$" not in path and not path.startswith(b"~")
    exact = known and not _GLOB.search(unquoted(word.text))
    return Operand(word, path, tree if known else EVERYTHING, exact)
