"""The edits that move instructions with their comments, and nothing else."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from ..syntax.edit import Edit
from ..syntax.join import line_end
from ..syntax.source import Node, NodeKind
from .facts import Facts

# A comment that is for the next instruction alone.
_PRAGMA = re.compile(
    rb"\s*#\s*(?:hadolint|dockfix|check|checkov|trivy|kics|semgrep|nosemgrep|renovate)\b", re.IGNORECASE
)


class _Block(NamedTuple):
    """An instruction with the comment lines directly above it: the nodes from `first` to `last`, exclusive."""

    first: int
    last: int


def above(facts: Facts, indices: Sequence[int], target: int) -> tuple[Edit, ...]:
    """Move instructions up, in their order, to directly above the `target`-th and its comments."""
    into = facts.source.nodes[_block(facts, target).first].start
    return _moved(facts, indices, into, begins_paragraph(facts, target), ends=False)


def below(facts: Facts, indices: Sequence[int], target: int) -> tuple[Edit, ...]:
    """Move instructions down, in their order, to directly below the `target`-th."""
    into = facts.instructions[target].node.end
    return _moved(facts, indices, into, _has_blank_below(facts, _block(facts, target)), ends=True)


def around(facts: Facts, index: int, target: int, lines: Sequence[bytes]) -> tuple[Edit, ...]:
    """Move an instruction to below the `target`-th, and write `lines` (without their ends) above that."""
    cut, moved = below(facts, [index], target)
    into = facts.source.nodes[_block(facts, target).first].start
    newline = line_end(facts.source.text, 0)
    return (cut, Edit(into, into, b"".join(line + newline for line in lines)), moved)


def _moved(facts: Facts, indices: Sequence[int], into: int, apart: bool, *, ends: bool) -> tuple[Edit, ...]:
    text = facts.source.text
    newline = line_end(text, 0)
    blocks = [_whole(facts, row) for row in _rows(facts, indices)]
    cuts = [_cut(facts, block) for block in blocks]
    lines = b""
    for block in blocks:
        part = b"".join(text[node.start : node.end] for node in facts.source.nodes[block.first : block.last])
        gap = newline if lines and _has_blank_above(facts, block) else b""
        lines += gap + part if part.endswith(b"\n") else gap + part + newline
    if apart and any(_is_apart(facts, block) for block in blocks):
        lines = newline + lines if ends else lines + newline
    if into == len(text) and not text.endswith(b"\n"):
        lines = newline + lines.removesuffix(newline)
    return (*cuts, Edit(into, into, lines))


def _rows(facts: Facts, indices: Sequence[int]) -> list[list[int]]:
    """The instructions that follow each other without a blank line, together."""
    rows: list[list[int]] = []
    for index in indices:
        if rows and rows[-1][-1] == index - 1 and not begins_paragraph(facts, index):
            rows[-1].append(index)
        else:
            rows.append([index])
    return rows


def _whole(facts: Facts, row: Sequence[int]) -> _Block:
    """The instructions with the comments above the first, but for a heading of more than these."""
    first, last = _block(facts, row[0]).first, _block(facts, row[-1]).last
    own = last - len(row)  # where there are no comments in between
    nodes = facts.source.nodes
    keywords = [nodes[at].keyword for at in (own, last) if at < len(nodes) and nodes[at].kind is NodeKind.INSTRUCTION]
    if len(keywords) == 2 and keywords[0] == keywords[1] != "RUN" and not _is_pragma(facts, nodes[own - 1]):
        return _Block(own, last)
    return _Block(first, last)


def _is_pragma(facts: Facts, node: Node) -> bool:
    return _PRAGMA.match(facts.source.text, node.start) is not None


def _cut(facts: Facts, block: _Block) -> Edit:
    """Take away instructions with their comments; of a paragraph also the blank lines on one side of it."""
    nodes, text = facts.source.nodes, facts.source.text
    first, last = block
    apart = _is_apart(facts, block)
    if apart and last < len(nodes):
        while last < len(nodes) and nodes[last].kind is NodeKind.BLANK:
            last += 1
    elif apart:
        while first and nodes[first - 1].kind is NodeKind.BLANK:
            first -= 1
    start, end = nodes[first].start, nodes[last - 1].end
    if end == len(text) and not text.endswith(b"\n"):
        # The file goes on having no end of its last line, which is now the one before.
        start -= 2 if text[:start].endswith(b"\r\n") else 1
    return Edit(start, end, b"")


def _block(facts: Facts, index: int) -> _Block:
    at = bisect_left(facts.source.nodes, facts.instructions[index].node.start, key=_start)
    first = at
    while first and facts.source.nodes[first - 1].kind is NodeKind.COMMENT:
        first -= 1
    return _Block(first, at + 1)


def _start(node: Node) -> int:
    return node.start


def begins_paragraph(facts: Facts, index: int) -> bool:
    """Whether a blank line stands above an instruction and its comments."""
    return _has_blank_above(facts, _block(facts, index))


def is_paragraph(facts: Facts, indices: Sequence[int]) -> bool:
    """Whether blank lines part neighbouring instructions, with their comments, from all others."""
    return _is_apart(facts, _whole(facts, indices))


def _is_apart(facts: Facts, block: _Block) -> bool:
    return _has_blank_above(facts, block) and _has_blank_below(facts, block)


def _has_blank_above(facts: Facts, block: _Block) -> bool:
    return block.first > 0 and facts.source.nodes[block.first - 1].kind is NodeKind.BLANK


def _has_blank_below(facts: Facts, block: _Block) -> bool:
    nodes = facts.source.nodes
    return block.last == len(nodes) or nodes[block.last].kind is NodeKind.BLANK
