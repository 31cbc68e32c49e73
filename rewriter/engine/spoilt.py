"""What no licence lets a change do to a text: lose a comment, or write a line that BuildKit does not read."""

from collections import Counter
from collections.abc import Iterator

from ..syntax.source import NodeKind, PieceKind, Source

_LONGEST_LINE = 65_000  # bytes; BuildKit's scanner gives up at 64 KiB


def spoilt(before: Source, was: bytes, after: Source) -> Iterator[str]:
    """What of that has happened to a text, or to a part of it: to the nodes of `before`, which read `was`."""
    lost = _comments(before) - _comments(after)
    yield from (f"a comment is lost: {text.decode('utf-8', 'replace')}" for text in lost)
    if _longest_line(after.text) > max(_LONGEST_LINE, _longest_line(was)):
        yield "a line is longer than BuildKit reads"


def _comments(source: Source) -> Counter[bytes]:
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


def _longest_line(text: bytes) -> int:
    return max(map(len, text.split(b"\n")))
