"""What lies in a cache mount is not in the image, and what the image has there is hidden: who would miss that."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import NamedTuple

from ..syntax.instruction import Instruction
from ..syntax.script import Command, commands
from ..syntax.words import mount_fields, operands
from .effect import texts_of
from .facts import Facts
from .image import value
from .later import at_run_time, children, is_known
from .packages.call import Call, call_of, calls_in, unwrapped
from .packages.mounts import OFFLINE, CacheMount, Offline
from .packages.places import Place, is_named, overlap
from .packages.use import mentions
from .runs import Run, runs
from .stages import Stage, ancestors, layout, references

_AT_RUN_TIME = ("CMD", "ENTRYPOINT", "HEALTHCHECK")
DELETERS = frozenset(b"rm find truncate shred unlink rmdir".split())
_NOTHING = Offline(frozenset())
# What decides whether a RUN can fetch what another one could.
_ACCESS = re.compile(rb"--network=.*|--mount=(?:.*,)?type=(?:secret|ssh)\b.*")
_CREDENTIALS = re.compile(rb"\.netrc|\.gitconfig|\.git-credentials|\.npmrc|\.ssh\b|settings\.xml|id_rsa|id_ed25519")


class Missed(NamedTuple):
    """`reason`: what would miss the folder; empty if nothing would. `unknown` names a later command that may."""

    reason: str = ""
    unknown: str = ""


def family(facts: Facts, stage: Stage) -> tuple[list[Stage], list[Stage]]:
    """The stages that it is built from, and those that are built from it."""
    below: list[Stage] = []
    waiting = [stage]
    while waiting:
        found = facts.of(children).get(waiting.pop().number, [])
        below += found
        waiting += found
    return list(ancestors(facts.of(layout).stages, stage)), below


def missed(facts: Facts, run: Run, row: CacheMount, place: Place) -> Missed:
    """Who would miss what the folder holds, were it a mount of this RUN."""
    above, below = family(facts, run.stage)
    before = [*_within(above), *range(run.stage.first + 1, run.position)]
    after = [*range(run.position + 1, run.stage.last), *_within(below)]
    unknown = ""
    for index in before:
        reason = _hidden(facts, index, row, place)
        if reason:
            return Missed(f"an earlier instruction {reason}")
    for index in after:
        reason, command = _needed(facts, index, row, place)
        unknown = unknown or command
        if reason:
            return Missed(f"a later instruction {reason}")
    numbers = {run.stage.number, *(stage.number for stage in below)}
    return Missed(_taken(facts, numbers, row, place), unknown if row.ahead else "")


def _within(stages: list[Stage]) -> Iterator[int]:
    for stage in stages:
        yield from range(stage.first + 1, stage.last)


def _hidden(facts: Facts, index: int, row: CacheMount, place: Place) -> str:
    """What an instruction in front of the RUN has put into the folder."""
    instruction = facts.instructions[index]
    if instruction.keyword in ("COPY", "ADD"):
        return _copied_there(facts, index, place)
    run = facts.of(runs).get(index)
    if run is None:
        return ""
    if run.script is None:
        return _opaque(instruction, run, row, place)
    return _uses(run, row, place)


def _needed(facts: Facts, index: int, row: CacheMount, place: Place) -> tuple[str, str]:
    """What an instruction behind the RUN takes from the folder; and a command of it of which nothing is known."""
    instruction = facts.instructions[index]
    text = _text(instruction)
    run = facts.of(runs).get(index)
    if instruction.keyword == "ONBUILD":
        return (f"is an ONBUILD that calls {row.manager}" if row.ahead and mentions(row.store, text) else ""), ""
    if instruction.keyword in _AT_RUN_TIME:
        needs = is_named(place, text) or (row.ahead and at_run_time(row.store, text).reads)
        return (f"({instruction.keyword}) still needs {row.store.what}" if needs else ""), ""
    if run is None:
        return "", ""
    if run.script is None:
        return _opaque(instruction, run, row, place), "a RUN that is opaque"
    unknown = (command for command in commands(run.script) if not is_known(command))
    first = next((b" ".join(unwrapped(command)[:2]).decode("utf-8", "replace") for command in unknown), "")
    return _uses(run, row, place), first


def _text(instruction: Instruction) -> bytes:
    return b"\n".join((instruction.rest.replace(b'"', b" "), *instruction.bodies))


def _opaque(instruction: Instruction, run: Run, row: CacheMount, place: Place) -> str:
    text = _text(instruction)
    uses = is_named(place, text) or (row.ahead and mentions(row.store, text))
    return f"may use {row.store.what}, and can't be read: {run.refused}" if uses else ""


def _uses(run: Run, row: CacheMount, place: Place) -> str:
    """What another RUN does with the folder, beyond fetching into it and deleting it."""
    for command in commands(run.script) if run.script is not None else ():
        call = call_of(command)
        if call is not None and call.manager.name == row.manager:
            if call.does in row.store.filled_by and is_offline(run, call):
                return f"(`{call.shown}`) fetches nothing, but takes what was fetched before"
        elif names_folder(command, place):
            return f"(`{shown(command)}`) uses {place.path.decode()}"
    return ""


def is_offline(run: Run, call: Call) -> bool:
    """Whether the call is told to fetch nothing, or can't."""
    if b"--network=none" in run.instruction.flags:
        return True
    found = OFFLINE.get(call.manager.name, _NOTHING)
    if any(option.split(b"=")[0] in found.options for option in call.options):
        return True
    own = (word.partition(b"=") for word in (*(word.text for word in call.command.assigns), *call.prefix))
    given = {**run.config.env, **{name: text for name, _, text in own}}
    return any(name in given and wanted.fullmatch(given[name]) for name, wanted in found.variables.items())


