"""How instructions, commands and words are taken out of the text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from ...syntax.edit import Edit
from ...syntax.instruction import Instruction
from ...syntax.source import Node, NodeKind
from ..cleared import dropped
from ..facts import Facts
from ..runs import Run
from .deleted import Deleted, is_emptied


def without_deletions(facts: Facts, run: Run, deleted: Sequence[Deleted]) -> tuple[Edit, ...] | str:
    """The edits that take deletions, or words of them, out of a RUN, or all of it; or why they can't go."""
    if is_emptied(run, deleted):
        return (without(facts, run.instruction),)
    found = dropped(run, [one.deletion.one.command for one in deleted if one.whole])
    if isinstance(found, str):
        return found
    base = run.parsed.text.base if run.parsed is not None else 0
    edits = [Edit(base + one.start, base + one.end, b"") for one in found]
    for one in deleted:
        words = list(_without_words(one, base))
        if any(run.has_comment(edit.start, edit.end) for edit in words):
            return "a comment stands between the words of its `rm`"
        edits += words
    return tuple(edits)


def without(facts: Facts, instruction: Instruction, *, along: bool = False) -> Edit:
    """The edit that takes an instruction away, with a blank line where there would be two.

    `along`: the comments above it go, too.
    """
    nodes = facts.source.nodes
    at = nodes.index(instruction.node)
    top = nodes.index(next(iter(comments_above(facts, instruction)), instruction.node)) if along else at
    above = top == 0 or nodes[top - 1].kind is NodeKind.BLANK
    below = at + 1 < len(nodes) and nodes[at + 1].kind is NodeKind.BLANK
    start, text = instruction.node.start, facts.source.text
    if instruction.node.end == len(text) and not text.endswith(b"\n"):
        # Who writes no line end at the end of a file shall have none there.
        start = len(text[:start].removesuffix(b"\n").removesuffix(b"\r"))
    return Edit(start, nodes[at + 1].end if above and below else instruction.node.end, b"")


def comments_above(facts: Facts, instruction: Instruction) -> tuple[Node, ...]:
    """The comment lines directly above an instruction."""
    nodes = facts.source.nodes
    at = first = nodes.index(instruction.node)
    while first > 0 and nodes[first - 1].kind is NodeKind.COMMENT:
        first -= 1
    return nodes[first:at]


def _without_words(deleted: Deleted, base: int) -> Iterator[Edit]:
    if deleted.whole:
        return
    words = deleted.deletion.one.command.words
    for before, word in pairwise(words):
        if word in deleted.words:
            yield Edit(base + before.end, base + word.end, b"")
