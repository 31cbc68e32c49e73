"""How the RUNs from a fetch to the deletion of what it has fetched become one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ...syntax.edit import Edit, ordered
from ..chains import chains
from ..facts import Facts
from ..moves import above, below
from ..runs import Run
from ..stages import layout
from ..steps.order import refused_anyhow
from .fetched import Fetched, fetched
from .sooner import NotSooner, Sooner, sooner

# To stand above a fetch, these would make it run again whenever they change.
_CHANGE = frozenset({"ADD", "ARG", "COPY"})


class OneRun(NamedTuple):
    """Neighbouring RUNs that become one, and the names of what they fetch and delete."""

    chain: tuple[Run, ...]
    names: tuple[str, ...]


class OutOfTheWay(NamedTuple):
    """Instructions that move out from between the RUNs of something that is fetched and deleted, by these edits."""

    fetched: Fetched
    moved: tuple[int, ...]
    edits: tuple[Edit, ...]


class Apart(NamedTuple):
    """What is fetched stays in another layer than its deletion, for the reason `why`."""

    fetched: Fetched
    why: str


Plan = OneRun | OutOfTheWay | Sooner | Apart


def plans(facts: Facts) -> tuple[Plan, ...]:
    """What becomes of all that is fetched and later deleted."""
    found = facts.of(fetched)
    joined = [one for one in found if not _between(facts, one) and _chain(facts, one.first, one.last)]
    others = [one for one in found if one not in joined]
    return (*_one_run(facts, joined), *(_brought_together(facts, one) for one in others))


def _one_run(facts: Facts, found: Sequence[Fetched]) -> Iterator[OneRun]:
    """Those whose RUNs overlap together."""
    spans: list[list[Fetched]] = []
    for one in sorted(found, key=lambda one: (one.first, one.last)):
        if spans and one.first <= max(other.last for other in spans[-1]):
            spans[-1].append(one)
        else:
            spans.append([one])
    for span in spans:
        first, last = span[0].first, max(one.last for one in span)
        yield OneRun(_chain(facts, first, last), _names(span))


def _names(found: Sequence[Fetched]) -> tuple[str, ...]:
    """The names, without those of folders whose archive is among them."""
    names = dict.fromkeys(one.name for one in found)
    return tuple(name for name in names if not any(other.startswith(name + ".") for other in names))


def _between(facts: Facts, one: Fetched) -> list[int]:
    """What stands between the fetch and the deletion and is no RUN."""
    return [index for index in range(one.first + 1, one.last) if facts.instructions[index].keyword != "RUN"]


def _chain(facts: Facts, first: int, last: int) -> tuple[Run, ...]:
    """The RUNs from the first to the last one, if they can become one; else none."""
    for chain in facts.of(chains).chains:
        if chain[0].position <= first and last <= chain[-1].position:
            return chain[first - chain[0].position : last + 1 - chain[0].position]
    return ()


def _brought_together(facts: Facts, one: Fetched) -> Plan:
    earlier = sooner(facts, one)
    if isinstance(earlier, Sooner) and (earlier.behind == one.first or _chain(facts, one.first, earlier.behind)):
        return earlier
    if not _between(facts, one):
        return Apart(one, _break(facts, one.first, one.last))
    moved = _out_of_the_way(facts, one)
    if not isinstance(moved, str):
        return moved
    more = f"; and the `rm` stays where it is, as {earlier.why}" if isinstance(earlier, NotSooner) else ""
    return Apart(one, moved + more)


def _break(facts: Facts, first: int, last: int) -> str:
    """Why the RUNs from the first to the last one do not become one."""
    ends = (end.reason for end in facts.of(chains).breaks if first < end.position <= last)
    return next(ends, "its RUNs do not become one")


def _out_of_the_way(facts: Facts, one: Fetched) -> OutOfTheWay | str:
    """What parts the RUNs moves below the deletion, or else above the fetch; or why it cannot."""
    down: list[int] = []
    up: list[int] = []
    for index in reversed(_between(facts, one)):
        why = _refused(facts, one, up, [index, *down])
        if not why:
            down.insert(0, index)
            continue
        keyword = facts.instructions[index].keyword
        if keyword in _CHANGE:
            return f"`{keyword}` stands between them: {why}"
        if _refused(facts, one, [index, *up], down):
            return f"`{keyword}` stands between them: {why}"
        up.insert(0, index)
    edits = (*(above(facts, up, one.first) if up else ()), *(below(facts, down, one.last) if down else ()))
    try:
        after = facts.edited(ordered(edits))
    except ValueError:
        return "what stands between them would move both up and down"
    last = one.last - len(down)
    first = one.first + len(up)
    if not _chain(after, first, last):
        return _break(after, first, last)
    return OutOfTheWay(one, (*up, *down), edits)


def _refused(facts: Facts, one: Fetched, up: Sequence[int], down: Sequence[int]) -> str:
    """Why instructions may not stand above the fetch and below the deletion."""
    found = facts.of(layout)
    stage = found.stages[found.stage_of[one.first]]
    inner = [index for index in range(one.first, one.last + 1) if index not in up and index not in down]
    wanted = [*range(stage.first + 1, one.first), *up, *inner, *down, *range(one.last + 1, stage.last)]
    return refused_anyhow(facts, stage.number, wanted)
