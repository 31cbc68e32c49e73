"""Whether a text that nobody builds by name is a whole Dockerfile, and not a part of one, or something else."""

from __future__ import annotations

from ...model.facts import Facts


def missing(text: bytes) -> str:
    """What it lacks to be a whole Dockerfile of two instructions at least; empty if nothing."""
    facts = Facts.read("", text)
    if facts.problems:
        return facts.problems[0].message
    first = next((one.keyword for one in facts.instructions), "")
    if first not in ("FROM", "ARG"):
        return "it does not begin with FROM"
    return "" if len(facts.instructions) > 1 else "there is one instruction in it"
