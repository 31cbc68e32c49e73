"""The comments of a text: none may get lost."""

from collections import Counter

from ..syntax.source import NodeKind, PieceKind, Source


def comments(source: Source) -> Counter[bytes]:
    """All comments, those inside of instructions included."""
    found: Counter[bytes] = Counter()
    if b"#" not in source.text:
        return found
    for node in source.nodes:
        if node.kind is NodeKind.COMMENT:
            found[source.text[node.start : node.end].strip()] += 1
        for piece in node.pieces:
            if piece.kind is PieceKind.COMMENT:
                found[source.text[piece.start : piece.end].strip()] += 1
    return found
