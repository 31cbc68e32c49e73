"""Licences that a witness of their own answers for; most files come to none of them, so none is loaded before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..model.facts import Facts
from ..syntax.instruction import Instruction
from ..syntax.source import Source
from .change import CopyFirst, DropChange, Licence, MountCopied, MoveStep, NarrowCopy, UseCopy

Text = tuple[Source, Sequence[Instruction]]


def moved(facts: Facts, first: int | None, before: Text, after: Text, may: Sequence[Licence]) -> Iterator[str] | None:
    """What is wrong with the instructions from the index `first` on; None where the licences leave it to their meaning.

    Each text is its source and the instructions of it that are looked at.
    """
    kinds = {type(licence) for licence in may}
    old, new = before[1], after[1]
    if kinds & {MoveStep, CopyFirst}:
        from . import reordered

        return reordered.moved(facts, first, old, new, may)
    if UseCopy in kinds:
        from . import copying

        return copying.moved(facts, first, old, new)
    if MountCopied in kinds:
        from . import passed

        return passed.moved(facts, first, before, after, may)
    if NarrowCopy in kinds:
        from . import narrowed

        return narrowed.moved(facts, first, old, new, may)
    if DropChange in kinds:
        from . import folded

        return folded.moved(facts, first, old, after[0], new, may)
    return None
