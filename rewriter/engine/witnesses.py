"""Licences that a witness of their own answers for; most files come to none of them, so none is loaded before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from ..model.facts import Facts
from ..syntax.edit import Edit
from ..syntax.instruction import Instruction
from ..syntax.source import Source
from .licences import (
    AddStage,
    CopyFirst,
    DeleteSooner,
    DropChange,
    DropFetched,
    ExcludeCopied,
    FetchInStages,
    Licence,
    MountCopied,
    MountFetched,
    MoveStep,
    NarrowCopy,
    SplitStage,
    UseCopy,
)
from .spoilt import spoilt

Text = tuple[Source, Sequence[Instruction]]
Wrong = Iterator[str]


def of_file(facts: Facts, edits: Sequence[Edit], may: Sequence[Licence]) -> Wrong | None:
    """What is wrong with edits that stages come with; None where no licence is for that."""
    kinds = {type(licence) for licence in may}
    witness = next((_OF_FILE[kind] for kind in _OF_FILE if kind in kinds), None)
    return _as_a_whole(facts, facts.edited(edits), may, witness) if witness is not None else None


def _as_a_whole(facts: Facts, after: Facts, may: Sequence[Licence], witness: _WitnessOfFile) -> Wrong:
    if after.problems or not after.source.complete:
        yield "BuildKit would reject the text"
        return
    yield from spoilt(facts.source, facts.source.text, after.source)
    yield from witness(facts, after, may)


def _collected(facts: Facts, after: Facts, may: Sequence[Licence]) -> Wrong:
    from . import collected

    return collected.moved(facts, after, may)


def _staged(facts: Facts, after: Facts, may: Sequence[Licence]) -> Wrong:
    from . import staged

    return staged.moved(facts, after, may)


def _brought(facts: Facts, after: Facts, may: Sequence[Licence]) -> Wrong:
    from . import brought

    return brought.moved(facts, after, may)


_WitnessOfFile = Callable[[Facts, Facts, Sequence[Licence]], Wrong]
_OF_FILE: Mapping[type[Licence], _WitnessOfFile] = {
    AddStage: _collected,
    ExcludeCopied: _collected,
    FetchInStages: _staged,
    MountFetched: _brought,
}


def moved(facts: Facts, first: int | None, before: Text, after: Text, may: Sequence[Licence]) -> Wrong | None:
    """What is wrong with the instructions from the index `first` on; None where the licences leave it to their meaning.

    Each text is its source and the instructions of it that are looked at.
    """
    kinds = {type(licence) for licence in may}
    witness = next((_WITNESSES[kind] for kind in _WITNESSES if kind in kinds), None)
    return witness(facts, first, before, after, may) if witness is not None else None


def _cut(*_: object) -> Wrong:
    """Nothing: that is for the file as a whole to say."""
    return iter(())


def _reordered(facts: Facts, first: int | None, before: Text, after: Text, may: Sequence[Licence]) -> Wrong:
    from . import reordered

    return reordered.moved(facts, first, before[1], after[1], may)


def _copying(facts: Facts, first: int | None, before: Text, after: Text, _: Sequence[Licence]) -> Wrong:
    from . import copying

    return copying.moved(facts, first, before[1], after[1])


def _passed(facts: Facts, first: int | None, before: Text, after: Text, may: Sequence[Licence]) -> Wrong:
    from . import passed

    return passed.moved(facts, first, before, after, may)


def _narrowed(facts: Facts, first: int | None, before: Text, after: Text, may: Sequence[Licence]) -> Wrong:
    from . import narrowed

    return narrowed.moved(facts, first, before[1], after[1], may)


def _folded(facts: Facts, first: int | None, before: Text, after: Text, may: Sequence[Licence]) -> Wrong:
    from . import folded

    return folded.moved(facts, first, before[1], after[0], after[1], may)


def _unkept(facts: Facts, first: int | None, before: Text, after: Text, may: Sequence[Licence]) -> Wrong:
    from . import unkept

    return unkept.moved(facts, first, before, after, may)


def _sooner(facts: Facts, first: int | None, before: Text, after: Text, may: Sequence[Licence]) -> Wrong:
    from . import sooner

    return sooner.moved(facts, first, before, after, may)


_Witness = Callable[[Facts, int | None, Text, Text, Sequence[Licence]], Wrong]
_WITNESSES: Mapping[type[Licence], _Witness] = {
    SplitStage: _cut,
    MoveStep: _reordered,
    CopyFirst: _reordered,
    UseCopy: _copying,
    MountCopied: _passed,
    NarrowCopy: _narrowed,
    DropChange: _folded,
    DropFetched: _unkept,
    DeleteSooner: _sooner,
}
