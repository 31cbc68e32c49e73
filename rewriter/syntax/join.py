"""Write neighbouring RUNs as one, or one command more behind a RUN: `a && b && c`, comments in between kept."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .edit import Edit
from .script import Background, Script, Sequence as Statements
from .shell import Shell
from .source import Node, NodeKind, PieceKind, Source


class Side(NamedTuple):
    """A RUN to join; `wrap` is `(` for a subshell, `{` for a group, or empty."""

    node: Node
    shell: Shell
    wrap: str

    @property
    def script(self) -> Script:
        if self.shell.script is None:
            raise ValueError("an opaque RUN can't be joined")
        return self.shell.script

    @property
    def start(self) -> int:
        return self.shell.text.base + self.script.start

    @property
    def end(self) -> int:
        return self.shell.text.base + self.script.end


def joined(source: Source, sides: Sequence[Side], indent: bytes, trailing: bool) -> tuple[Edit, ...]:
    """The edits that make the sides, neighbours in this order, one RUN.

    With `trailing`, `&&` stands at the ends of lines. Behind every side but the last there may only be blanks and
    `;` in its RUN, no comment.
    """
    edits: list[Edit] = []
    for index, side in enumerate(sides):
        last = index == len(sides) - 1
        edits += _opening(source, side, index == 0, indent if trailing else indent + b"&& ")
        edits += _closing(source, side, last, trailing)
        if not last:
            edits += _between(source, side.node.end, sides[index + 1].node.start, indent)
    return tuple(edit for edit in edits if source.text[edit.start : edit.end] != edit.new)


def appended(
    source: Source, side: Side, command: bytes, joint: bytes, indent: bytes, trailing: bool
) -> tuple[Edit, ...]:
    """The edits that put a command behind the side, joined by `joint` (`&&` or `;`), on a line of its own.

    `trailing`: the joint stands at the end of the line above, as `;` always does. The side must end in the last
    code line of its RUN, without a shell comment.
    """
    text_end = _text_end(side)
    newline = line_end(source.text, side.end)
    if joint == b";":
        above, lead = b"; ", indent
    elif trailing:
        above, lead = b" " + joint + b" ", indent
    else:
        above, lead = b" ", indent + joint + b" "
    return (Edit(side.end, text_end, above + source.escape + newline + lead + command),)


def line_end(text: bytes, at: int) -> bytes:
    """The line end of the line before byte `at`, of the next one where there is none."""
    found = text.rfind(b"\n", 0, at)
    if found < 0:
        found = text.find(b"\n", at)
    return b"\r\n" if found > 0 and text[found - 1 : found] == b"\r" else b"\n"


def _text_end(side: Side) -> int:
    """Where the text of the RUN stops: behind the side there are only blanks and `;`, maybe on lines of their own."""
    return [piece.stop for piece in side.node.pieces if piece.kind is PieceKind.CODE][-1]


def _opening(source: Source, side: Side, first: bool, lead: bytes) -> Iterator[Edit]:
    opener = b"" if not side.wrap else b"{ " if side.wrap == "{" else b"("
    if opener == b"(" and source.text[side.start : side.start + 1] == b"(":
        opener = b"( "  # `((` begins an arithmetic command.
    if first:
        yield Edit(side.start, side.start, opener)
        return
    for piece in side.node.pieces:
        if piece.start <= side.start < piece.end:
            yield Edit(piece.start, side.start, lead + opener)
            return
        if piece.kind is not PieceKind.COMMENT:
            yield Edit(piece.start, piece.end, b"")


def _closing(source: Source, side: Side, last: bool, trailing: bool) -> Iterator[Edit]:
    text_end = _text_end(side)
    rest = source.text[side.end : text_end]
    ended = len(rest) - len(rest.lstrip(b" \t;"))
    closer = b""
    if side.wrap == "(":
        closer = b" )" if source.text[side.end - 1 : side.end] == b")" else b")"
    elif side.wrap == "{":
        closer = b" }" if _ends_in_background(side.script) else b"; }"
    if not last:
        onward = b" && " if trailing else b" "
        yield Edit(side.end, text_end, closer + onward + source.escape)
    elif closer:
        yield Edit(side.end, side.end + (ended if b";" in rest[:ended] else 0), closer)


def _ends_in_background(script: Script) -> bool:
    if isinstance(script, Statements):
        return _ends_in_background(script.items[-1])
    return isinstance(script, Background)


def _between(source: Source, start: int, end: int, indent: bytes) -> Iterator[Edit]:
    """Comments move in; a blank line between two of them becomes an empty comment, any other goes."""
    nodes = source.nodes_between(start, end)
    comments = [node.start for node in nodes if node.kind is NodeKind.COMMENT]
    for node in nodes:
        line = source.text[node.start : node.end]
        content = node.end - len(line.lstrip())
        if node.kind is NodeKind.COMMENT:
            yield Edit(node.start, content, indent)
        elif comments and comments[0] < node.start < comments[-1]:
            yield Edit(node.start, node.end - len(line) + len(line.rstrip(b"\r\n")), indent + b"#")
        else:
            yield Edit(node.start, node.end, b"")
