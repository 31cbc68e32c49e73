"""Names of stages: a free one for a new stage, and names in the place of numbers, which a new stage would shift."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..syntax.edit import Edit
from .facts import Facts
from .stages import Stage, layout, references

_NUMBER = re.compile(rb"(--from=|--mount=\S*?\bfrom=)(\d{1,5})(?![\w.:/-])", re.IGNORECASE)
_AS = re.compile(rb"\s+as\s+\S+\s*$", re.IGNORECASE)


def free_name(facts: Facts, wanted: str) -> str:
    """The name, or one with a number behind it: no stage, image or context that the file names is called so."""
    stages = facts.of(layout).stages
    taken = {stage.name for stage in stages} | {stage.base.lower() for stage in stages}
    taken |= {reference for instruction in facts.instructions for reference in references(instruction)}
    clean = re.sub(r"[^a-z0-9_.-]+", "-", wanted.lower()).strip("-._") or "files"
    clean = clean if clean[0].isalpha() else f"files-{clean}"
    return next(name for name in (clean, *(f"{clean}-{n}" for n in range(2, 1000))) if name not in taken)


def named_numbers(facts: Facts, first: int, taken: str) -> Iterator[Edit]:
    """The edits that put names in the place of numbers of stages from the number `first` on.

    A stage without a name gets one; `taken` is a name that is to be another's.
    """
    stages = facts.of(layout).stages
    names: dict[int, str] = {}
    for instruction in facts.instructions:
        node = instruction.node
        for found in _NUMBER.finditer(facts.source.text, node.start, instruction.rest_at):
            number = int(found[2])
            if not first <= number < len(stages):
                continue
            if number not in names:
                names[number] = stages[number].name or _new_name(facts, number, taken)
                if not stages[number].name:
                    at = _end_of_line(facts, stages[number])
                    yield Edit(at, at, b" AS " + names[number].encode())
            yield Edit(found.start(2), found.end(2), names[number].encode())


def _new_name(facts: Facts, number: int, taken: str) -> str:
    name = free_name(facts, f"stage-{number}")
    return name if name != taken else free_name(facts, f"stage-{number}-of-{len(facts.of(layout).stages)}")


def _end_of_line(facts: Facts, stage: Stage) -> int:
    """Where the words of its FROM line end."""
    instruction = facts.instructions[stage.first]
    text = facts.source.text[instruction.rest_at : instruction.node.end]
    return instruction.rest_at + len(text.rstrip(b" \t\r\n"))


def unnamed(rest: bytes) -> bytes:
    """What stands behind FROM, without the name of the stage."""
    return _AS.sub(b"", rest)
