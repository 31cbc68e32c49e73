"""The edits that cut a stage in two."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...syntax.edit import Edit
from ...syntax.join import line_end
from ...syntax.source import BOM, Node, NodeKind
from ..facts import Facts
from ..stages import layout
from ..style import chain_style
from .split import NotTold, Piece, Split

_LONGEST = 100  # columns of a command in one line
_NAMES = (b"build", b"builder", b"compile", b"build-stage")


def edits(facts: Facts, split: Split) -> tuple[Edit, ...]:
    """The edits of the file. Raises NotTold where a line is written in a way that they cannot follow."""
    text = facts.source.text
    newline = line_end(text, len(text))
    moved = [span for piece in (*split.before, *split.behind) if piece.moves for span in [_span(facts, piece.at)]]
    end = facts.instructions[split.last].node.end
    runtime = newline.join(_runtime(facts, split, newline))
    ends = text[:end].endswith(b"\n")
    follows = end < len(text)
    new = (b"" if ends else newline) + newline + runtime + (newline if ends or follows else b"")
    return (
        *_of_from(facts, _free_name(facts)),
        *(Edit(start, stop, b"") for start, stop in moved),
        Edit(end, end, new),
    )


def _free_name(facts: Facts) -> bytes:
    text = facts.source.text.lower()
    name = facts.of(layout).stages[0].name.encode()
    taken = {name} | set(re.findall(rb"from[=\s]+([\w-]+)", text))
    return next((one for one in _NAMES if one not in taken), b"build-of-dockfix")


def _of_from(facts: Facts, name: bytes) -> tuple[Edit, ...]:
    """The FROM line gets the name; one that it has is the final stage's."""
    instruction = facts.instructions[facts.of(layout).stages[0].first]
    words = instruction.rest.split()
    code = facts.source.text[instruction.rest_at : instruction.rest_at + len(instruction.rest)]
    if code != instruction.rest:
        raise NotTold("its FROM runs on over a continuation")
    end = instruction.rest_at + len(instruction.rest)
    if len(words) > 2:
        return (Edit(end - len(words[2]), end, name),)
    keyword = b"as" if facts.source.text[instruction.node.start :].lstrip(BOM + b" \t").startswith(b"from") else b"AS"
    return (Edit(end, end, b" " + keyword + b" " + name),)


def _runtime(facts: Facts, split: Split, newline: bytes) -> Iterator[bytes]:
    """The lines of the runtime stage as far as they are new."""
    name = _free_name(facts)
    yield _line(facts, facts.of(layout).stages[0].first)
    for piece in split.before:
        yield _piece(facts, piece, newline)
    keyword = _cased(facts, b"COPY")
    for one in split.carried:
        path = one.path
        if b" " in path:
            raise NotTold("a path has a blank in it")
        yield keyword + b" --from=" + name + b" " + path + b" " + path
    for piece in split.behind:
        yield _piece(facts, piece, newline)


def _cased(facts: Facts, keyword: bytes) -> bytes:
    """The keyword as the file writes its own."""
    first = facts.instructions[facts.of(layout).stages[0].first]
    written = facts.source.text[first.node.start : first.node.end].lstrip(BOM + b" \t")
    return keyword.lower() if written.startswith(b"from") else keyword


def _line(facts: Facts, index: int) -> bytes:
    """An instruction as it stands, without the line end."""
    node = facts.instructions[index].node
    return facts.source.text[node.start : node.end].removeprefix(BOM).rstrip(b"\r\n")


def _piece(facts: Facts, piece: Piece, newline: bytes) -> bytes:
    if piece.commands is None:
        if piece.moves:
            start, stop = _span(facts, piece.at)
            return facts.source.text[start:stop].strip(b"\r\n")
        return _line(facts, piece.at)
    instruction = facts.instructions[piece.at]
    style = facts.of(chain_style)
    escape = b" " + facts.source.escape + newline
    commands = [_command(one, escape, style.indent) for one in piece.commands]
    joint = b" &&" + escape + style.indent if style.trailing else escape + style.indent + b"&& "
    return b" ".join([_cased(facts, b"RUN"), *instruction.flags, joint.join(commands)])


def _command(text: bytes, escape: bytes, indent: bytes) -> bytes:
    """A command; an install of many packages has each on a line of its own."""
    words = text.split(b" ")
    if len(text) <= _LONGEST or b"install" not in words or b"'" in text or b'"' in text:
        return text
    at = words.index(b"install") + 1
    while at < len(words) and words[at].startswith(b"-"):
        at += 1
    return (escape + indent + indent).join([b" ".join(words[:at]), *words[at:]])


def _span(facts: Facts, index: int) -> tuple[int, int]:
    """From where to where an instruction stands, with the comments directly above it."""
    node = facts.instructions[index].node
    nodes = facts.source.nodes
    at = nodes.index(node)
    start = at
    while start and nodes[start - 1].kind is NodeKind.COMMENT and not _is_head(nodes, start - 1):
        start -= 1
    stop = node.end
    if _is_blank(nodes, start - 1) and _is_blank(nodes, at + 1):
        stop = nodes[at + 1].end
    return nodes[start].start, stop


def _is_head(nodes: tuple[Node, ...], at: int) -> bool:
    """Whether a comment stands above the first instruction: it speaks of the file."""
    return all(node.kind is not NodeKind.INSTRUCTION for node in nodes[:at])


def _is_blank(nodes: tuple[Node, ...], at: int) -> bool:
    return 0 <= at < len(nodes) and nodes[at].kind is NodeKind.BLANK
