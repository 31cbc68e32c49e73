"""Package index lists: which RUN fetches them, and who reads them later."""

from collections.abc import Mapping
from typing import NamedTuple

from .facts import Facts
from .packages import Use, lists_use, mentions_apt
from .runs import runs
from .stages import Stage, layout


class Later(NamedTuple):
    """What later instructions do with the lists that a RUN leaves behind.

    `reader` is the index of an instruction that reads them without fetching them anew; `unknown` names a
    command of which nothing is known.
    """

    reader: int | None = None
    unknown: str = ""


def later_use(facts: Facts, index: int) -> Later:
    """What happens to the lists behind instruction `index`: in its stage, in stages built FROM it, in ONBUILD."""
    places = facts.of(layout)
    unknown = ""
    waiting = [(places.stage_of[index], index + 1)]
    while waiting:
        number, start = waiting.pop()
        fetched = False
        for at in range(start, places.stages[number].last):
            use = _use(facts, at)
            unknown = unknown or use.unknown.decode("utf-8", "replace")
            if use.reads:
                return Later(at, unknown)
            fetched = use.updates
            if fetched:
                break
        if not fetched:
            waiting += [(child.number, child.first + 1) for child in facts.of(_children).get(number, ())]
    return Later(None, unknown)


def _children(facts: Facts) -> Mapping[int, list[Stage]]:
    """The stages that are built FROM each stage, by its number."""
    result: dict[int, list[Stage]] = {}
    for stage in facts.of(layout).stages:
        if stage.parent is not None:
            result.setdefault(stage.parent, []).append(stage)
    return result


def _use(facts: Facts, index: int) -> Use:
    """What one instruction does with the lists; text that is not understood reads them if it mentions apt."""
    instruction = facts.instructions[index]
    text = b"\n".join((instruction.rest.replace(b'"', b" "), *instruction.bodies))
    if instruction.keyword == "ONBUILD":
        runs_text = instruction.rest[:3].upper() == b"RUN"
        return Use(mentions_apt(text), False, b"an ONBUILD RUN" if runs_text else b"")
    run = facts.of(runs).get(index)
    if run is None:
        at_run_time = instruction.keyword in ("CMD", "ENTRYPOINT", "HEALTHCHECK")
        return Use(at_run_time and mentions_apt(text), False)
    if run.script is None:
        return Use(mentions_apt(text), False, f"a RUN that is opaque ({run.refused})".encode())
    return lists_use(run.script)
