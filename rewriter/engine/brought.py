"""The witness of MountFetched: a stage fetches what ADD has fetched, and RUNs have it as a mount."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..model.facts import Facts
from ..model.stages import layout
from ..syntax.instruction import instructions
from ..syntax.source import parse
from .collected import by_number, is_named
from .licences import Licence, MountFetched
from .reordered import plain
from .undone import otherwise

if TYPE_CHECKING:
    from ..model.files.remote import Remote


def moved(facts: Facts, after: Facts, may: Sequence[Licence]) -> Iterator[str]:
    """What differs in the text `after` that the licence, the only one, does not allow."""
    licence = may[0]
    plan = _plan(facts, licence) if len(may) == 1 and isinstance(licence, MountFetched) else None
    if plan is None:
        yield "it is not known that the file only passes through"
    else:
        yield from _with_stage(facts, after, plan)


def _plan(facts: Facts, licence: MountFetched) -> Remote | None:
    """What the licence speaks of, if it is known to only pass through."""
    from ..model.files.remote import Remote, remote  # Few files come to this.

    found = (one for one in facts.of(remote) if isinstance(one, Remote))
    return next((one for one in found if MountFetched(one.lines, *one.passing.told(facts)) == licence), None)


def _with_stage(facts: Facts, after: Facts, plan: Remote) -> Iterator[str]:
    """The new stage does what the ADD did; without it and the mounts, all but the deletions is as before."""
    from ..model.files.deleted import words_of

    position = plan.passing.copies[0].position
    number = facts.of(layout).stage_of[position]
    first = facts.of(layout).stages[number].first
    wanted = instructions(parse(b"\n".join([*plan.lines, b""])))
    stage, new = after.instructions[first : first + 2], list(after.instructions)
    del new[first : first + 2]
    gone = {position, *plan.passing.emptied(facts)}
    kept = [index for index in range(len(facts.instructions)) if index not in gone]
    if list(map(plain, stage)) != list(map(plain, wanted)):
        yield "another stage comes than the one that fetches"
        return
    if len(new) != len(kept):
        yield "instructions come or go"
        return
    last = plan.passing.deleted[0].deletion.position
    old, bare = [], []
    for index, one in zip(kept, new, strict=True):
        was = facts.instructions[index]
        flags = tuple(b"--mount=" + mount for mount in plan.passing.mounts.get(index, ()))
        if one.flags[: len(flags)] != flags:
            yield "a RUN has other mounts than the file that it uses"
        same = by_number(facts, was, len(facts.instructions))
        other = by_number(after, one._replace(flags=one.flags[len(flags) :]), number)
        if position <= index <= last:
            old.append(same)
            bare.append(other)
        elif plain(same) != plain(other) and not is_named(same, other):
            yield "something else than the ADD and the deletion changes"
    deletions = words_of(plan.passing.deleted)
    yield from otherwise(facts, position, (facts.source, old), (after.source, bare), deletions)
