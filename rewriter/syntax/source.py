"""Bytes -> lossless Dockerfile tree.

A Dockerfile is a list of nodes (directive, comment, blank, instruction), an instruction a list of
pieces (code line, comment or blank inside a continuation, heredoc body, heredoc end). Together they
partition the file byte for byte, which is checked on every parse. The rules are those of BuildKit's
`frontend/dockerfile/parser`; where BuildKit would reject the file, the tree carries a diagnostic.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import NamedTuple

from .words import Heredoc, heredocs

BOM = b"\xef\xbb\xbf"
# Go's unicode.IsSpace, as UTF-8.
SPACE = rb"(?:[\t\n\v\f\r ]|\xc2[\x85\xa0]|\xe1\x9a\x80|\xe2\x80[\x80-\x8a\xa8\xa9\xaf]|\xe2\x81\x9f|\xe3\x80\x80)"
_LEADING = re.compile(SPACE + rb"*")
_TRAILING = re.compile(SPACE + rb"+$")
_VISIBLE, _BEYOND_ASCII = b"!", b"\x7f"
_DIRECTIVE = rb"#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$"
_DIRECTIVES = {b"syntax", b"escape", b"check"}
_FIRST_WORD = re.compile(rb"[^\t\v\f\r ]*")


class NodeKind(Enum):
    DIRECTIVE = "directive"
    COMMENT = "comment"
    BLANK = "blank"
    INSTRUCTION = "instruction"


class PieceKind(Enum):
    CODE = "code"
    COMMENT = "comment"
    BLANK = "blank"
    HEREDOC_BODY = "heredoc body"
    HEREDOC_END = "heredoc end"


class Piece(NamedTuple):
    """One physical line (a heredoc body: all its lines) from byte `start` to `end`, line end included.

    `stop` is where the text ends that the instruction gets: before the escape character of a
    continuation, the blanks behind it, and the line end.
    """

    kind: PieceKind
    start: int
    stop: int
    end: int


class Node(NamedTuple):
    """A part of the file from byte `start` to `end`. The other fields are an instruction's.

    `keyword` is in upper case; `open`: its last code line goes on, but the file does not.
    """

    kind: NodeKind
    start: int
    end: int
    pieces: tuple[Piece, ...] = ()
    keyword: str = ""
    heredocs: tuple[Heredoc, ...] = ()
    open: bool = False

    def line(self, text: bytes) -> bytes:
        """The logical line, as BuildKit joins it: no continuations, no comments, no heredoc bodies."""
        return b"".join([text[p.start : p.stop] for p in self.pieces if p.kind is PieceKind.CODE])


class Diagnostic(NamedTuple):
    """Why BuildKit rejects the file, and the byte offset of the line at fault."""

    at: int
    message: str


class Source(NamedTuple):
    """A parsed text. `escape` is the escape character in force; a text with `problems` is never edited.

    `complete` says that the text ends between two instructions: not in a continuation, not in a heredoc.
    """

    text: bytes
    nodes: tuple[Node, ...]
    escape: bytes
    problems: tuple[Diagnostic, ...] = ()
    complete: bool = True

    @property
    def instructions(self) -> list[Node]:
        return [node for node in self.nodes if node.kind is NodeKind.INSTRUCTION]

    def nodes_between(self, start: int, end: int) -> tuple[Node, ...]:
        """The nodes from byte `start` to byte `end`, both ends of nodes."""
        first = bisect_left(self.nodes, start, key=_start)
        return self.nodes[first : bisect_left(self.nodes, end, key=_start)]


def trimmed(line: bytes) -> bytes:
    """The line without the blanks around it, as Go's strings.TrimSpace has it."""
    line = _from_first(line)
    return line.rstrip() if line.isascii() else _TRAILING.sub(b"", line)


def _from_first(line: bytes) -> bytes:
    """The line without the blanks it begins with."""
    if _VISIBLE <= line[:1] < _BEYOND_ASCII:
        return line
    leading = _LEADING.match(line)
    return line[leading.end() :] if leading else line


def _start(node: Node) -> int:
    return node.start


def parse(text: bytes, escape: bytes | None = None) -> Source:
    """Read a Dockerfile; never raises on input.

    With `escape`, `text` is a part from the middle of a file in which that escape character is in
    force: there, directives are plain comments.
    """
    parser = Parser(text, escape)
    nodes = tuple(parser.nodes())
    check_partition(nodes, 0, len(text))
    return Source(text, nodes, parser.escape, tuple(parser.problems), parser.complete)


