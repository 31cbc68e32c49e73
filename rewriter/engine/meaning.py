"""The meaning of a stretch of instructions: what a rewrite of them must keep.

A stretch is read in the configuration that is in force before it. Its meaning is the failure-flow graph of its
commands, with `OK` and `FAIL` for whatever comes after, and the configuration in force behind it. If both are
equal before and after, so is the whole file: all that stands before and behind the stretch is the same bytes.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple

from ..model.facts import Facts, ShellMemo
from ..model.flow import FAIL, OK, Allowed, Graph, Texts
from ..model.image import Configuration, after
from ..model.process import walked
from ..model.refresh import refreshes
from ..model.runs import has_short_lived_mount, read_run, root_of
from ..model.shells import RunShell, run_shell
from ..model.stages import Layout, Stage, layout
from ..syntax.instruction import Instruction
from ..syntax.script import Script, commands, neighbours, same_variables, texts
from ..syntax.source import Source


class Opening(NamedTuple):
    """Where a stretch begins: its stage, the stage that names the image, and the configuration in force."""

    stage: Stage
    root: Stage
    config: Configuration


def opening_at(facts: Facts, index: int) -> Opening:
    """What a stretch opens in whose first instruction, which is one of a stage, has this index in the file."""
    places: Layout = facts.of(layout)
    stage = places.stages[places.stage_of[index]]
    return Opening(stage, root_of(places, stage), places.before[index])


class Meaning(NamedTuple):
    """The graph's root, the configuration behind the stretch, and the instructions that lost an appended command."""

    root: int
    config: Configuration
    elided: tuple[int, ...]


def differences(was: Meaning, now: Meaning) -> Iterator[str]:
    """What differs between two meanings, of which one graph holds both roots."""
    if was.root != now.root:
        yield "the commands, their order, their failures or what they run in"
    if was.config != now.config:
        yield "the image configuration"


class Licensed(NamedTuple):
    """What licences let differ: a command appended to a RUN, refreshes of package lists, the words of calls; and for a
    RUN that gets `mounts` (words, as flags have them): its `first` command, and the cleanups `dropped`."""

    appended: bytes | None = None
    refreshed: bool = False
    changed: Mapping[Texts, Texts] = MappingProxyType({})
    joined: Mapping[tuple[Texts, Texts], Texts] = MappingProxyType({})
    mounts: frozenset[bytes] = frozenset()
    first: bytes | None = None
    dropped: frozenset[Texts] = frozenset()

    @property
    def before(self) -> "Licensed":
        """What is left out of the old text: nothing that only the new one may have."""
        return self._replace(appended=None, first=None)

    @property
    def after(self) -> "Licensed":
        """What is left out of the new text: nothing that had to go."""
        return self._replace(dropped=frozenset())


class _Step(NamedTuple):
    """A leaf of its own (`key`), or a script and the shell that runs it."""

    key: Hashable
    script: Script | None = None
    shell: RunShell | None = None


def meaning(
    graph: Graph,
    source: Source,
    found: Sequence[Instruction],
    opening: Opening,
    memo: ShellMemo,
    licensed: Licensed,
) -> Meaning:
    """The meaning of the instructions, read with what is `licensed` left out, and counted where it was appended."""
    steps: list[_Step] = []
    config = opening.config
    for instruction in found:
        bare = _unmounted(instruction, licensed.mounts) if licensed.mounts else instruction
        steps.append(_step(source, bare, config, opening, memo))
        config = after(config, instruction, source.escape)
    root = OK
    elided: list[int] = []
    for index, step in reversed(list(enumerate(steps))):
        if step.script is None or step.shell is None:
            root = graph.node(step.key, root, FAIL)
            continue
        entries = walked(step.script, step.shell.errexit, step.shell.settled).entries
        flow = graph.run(step.script, step.key, entries, root, _allowed(step.script, licensed))
        root = flow.root
        if step.shell.start_up or has_short_lived_mount(found[index].flags):
            # A new RUN reads start-up files that an earlier one may have written, and begins with fresh mounts.
            root = graph.node(("anew", step.key), root, FAIL)
        elided += [index] * flow.elided
    return Meaning(root, config, tuple(elided))


def _unmounted(instruction: Instruction, mounts: frozenset[bytes]) -> Instruction:
    return instruction._replace(flags=tuple(flag for flag in instruction.flags if flag not in mounts))


def _allowed(script: Script, licensed: Licensed) -> Allowed:
    pairs = refreshes(script) if licensed.refreshed else ()
    starts = {command.start for pair in pairs for command in (pair.cleanup, pair.update)}
    if licensed.dropped:
        starts |= {command.start for command in commands(script) if texts(command) in licensed.dropped}
    if licensed.first is not None:
        starts |= {one.start for one in islice(commands(script), 1) if b" ".join(texts(one)) == licensed.first}
    joined = {}
    if licensed.joined:
        for first, second in neighbours(script):
            words = licensed.joined.get((texts(first), texts(second)))
            if words is not None and not (first.redirects or second.redirects) and same_variables(first, second):
                joined[first.start, second.start] = words
    return Allowed(licensed.appended, frozenset(starts), licensed.changed, joined)


def _step(source: Source, instruction: Instruction, config: Configuration, opening: Opening, memo: ShellMemo) -> _Step:
    where = (tuple(sorted(instruction.flags)), config.process())
    if instruction.keyword != "RUN":
        return _Step((instruction.keyword, instruction.rest, instruction.bodies, where))
    shell = run_shell(opening.stage, config, opening.root)
    parsed, refused = read_run(source, instruction, shell, memo)
    if parsed is None or parsed.script is None:
        return _Step(("RUN", refused, instruction.rest, instruction.bodies, where))
    return _Step(where, parsed.script, shell)
