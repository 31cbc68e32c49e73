"""How a file writes its RUN chains: where `&&` stands, and how far continuation lines are indented."""

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from ..syntax.instruction import Instruction
from ..syntax.source import PieceKind
from .facts import Facts


class ChainStyle(NamedTuple):
    """`trailing`: lines end in `&& \\`, else they begin with `&& `. `indent` is what such lines begin with."""

    trailing: bool = False
    indent: bytes = b"    "


def style_of(facts: Facts, chain: Iterable[Instruction]) -> ChainStyle:
    """The style of these instructions' own chains; where they have none, that of the file."""
    return _style(facts.source.text, chain) or facts.of(chain_style)


def chain_style(facts: Facts) -> ChainStyle:
    """The style that most chains of the file have; leading `&&` and four blanks where there is none."""
    return _style(facts.source.text, facts.instructions) or ChainStyle()


def _style(text: bytes, instructions: Iterable[Instruction]) -> ChainStyle | None:
    leading: Counter[bytes] = Counter()
    trailing: Counter[bytes] = Counter()
    for instruction in instructions:
        if instruction.keyword != "RUN":
            continue
        code = [piece for piece in instruction.node.pieces if piece.kind is PieceKind.CODE]
        for above, piece in pairwise(code):
            line = text[piece.start : piece.stop]
            indent = line[: len(line) - len(line.lstrip())]
            if line.lstrip().startswith(b"&&"):
                leading[indent] += 1
            elif text[above.start : above.stop].rstrip().endswith(b"&&"):
                trailing[indent] += 1
    chosen = trailing if trailing.total() > leading.total() else leading
    if not chosen:
        return None
    return ChainStyle(chosen is trailing, chosen.most_common()[0][0])


def last_indent(facts: Facts, instruction: Instruction) -> bytes:
    """What the last line of an instruction of several lines begins with."""
    code = [piece for piece in instruction.node.pieces if piece.kind is PieceKind.CODE]
    line = facts.source.text[code[-1].start : code[-1].stop]
    return line[: len(line) - len(line.lstrip())] if len(code) > 1 else b""
