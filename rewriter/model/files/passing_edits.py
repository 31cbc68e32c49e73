"""How files that only pass through become mounts, in the text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ...syntax.edit import Edit
from ...syntax.instruction import Instruction
from ...syntax.source import NodeKind
from ..cleared import dropped
from ..facts import Facts
from ..mounts_in_front import mounts_in_front
from ..runs import runs
from .passing import Deleted, Passing


def edits_of(facts: Facts, plan: Passing) -> tuple[Edit, ...] | str:
    """The edits; or why the deletions can't be taken out of their RUN."""
    emptied = plan.emptied(facts)
    gone = [*(copy.position for copy in plan.copies), *emptied]
    edits = [without(facts, facts.instructions[index]) for index in gone]
    edits += [mounts_in_front(facts, facts.of(runs)[index], mounts) for index, mounts in plan.mounts.items()]
    if not emptied and plan.deleted:
        run = facts.of(runs)[plan.deleted[0].deletion.position]
        found = dropped(run, [deleted.deletion.one.command for deleted in plan.deleted if deleted.whole])
        if isinstance(found, str):
            return found
        base = run.parsed.text.base if run.parsed is not None else 0
        edits += [Edit(base + one.start, base + one.end, b"") for one in found]
        for deleted in plan.deleted:
            words = list(_without_words(deleted, base))
            if any(run.has_comment(edit.start, edit.end) for edit in words):
                return "a comment stands between the words of its `rm`"
            edits += words
    return tuple(_together(edits))


def without(facts: Facts, instruction: Instruction) -> Edit:
    """The edit that takes an instruction away, with a blank line where there would be two."""
    nodes = facts.source.nodes
    at = nodes.index(instruction.node)
    above = at == 0 or nodes[at - 1].kind is NodeKind.BLANK
    below = at + 1 < len(nodes) and nodes[at + 1].kind is NodeKind.BLANK
    return Edit(instruction.node.start, nodes[at + 1].end if above and below else instruction.node.end, b"")


def _without_words(deleted: Deleted, base: int) -> Iterator[Edit]:
    if deleted.whole:
        return
    words = deleted.deletion.one.command.words
    for before, word in pairwise(words):
        if word in deleted.words:
            yield Edit(base + before.end, base + word.end, b"")


def _together(edits: list[Edit]) -> Iterator[Edit]:
    """The edits in their order; what is put where something goes becomes one edit with it."""
    waiting = sorted(edits)
    for edit in waiting:
        inserted = next((e for e in waiting if e.start == e.end == edit.start and e is not edit), None)
        if edit.start == edit.end and any(e.start == edit.start and e is not edit for e in waiting):
            continue
        yield edit._replace(new=inserted.new) if inserted is not None else edit
