"""What a RUN deletes of folders that are to be mounts: which cleanups can go, and which commands are at odds with them.

A mount point can't be deleted: `rm -rf /root/.cache` fails where /root/.cache/pip is a mount.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from ..syntax.script import Binary, Command, Compound, Pipe, Script, Sequence as Statements, children, commands
from .missed import DELETERS, names_folder, shown
from .packages.call import Call, call_of, unwrapped
from .packages.managers import Does
from .packages.mounts import CacheMount
from .packages.places import Place, is_inside, is_reached
from .process import ON
from .runs import Run

Folder = tuple[CacheMount, Place]
# What `go clean` deletes beyond what lies beside the sources: `go help clean`.
_GO_CLEANS = {
    b"-modcache": "go's module cache",
    **dict.fromkeys((b"-cache", b"-testcache", b"-fuzzcache"), "go's build cache"),
}


class Cleared(NamedTuple):
    """A cleanup that goes, with what joins it to its neighbour: `start` and `end` are offsets in the script."""

    command: Command
    start: int
    end: int


class Clearing(NamedTuple):
    """The cleanups of a RUN that go, and by manager why its folders can't be mounts."""

    cleared: tuple[Cleared, ...]
    conflicts: Mapping[str, str]


def cleared(run: Run, folders: Sequence[Folder]) -> Clearing:
    """What a RUN does with the folders, beyond calling their managers."""
    if run.script is None or not folders:
        return Clearing((), {})
    spans = _spans(run.script)
    found: list[Cleared] = []
    conflicts: dict[str, str] = {}
    for command in commands(run.script):
        touched, more = _touched(command, folders)
        if not touched:
            continue
        span = spans.get(command.start)
        reason = more or _stays(run, command, span, found)
        if reason:
            conflicts |= dict.fromkeys((row.manager for row, _ in touched), f"its `{shown(command)}` {reason}")
        elif span is not None:
            found.append(Cleared(command, *span))
            managers = [row.manager for row, _ in touched]
            gone = frozenset(cleared.command.start for cleared in found)
            if not _keeps_status(run.script, gone, run.end.errexit == ON):
                conflicts |= dict.fromkeys(managers, f"its `{shown(command)}` decides whether the RUN fails")
    return Clearing(tuple(found), conflicts)


def dropped(run: Run, gone: Sequence[Command]) -> tuple[Cleared, ...] | str:
    """These commands with what joins them to their neighbours; or why they can't be taken out of the script.

    They stand in the order in which they are written, and always succeed.
    """
    if run.script is None:
        return run.refused
    spans = _spans(run.script)
    found: list[Cleared] = []
    for command in gone:
        span = spans.get(command.start)
        reason = _stays(run, command, span, found)
        if reason or span is None:
            return f"its `{shown(command)}` {reason}"
        found.append(Cleared(command, *span))
    if not _keeps_status(run.script, frozenset(command.start for command in gone), run.end.errexit == ON):
        return f"its `{shown(gone[-1])}` decides whether the RUN fails"
    return tuple(found)


def _spans(script: Script) -> dict[int, tuple[int, int]]:
    """From where to where a command would go: with the `&&`, `;` or line end before it, or else the one behind it."""
    pairs = list(_pairs(script))
    ahead = {left.start: (left.start, right.start) for left, right in pairs if isinstance(left, Command)}
    behind = {right.start: (left.end, right.end) for left, right in pairs if isinstance(right, Command)}
    return {**ahead, **behind}


def _keeps_status(script: Script, gone: frozenset[int], errexit: bool) -> bool:
    """Whether statements fail as before without the commands that go: the last one of several decides."""
    if isinstance(script, Statements):
        left = [item for item in script.items if not (isinstance(item, Command) and item.start in gone)]
        # Under errexit, only a command by itself ends the script: `a && b` does not where `a` fails.
        decides = bool(left) and errexit and isinstance(left[-1], Command | Pipe)
        if not decides and (not left or left[-1] is not script.items[-1]):
            return False
    return all(_keeps_status(child, gone, errexit) for child in children(script))


def _stays(run: Run, command: Command, span: tuple[int, int] | None, found: Sequence[Cleared]) -> str:
    """Why a cleanup can't be taken out of the script."""
    if span is None or command.redirects or command.assigns or (found and found[-1].end > span[0]):
        return "stands where it can't be dropped"
    base = run.parsed.text.base if run.parsed is not None else 0
    return "has a comment beside it" if run.has_comment(base + span[0], base + span[1]) else ""


def _touched(command: Command, folders: Sequence[Folder]) -> tuple[list[Folder], str]:
    """The folders that a command deletes from or uses, and why it is more than a cleanup of them."""
    call = call_of(command)
    if call is not None:
        own = [folder for folder in folders if folder[0].manager == call.manager.name]
        return (own, _cleans_more(call, own)) if own and call.does is Does.CLEAN else ([], "")
    words = unwrapped(command)
    if not words:
        return [], ""
    if words[0].rpartition(b"/")[2] in DELETERS:
        touched = [folder for folder in folders if any(is_reached(folder[1], word) for word in words[1:])]
        return touched, "" if _only_inside(command, folders) else "deletes more than what a mount would hold"
    touched = [folder for folder in folders if names_folder(command, folder[1])]
    return touched, "uses what would be a mount"


def _only_inside(command: Command, folders: Sequence[Folder]) -> bool:
    """Whether an `rm` deletes nothing but what the mounts hold."""
    words = [word.text for word in command.words]
    operands = [word for word in words[1:] if not word.startswith(b"-")]
    return words[0] == b"rm" and all(any(is_inside(place, word) for _, place in folders) for word in operands)


def _cleans_more(call: Call, folders: Sequence[Folder]) -> str:
    """Whether a manager's own cleanup deletes more than what the mounts hold."""
    whats = {row.store.what for row, _ in folders}
    more = any(row.clears_more for row, _ in folders) or bool(call.prefix)
    if call.manager.name == "go":
        cleans = [_GO_CLEANS.get(option, "") for option in call.options]
        more = not cleans or bool(call.arguments) or not whats.issuperset(cleans)
    return "deletes more than what a mount would hold" if more else ""


def _pairs(script: Script) -> Iterator[tuple[Script, Script]]:
    """What is joined by `&&`, `;` or a line end, outside of loops, `case` and functions."""
    if isinstance(script, Compound):
        return
    if isinstance(script, Binary) and script.operator == "&&":
        yield script.left, script.right
    elif isinstance(script, Statements):
        yield from pairwise(script.items)
    for child in children(script):
        yield from _pairs(child)
