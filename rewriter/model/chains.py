"""Chains of neighbouring RUNs, how each side must be wrapped to keep to itself, and why a chain ends where it does."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..syntax.once import once
from ..syntax.script import (
    Background,
    Binary,
    Block,
    Command,
    Compound,
    Not,
    Pipe,
    Script,
    Sequence as Statements,
    children,
    commands,
)
from ..syntax.source import PieceKind
from .effect import Exit, effect
from .facts import Facts
from .pragmas import ALL, barred, ignored
from .process import OFF, TRAP, Process, walked
from .remembered import remembers
from .runs import Run, has_short_lived_mount, runs

MOST_OF_A_SCRIPT = 64 * 1024  # bytes; `sh -c` fails above 128 KiB

_MOST_SIDES = 100  # a chain is a tree as deep as it is long, for every shell that parses it


class Break(NamedTuple):
    """Where a chain ends although another RUN follows: which instruction that RUN is, and the reason."""

    position: int
    reason: str


class Chains(NamedTuple):
    """The longest chains of RUNs that can become one, and the breaks between neighbours."""

    chains: tuple[tuple[Run, ...], ...]
    breaks: tuple[Break, ...]


def chains(facts: Facts) -> Chains:
    """All chains of two RUNs or more, in the order of the file."""
    found: list[tuple[Run, ...]] = []
    breaks: list[Break] = []
    chain: list[Run] = []
    size = 0
    for run in facts.of(runs).values():
        neighbours = bool(chain) and run.position == chain[-1].position + 1 and run.stage == chain[-1].stage
        size += len(run.instruction.rest)
        reason = _reason(facts, chain[-1], run, size) if neighbours else ""
        if neighbours and not reason and len(chain) == _MOST_SIDES:
            reason = f"{_MOST_SIDES} RUNs in one are enough"
        if reason:
            breaks.append(Break(run.position, reason))
        if not neighbours or reason:
            found.append(tuple(chain))
            chain, size = [], len(run.instruction.rest)
        chain.append(run)
    found.append(tuple(chain))
    return Chains(tuple(chain for chain in found if len(chain) > 1), tuple(breaks))


def _reason(facts: Facts, left: Run, right: Run, size: int) -> str:
    """Why the right RUN can't follow the left one in the same process; empty if it can."""
    if right.refused:
        return right.refused
    if left.refused:
        return f"the RUN before: {left.refused}"
    if right.shell.start_up:
        return f"{right.shell.start_up}, and an earlier RUN may have written such files"
    if any(_is_ignored(facts, run) for run in (left, right)):
        return "a comment above says to leave it"
    if right.position in facts.of(barred):
        return "a pragma above it speaks of this RUN alone"
    if left.instruction.flags != right.instruction.flags:
        return "its flags differ from those of the RUN before"
    if has_short_lived_mount(right.instruction.flags):
        return "a mount of it is fresh in each RUN"
    if size > MOST_OF_A_SCRIPT:
        return "the merged RUN would be longer than 64 KiB"
    return last_only(left)


def _is_ignored(facts: Facts, run: Run) -> bool:
    names = facts.of(ignored).get(run.position, frozenset())
    return not names.isdisjoint({ALL, "merge-runs"})


def last_only(run: Run, appending: bool = False) -> str:
    """Why nothing can follow the script of this RUN in its process; empty if something can.

    With `appending`, what follows is a plain command that heeds no process state, in the same list or sequence.
    """
    parsed, script = run.parsed, run.script
    if parsed is None or script is None:
        return run.refused
    if parsed.comment is not None:
        return "a shell comment at the end of the RUN before would swallow it"
    node = run.instruction.node
    end = parsed.text.base + script.end
    if node.open or any(piece.kind is PieceKind.COMMENT and piece.start >= end for piece in node.pieces):
        return "the RUN before ends in a comment, or goes on behind its end"
    return _nothing_appended(run, script) if appending else _nothing_follows(script, run.shell.errexit)


def _nothing_appended(run: Run, script: Script) -> str:
    *_, last = commands(script)
    found = effect(last)
    if found.unseen:
        return f"the RUN before ends in {found.shell}"
    if found.ends is Exit.ANY:
        return f"the RUN before ends in `{(found.name or b'').decode()}`, behind which nothing runs"
    if any(b"PATH" in text or b"glob" in text for text in run.end.shell):
        return "the RUN before changes PATH, or how patterns match"
    return ""


