"""The witness of DeleteSooner: a deletion moves up to the end of a RUN, past nothing that has to do with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..model.facts import Facts
from ..model.flow import Graph
from ..model.runs import runs
from ..model.stages import layout
from ..syntax.instruction import Instruction
from ..syntax.script import commands, texts
from ..syntax.source import Source
from .licences import DeleteSooner, Licence
from .meaning import Licensed, differences, meaning, opening_at
from .reordered import plain

_Text = tuple[Source, Sequence[Instruction]]


def moved(facts: Facts, first: int | None, before: _Text, after: _Text, may: Sequence[Licence]) -> Iterator[str]:
    """What is wrong with the instructions from the index `first` on, which were `before` and are `after`."""
    licence = may[0]
    if len(may) != 1 or not isinstance(licence, DeleteSooner) or first is None or facts.of(layout).stage_of[first] < 0:
        yield "a deletion moves together with something else"
        return
    if any(one.keyword == "FROM" for one in (*before[1], *after[1])):
        yield "a FROM line changes"
        return
    others = [[plain(one) for one in found if one.keyword != "RUN"] for _, found in (before, after)]
    if others[0] != others[1]:
        yield "something else than a RUN changes"
    opening = opening_at(facts, first)
    graph = Graph()
    taken = Licensed(dropped=frozenset({licence.before}) - {licence.left})
    if licence.left:
        taken = Licensed(changed={licence.before: licence.left})
    was = meaning(graph, before[0], before[1], opening, facts.shells, taken)
    now = meaning(graph, after[0], after[1], opening, facts.shells, Licensed(appended=licence.command))
    yield from differences(was, now)
    if len(now.elided) != 1:
        yield "the deletion does not stand once, at the end of a RUN that has succeeded"
        return
    yield from _passed(facts, first + now.elided[0], range(first, first + len(before[1])), licence)


def _passed(facts: Facts, behind: int, window: range, licence: DeleteSooner) -> Iterator[str]:
    """What is wrong with a deletion that comes to stand behind the RUN of this index."""
    from ..model.files.fetched import fetched  # Few files come to this.
    from ..model.files.sooner import Sooner, sooner

    plans = (sooner(facts, one) for one in facts.of(fetched) if one.last in window)
    fits = [
        plan
        for plan in plans
        if isinstance(plan, Sooner) and DeleteSooner(plan.command, plan.before, plan.left) == licence
    ]
    if not any(plan.behind <= behind < plan.fetched.last for plan in fits):
        yield "what is deleted may be used behind the RUN that would delete it"
    scripts = (run.script for index in window if (run := facts.of(runs).get(index)) is not None)
    if sum(texts(one) == licence.before for script in scripts if script is not None for one in commands(script)) != 1:
        yield "there is more than one such deletion"
