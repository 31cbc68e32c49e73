"""A text that was edited is read again only where the edits are: what stands elsewhere is the same, further on."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from .edit import Edit, growth
from .instruction import Instruction, cut
from .source import Node, NodeKind, Parser, Piece, Source, check_partition


class Reread(NamedTuple):
    """The source of an edited text, and its instructions."""

    source: Source
    instructions: tuple[Instruction, ...]


class _Part(NamedTuple):
    """Nodes of the new text; `by`: they are old ones, so many bytes further on."""

    nodes: Sequence[Node]
    by: int | None = None


def reread(source: Source, instructions: Sequence[Instruction], text: bytes, edits: Sequence[Edit]) -> Reread | None:
    """What parsing `text` gives, which is the source's with these edits (in order); None if it must be parsed anew.

    A node is read from its first byte on, and what comes before it matters only in the head of the file, where
    directives may stand.
    """
    starts = [node.start for node in source.nodes]
    body = next((index for index, node in enumerate(source.nodes) if node.kind is not NodeKind.DIRECTIVE), len(starts))
    if source.problems or not edits or bisect_right(starts, edits[0].start) - 1 <= body:
        return None
    parser = Parser(text, source.escape)
    parts = list(_parts(source, starts, parser, edits))
    nodes = tuple(node for part in parts for node in part.nodes)
    complete = source.complete if parts[-1].by is not None else parser.complete
    again = Source(text, nodes, source.escape, tuple(parser.problems), complete)
    return Reread(again, tuple(_instructions(again, instructions, parts)))


def _parts(source: Source, starts: Sequence[int], parser: Parser, edits: Sequence[Edit]) -> Iterator[_Part]:
    """Old nodes up to each edit, and new ones from there to where an old one begins again."""
    index = by = 0
    waiting = list(reversed(edits))
    while waiting:
        first = bisect_right(starts, waiting[-1].start) - 1
        yield _shifted(source.nodes[index:first], by)
        parser.at = begin = starts[first] + by
        fresh: list[Node] = []
        reached = 0  # of the old text
        for node in parser.nodes():
            fresh.append(node)
            while waiting and waiting[-1].start + by < node.end:
                edit = waiting.pop()
                by += growth([edit])
                reached = edit.end
            index = bisect_left(starts, node.end - by)
            if node.end - by >= reached and starts[index : index + 1] == [node.end - by]:
                break
        else:
            waiting.clear()
            index = len(starts)
        check_partition(fresh, begin, parser.at)
        yield _Part(fresh)
    if index < len(starts):
        yield _shifted(source.nodes[index:], by)


def _shifted(nodes: Sequence[Node], by: int) -> _Part:
    return _Part([_moved(node, by) for node in nodes] if by else nodes, by)


def _moved(node: Node, by: int) -> Node:
    pieces = [Piece(piece.kind, piece.start + by, piece.stop + by, piece.end + by) for piece in node.pieces]
    # Three times as fast as `_replace`, of which each edit would need one for each line behind it.
    return Node(node.kind, node.start + by, node.end + by, tuple(pieces), node.keyword, node.heredocs, node.open)


def _instructions(source: Source, old: Sequence[Instruction], parts: Iterable[_Part]) -> Iterator[Instruction]:
    begins = [instruction.node.start for instruction in old]
    for part in parts:
        nodes = [node for node in part.nodes if node.kind is NodeKind.INSTRUCTION]
        if part.by is None:
            yield from (cut(source, node) for node in nodes)
        elif nodes:
            first = bisect_left(begins, nodes[0].start - part.by)
            same = old[first : first + len(nodes)]
            yield from (
                Instruction(node, old.keyword, old.flags, old.rest, old.rest_at + part.by, old.bodies)
                if part.by
                else old
                for old, node in zip(same, nodes, strict=True)
            )
