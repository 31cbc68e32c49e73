"""How what ADD fetches comes into a stage of its own, in the text."""

from __future__ import annotations

from ...syntax.edit import Edit
from ...syntax.join import line_end
from ...syntax.source import BOM
from ..facts import Facts
from ..stage_names import named_numbers
from ..stages import layout
from .passing_edits import edits_of
from .remote import Remote
from .removal import comments_above


def remote_edits(facts: Facts, plan: Remote) -> tuple[Edit, ...] | str:
    """The edits; or why the deletions can't be taken out of their RUN."""
    edits = edits_of(facts, plan.passing)
    if isinstance(edits, str):
        return edits
    found = facts.of(layout)
    stage = found.stages[found.stage_of[plan.passing.copies[0].position]]
    beginning = facts.instructions[stage.first]
    at = next(iter(comments_above(facts, beginning)), beginning.node).start
    if at == 0 and facts.source.text.startswith(BOM):
        at = len(BOM)
    newline = line_end(facts.source.text, 0)
    names = named_numbers(facts, stage.number, plan.name.decode())
    return (Edit(at, at, newline.join([*plan.lines, b"", b""])), *edits, *names)
