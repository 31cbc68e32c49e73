"""How files that only pass through become mounts, in the text."""

from __future__ import annotations

from collections.abc import Iterator

from ...syntax.edit import Edit
from ..facts import Facts
from ..mounts_in_front import mounts_in_front
from ..runs import runs
from .passing import Passing
from .removal import comments_above, without, without_deletions


def edits_of(facts: Facts, plan: Passing) -> tuple[Edit, ...] | str:
    """The edits; or why the deletions can't be taken out of their RUN."""
    comments = list(_comments(facts, plan))
    copies = (facts.instructions[copy.position] for copy in plan.copies)
    edits = [without(facts, instruction, along=bool(comments)) for instruction in copies]
    edits += comments
    edits += [mounts_in_front(facts, facts.of(runs)[index], mounts) for index, mounts in plan.mounts.items()]
    if plan.deleted:
        found = without_deletions(facts, facts.of(runs)[plan.deleted[0].deletion.position], plan.deleted)
        if isinstance(found, str):
            return found
        edits += found
    return tuple(_together(edits))


def _comments(facts: Facts, plan: Passing) -> Iterator[Edit]:
    """What is said above a COPY goes along to the first RUN that has a mount, where other instructions are between."""
    first = min(plan.mounts, default=-1)
    copies = {copy.position for copy in plan.copies}
    if first < 0 or copies.issuperset(range(min(copies), first)):
        return
    text = facts.source.text
    for position in sorted(copies):
        above = comments_above(facts, facts.instructions[position])
        if above and position < first:
            target = facts.instructions[first]
            at = next(iter(comments_above(facts, target)), target.node).start
            yield Edit(above[0].start, above[-1].end, b"")
            yield Edit(at, at, text[above[0].start : above[-1].end])


def _together(edits: list[Edit]) -> Iterator[Edit]:
    """The edits in their order; what is put where something goes becomes one edit with it."""
    waiting = sorted(edits)
    for edit in waiting:
        inserted = next((e for e in waiting if e.start == e.end == edit.start and e is not edit), None)
        if edit.start == edit.end and any(e.start == edit.start and e is not edit for e in waiting):
            continue
        yield edit._replace(new=inserted.new) if inserted is not None else edit
