"""Which RUNs that begin with `chmod` or `chown` only say what flags of copies above them can say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from typing import NamedTuple

from ...syntax.script import Command, Script
from ..builders import lacks
from ..facts import Facts
from ..pragmas import barred
from ..runs import Run, runs
from ..stages import ancestors, layout
from .changes import change_of, is_change
from .gain import stored_anyhow
from .landing import COPIES, Landing
from .leading import leading, without
from .places import NotBrought, NotSure, Places
from .states import Flag, State, applied, begun, flags


class Fold(NamedTuple):
    """A RUN, the `position`-th instruction, without the commands `dropped`, for which `flags` of copies do.

    `flags` are by the index of the copy. `rest` is what is left of the script, None if nothing is; `size` are the bytes
    that are no longer in its layer.
    """

    position: int
    dropped: tuple[Command, ...]
    rest: Script | None
    flags: Mapping[int, tuple[Flag, ...]]
    size: int


class Folds(NamedTuple):
    """By the index of their RUN; and why others are none: an index with a reason."""

    folds: Mapping[int, Fold]
    refused: tuple[tuple[int, str], ...]


def folds(facts: Facts) -> Folds:
    """The RUNs of shipped stages: elsewhere, no layer weighs."""
    found: dict[int, Fold] = {}
    refused: list[tuple[int, str]] = []
    places = Places(facts)
    for index, run in facts.of(runs).items():
        if not run.stage.shipped or not _is_concerned(facts, run):
            continue
        try:
            found[index] = _fold(facts, places, run)
        except NotBrought as reason:
            refused += [(index, str(reason))] if _is_next_step(facts, run) else []
        except NotSure as reason:
            refused.append((index, str(reason)))
    return Folds(found, tuple(refused))


def _is_concerned(facts: Facts, run: Run) -> bool:
    """Whether the RUN begins with such a command, and a copy stands above it."""
    words = run.instruction.rest.split(None, 1)
    if not words or words[0].rpartition(b"/")[2] not in (b"chmod", b"chown"):
        return False
    return any(facts.instructions[at].keyword in COPIES for at in range(run.stage.first, run.position))


def _is_next_step(facts: Facts, run: Run) -> bool:
    """Whether no other step that does something stands between the RUN and a copy."""
    above = (facts.instructions[at].keyword for at in range(run.position - 1, run.stage.first, -1))
    return next((keyword for keyword in above if keyword in (*COPIES, "RUN")), "") in COPIES


def _fold(facts: Facts, places: Places, run: Run) -> Fold:
    why = _unfit(facts, run)
    if why or run.script is None:
        raise NotSure(why or run.refused)
    best: Fold | None = None
    failed = NotSure("what comes of its failure is not known")
    row = list(takewhile(is_change, leading(run.script)))
    states: dict[int, State] = {}
    try:
        for count, command in enumerate(row, 1):
            _apply(places, run, command, states)
            # What one command changes of the files of a copy, the next one may change of the others.
            fold = _told(places, run, row[:count], states)
            if isinstance(fold, NotSure):
                failed = fold
            else:
                best = fold
    except NotSure as reason:
        failed = reason
    if best is None:
        raise failed
    rest = without(run.script, len(best.dropped))
    why = _only_one(facts, run) if rest is None else stored_anyhow(run, best.dropped, rest)
    if why:
        raise NotSure(why)
    return best._replace(rest=rest)


def _only_one(facts: Facts, run: Run) -> str:
    """Whether nobody else leaves in an image that is built from nothing what the engine makes for a RUN."""
    found = facts.of(layout)
    family = [run.stage, *ancestors(found.stages, run.stage)]
    numbers = {stage.number for stage in family}
    others = (other for other in facts.of(runs).values() if other.stage.number in numbers)
    if family[-1].base == "scratch" and all(other.position == run.position for other in others):
        return "the engine makes /dev, /proc and /sys for a RUN, and no other one is left"
    return ""


def _unfit(facts: Facts, run: Run) -> str:
    """What keeps the RUN from being taken apart."""
    if run.position in facts.of(barred):
        return "a comment above speaks to a tool about it"
    if run.instruction.flags:
        return "it has flags of its own"
    if run.parsed is not None and run.parsed.comment is not None:
        return "a comment stands in what would be dropped"
    return run.shell.start_up or lacks(facts, "--chmod and --chown")


def _apply(places: Places, run: Run, command: Command, states: dict[int, State]) -> None:
    change = change_of(command, run.config, run.instruction.rest)
    if isinstance(change, str):
        raise NotBrought(change)
    for path in change.paths:
        for brought in places.brought(run, change, path):
            index = brought.landing.position
            state = states.get(index) or begun(brought.landing)
            states[index] = applied(state, brought, change, run.config)


def _told(places: Places, run: Run, dropped: Sequence[Command], states: Mapping[int, State]) -> Fold | NotSure:
    """The commands so far as flags; or why there are none that say so much and no more."""
    told: dict[int, tuple[Flag, ...]] = {}
    try:
        for index, state in states.items():
            told[index] = flags(_known(places, index), state)
    except NotSure as reason:
        return reason
    return Fold(run.position, tuple(dropped), None, told, sum(_sizes(places, states)))


def _known(places: Places, index: int) -> Landing:
    found = places.landing(index)
    if isinstance(found, str):
        raise NotSure(found)
    return found


def _sizes(places: Places, states: Mapping[int, State]) -> Iterator[int]:
    for index, state in states.items():
        files = _known(places, index).files
        yield sum(files[at].size for at in state.chmod | state.chown)
