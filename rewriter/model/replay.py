"""The ledger of the cache: what each path of the context, and each build argument, makes run again; and a history."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from .cache import Change, reruns
from .context import Commit, Entry, Kind
from .costs import costs
from .facts import Facts
from .stages import layout


class Line(NamedTuple):
    """What a change makes run again: the indices of the steps, and what they cost."""

    name: str
    steps: tuple[int, ...]
    cost: float


Price = Sequence[float]
"""What each instruction costs, by its index; without one, the table's."""


def line(facts: Facts, name: str, change: Change, target: str = "", price: Price | None = None) -> Line:
    """The line of one change."""
    steps = tuple(sorted(reruns(facts, change, target)))
    price = facts.of(costs) if price is None else price
    return Line(name, steps, sum(price[index] for index in steps))


def by_path(facts: Facts, sent: Mapping[str, Entry], target: str = "", price: Price | None = None) -> tuple[Line, ...]:
    """A line for each top-level path that is sent, as if all in it had changed; and one for each ARG of a stage."""
    inside: dict[str, list[str]] = {}
    for path, entry in sent.items():
        if entry.kind is not Kind.FOLDER:
            inside.setdefault(path.partition("/")[0], []).append(path)
    lines = [line(facts, top, Change(paths), target, price) for top, paths in sorted(inside.items())]
    named = (line(facts, f"ARG {name}", Change((), (name,)), target, price) for name in arguments(facts))
    return tuple(sorted((*lines, *named), key=lambda one: (-one.cost, one.name)))


def arguments(facts: Facts) -> tuple[str, ...]:
    """The build arguments that some stage declares."""
    stage_of = facts.of(layout).stage_of
    declared = (i for at, i in enumerate(facts.instructions) if i.keyword == "ARG" and stage_of[at] >= 0)
    words = (word for instruction in declared for word in instruction.rest.split())
    return tuple(dict.fromkeys(word.partition(b"=")[0].decode("utf-8", "replace") for word in words))


def replayed(
    facts: Facts,
    commits: Sequence[Commit],
    is_sent: Callable[[str], bool],
    target: str = "",
    price: Price | None = None,
) -> tuple[Line, ...]:
    """A line for each commit, in their order; `is_sent` tells of a path, there today or not, whether it is sent."""
    changes = ((commit.name, Change([path for path in commit.paths if is_sent(path)])) for commit in commits)
    return tuple(line(facts, name, change, target, price) for name, change in changes)
