"""How a file writes its RUN chains: where `&&` stands, and how far continuation lines are indented."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from ..syntax.source import PieceKind
from .facts import Facts


class ChainStyle(NamedTuple):
    """`trailing`: lines end in `&& \\`, else they begin with `&& `. `indent` is what such lines begin with."""

    trailing: bool = False
    indent: bytes = b"    "


def chain_style(facts: Facts) -> ChainStyle:
    """The style that most chains of the file have; leading `&&` and four blanks where there is none."""
    leading: Counter[bytes] = Counter()
    trailing: Counter[bytes] = Counter()
    text = facts.source.text
    for instruction in facts.instructions:
        if instruction.keyword != "RUN":
            continue
        code = [piece for piece in instruction.node.pieces if piece.kind is PieceKind.CODE]
        for above, piece in zip(code, code[1:], strict=False):
            line = text[piece.start : piece.stop]
            indent = line[: len(line) - len(line.lstrip())]
            if line.lstrip().startswith(b"&&"):
                leading[indent] += 1
            elif text[above.start : above.stop].rstrip().endswith(b"&&"):
                trailing[indent] += 1
    chosen = trailing if trailing.total() > leading.total() else leading
    if not chosen:
        return ChainStyle()
    return ChainStyle(chosen is trailing, chosen.most_common(1)[0][0])