# Each RUN is asked about in every round.
@once
def _nothing_follows(script: Script, errexit: bool) -> str:
    if _has_background(script):
        return "the RUN before leaves a background process behind"
    functions = frozenset(_functions(script))
    for command in commands(script):
        found = effect(command, functions)
        if found.container:
            return f"the RUN before: {found.container}"
        if found.unseen:
            return f"the RUN before holds {found.shell}"
        if found.name == b"return":
            return "the RUN before returns from no function, which each shell takes otherwise"
        if found.sets:
            return "the RUN before sets shell options in a substitution, where errexit is ignored on the left of `&&`"
    inside = _errexit(script, errexit)
    if TRAP in inside:
        return "the RUN before sets a trap on errors, which is ignored on the left of `&&`"
    if not is_list(script) and inside != {OFF}:
        return "errexit is in force in the RUN before, and ignored on the left of `&&`"
    return ""


def is_list(script: Script) -> bool:
    """Whether it is simple commands and pipelines joined by `&&` and `||`: errexit means nothing more to it."""
    if isinstance(script, Binary):
        return is_list(script.left) and is_list(script.right)
    if isinstance(script, Not):
        return is_list(script.body)
    if isinstance(script, Pipe):
        return all(isinstance(member, Command) and is_list(member) for member in script.members)
    return isinstance(script, Command) and not effect(script).lists


def needs_group(script: Script) -> bool:
    """Whether it must be grouped to stand on the right of `&&`: it is more than an `&&` chain."""
    if isinstance(script, Binary):
        return script.operator != "&&" or needs_group(script.left) or needs_group(script.right)
    return isinstance(script, Statements | Background)


def needs_subshell(run: Run) -> bool:
    """Whether its process state would leak into what follows, or it may end the process with success."""
    if run.end.shell:
        return True
    return run.script is not None and any(effect(command).exits is Exit.ANY for command in commands(run.script))


def with_stale_paths(chain: Sequence[Run], wrapped: Sequence[bool]) -> tuple[bool, ...]:
    """`wrapped`, and True for each side whose remembered command paths a later side must not inherit."""
    result = list(wrapped)
    known = [remembers(run.script) if run.script else frozenset() for run in chain]
    for right in range(1, len(chain)):
        script = chain[right].script
        called = _called(script) if script else frozenset()
        sharing = [left for left in range(right) if not called.isdisjoint(known[left])]
        if sharing and _stale(chain[: right + 1], result):
            for left in sharing:
                result[left] = True
    return tuple(result)


def _stale(chain: Sequence[Run], wrapped: Sequence[bool]) -> bool:
    """Whether the last side, in one process with the others, calls a command by a path that may have gone stale."""
    last = chain[-1]
    if last.script is None:
        return False
    alone = walked(last.script, last.shell.errexit, last.shell.settled)
    together = Process(last.shell.errexit, last.shell.settled)
    for run, subshell in zip(chain, wrapped, strict=False):
        if run.script is not None:
            together.walk(Block(0, 0, True, run.script) if subshell and run is not last else run.script)
    return any(together.entries[start].stale and not entry.stale for start, entry in alone.entries.items())


@once
def _called(script: Script) -> frozenset[bytes]:
    words = b" ".join(word.text for command in commands(script) for word in command.words)
    return frozenset(re.findall(rb"[\w.+-]+", words))


def _has_background(script: Script) -> bool:
    return isinstance(script, Background) or any(_has_background(child) for child in children(script))


def _functions(script: Script) -> Iterator[bytes]:
    if isinstance(script, Compound) and script.kind == "function_definition":
        yield re.split(rb"[\s(]", script.text.removeprefix(b"function ").strip())[0]
    for child in children(script):
        yield from _functions(child)


def _errexit(script: Script, errexit: bool) -> set[str]:
    """Whether errexit is in force, at each command; `errexit`: at its start."""
    process = walked(script, errexit)
    return {entry.status.errexit for entry in process.entries.values()} | {process.status.errexit}
