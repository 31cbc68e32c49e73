"""The witness of DropFetched: at the end of the RUN that has fetched and unpacked a file, it is deleted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..model.facts import Facts
from ..model.flow import Graph
from ..syntax.instruction import Instruction
from ..syntax.source import Source
from .licences import DropFetched, Licence
from .meaning import Licensed, meaning, opening_at

_Text = tuple[Source, Sequence[Instruction]]


def moved(facts: Facts, first: int | None, before: _Text, after: _Text, may: Sequence[Licence]) -> Iterator[str]:
    """What is wrong with the instruction at the index `first`, which was `before` and is `after`."""
    from ..model.files.kept import kept  # Few files come to this.

    licence = may[0]
    keywords = [one.keyword for one in (*before[1], *after[1])]
    if len(may) != 1 or not isinstance(licence, DropFetched) or first is None or keywords != ["RUN", "RUN"]:
        yield "a deletion comes together with something else"
        return
    if not any(
        (one.run.position, one.command, one.path) == (first, licence.command, licence.path) for one in facts.of(kept)
    ):
        yield "it is not known that this RUN fetches and unpacks what is deleted"
        return
    opening = opening_at(facts, first)
    graph = Graph()
    was = meaning(graph, *before, opening, facts.shells, Licensed())
    now = meaning(graph, *after, opening, facts.shells, Licensed(appended=licence.command))
    if was.root != now.root or was.config != now.config:
        yield "more than the deletion differs"
    if len(now.elided) != 1:
        yield "the deletion does not stand once, at the end of a RUN that has succeeded"
