"""A COPY whose source is named by build arguments: which a new stage must declare, too."""

from __future__ import annotations

import re
from typing import NamedTuple

from ...syntax.words import operands
from ..facts import Facts
from ..stages import layout
from ..steps.copies import variables
from .placed import Copied, Placed

_SOURCE = re.compile(rb"[\w./@+=,%-]*(?:\$\{?\w+\}?[\w./@+=,%-]*)+")


class Argued(NamedTuple):
    """The COPY with its source as it is written, and the ARG lines that this needs, without the keyword."""

    copy: Copied
    declared: tuple[bytes, ...]


def argued(facts: Facts, copy: Copied) -> Argued | None:
    """None where the source is no single word, or names what is no ARG of the stage."""
    try:
        given = operands(facts.instructions[copy.position].rest, facts.source.escape)
    except ValueError:
        return None
    if len(given) != 2 or not copy.destination or not _SOURCE.fullmatch(given[0]):
        return None
    config = facts.of(layout).before[copy.position]
    names = variables(given[0])
    if not names <= config.args.keys() or not names.isdisjoint(config.env):
        return None
    declared = tuple(text for text in _declarations(facts, copy.position) if text.partition(b"=")[0] in names)
    if {text.partition(b"=")[0] for text in declared} != names or b"$" in b"".join(declared):
        return None
    placed = Placed(given[0].decode("utf-8", "surrogateescape"), copy.destination, None)
    return Argued(copy._replace(placed=(placed,), refused=""), declared)


def _declarations(facts: Facts, position: int) -> tuple[bytes, ...]:
    """What the ARGs of the stage say, up to there; of those of one name, the last."""
    found = facts.of(layout)
    stage = found.stages[found.stage_of[position]]
    said: dict[bytes, bytes] = {}
    for index in range(stage.first + 1, position):
        instruction = facts.instructions[index]
        if instruction.keyword == "ARG":
            said[instruction.rest.partition(b"=")[0]] = instruction.rest
    return tuple(said.values())
