"""The witness of what is copied first: whether installs may go before the copy of all the rest."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from ...syntax.instruction import Instruction
from ..context import Context
from ..facts import Facts
from ..stages import Stage
from ..steps.order import Order
from .plan import brought
from .project import Copied, copied, reading, refusal


def refused_first(
    facts: Facts,
    stage: Stage,
    wanted: Sequence[int],
    new: Sequence[Instruction],
    at: int,
    named: Collection[str],
    context: Context,
) -> str:
    """Why a stage may not be written so; empty if it may.

    `wanted` are the indices of its instructions in the new order, `new` the instructions that come in addition, before
    the one at the place `at` of those. They may copy the files `named`.
    """
    order = Order(facts, stage, context)
    if sorted(wanted) != order.indices:
        return "instructions go"
    start = next((place for place, index in enumerate(wanted) if index != order.indices[place]), len(wanted))
    whole = copied(order.step(start), context) if start < len(wanted) else None
    if whole is None or whole.source is None:
        return "it is not a copy of a whole folder that moves"
    first: dict[bytes, str] = {}
    for instruction in new:
        some = copied(order.step(start)._replace(instruction=instruction), context)
        if some is None or some.source is not None or instruction.keyword != "COPY":
            return "what is copied first is not known file by file"
        if some.flags != whole.flags or not brought(whole, some.files):
            return "what is copied first is not what the copy of the whole folder brings, too"
        if not set(some.files.values()) <= set(named):
            return "more is copied first than the change names"
        first |= some.files
    return _lowered(order, wanted, start, at, Parts(whole, first), context)


class Parts(NamedTuple):
    """What the copy of the whole folder brings, and the files of that which are copied first."""

    whole: Copied
    first: Mapping[bytes, str]


def _lowered(order: Order, wanted: Sequence[int], start: int, at: int, parts: Parts, context: Context) -> str:
    """The whole copy alone goes down; what it lets pass has nothing to do with it, or needs the first files alone."""
    end = list(wanted).index(order.indices[start])
    for place in range(start, end):
        why = order.objection(place)
        if why and place >= at:
            read = reading(order.step(place + 1), parts.whole, context)
            why = refusal(read, parts.whole, parts.first, context)
        if why:
            return why
        order.swap(place)
    return "" if order.indices == list(wanted) else "more than the copy changes its place"
