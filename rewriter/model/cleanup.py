"""How a RUN is kept from leaving package lists or download caches in the image: the edits, or why there are none."""

from collections.abc import Iterator
from typing import NamedTuple

from ..syntax.edit import Edit
from ..syntax.join import Side, appended
from ..syntax.script import (
    Binary,
    Command,
    Script,
    Sequence,
    always_run,
    commands,
    in_compounds,
    neighbours,
    texts,
)
from .chains import is_list, last_only
from .effect import name_of, unquoted
from .facts import Facts
from .later import Later, later_use
from .packages.call import Call, call_of
from .packages.changed import Words, joined, with_argument
from .packages.managers import Does
from .packages.objections import objection
from .packages.stores import Store
from .packages.use import cleanup_for, empties, fills, kept_out, moved_by
from .packages.vanished import vanished
from .packages.write import argument_edit
from .process import OFF, ON
from .run_calls import run_calls
from .runs import Run, runs
from .style import last_indent, style_of


class Stored(NamedTuple):
    """What a RUN of a shipped stage leaves in a store, and the calls that put it there."""

    run: Run
    store: Store
    calls: tuple[Call, ...]


class Cleanup(NamedTuple):
    """The edits, and what they do: a command `appended` to the RUN, calls `changed` from these words to those, and two
    calls `joined` into one; and what later instructions do with what would have been stored."""

    edits: tuple[Edit, ...]
    appended: bytes = b""
    changed: tuple[tuple[Words, Words], ...] = ()
    joined: tuple[tuple[Words, Words, Words], ...] = ()
    later: Later = Later()


def stored(facts: Facts, stores: tuple[Store, ...]) -> Iterator[Stored]:
    """What the RUNs of the shipped stages leave in these stores."""
    for index, run in facts.of(runs).items():
        if run.script is None or not run.stage.shipped:
            continue
        managers = dict.fromkeys(call.manager.name for call in facts.of(run_calls)[index])
        its_own = [store for manager in managers for store in stores if store.manager == manager]
        if not its_own:
            continue
        found = list(commands(run.script))
        calls = [call_of(command) for command in found]
        for store in its_own:
            if not kept_out(store, run.instruction.flags, run.config):
                left = _left(run, found, calls, store)
                if left:
                    yield Stored(run, store, left)


def _left(run: Run, found: list[Command], calls: list[Call | None], store: Store) -> tuple[Call, ...]:
    """The calls behind which nothing empties the store."""
    exports = (c for c in found if name_of(c) == b"export") if b"export" in unquoted(run.instruction.rest) else ()
    exported = {word.text.split(b"=")[0] for command in exports for word in command.words}
    if not exported.isdisjoint(store.off | store.moved):
        return ()
    left: list[Call] = []
    for command, call in zip(found, calls, strict=True):
        if call is not None and fills(store, call):
            left.append(call)
        elif left and empties(store, command, run.config):
            left = []
    return tuple(left)


def cleanup(facts: Facts, left: Stored) -> Cleanup | str:
    """How the RUN stores nothing, or deletes it at its end; or the reason why neither can be."""
    run, store = left.run, left.store
    later = later_use(facts, run.position, store)
    if later.reader is not None:
        return f"a later instruction still needs {store.what}"
    reason = objection(facts, run, store, left.calls)
    if reason:
        return reason
    if store.option:
        found = _with_option(run, store, left.calls)
        if not isinstance(found, str) or not store.clean:
            return found
    return _appended(facts, left, later)


def _with_option(run: Run, store: Store, calls: tuple[Call, ...]) -> Cleanup | str:
    """Each call told to store nothing; a fetch of the lists alone goes with the call behind it."""
    if run.parsed is None or run.script is None:
        raise ValueError("an opaque RUN stores nothing that is known")
    fixed = in_compounds(run.script)
    certain = {command.start for command in always_run(run.script)}
    if store.root and not all(call.command.start in certain for call in calls):
        return _may_not_run(calls[-1])
    pairs = {first.start: second for first, second in neighbours(run.script)}
    edits: list[Edit] = []
    changed: dict[Words, Words] = {}
    joins: list[tuple[Words, Words, Words]] = []
    second = 0
    base = run.parsed.text.base
    for call in calls:
        if call.command.start in fixed:
            return f"its `{call.shown}` stands in a loop, a `case` or a function"
        words = texts(call.command)
        behind = pairs.get(call.command.start)
        if call.does is Does.UPDATE:
            both = joined(call.command, behind) if behind else None
            if behind is None or both is None:
                return f"its `{call.program.decode()} update` stands alone"
            edit = Edit(base + call.command.start, base + behind.start, b"")
            if run.has_comment(edit.start, edit.end):
                return "a comment stands in what would be dropped"
            edits.append(edit)
            joins.append((words, texts(behind), both))
            second = behind.start
        elif call.command.start != second:
            changed[words] = with_argument(call, store.option, store.instead_of)
        if call.does is not Does.UPDATE:
            edits.append(argument_edit(run.parsed.text, call, store.option, store.instead_of))
    return Cleanup(tuple(edits), b"", tuple(changed.items()), tuple(joins))


def _appended(facts: Facts, left: Stored, later: Later) -> Cleanup | str:
    """The cleanup at the end of the RUN."""
    run, store = left.run, left.store
    reason = _refusal(run, store, left.calls)
    if reason:
        return reason
    if run.parsed is None or run.script is None:
        raise ValueError("an opaque RUN stores nothing that is known")
    command = cleanup_for(store, left.calls[-1])
    statements = run.end.errexit == ON and not isinstance(_last(run.script), Binary)
    style = style_of(facts, [run.instruction])
    indent = last_indent(facts, run.instruction) if statements else b""
    side = Side(run.instruction.node, run.parsed, "")
    joint = b";" if statements else b"&&"
    edits = appended(facts.source, side, command, joint, indent or style.indent, style.trailing and not statements)
    return Cleanup(edits, command, later=later)


def _refusal(run: Run, store: Store, calls: tuple[Call, ...]) -> str:
    if run.script is None or not any(call_of(command) in calls for command in always_run(run.script)):
        return _may_not_run(calls[-1])
    reason = last_only(run, appending=True)
    if reason:
        return reason.replace("the RUN before", "it")
    if run.end.errexit != OFF and not is_list(_last(run.script)):
        return "its last statement may fail without ending the script, which a cleanup behind it would mask"
    if reason := vanished(run.script, store, calls[-1]):
        return reason
    if len({call.sudo for call in calls}) > 1:
        return "some of its calls run with sudo and some without"
    if b"~" in store.clean and moved_by(store, run.config):
        return f"{moved_by(store, run.config)} moves {store.what} elsewhere"
    user = run.config.user
    is_root = user is None or user.split(b":")[0] in (b"root", b"0")
    if store.root and not is_root and not any(call.sudo for call in calls):
        return f"it does not run as root, and may not delete {store.what}"
    return ""


def _may_not_run(call: Call) -> str:
    return f"its `{call.shown}` may not run: it stands in a branch, a loop, a pipe or behind `||`"


def _last(script: Script) -> Script:
    return script.items[-1] if isinstance(script, Sequence) else script
