"""How a fetch becomes stages of its own, in the text."""

from __future__ import annotations

from ...syntax.edit import Edit
from ...syntax.join import line_end
from ..facts import Facts
from ..stage_names import unnamed
from ..stages import layout
from .unpacked import Unpacked, stage_lines


def unpacked_edits(facts: Facts, plan: Unpacked) -> tuple[Edit, ...]:
    """The stage so far gets a name, the chain becomes two stages, and the rest is a stage of the old name."""
    found = facts.of(layout)
    stage = found.stages[found.stage_of[plan.chain[0].position]]
    beginning = facts.instructions[stage.first]
    text = facts.source.text
    base = text[beginning.rest_at : beginning.node.end]
    named = unnamed(base.rstrip()) + b" AS " + plan.names[0].encode()
    end = beginning.rest_at + len(base.rstrip())
    start, stop = plan.chain[0].instruction.node.start, plan.chain[-1].instruction.node.end
    newline = line_end(text, start)
    lines = stage_lines(facts, plan)
    body = newline.join([b"", *lines[:2], b"", *lines[2:4], b"", *lines[4:]])
    ended = newline if text[:stop].endswith(b"\n") else b""
    return (Edit(beginning.rest_at, end, named), Edit(start, stop, body + ended))
