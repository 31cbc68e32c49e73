"""The witness of NarrowCopy: put back, what is copied by name is the copy of the folder, less what nobody uses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..model.facts import Facts
from ..syntax.instruction import Instruction
from .licences import Licence, NarrowCopy
from .reordered import plain


def moved(
    facts: Facts, first: int | None, old: Sequence[Instruction], new: Sequence[Instruction], may: Sequence[Licence]
) -> Iterator[str]:
    """What is wrong with the instructions from the index `first` on, which were `old` and are `new`."""
    context = facts.context
    if first is None or context is None:
        yield "something is narrowed of which the build context is not known"
        return
    after = [plain(instruction) for instruction in new]
    kept = 0
    while kept < len(old) and kept < len(new) and plain(old[kept]) == after[kept]:
        kept += 1
    behind = [plain(instruction) for instruction in old[kept + 1 :]]
    row = new[kept : len(new) - len(behind)]
    if kept == len(old) or after[len(new) - len(behind) :] != behind or not row:
        yield "something else than one copy changes"
        return
    from ..model.narrowing.witness import refused  # Most files come to no narrower copy.

    named = [path for licence in may if isinstance(licence, NarrowCopy) for path in licence.paths]
    why = refused(facts, first + kept, row, named, context)
    if why:
        yield why
