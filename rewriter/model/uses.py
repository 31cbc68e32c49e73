"""Which programs a stage calls, which packages it installs, and what its text speaks of: read once for each stage."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..syntax.script import Command, commands
from .facts import Facts
from .later import children, is_known
from .packages.call import Call, call_of, calls_in, unwrapped
from .packages.managers import Does
from .runs import Run, runs
from .stages import Stage, ancestors, layout


class Uses(NamedTuple):
    """What a stage, those that it is built from and those that are built from it do.

    `last` tells at which instruction a program is last called, and at which one with a certain word; `unknown` are
    commands of which nothing is known, by their instruction.
    """

    text: bytes
    last: Mapping[bytes | tuple[bytes, bytes], int]
    unknown: tuple[tuple[int, str], ...]

    def calls(self, program: bytes, words: frozenset[bytes], position: int) -> bool:
        """Whether the program is called from that instruction on, with one of the words if there are any."""
        keys: list[bytes | tuple[bytes, bytes]] = [(program, word) for word in words] if words else [program]
        return any(self.last.get(key, -1) >= position for key in keys)

    def unknown_from(self, position: int) -> str:
        """The first command from that instruction on of which nothing is known; empty if there is none."""
        at = bisect_left(self.unknown, (position, ""))
        return self.unknown[at][1] if at < len(self.unknown) else ""


class Installed(NamedTuple):
    """What an install names that the ones before it in the stage do not: its instruction, its place in there."""

    position: int
    start: int
    names: tuple[str, ...]


def uses(facts: Facts, stage: Stage) -> Uses:
    """What the stage and its family do."""
    return facts.at(_uses, stage.number)


def _uses(facts: Facts, number: int) -> Uses:
    texts: list[bytes] = []
    last: dict[bytes | tuple[bytes, bytes], int] = {}
    unknown: list[tuple[int, str]] = []
    for member in sorted(_family(facts, facts.of(layout).stages[number]), key=lambda member: member.first):
        for index in range(member.first, member.last):
            instruction = facts.instructions[index]
            texts += [instruction.rest, *instruction.flags, *instruction.bodies]
            run = facts.of(runs).get(index)
            if run is None:
                _note(last, index, tuple(word.strip(b'",[]') for word in instruction.rest.split()))
            elif run.script is None:
                unknown.append((index, f"a RUN that is opaque ({run.refused})"))
            else:
                for command in commands(run.script):
                    for words in _names_of(command):
                        _note(last, index, words)
                    if not is_known(command):
                        unknown.append((index, b" ".join(unwrapped(command)[:2]).decode("utf-8", "replace")))
    return Uses(b"\n".join(texts), last, tuple(unknown))


def _note(last: dict[bytes | tuple[bytes, bytes], int], index: int, words: tuple[bytes, ...]) -> None:
    for program in {words[0], words[0].rpartition(b"/")[2]} if words else ():
        last[program] = index
        last.update({(program, word): index for word in words[1:]})


def _names_of(command: Command) -> Iterator[tuple[bytes, ...]]:
    """The command's words, and those of `python -m pip install` and its like as the manager's own."""
    yield unwrapped(command)
    call = call_of(command)
    if call is not None:
        yield (call.manager.name.encode(), *call.verb.split(), *call.arguments)


def _family(facts: Facts, stage: Stage) -> Iterator[Stage]:
    """The stage, those that it is built from, and those that are built from it."""
    waiting = [stage]
    while waiting:
        member = waiting.pop()
        yield member
        waiting += facts.of(children).get(member.number, ())
    yield from ancestors(facts.of(layout).stages, stage)


def installed_before(facts: Facts, run: Run, call: Call) -> Iterator[str]:
    """The packages that earlier installs of the stage, or of those that it is built from, name."""
    for stage in (run.stage, *ancestors(facts.of(layout).stages, run.stage)):
        for earlier in facts.of(_installs).get(stage.number, ()):
            if (earlier.position, earlier.start) >= (run.position, call.command.start) and stage == run.stage:
                break
            yield from earlier.names


def _installs(facts: Facts) -> Mapping[int, list[Installed]]:
    """What the installs of each stage name for the first time in it."""
    result: dict[int, list[Installed]] = {}
    seen: set[tuple[int, str]] = set()
    for run in facts.of(runs).values():
        for call in calls_in(run.script) if run.script is not None else ():
            if call.manager.name != "apt-get" or call.does is not Does.INSTALL:
                continue
            named = (name.decode("utf-8", "replace").split("=")[0] for name in call.arguments)
            new = [name for name in named if (run.stage.number, name) not in seen]
            if new:
                seen.update((run.stage.number, name) for name in new)
                found = Installed(run.position, call.command.start, tuple(new))
                result.setdefault(run.stage.number, []).append(found)
    return result
