"""What a step reads and writes, whatever its instruction."""

from __future__ import annotations

from ..context import Context
from ..facts import Facts
from .copies import copied
from .script import ran
from .settings import settings
from .step import Step, step_at
from .touched import Touched


def touched(step: Step, context: Context | None = None) -> Touched:
    """What the step reads and writes; without the context, what a COPY brings is not known by name."""
    if step.stage < 0:
        return Touched(fixed="it stands before the first FROM")
    match step.instruction.keyword:
        case "RUN":
            return ran(step)
        case "COPY" | "ADD":
            return copied(step, context)
    return settings(step)


def touched_at(facts: Facts, index: int) -> Touched:
    """What the step at the index reads and writes, with what the context tells of it."""
    return facts.at(_touched_at, index)


def _touched_at(facts: Facts, index: int) -> Touched:
    # To look at a context takes long, and it says nothing of other steps.
    tells = facts.instructions[index].keyword in ("COPY", "ADD")
    return touched(step_at(facts, index), facts.context if tells else None)
