"""The witness of MountCopied: without the mounts, the COPYs and the deletions, both texts mean the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..model.facts import Facts
from ..model.stages import layout
from ..syntax.instruction import Instruction
from ..syntax.source import Source
from .licences import Licence, MountCopied
from .reordered import plain
from .undone import otherwise

if TYPE_CHECKING:
    from ..model.files.passing import Passing

_Text = tuple[Source, Sequence[Instruction]]


def moved(facts: Facts, first: int | None, before: _Text, after: _Text, may: Sequence[Licence]) -> Iterator[str]:
    """What is wrong with the instructions from the index `first` on, which were `before` and are `after`."""
    licences = [licence for licence in may if isinstance(licence, MountCopied)]
    if len(licences) != 1 or len(may) != 1 or first is None or facts.of(layout).stage_of[first] < 0:
        yield "files become mounts together with something else"
        return
    plan = _plan(facts, licences[0])
    if plan is None:
        yield "it is not known that the files only pass through"
        return
    copies = {copy.position for copy in plan.copies}
    gone = copies | set(plan.emptied(facts))
    kept = [index for index in range(first, first + len(before[1])) if index not in gone]
    if gone - set(range(first, first + len(before[1]))) or len(kept) != len(after[1]):
        yield "instructions come or go"
        return
    undone = []
    for index, new in zip(kept, after[1], strict=True):
        flags = tuple(b"--mount=" + mount for mount in plan.mounts.get(index, ()))
        kept_flags = len(new.flags) - len(flags)
        if new.flags[kept_flags:] != flags:
            yield "a RUN has other mounts than the files that it uses"
        undone.append(new._replace(flags=new.flags[:kept_flags]))
        if index not in plan.mounts and new.keyword != "RUN" and plain(new) != plain(facts.instructions[index]):
            yield "something else than a RUN changes"
    old = [facts.instructions[index] for index in kept]
    yield from otherwise(facts, first, (before[0], old), (after[0], undone), licences[0].deletions)


def _plan(facts: Facts, licence: MountCopied) -> Passing | None:
    """The files that the licence speaks of, if they are known to only pass through."""
    from ..model.files.passing import Passing, passing  # Few files come to this.

    found = (one for one in facts.of(passing) if isinstance(one, Passing))
    return next((one for one in found if MountCopied(*one.told(facts)) == licence), None)
