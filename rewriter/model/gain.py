"""Whether a rewritten file rebuilds less, by the model of the cache: for each path that it copies, and each ARG."""

from __future__ import annotations

from collections.abc import Iterator

from .cache import Change, reruns
from .costs import OTHER, costs
from .facts import Facts
from .replay import arguments
from .sources import sample, sources


def is_gain(before: Facts, after: Facts) -> bool:
    """Whether the steps that run again cost less, summed up over what may change, and in no case more but for copies.

    What may change are the paths that the file names (a whole context counts as one) and the build arguments, one at a
    time; all stages are built.
    """
    less = False
    for change in _changes(before):
        (was, was_dear), (now, now_dear) = _cost(before, change), _cost(after, change)
        if now_dear > was_dear:
            return False
        less = less or (now_dear < was_dear and now < was)
    return less


def _changes(facts: Facts) -> Iterator[Change]:
    for path in dict.fromkeys(sample(source) for source in facts.of(sources) if not source.later):
        yield Change((path,))
    for name in arguments(facts):
        yield Change((), (name,))


def _cost(facts: Facts, change: Change) -> tuple[int, int]:
    """What the change makes run again costs: all of it, and without copies."""
    price = facts.of(costs)
    again = [price[index] for index in reruns(facts, change, None)]
    return sum(again), sum(cost for cost in again if cost >= OTHER)
