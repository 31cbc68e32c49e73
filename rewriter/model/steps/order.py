"""The steps of a stage in an order that changes by swaps of neighbours: the witness of every move."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple

from ..context import Context
from ..facts import Facts
from ..image import Configuration, after
from ..runs import runs
from ..stages import Stage, layout
from .commute import disagreement
from .step import Links, Step, links_before, links_behind
from .touch import touched
from .touched import Touched


class Lowering(NamedTuple):
    """The instructions of `group` come to stand below the `below`-th, or may not for the reason `why`."""

    group: tuple[int, ...]
    below: int
    why: str


class Order:
    """The instructions of a stage behind its FROM; `indices` are those of the file, in the order as it is now.

    What is in force at a place is known also after swaps: it follows from the instructions that stand before it now.
    """

    def __init__(self, facts: Facts, stage: Stage, context: Context | None = None) -> None:
        """The order in which they are written."""
        self._known_touched: dict[int, tuple[Configuration, Links, Touched]] = {}
        self.indices = list(range(stage.first + 1, stage.last))
        self._facts = facts
        self._number = stage.number
        self._context = context
        self._configs: list[Configuration] = list(facts.of(layout).before[stage.first + 1 : stage.last])
        self._links: list[Links] = list(facts.of(links_before)[stage.first + 1 : stage.last])

    def objection(self, at: int) -> str:
        """Why the steps at the places `at` and `at + 1` may not change places; empty if they may."""
        first, second = self.step(at), self.step(at + 1)
        return disagreement(first, self._touched(at, first), second, self._touched(at + 1, second))

    def _touched(self, at: int, step: Step) -> Touched:
        """What the step at a place touches: computed once for each configuration that it comes to stand in."""
        index = self.indices[at]
        known = self._known_touched.get(index)
        if known is None or known[0] is not step.config or known[1] != step.links:
            known = self._known_touched[index] = (step.config, step.links, touched(step, self._context))
        return known[2]

    def swap(self, at: int) -> None:
        """Let the steps at the places `at` and `at + 1` change places."""
        first, second = self.indices[at : at + 2]
        self.indices[at : at + 2] = [second, first]
        facts = self._facts
        self._configs[at + 1] = after(self._configs[at], facts.instructions[second], facts.source.escape)
        self._links[at + 1] = links_behind(self._links[at], facts.of(runs).get(second))

    def raised(self, index: int) -> tuple[int, str]:
        """Let an instruction pass those above it, which are in the order of the file, as far as it can.

        Returns the index of the topmost that it has passed (its own if none), and why it has come no further.
        """
        at = self.indices.index(index)
        above = self.indices[:at]
        while at:
            why = self.objection(at - 1)
            if why:
                return [*above, index][at], why
            at -= 1
            self.swap(at)
        return [*above, index][0], ""

    def lowered(self, row: Sequence[int], joins: Container[str]) -> Iterator[Lowering]:
        """Let the steps below neighbouring instructions pass them, one after the other, until one cannot.

        A step whose keyword is among `joins` need not: it goes along. Yields after each step that has passed; the last
        item says why the next one cannot, and is there only if there is a next one.
        """
        group = list(row)
        start = self.indices.index(row[0])
        for at in range(start + len(row), len(self.indices)):
            other = self.indices[at]
            why = self._passed(at, len(group))
            if not why:
                yield Lowering(tuple(group), other, "")
            elif self._facts.instructions[other].keyword in joins:
                group.append(other)
            else:
                yield Lowering(tuple(group), other, why)
                return

    def _passed(self, at: int, count: int) -> str:
        """Let the step at a place pass the `count` steps above it; why it cannot, and then nothing changes."""
        for done in range(count):
            why = self.objection(at - done - 1)
            if why:
                for back in range(done, 0, -1):
                    self.swap(at - back)
                return why
            self.swap(at - done - 1)
        return ""

    def step(self, at: int) -> Step:
        """The step at a place."""
        facts, index = self._facts, self.indices[at]
        run = facts.of(runs).get(index)
        escape, links = facts.source.escape, self._links[at]
        return Step(facts.instructions[index], self._configs[at], run, escape, self._number, links)


def refused(facts: Facts, number: int, wanted: Sequence[int], context: Context | None = None) -> str:
    """Why the instructions of the stage may not be written in the order `wanted`; empty if they may.

    `wanted` holds the same indices as the stage. Only pairs whose order differs are asked about, each once, as they
    become neighbours.
    """
    order = Order(facts, facts.of(layout).stages[number], context)
    if sorted(wanted) != order.indices:
        return "instructions come or go"
    for place, index in enumerate(wanted):
        for at in range(order.indices.index(index) - 1, place - 1, -1):
            why = order.objection(at)
            if why:
                return why
            order.swap(at)
    return ""


def refused_anyhow(facts: Facts, number: int, wanted: Sequence[int]) -> str:
    """Why the instructions may not be written so, also with what the context tells, where that matters."""
    why = refused(facts, number, wanted)
    return refused(facts, number, wanted, facts.context) if why and facts.context is not None else why


def moved_up(facts: Facts, stage: Stage, row: Sequence[int], target: int) -> bool:
    """Whether neighbouring instructions may stand, in their order, directly above the `target`-th."""
    rest = [index for index in range(target, stage.last) if index not in row]
    return not refused_anyhow(facts, stage.number, [*range(stage.first + 1, target), *row, *rest])
