"""The string literals of a Python file, as libcst finds them."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider, CodeSpan, MetadataWrapper

_PLACEHOLDER = "x"
_BRACKETS = re.compile(rb"[(\[{]+|[)\]}]+")
# What CPython's tokenizer takes (MAXLEVEL); libcst's parser ends the process at about ten times that.
_DEEPEST = 200
_FORMATS = ("format", "format_map")


class Unread(Exception):
    """A file that libcst does not read."""


class Literal(NamedTuple):
    """A literal from byte `start` on; its text begins at `inside`, and ends with `quote`.

    `value` is what it stands for, with an `x` for each placeholder of an f-string. `trouble`: why its text cannot be
    its value. `raw`: a backslash is one; `braces`: a brace is none, as in f-strings. `filled`: something is put in by
    `%` or `format`. `dedented`: the literal is all that `dedent` is called with.
    """

    start: int
    inside: int
    quote: bytes
    value: bytes
    trouble: str = ""
    raw: bool = False
    braces: bool = False
    filled: bool = False
    dedented: bool = False


_Strings = cst.SimpleString | cst.FormattedString | cst.ConcatenatedString


def literals(document: bytes) -> Iterator[Literal]:
    """The literals of more than one line; raises Unread."""
    if _depth(document) > _DEEPEST:
        raise Unread
    try:
        module = cst.parse_module(document)
        if module.bytes != document or module.encoding != "utf-8":
            raise Unread
        wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
        spans = wrapper.resolve(ByteSpanPositionProvider)
        strings = _Finder()
        module.visit(strings)
    except (cst.ParserSyntaxError, UnicodeDecodeError, LookupError, RecursionError) as error:
        raise Unread from error
    for node in strings.found:
        with warnings.catch_warnings():
            # Python warns of `\d` in a literal; that is for those who run the file.
            warnings.simplefilter("ignore")
            literal = _literal(node, spans[node])
        if b"\n" in literal.value:
            yield literal._replace(filled=node in strings.filled, dedented=node in strings.dedented)


def _depth(document: bytes) -> int:
    """How deep brackets are nested at most, if those in texts are paired, too."""
    signed = (len(run[0]) if run[0][0] in b"([{" else -len(run[0]) for run in _BRACKETS.finditer(document))
    return max(accumulate(signed), default=0)


class _Finder(cst.CSTVisitor):
    def __init__(self) -> None:
        self.found: list[_Strings] = []
        self.filled: set[cst.CSTNode] = set()
        self.dedented: set[cst.CSTNode] = set()

    def visit_SimpleString(self, node: cst.SimpleString) -> None:  # noqa: N802
        self.found.append(node)

    def visit_FormattedString(self, node: cst.FormattedString) -> None:  # noqa: N802
        self.found.append(node)

    def visit_ConcatenatedString(self, node: cst.ConcatenatedString) -> bool:  # noqa: N802
        self.found.append(node)
        return False

    def visit_Call(self, node: cst.Call) -> None:  # noqa: N802
        name = node.func.attr if isinstance(node.func, cst.Attribute) else node.func
        called = name.value if isinstance(name, cst.Name) else ""
        if called == "dedent" and len(node.args) == 1 and not node.args[0].star:
            self.dedented.add(node.args[0].value)
        if called in _FORMATS and isinstance(node.func, cst.Attribute):
            self.filled.add(node.func.value)

    def visit_BinaryOperation(self, node: cst.BinaryOperation) -> None:  # noqa: N802
        if isinstance(node.operator, cst.Modulo):
            self.filled.add(node.left)


def _literal(node: _Strings, span: CodeSpan) -> Literal:
    if isinstance(node, cst.ConcatenatedString):
        return Literal(span.start, span.start, b"", _concatenated(node), "it is put together of several literals")
    if isinstance(node, cst.FormattedString):
        return _formatted(node, span)
    value = node.evaluated_value
    inside = span.start + len(node.prefix) + len(node.quote)
    known = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
    return Literal(span.start, inside, node.quote.encode(), known, raw="r" in node.prefix.lower())


def _formatted(node: cst.FormattedString, span: CodeSpan) -> Literal:
    texts = [part.value if isinstance(part, cst.FormattedStringText) else _PLACEHOLDER for part in node.parts]
    has_placeholders = not all(isinstance(part, cst.FormattedStringText) for part in node.parts)
    text = "".join(texts).replace("\r\n", "\n").replace("{{", "{").replace("}}", "}")
    raw = "r" in node.prefix.lower()
    return Literal(
        span.start,
        span.start + len(node.start),
        node.end.encode(),
        text.encode("utf-8", "surrogatepass"),
        "it is an f-string with placeholders" if has_placeholders else "",
        raw,
        braces=True,
    )


def _concatenated(node: cst.ConcatenatedString) -> bytes:
    value = node.evaluated_value
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value or b""
