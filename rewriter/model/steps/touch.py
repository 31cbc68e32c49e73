"""What a step reads and writes, whatever its instruction."""

from __future__ import annotations

from ..context import Context
from .copies import copied
from .script import ran
from .settings import settings
from .step import Step
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
