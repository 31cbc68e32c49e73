"""What differs between two texts besides deletions that go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..model.facts import Facts
from ..model.flow import Graph
from ..syntax.instruction import Instruction
from ..syntax.source import Source
from .meaning import Licensed, differences, meaning, opening_at

Text = tuple[Source, Sequence[Instruction]]
Words = tuple[bytes, ...]


def otherwise(
    facts: Facts, first: int, before: Text, after: Text, deletions: Sequence[tuple[Words, Words]]
) -> Iterator[str]:
    """What else differs between instructions of one stage, the first of them at the index `first` of the file.

    `deletions` are the words of commands before and after, none where they go.
    """
    opening = opening_at(facts, first)
    graph = Graph()
    dropped = frozenset(words for words, left in deletions if not left)
    changed = {words: left for words, left in deletions if left}
    was = meaning(graph, *before, opening, facts.shells, Licensed(dropped=dropped, changed=changed))
    now = meaning(graph, *after, opening, facts.shells, Licensed())
    yield from differences(was, now)
