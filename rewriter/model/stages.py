"""Stages, the graph of their FROM and --from lines, and what is in force at each instruction."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ..syntax.instruction import Instruction
from .facts import Facts
from .image import Configuration, Values, after, value

_MOUNT_FROM = rb"(?:^|,)from=([^,]+)"


class Stage(NamedTuple):
    """A stage: its instructions are `first` (the FROM line) to `last`, exclusive, of the file's.

    `base` is the image as its FROM names it, ARG defaults put in; `parent` the earlier stage that it is
    built FROM, if any. `shipped`: its layers reach somebody: no other stage uses it, or such a stage is
    built FROM it, or it is a target of its own.
    """

    number: int
    name: str
    base: str
    platform: str
    parent: int | None
    first: int
    last: int
    shipped: bool


class Layout(NamedTuple):
    """The stages, and for each instruction of the file the configuration in force before it."""

    stages: tuple[Stage, ...]
    before: tuple[Configuration, ...]
    stage_of: tuple[int, ...]


def layout(facts: Facts) -> Layout:
    """Walk the file once; instructions before the first FROM belong to stage -1."""
    kept = facts.kept(layout)
    if kept is not None:
        return kept
    escape = facts.source.escape
    stages: list[Stage] = []
    names: dict[str, int] = {}
    ends: list[Configuration] = []
    before: list[Configuration] = []
    stage_of: list[int] = []
    config = Configuration()
    defaults = Configuration()
    for index, instruction in enumerate(facts.instructions):
        if instruction.keyword == "FROM":
            if stages:
                ends.append(config)
                stages[-1] = stages[-1]._replace(last=index)
            stage = _stage(instruction, index, len(stages), names, defaults, escape)
            stages.append(stage)
            if stage.name:
                names[stage.name] = stage.number
            config = ends[stage.parent] if stage.parent is not None else Configuration(base=stage.base.encode())
        before.append(config)
        stage_of.append(len(stages) - 1)
        if stages:
            config = after(config, instruction, escape)
        elif instruction.keyword == "ARG":
            defaults = _with_defaults(defaults, instruction, escape)
    if stages:
        stages[-1] = stages[-1]._replace(last=len(facts.instructions))
    return Layout(tuple(_shipped(facts, stages)), tuple(before), tuple(stage_of))


def ancestors(stages: Sequence[Stage], stage: Stage) -> Iterator[Stage]:
    """The stages that it is built FROM, the nearest one first."""
    while stage.parent is not None:
        stage = stages[stage.parent]
        yield stage


def _with_defaults(config: Configuration, instruction: Instruction, escape: bytes) -> Configuration:
    name, equals, text = instruction.rest.partition(b"=")
    if not equals:
        return config
    return config._replace(env=Values({**config.env, name.strip(): value(config, text, escape)}))


def _stage(
    instruction: Instruction, index: int, number: int, names: Mapping[str, int], defaults: Configuration, escape: bytes
) -> Stage:
    given = instruction.rest.split()
    base = value(defaults, given[0], escape).decode("utf-8", "replace") if given else ""
    name = given[2].decode("utf-8", "replace").lower() if len(given) > 2 else ""
    platform = next((flag[11:] for flag in instruction.flags if flag.startswith(b"--platform=")), b"")
    # The latest stage of that name, so that a stage may shadow an image.
    parent = names.get(base.lower())
    return Stage(number, name, base, platform.decode("utf-8", "replace"), parent, index, index + 1, False)


def _shipped(facts: Facts, stages: list[Stage]) -> list[Stage]:
    used = {stage.parent for stage in stages} | set(_copied(facts, stages))
    shipped = {stage.number for stage in stages if stage.number not in used or stage.name in facts.targets}
    for stage in reversed(stages):
        if stage.number in shipped and stage.parent is not None:
            shipped.add(stage.parent)
    return [stage._replace(shipped=stage.number in shipped) for stage in stages]


def _copied(facts: Facts, stages: list[Stage]) -> Iterator[int]:
    """The stages that a COPY --from or a mount takes files from."""
    names = {stage.name: stage.number for stage in stages if stage.name}
    for reference in (reference for instruction in facts.instructions for reference in references(instruction)):
        if reference in names:
            yield names[reference]
        elif reference.isdecimal() and len(reference) < 6 and int(reference) < len(stages):
            yield int(reference)


def references(instruction: Instruction) -> Iterator[str]:
    """What --from and the mounts of an instruction name in lower case: a stage, its number, an image or a context."""
    for flag in instruction.flags:
        name, _, text = flag.partition(b"=")
        if name == b"--from":
            yield text.decode("utf-8", "replace").lower()
        elif name == b"--mount":
            yield from (source.decode("utf-8", "replace").lower() for source in re.findall(_MOUNT_FROM, text))
