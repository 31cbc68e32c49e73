"""A deletion that could stand in an earlier RUN: in the last one that uses what is deleted."""

from __future__ import annotations

from typing import NamedTuple

from ...syntax.edit import Edit
from ...syntax.join import Side, appended
from ...syntax.script import commands, texts
from ..chains import is_list, last_only
from ..effect import unquoted
from ..facts import Facts
from ..process import OFF, ON
from ..runs import Run, runs
from ..steps.paths import EVERYTHING
from ..style import style_of
from .between import named_by, stranger
from .deleted import Deleted, Deletion, Operand
from .fetched import Fetched
from .located import LocatedRun, located
from .names import redirected
from .removal import without_deletions


class Sooner(NamedTuple):
    """An operand of an `rm` moves to the end of the RUN `behind`, which runs `command` there.

    `before` are the words of the `rm` where it stands, `left` those that stay there; none where it goes.
    """

    fetched: Fetched
    behind: int
    command: bytes
    before: tuple[bytes, ...]
    left: tuple[bytes, ...]
    edits: tuple[Edit, ...]


class NotSooner(NamedTuple):
    """Why the deletion stays where it is."""

    why: str


def sooner(facts: Facts, one: Fetched) -> Sooner | NotSooner:
    """Where the deletion of what is fetched could stand, if that is before the RUN in which it stands now."""
    operand, deletion = one.operand, one.deletion
    behind = last_use(facts, one.first, deletion, operand)
    if isinstance(behind, str):
        return NotSooner(behind)
    run, later = facts.of(runs)[behind], facts.of(runs)[deletion.position]
    if (
        run.instruction.flags
        or later.instruction.flags
        or (run.config.user, run.shell)
        != (
            later.config.user,
            later.shell,
        )
    ):
        return NotSooner("another user, shell or mount is in force there")
    command = _command(operand, deletion, run, later)
    added = at_end(facts, run, command)
    if isinstance(added, str):
        return NotSooner(added)
    gone = Deleted(deletion, (operand.word,))
    taken = without_deletions(facts, later, [gone])
    if isinstance(taken, str):
        return NotSooner(taken)
    return Sooner(one, behind, command, gone.before, gone.after, (*added, *taken))


def at_end(facts: Facts, run: Run, command: bytes) -> tuple[Edit, ...] | str:
    """The edits that let a RUN run a command at its end, where it has succeeded; or why it can't."""
    refused = last_only(run, appending=True)
    if refused or run.parsed is None or run.script is None:
        return refused
    joint = _joint(run)
    if not joint:
        return "the RUN that uses it last may succeed although one of its commands fails"
    style = style_of(facts, [run.instruction])
    side = Side(run.instruction.node, run.parsed, "")
    return appended(facts.source, side, command, joint, style.indent, style.trailing)


def last_use(facts: Facts, first: int, deletion: Deletion, operand: Operand) -> int | str:
    """The last RUN from `first` on that names what the operand deletes; or why that is not known.

    It stands before the deletion's own, and nothing behind it has to do with what is deleted.
    """
    tree = operand.tree
    if not operand.exact or tree == EVERYTHING:
        return "it is not known what exactly is deleted"
    for index in range(deletion.position, first - 1, -1):
        run = located(facts, index)
        if run is not None and _uses(run, deletion, tree):
            if index < deletion.position:
                return index
            return "the RUN that deletes it uses it, too"
        why = stranger(facts, index, tree, (deletion.one.command,) if index == deletion.position else ())
        if why:
            return f"in between, {why}"
    return "nothing is known to use it"


def _uses(run: LocatedRun, deletion: Deletion, tree: bytes) -> bool:
    return redirected(run, tree) or any(one.command != deletion.one.command for one in named_by(run, tree))


def _joint(run: Run) -> bytes:
    """What joins a command to the end of the script, so that it runs if the script succeeds; empty if nothing does."""
    if run.script is None:
        return b""
    if is_list(run.script) and run.end.errexit == OFF:
        return b"&&"
    return b";" if run.end.errexit == ON else b""


def _command(operand: Operand, deletion: Deletion, run: Run, later: Run) -> bytes:
    """The `rm` of this operand alone, with a path that means the same at the end of the RUN."""
    word = operand.word.text
    options = _options(deletion)
    moved = run.script is None or any(
        unquoted(texts(one)[0])[:2] in (b"cd", b"pu", b"po") for one in commands(run.script) if texts(one)
    )
    same = run.config.workdir == later.config.workdir and (b"$" not in word or run.config.env == later.config.env)
    relative = not operand.path.startswith((b"/", b"~"))
    kept = same and not (relative and (moved or deletion.one.place.moved))
    return b" ".join([b"rm", *options, word if kept else operand.tree])


def _options(deletion: Deletion) -> list[bytes]:
    found = {operand.word for operand in deletion.operands}
    return [word.text for word in deletion.one.raw[1:] if word not in found]