def names_folder(command: Command, place: Place) -> bool:
    """Whether the command uses the folder by its name, otherwise than to delete it."""
    words = unwrapped(command)
    if words and words[0].rpartition(b"/")[2] in DELETERS:
        return False
    return any(is_named(place, text) for text in texts_of(command))


def shown(command: Command) -> str:
    """The command for a person: not all of a long one."""
    text = b" ".join(word.text for word in command.words).decode("utf-8", "replace")
    return text if len(text) < 60 else f"{text[:56]} ..."


def _copied_there(facts: Facts, index: int, place: Place) -> str:
    """Whether a copy may put something into the folder."""
    instruction = facts.instructions[index]
    config = facts.of(layout).before[index]
    try:
        target = value(config, operands(instruction.rest, facts.source.escape)[-1], facts.source.escape)
    except (ValueError, IndexError):
        return ""
    target = posixpath.normpath(posixpath.join(config.workdir or b"/", target))
    # The root and the home folder get whole trees; that a cache is among them is the rare case.
    far_above = target in (b"/", b"//", place.home) or place.home.startswith(target + b"/")
    return f"copies to {target.decode('utf-8', 'replace')}" if overlap(target, place.path) and not far_above else ""


def _taken(facts: Facts, numbers: set[int], row: CacheMount, place: Place) -> str:
    """Whether a copy or a mount takes the folder out of one of these stages."""
    stages = [facts.of(layout).stages[number] for number in numbers]
    names = {name for stage in stages for name in (stage.name, str(stage.number)) if name}
    for index, instruction in enumerate(facts.instructions):
        if names.isdisjoint(references(instruction)):
            continue
        for source in _sources(facts, index, instruction, names):
            inside = overlap(source, place.path) and len(posixpath.normpath(source)) >= len(place.path)
            if inside or (row.ahead and (b"$" in source or overlap(source, place.path))):
                return f"{instruction.keyword} takes {source.decode('utf-8', 'replace')} out of its stage"
    return ""


def _sources(facts: Facts, index: int, instruction: Instruction, names: set[str]) -> Iterator[bytes]:
    """What an instruction takes from these stages, as absolute paths."""
    config = facts.of(layout).before[index]
    if instruction.keyword in ("COPY", "ADD"):
        try:
            found = list(operands(instruction.rest, facts.source.escape))[:-1]
        except ValueError:
            return
    else:
        mounts = [mount_fields(flag[8:]) for flag in instruction.flags if flag.startswith(b"--mount=")]
        found = [
            fields.get(b"source", fields.get(b"src", b"/"))
            for fields in mounts
            if fields.get(b"from", b"").decode("utf-8", "replace").lower() in names
        ]
    for source in found:
        yield b"/" + value(config, source, facts.source.escape).lstrip(b"/")


def cannot_fetch(runs_of_it: list[Run]) -> str:
    """Why one of these RUNs could not fetch what another one of them has fetched; empty if each can."""
    access = {frozenset(filter(_ACCESS.fullmatch, run.instruction.flags)) for run in runs_of_it}
    if len(access) > 1:
        return "only one of the RUNs that need it has the secret, or the network, to fetch it"
    if len(runs_of_it) > 1 and any(_deletes_credentials(run) for run in runs_of_it):
        return "a later RUN could not fetch it: one deletes what may be credentials"
    if any(_installs_own(run) for run in runs_of_it[:-1]):
        return "a later RUN could not fetch it: one installs what it has built"
    return ""


def _installs_own(run: Run) -> bool:
    """Whether the RUN puts into Maven's repository what it has built: no later one could fetch that."""
    calls = calls_in(run.script) if run.script is not None else ()
    goals = (word for call in calls if call.manager.name == "maven" for word in (call.verb, *call.arguments))
    return any(goal.split(b":")[0] == b"install" for goal in goals)


def _deletes_credentials(run: Run) -> bool:
    return any(
        words[0].rpartition(b"/")[2] in DELETERS and any(map(_CREDENTIALS.search, words[1:]))
        for words in map(unwrapped, commands(run.script) if run.script is not None else ())
        if words
    )
