"""What a RUN leaves in a package list or a download cache: who reads it later in the build."""

from collections.abc import Mapping
from typing import NamedTuple

from ..syntax.once import once
from ..syntax.script import Command, Script, always_run, commands
from .commands import DAEMONS, MANAGERS, OS_TOOLS, PROCESS_STATE, QUIET
from .effect import name_of, texts_of, unquoted
from .facts import Facts
from .packages.call import call_of, unwrapped
from .packages.changed import command_of
from .packages.stores import Store
from .packages.use import empties, fills, is_named, mentions
from .runs import runs
from .stages import Stage, layout

# Programs that call no package manager of an operating system, nor each other's.
_QUIET_ANYWHERE = OS_TOOLS | QUIET | MANAGERS | frozenset(PROCESS_STATE) | frozenset(DAEMONS) | {b"exit", b"exec"}
_AT_RUN_TIME = ("CMD", "ENTRYPOINT", "HEALTHCHECK")


class Later(NamedTuple):
    """What later instructions do with what a RUN leaves behind.

    `reader` is the index of an instruction that reads it without fetching it anew; `unknown` names a command of which
    nothing is known.
    """

    reader: int | None = None
    unknown: str = ""


class Use(NamedTuple):
    """What a script does with a store: `reads` it before it `fills` it anew, or may (`unknown` names the command)."""

    reads: bool
    fills: bool
    unknown: bytes = b""


def later_use(facts: Facts, index: int, store: Store) -> Later:
    """What happens to the store behind instruction `index`: in its stage, in stages built FROM it, in ONBUILD."""
    if not store.needed_by:
        return Later()
    places = facts.of(layout)
    unknown = ""
    waiting = [(places.stage_of[index], index + 1)]
    while waiting:
        number, start = waiting.pop()
        filled = False
        for at in range(start, places.stages[number].last):
            use = _use(facts, at, store)
            unknown = unknown or use.unknown.decode("utf-8", "replace")
            if use.reads:
                return Later(at, unknown)
            filled = use.fills
            if filled:
                break
        if not filled:
            waiting += [(child.number, child.first + 1) for child in facts.of(children).get(number, ())]
    return Later(None, unknown)


def children(facts: Facts) -> Mapping[int, list[Stage]]:
    """The stages that are built FROM each stage, by its number."""
    result: dict[int, list[Stage]] = {}
    for stage in facts.of(layout).stages:
        if stage.parent is not None:
            result.setdefault(stage.parent, []).append(stage)
    return result


def _use(facts: Facts, index: int, store: Store) -> Use:
    """What one instruction does with the store; text that is not understood reads it if it mentions a reader."""
    instruction = facts.instructions[index]
    text = b"\n".join((instruction.rest.replace(b'"', b" "), *instruction.bodies))
    if instruction.keyword == "ONBUILD":
        runs_text = instruction.rest[:3].upper() == b"RUN"
        return Use(mentions(store, text), False, b"an ONBUILD RUN" if runs_text else b"")
    run = facts.of(runs).get(index)
    if run is None:
        return at_run_time(store, text) if instruction.keyword in _AT_RUN_TIME else Use(False, False)
    if run.script is None:
        return Use(mentions(store, text), False, f"a RUN that is opaque ({run.refused})".encode())
    return use_of(run.script, store)


def at_run_time(store: Store, text: bytes) -> Use:
    """What a CMD, ENTRYPOINT or HEALTHCHECK does with it: `dotnet app.dll` runs what `dotnet run` would build."""
    words = text.replace(b"[", b" ").replace(b"]", b" ").replace(b",", b" ").split()
    call = call_of(command_of(words))
    if call is not None and call.manager.name == store.manager:
        return Use(call.does in store.needed_by, False)
    return Use(mentions(store, text), False)


@once
def use_of(script: Script, store: Store) -> Use:
    """What a script does with the store, in the order of its commands."""
    unknown = b""
    certain = {command.start for command in always_run(script)}
    for command in commands(script):
        call = call_of(command)
        if call is not None and call.manager.name == store.manager:
            if call.does in store.needed_by and not (store.option and call.has(store.option, *store.instead_of)):
                return Use(True, False, unknown)
            if fills(store, call) and command.start in certain:
                return Use(False, True, unknown)
        elif _asks(store, command):
            return Use(True, False, unknown)
        elif not unknown and not store.option and not is_known(command):
            unknown = b" ".join(unwrapped(command)[:2])
    return Use(False, False, unknown)


def _asks(store: Store, command: Command) -> bool:
    """Whether the command names the store's manager where that is not called, or a folder of the store."""
    if any(mentions(store, unquoted(text)) for text in texts_of(command)):
        return True
    return is_named(store, command) and not empties(store, command)


def is_known(command: Command) -> bool:
    """Whether the command is known to call no package manager."""
    words = unwrapped(command)
    if not words:
        return True
    if name_of(command) is None:
        return False
    program = words[0].strip(b"'\"").rpartition(b"/")[2]
    return program in _QUIET_ANYWHERE or program[:1] in b"[(" or call_of(command) is not None
