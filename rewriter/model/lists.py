"""Package index lists: which RUN fetches them, and who reads them later."""

from __future__ import annotations

from typing import NamedTuple

from .facts import Facts
from .packages import lists_use
from .runs import Run, runs
from .stages import layout


class Later(NamedTuple):
    """What later instructions do with the lists that a RUN leaves behind.

    `reader` is the index of an instruction that reads them without fetching them anew; `unknown` names a
    command of which nothing is known.
    """

    reader: int | None = None
    unknown: str = ""


def later_use(facts: Facts, index: int) -> Later:
    """What happens to the lists behind instruction `index`: in its stage, in stages built FROM it, in ONBUILD."""
    stage = facts.of(layout).stage_of[index]
    return _from(facts, stage, index + 1)


def _from(facts: Facts, stage_index: int, start: int) -> Later:
    places = facts.of(layout)
    known = facts.of(runs)
    unknown = ""
    for index in range(start, places.stages[stage_index].last):
        instruction = facts.instructions[index]
        if instruction.keyword == "ONBUILD":
            if b"apt" in instruction.rest:
                return Later(index)
            if instruction.rest[:3].upper() == b"RUN":
                unknown = unknown or "an ONBUILD RUN"
        if index not in known:
            continue
        run = known[index]
        if run.script is None:
            unknown = unknown or _opaque(run)
            continue
        use = lists_use(run.script)
        unknown = unknown or use.unknown.decode("utf-8", "replace")
        if use.reads:
            return Later(index, unknown)
        if use.updates:
            return Later(None, unknown)
    for child in places.stages:
        if child.parent == stage_index:
            later = _from(facts, child.index, child.first + 1)
            unknown = unknown or later.unknown
            if later.reader is not None:
                return Later(later.reader, unknown)
    return Later(None, unknown)


def _opaque(run: Run) -> str:
    return f"a RUN that is opaque ({run.refused})"