def check_partition(nodes: Iterable[Node], start: int, end: int) -> None:
    """Raises AssertionError where the nodes are not the bytes from `start` to `end`, one behind the other."""
    at = start
    for node in nodes:
        inner = node.start
        for piece in node.pieces:
            if piece.start != inner:
                raise AssertionError(f"pieces leave a gap at byte {inner}")
            inner = piece.end
        if node.start != at or (node.pieces and inner != node.end):
            raise AssertionError(f"nodes leave a gap at byte {at}")
        at = node.end
    if at != end:
        raise AssertionError(f"nodes end at byte {at} of {end}")


class Parser:
    """Reads nodes from byte `at` on; `problems` and `complete` are those of what it has read."""

    def __init__(self, text: bytes, escape: bytes | None) -> None:
        self.text = text
        self.escape = escape or b"\\"
        self.problems: list[Diagnostic] = []
        self.complete = True
        self._head = escape is None
        self._seen: set[bytes] = set()
        self.at = 0

    def nodes(self) -> Iterator[Node]:
        """The nodes up to the end of the text; after each, `at` is where it ends."""
        text = self.text
        while self.at < len(text):
            start = self.at
            first = len(BOM) if start == 0 and self._head_of_file() else start
            end = self._next_line()
            content = self._trimmed(first, end)
            if content.startswith(b"#"):
                yield Node(self._comment_kind(content, start), start, end)
                continue
            self._head = False
            if not content:
                yield Node(NodeKind.BLANK, start, end)
                continue
            yield self._instruction(start, first, end)

    def _head_of_file(self) -> bool:
        return self._head and self.text.startswith(BOM)

    def _next_line(self) -> int:
        found = self.text.find(b"\n", self.at)
        self.at = len(self.text) if found < 0 else found + 1
        return self.at

    def _trimmed(self, start: int, end: int) -> bytes:
        return _from_first(self.text[start:end].rstrip(b"\r\n"))

    def _comment_kind(self, content: bytes, start: int) -> NodeKind:
        match = re.match(_DIRECTIVE, content) if self._head else None
        name = match[1].lower() if match else b""
        if not match or name not in _DIRECTIVES:
            self._head = False
            return NodeKind.COMMENT
        if name in self._seen:
            self.problems.append(Diagnostic(start, f"only one {name.decode()} parser directive can be used"))
        self._seen.add(name)
        if name == b"escape" and match[2] in (b"`", b"\\"):
            self.escape = match[2]
        elif name == b"escape":
            self.problems.append(Diagnostic(start, "invalid escape directive: it must be ` or \\"))
        return NodeKind.DIRECTIVE

    def _told(self, line: bytes) -> tuple[bytes, bool]:
        """What a code line says, and whether it continues."""
        blank_free = line.rstrip(b" \t")
        if blank_free.endswith(self.escape) and not blank_free.endswith(self.escape * 2):
            return blank_free[:-1], True
        return line, False

    def _instruction(self, start: int, first: int, end: int) -> Node:
        told, continues = self._told(self.text[first:end].rstrip(b"\r\n"))
        pieces = [Piece(PieceKind.CODE, start, first + len(told), end)]
        code = [told]
        while continues and self.at < len(self.text):
            begin = self.at
            end = self._next_line()
            line = self.text[begin:end].rstrip(b"\r\n")
            content = _from_first(line)
            if not content or content.startswith(b"#"):
                kind = PieceKind.COMMENT if content else PieceKind.BLANK
                pieces.append(Piece(kind, begin, begin, end))
                continue
            told, continues = self._told(line)
            pieces.append(Piece(PieceKind.CODE, begin, begin + len(told), end))
            code.append(told)
        self.complete = not continues
        line = trimmed(b"".join(code))
        keyword = _keyword(line)
        found = heredocs(line, keyword) if b"<<" in line else ()
        for heredoc in found:
            pieces += self._heredoc(heredoc, start)
        return Node(NodeKind.INSTRUCTION, start, self.at, tuple(pieces), keyword, found, continues)

    def _heredoc(self, heredoc: Heredoc, start: int) -> Iterator[Piece]:
        body = self.at
        while self.at < len(self.text):
            begin = self.at
            end = self._next_line()
            line = self.text[begin:end].rstrip(b"\r\n")
            if (line.lstrip(b"\t") if heredoc.chomp else line) == heredoc.name:
                if begin > body:
                    yield Piece(PieceKind.HEREDOC_BODY, body, begin, begin)
                yield Piece(PieceKind.HEREDOC_END, begin, begin, end)
                return
        self.complete = False
        self.problems.append(Diagnostic(start, f"unterminated heredoc {heredoc.name.decode(errors='replace')}"))
        if self.at > body:
            yield Piece(PieceKind.HEREDOC_BODY, body, self.at, self.at)


def _keyword(line: bytes) -> str:
    match = _FIRST_WORD.match(line)
    return match[0].decode("utf-8", "surrogateescape").upper() if match else ""
