"""BuildKit's cache: which steps run again once files of the context, or build arguments, have changed.

The rules are those of https://docs.docker.com/build/cache/invalidation/ and of BuildKit's dockerfile2llb: the first
step of a stage that misses makes all behind it miss; a copy and a bind mount go by what they take; a RUN goes by its
text and by all that is in force for it, every ARG that was declared before it among that, used or not. What a stage
hands on is compared by content, which is not known here: if it was built again, it counts as changed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from .facts import Facts
from .sources import Source, sources, takes
from .stages import Stage, layout, references

STEPS = frozenset({"RUN", "COPY", "ADD", "WORKDIR"})
"""The instructions that are steps of a build; the others cost nothing."""


class Change(NamedTuple):
    """What has changed: paths of the context, as they are sent, and names of build arguments."""

    paths: Collection[str] = ()
    arguments: Collection[str] = ()


def reruns(facts: Facts, change: Change, target: str | None = "") -> Mapping[int, str]:
    """The steps that run again, by the index of their instruction, each with the reason.

    `target` is the stage that is built, the last one by default; stages that it does not need are not built. With None
    each stage is.
    """
    found = facts.of(layout)
    if not found.stages:
        return {}
    wanted = _needed(facts, found.stages, _target(found.stages, target)) if target is not None else None
    walk = _Walk(facts, change)
    for stage in found.stages:
        if wanted is None or stage.number in wanted:
            walk.stage(stage)
    return walk.again


def _target(stages: Sequence[Stage], name: str) -> Stage:
    return next((stage for stage in reversed(stages) if name and stage.name == name.lower()), stages[-1])


def _needed(facts: Facts, stages: Sequence[Stage], last: Stage) -> frozenset[int]:
    """The numbers of the stages that a stage is made of."""
    needed: set[int] = set()
    waiting = [last.number]
    while waiting:
        number = waiting.pop()
        if number in needed:
            continue
        needed.add(number)
        stage = stages[number]
        waiting += [stage.parent] if stage.parent is not None else []
        waiting += [other for at in range(stage.first, stage.last) for other in _taken_from(facts, stages, at)]
    return frozenset(needed)


def _taken_from(facts: Facts, stages: Sequence[Stage], index: int) -> list[int]:
    """The earlier stages of which an instruction takes files."""
    earlier = stages[: facts.of(layout).stage_of[index]]
    found = (
        next((stage.number for stage in reversed(earlier) if name in (stage.name, str(stage.number))), None)
        for name in references(facts.instructions[index])
        if name
    )
    return [number for number in found if number is not None]


class _Walk:
    """Goes through the stages in their order."""

    def __init__(self, facts: Facts, change: Change) -> None:
        self.again: dict[int, str] = {}
        self._facts = facts
        self._change = change
        self._missed: dict[int, str] = {}  # stages that were built again, with the reason
        self._taken: dict[int, list[Source]] = {}
        for source in facts.of(sources):
            if not source.later:
                self._taken.setdefault(source.position, []).append(source)

    def stage(self, stage: Stage) -> None:
        """Note the steps of a stage that run again; those it needs come before it."""
        missed = self._missed.get(stage.parent, "") if stage.parent is not None else ""
        name = _named(self._facts.instructions[stage.first].rest, self._change.arguments)
        missed = missed or (f"{name} has another value" if name else "")
        altered: set[str] = set()  # variables of ENV that are made of what has changed
        for index in range(stage.first + 1, stage.last):
            instruction = self._facts.instructions[index]
            known = self._in_force(index) | altered
            if instruction.keyword == "ENV" and _named(instruction.rest, known):
                altered |= {word.partition(b"=")[0].decode("utf-8", "replace") for word in instruction.rest.split()}
            if instruction.keyword == "USER" and _named(instruction.rest, known):
                altered.add("the user")
            if instruction.keyword not in STEPS:
                continue
            own = self._own(index, known)
            # A copy with --link is not made anew, but put on top of what was: the engine counts that as the step.
            if own or missed:
                self.again[index] = own or missed
                missed = missed or own
        if missed:
            self._missed[stage.number] = missed

    def _in_force(self, index: int) -> set[str]:
        """The changed build arguments that the instruction knows."""
        args = self._facts.of(layout).before[index].args
        return {name for name in self._change.arguments if name.encode("utf-8", "surrogateescape") in args}

    def _own(self, index: int, known: Collection[str]) -> str:
        """Why the step itself misses, whatever came before it."""
        for number in _taken_from(self._facts, self._facts.of(layout).stages, index):
            if number in self._missed:
                return self._missed[number]
        for source in self._taken.get(index, ()):
            path = next((path for path in self._change.paths if takes(source, path)), None)
            if path is not None:
                return f"{path} changed"
        instruction = self._facts.instructions[index]
        name = min(known, default="") if instruction.keyword == "RUN" else _named(instruction.rest, known)
        return f"{name} has another value" if name else ""


def _named(text: bytes, names: Collection[str]) -> str:
    """The first of these variables that the text expands."""
    found = re.findall(rb"\$\{?(\w+)", text)
    return next((name for part in found if (name := part.decode("ascii", "replace")) in names), "")
