"""Bake files in HCL, read by tree-sitter's grammar: it loads in milliseconds, and no nesting is too deep for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, partial
from typing import TYPE_CHECKING, NamedTuple

from .described import Unknown, Wrong
from .values import Block, Field, Scope, Value, number, template

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

_DEPTH = 50


@cache
def _parser() -> Parser:
    import tree_sitter_hcl
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_hcl.language()))


def hcl_blocks(path: str, text: bytes) -> Iterator[Block]:
    """The blocks of the file at `path`, which holds `text`; raises Wrong."""
    body = _body(text)
    if body is None:
        return
    yield Block(path, "", "", 0, _fields(body))
    for node in body.named_children:
        if node.type == "block":
            kind, label, inner = _opened(node)
            yield Block(path, kind, label, _line(node), {} if inner is None else _fields(inner))


class Attribute(NamedTuple):
    """An attribute of the block with this label; its value is the expression from byte `start` to `end`."""

    label: str
    start: int
    end: int


def attributes(text: bytes, kind: str, name: str) -> Iterator[Attribute]:
    """The attributes of this name in blocks of this kind; raises Wrong."""
    body = _body(text)
    for block in [] if body is None else body.named_children:
        found, label, inner = _opened(block) if block.type == "block" else ("", "", None)
        for node in inner.named_children if inner is not None and found == kind else ():
            if node.type == "attribute" and _text(node.named_children[0]) == name:
                value = node.named_children[-1]
                yield Attribute(label, value.start_byte, value.end_byte)


def _body(text: bytes) -> Node | None:
    """What the file consists of, None where that is nothing; raises Wrong."""
    root = _parser().parse(text).root_node
    if root.has_error:
        raise Wrong("not HCL", _first_error(root).start_point[0] + 1)
    return next((node for node in root.named_children if node.type == "body"), None)


def _opened(block: Node) -> tuple[str, str, Node | None]:
    """The kind of a block, its label, and what is in it."""
    kind, *labels = [child for child in block.named_children if child.type in ("identifier", "string_lit")]
    inner = next((child for child in block.named_children if child.type == "body"), None)
    return _text(kind), _text(labels[0]).strip('"') if labels else "", inner


def _first_error(node: Node) -> Node:
    """The first node that the parser could not make sense of."""
    while True:
        wrong = next((child for child in node.children if child.has_error or child.is_missing), None)
        if wrong is None or node.is_error:
            return node
        node = wrong


def _fields(body: Node) -> dict[str, Field]:
    found: dict[str, Field] = {}
    for node in body.named_children:
        if node.type == "attribute":
            name, expression = (child for child in node.named_children if child.type in ("identifier", "expression"))
            if _text(name) in found:
                raise Wrong(f"`{_text(name)}` stands here twice", _line(node))
            found[_text(name)] = Field(_line(node), partial(_evaluate, expression))
    return found


def _text(node: Node) -> str:
    return (node.text or b"").decode()


def _line(node: Node) -> int:
    return node.start_point[0] + 1


def _parts(node: Node) -> list[Node]:
    return [child for child in node.named_children if child.type != "comment"]


def _evaluate(node: Node, scope: Scope, depth: int = 0) -> Value:
    """The value of an expression."""
    parts = _parts(node)
    if depth > _DEPTH or not parts:
        return Unknown(_text(node))
    first = parts[0]
    match first.type:
        case "expression" | "literal_value" | "template_expr" | "collection_value" if len(parts) == 1:
            return _evaluate(first, scope, depth + 1)
        case "string_lit" | "quoted_template":
            return template(_text(first)[1:-1], scope, escapes=True)
        case "heredoc_template":
            return template(heredoc(_text(first)), scope, escapes=False)
        case "numeric_lit":
            return number(_text(first))
        case "bool_lit":
            return _text(first)
        case "null_lit":
            return None
        case "variable_expr" if all(part.type == "get_attr" for part in parts[1:]):
            return scope.value([_text(part).lstrip(".").strip() for part in parts])
        case "tuple":
            return [_evaluate(part, scope, depth + 1) for part in _parts(first) if part.type == "expression"]
        case "object":
            return _object(first, scope, depth)
    return Unknown(_text(node))


def _object(node: Node, scope: Scope, depth: int) -> Value:
    found: dict[str, Value] = {}
    for element in _parts(node):
        if element.type == "object_elem":
            key, value = _parts(element)
            # A bare word is a name for the key, and the value of a variable only in parentheses.
            name = _text(key) if re.fullmatch(r"[A-Za-z_][\w-]*", _text(key)) else _evaluate(key, scope, depth + 1)
            if not isinstance(name, str):
                return Unknown(_text(node))
            found[name] = _evaluate(value, scope, depth + 1)
    return found


def heredoc(text: str) -> str:
    """The value of a heredoc, of which `text` is all from its `<<` on, placeholders as they are written."""
    opening, _, rest = text.partition("\n")
    body = rest[: rest.rfind("\n") + 1]
    if not opening.startswith("<<-"):
        return body
    # HCL neither counts nor cuts a line of blanks, which `textwrap.dedent` would empty.
    lines = re.findall(r"[^\n]*\n", body)
    indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "".join(line[indent:] if line.strip() else line for line in lines)
