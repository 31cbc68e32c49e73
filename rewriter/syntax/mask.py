"""RUN text -> masked view: the same length, so that every shell offset is a source offset.

What only the Dockerfile parser sees (keyword, flags, continuations, comments and blank lines inside them, CR) is
blanked, and what is left is what the shell gets.
"""

from typing import NamedTuple

from .source import Node, PieceKind, trimmed


class Text(NamedTuple):
    """A script with what the Dockerfile parser takes out of it: offsets are bytes from `base` in the file."""

    base: int
    source: bytes
    masked: bytes
    gaps: tuple[tuple[int, int], ...]

    def clean(self, start: int, end: int) -> bytes:
        """The bytes from `start` to `end` as the shell gets them."""
        text = self.source[start:end]
        if b"\n" not in text:
            return text
        parts = []
        for left, right in self.gaps:
            if left >= end:
                break
            if right > start:
                parts.append(self.source[start : max(start, left)])
                start = right
        return b"".join([*parts, self.source[start:end]])


def mask(text: bytes, node: Node, start: int) -> Text | None:
    """The masked view of a shell form from byte `start` of the file on; None where a word spans a blanked line."""
    base = node.start
    code = [piece for piece in node.pieces if piece.kind is PieceKind.CODE]
    end = code[-1].stop
    source = text[base:end]
    if trimmed(text[start:end]) != text[start:end].strip():
        return None  # A blank of another script at the end is none to the shell, but goes with the instruction.
    if len(code) == 1:
        return Text(base, source, b" " * (start - base) + text[start:end], ())
    masked = bytearray(b" " * (end - base))
    gaps = []
    for piece, following in zip(code, [*code[1:], None], strict=True):
        left = max(piece.start, start)
        if left < piece.stop:
            masked[left - base : piece.stop - base] = text[left : piece.stop]
        if following is None:
            continue
        gaps.append((piece.stop - base, following.start - base))
        joined = text[piece.stop - 1 : piece.stop] + text[following.start : following.start + 1]
        if piece.stop <= start or not joined.strip(b" \t") or len(joined.split()) != 1 or len(joined.strip()) < 2:
            continue
        if following.start - piece.stop != 2 or not _joint(joined):
            return None
        masked[piece.stop - base : following.start - base] = b"\\\n"
    return Text(base, source, bytes(masked), tuple(gaps))


def _joint(around: bytes) -> bool:
    """Whether the characters around a continuation stay apart in the shell's eyes: one ends or begins an operator."""
    left, right = around[:1], around[1:]
    return (left in b"&|;()") != (right in b"&|;()") and not (right == b"(" and left in b"$<>=@?*+!")
