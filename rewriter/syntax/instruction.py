"""An instruction cut up: keyword, flags, the rest of its logical line, and where that rest begins in the file."""

from typing import NamedTuple

from .source import BOM, Node, PieceKind, Source, trimmed
from .words import head


class Instruction(NamedTuple):
    """`rest` is what follows the flags, blanks around it taken off; `rest_at` its byte offset in the file.

    `bodies` are the heredocs' contents, raw.
    """

    node: Node
    keyword: str
    flags: tuple[bytes, ...]
    rest: bytes
    rest_at: int
    bodies: tuple[bytes, ...] = ()


def instructions(source: Source) -> tuple[Instruction, ...]:
    """All instructions of the file, in order."""
    return tuple(cut(source, node) for node in source.instructions)


def cut(source: Source, node: Node) -> Instruction:
    """An instruction of the source."""
    line = node.line(source.text)
    skipped = len(BOM) if line.startswith(BOM) else 0
    found = head(line[skipped:], source.escape)
    rest = line[skipped + found.rest :]
    bodies = tuple(source.text[p.start : p.end] for p in node.pieces if p.kind is PieceKind.HEREDOC_BODY)
    return Instruction(node, node.keyword, found.flags, trimmed(rest), _locate(node, skipped + found.rest), bodies)


def _locate(node: Node, offset: int) -> int:
    """The file's byte for byte `offset` of the logical line."""
    at = node.start
    for piece in node.pieces:
        if piece.kind is not PieceKind.CODE:
            continue
        at = piece.start + offset
        if at < piece.stop:
            return at
        offset -= piece.stop - piece.start
    return min(at, node.end)
