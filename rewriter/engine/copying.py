"""The witness of UseCopy: an ADD becomes a COPY of the same words, and does nothing that COPY would not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..model.facts import Facts
from ..syntax.instruction import Instruction
from .reordered import plain


def moved(facts: Facts, first: int | None, old: Sequence[Instruction], new: Sequence[Instruction]) -> Iterator[str]:
    """What is wrong with the instructions from the index `first` on, which were `old` and are `new`."""
    from ..model.unpacking import beyond_copy  # Most files have no ADD.

    if first is None or len(old) != len(new):
        yield "instructions come or go"
        return
    for index, (before, after) in enumerate(zip(old, new, strict=True), first):
        if plain(before) == plain(after):
            continue
        if (before.keyword, after.keyword) != ("ADD", "COPY") or plain(before)[1:] != plain(after)[1:]:
            yield "something else than the keyword of an ADD changes"
        elif why := beyond_copy(facts, index):
            yield f"ADD may do more than COPY: {why}"
