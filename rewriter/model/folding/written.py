"""The edits that write flags at copies and take away the commands that these do for; comments stay with theirs."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from ...syntax.edit import Edit
from ...syntax.source import Node, NodeKind
from ..facts import Facts
from ..runs import runs
from .fold import Fold
from .states import Flag

# What a comment says that is about the command, and not about what stands around it.
_OF_MODES = re.compile(
    rb"chmod|chown|execut|permi|\bmod(?:e|us)\b|owner|own\b|rights?\b|access|runn?able|read|writ", re.IGNORECASE
)


def written(facts: Facts, fold: Fold) -> tuple[Edit, ...] | str:
    """The edits; or why there are none that keep all comments and flags as they are written."""
    edits: list[Edit] = []
    for index, flags in fold.flags.items():
        found = _flagged(facts, index, flags)
        if found is None:
            return "a flag of the copy is not written in one piece"
        edits += found
    gone = _shortened(facts, fold) if fold.rest is not None else _removed(facts, fold)
    return gone if isinstance(gone, str) else (*edits, *gone)


def _flagged(facts: Facts, index: int, flags: Sequence[Flag]) -> list[Edit] | None:
    """A flag in the place of the one that it follows; else at the end of all."""
    instruction = facts.instructions[index]
    text, start, at = facts.source.text, instruction.node.start, instruction.rest_at
    edits: list[Edit] = []
    new = b""
    for flag in flags:
        if not flag.before:
            new += flag.after + b" "
            continue
        if text.count(flag.before, start, at) != 1:
            return None
        found = text.index(flag.before, start, at)
        edits.append(Edit(found, found + len(flag.before), flag.after))
    return [*edits, Edit(at, at, new)] if new else edits


def _shortened(facts: Facts, fold: Fold) -> list[Edit] | str:
    run = facts.of(runs)[fold.position]
    if run.parsed is None or fold.rest is None:
        return run.refused
    base = run.parsed.text.base
    start, end = base + fold.dropped[0].start, base + fold.rest.start
    return _IN_THE_WAY if run.has_comment(start, end) else [Edit(start, end, b"")]


_IN_THE_WAY = "a comment stands in what would be dropped"


def _removed(facts: Facts, fold: Fold) -> list[Edit] | str:
    """The RUN goes, with a blank line next to it where one is on both sides; a comment that is its own moves along."""
    nodes, text = facts.source.nodes, facts.source.text
    node = facts.instructions[fold.position].node
    if facts.of(runs)[fold.position].has_comment(node.start, node.end):
        return _IN_THE_WAY
    at = first = bisect_left(nodes, node.start, key=_start)
    while first and nodes[first - 1].kind is NodeKind.COMMENT:
        first -= 1
    moved: list[Edit] = []
    if first < at and not _stay(facts, first, at):
        into = min((index for index, flags in fold.flags.items() if flags), default=None)
        if into is not None:
            start = facts.instructions[into].node.start
            moved = [Edit(start, start, text[nodes[first].start : nodes[at].start])]
        else:
            first = at
    else:
        first = at
    return [*moved, _cut(facts, first, at)]


def _stay(facts: Facts, first: int, at: int) -> bool:
    """Whether the comments above the RUN are about what follows it, too."""
    nodes, text = facts.source.nodes, facts.source.text
    goes_on = at + 1 < len(nodes) and nodes[at + 1].kind is not NodeKind.BLANK
    return goes_on and _OF_MODES.search(text, nodes[first].start, nodes[at].start) is None


def _cut(facts: Facts, first: int, at: int) -> Edit:
    """Take the nodes from `first` to `at` away; of a paragraph also the blank lines below, or above at the end."""
    nodes, text = facts.source.nodes, facts.source.text
    last = at + 1
    above = first > 0 and nodes[first - 1].kind is NodeKind.BLANK
    if above and last == len(nodes):
        while first and nodes[first - 1].kind is NodeKind.BLANK:
            first -= 1
    while above and last < len(nodes) and nodes[last].kind is NodeKind.BLANK:
        last += 1
    start, end = nodes[first].start, nodes[last - 1].end
    if end == len(text) and not text.endswith(b"\n"):
        # The file goes on having no end of its last line, which is now the one before.
        start -= 2 if text[:start].endswith(b"\r\n") else 1
    return Edit(start, end, b"")


def _start(node: Node) -> int:
    return node.start
