"""Before, after, licence -> what moved that should not have. Runs on every change, in production.

Only the instructions that the edits touch are read again: everything else is the same bytes, in the same
configuration. The edits themselves tell which those are, not the transform.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..model.facts import Facts
from ..model.flow import Graph
from ..model.lists import later_use
from ..model.packages import CLEANUPS
from ..model.runs import root_of
from ..model.stages import Layout, Stage, layout
from ..syntax.check import problems
from ..syntax.edit import Edit, apply, ordered, shifted
from ..syntax.instruction import Instruction, instructions
from ..syntax.source import NodeKind, PieceKind, Source, parse
from . import second_reader
from .change import AppendCommand, Licence, Regroup
from .meaning import Opening, meaning


class _Window(NamedTuple):
    """The nodes that the edits touch (`first` to `last`, exclusive) and the bytes they span."""

    first: int
    last: int
    start: int
    end: int


def moved(facts: Facts, edits: Sequence[Edit], may: Sequence[Licence]) -> tuple[str, ...]:
    """What the edits move that `may` does not allow, a sentence each; empty: the change is right.

    `edits` are in byte offsets of the facts' text. Raises ValueError where they overlap.
    """
    edits = ordered(edits)
    if not edits:
        return ()
    window = _window(facts, edits)
    nodes = facts.source.nodes[window.first : window.last]
    if any(node.kind is NodeKind.DIRECTIVE for node in nodes):
        return ("a parser directive is touched",)
    before = parse(facts.source.text[window.start : window.end], facts.source.escape)
    text = apply(before.text, shifted(edits, -window.start))
    after = parse(text, facts.source.escape)
    return tuple(_moved(facts, window, before, after, may))


def touched(facts: Facts, edits: Sequence[Edit]) -> range:
    """The indices of the instructions that the edits touch."""
    window = _window(facts, ordered(edits))
    starts: Sequence[int] = facts.of(_starts)
    return range(bisect_left(starts, window.start), bisect_left(starts, window.end))


def _window(facts: Facts, edits: Sequence[Edit]) -> _Window:
    nodes = facts.source.nodes
    if not nodes:
        return _Window(0, 0, 0, 0)
    starts: Sequence[int] = facts.of(_node_starts)
    first = max(bisect_right(starts, edits[0].start) - 1, 0)
    if first and nodes[first].start == edits[0].start:
        first -= 1  # An insertion between two nodes touches both.
    last = max(bisect_right(starts, edits[-1].end), first + 1)
    return _Window(first, last, nodes[first].start, nodes[last - 1].end)


def _node_starts(facts: Facts) -> list[int]:
    return [node.start for node in facts.source.nodes]


def _moved(facts: Facts, window: _Window, before: Source, after: Source, may: Sequence[Licence]) -> Iterator[str]:
    at_end = window.end == len(facts.source.text)
    if not after.complete or (not at_end and not after.text.endswith(b"\n")):
        yield "the text no longer ends where an instruction does"
        return
    found = instructions(after)
    wrong = [problem for problem in problems(after, found) if not problem.message.startswith(("no build", "it has no"))]
    if wrong:
        yield f"BuildKit would reject the text: {wrong[0].message}"
        return
    lost = _comments(before) - _comments(after)
    if lost:
        yield f"a comment is lost: {next(iter(lost)).decode('utf-8', 'replace')}"
    yield from _meaning_moved(facts, window, before, after, may)
    yield from second_reader.moved(before.text, after.text, may)


def _comments(source: Source) -> Counter[bytes]:
    """All comments, those inside of instructions included."""
    found: Counter[bytes] = Counter()
    for node in source.nodes:
        if node.kind is NodeKind.COMMENT:
            found[source.text[node.start : node.end].strip()] += 1
        for piece in node.pieces:
            if piece.kind is PieceKind.COMMENT:
                found[source.text[piece.start : piece.end].strip()] += 1
    return found


def _meaning_moved(
    facts: Facts, window: _Window, before: Source, after: Source, may: Sequence[Licence]
) -> Iterator[str]:
    old, new = instructions(before), instructions(after)
    if Regroup() not in may and [i.keyword for i in old] != [i.keyword for i in new]:
        yield "instructions come or go"
        return
    opening = _opening(facts, window, old)
    if opening is None:
        if [_plain(i) for i in old] != [_plain(i) for i in new]:
            yield "something before the first stage, or a FROM line, changes"
        return
    appended = next((licence.command for licence in may if isinstance(licence, AppendCommand)), None)
    graph = Graph()
    was = meaning(graph, before, old, opening, facts.shells)
    now = meaning(graph, after, new, opening, facts.shells, appended)
    if was.root != now.root:
        yield "the commands, their order, their failures or what they run in"
    if was.config != now.config:
        yield "the image configuration"
    if appended is not None:
        yield from _append_moved(facts, window, appended, now.elided)


def _append_moved(facts: Facts, window: _Window, command: bytes, elided: int) -> Iterator[str]:
    """The witness of AppendCommand: a known cleanup, once, at the end of a RUN, of what nobody reads later."""
    if command not in CLEANUPS:
        yield f"{command.decode('utf-8', 'replace')} is not a known cleanup"
    if elided != 1:
        yield "the appended command does not stand once, at the end of a RUN that has succeeded"
    index = _index_of(facts, window)
    reader = later_use(facts, index).reader if index is not None else None
    if reader is not None:
        yield "a later instruction reads the package lists"


def _plain(instruction: Instruction) -> tuple[object, ...]:
    return (instruction.keyword, instruction.flags, instruction.rest, instruction.bodies)


def _opening(facts: Facts, window: _Window, found: Sequence[Instruction]) -> Opening | None:
    """What the window opens in; None where it stands before the stages or holds a FROM line."""
    index = _index_of(facts, window)
    places: Layout = facts.of(layout)
    if index is None or any(instruction.keyword == "FROM" for instruction in found):
        return None
    number = places.stage_of[index]
    if number < 0:
        return None
    stage: Stage = places.stages[number]
    return Opening(stage, root_of(places, stage), places.before[index])


def _index_of(facts: Facts, window: _Window) -> int | None:
    """The index of the first instruction in the window."""
    starts: Sequence[int] = facts.of(_starts)
    index = bisect_left(starts, window.start)
    return index if index < len(starts) and starts[index] < window.end else None


def _starts(facts: Facts) -> list[int]:
    return [instruction.node.start for instruction in facts.instructions]
