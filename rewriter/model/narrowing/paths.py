"""What an expression says of a path: its text, with marks for what is not known and for the file's own folder."""

from __future__ import annotations

import re
from collections.abc import Mapping

import libcst as cst

from .libraries import ANCHORS, HERE, JOINS, SAME_PATH

DYNAMIC = "\0"
ANCHOR = "\1"  # where the file itself lies, or the working directory
_PLACEHOLDER = re.compile(r"%\(\w+\)[sdr]|%[-\d.]*[sdrif]|\{[^{}]*\}")
_DEEPEST = 40  # of nested expressions
Constants = Mapping[str, str]


def name_of(node: cst.BaseExpression) -> str:
    """The last name of what is called; empty where it has none."""
    if isinstance(node, cst.Name):
        return node.value
    return node.attr.value if isinstance(node, cst.Attribute) else ""


def text_of(node: cst.BaseExpression, known: Constants, depth: int = 0) -> str:
    """The path as far as it is known. `known` are the constants of the file, as such texts."""
    if depth > _DEEPEST:
        return DYNAMIC
    match node:
        case cst.SimpleString():
            return _literal(node)
        case cst.Name():
            if node.value in ANCHORS:
                return ANCHOR
            return known.get(node.value, DYNAMIC)
        case cst.Attribute(attr=cst.Name("parent")):
            return text_of(node.value, known, depth + 1)
        case cst.Subscript(value=cst.Attribute(attr=cst.Name("parents"), value=path)):
            return text_of(path, known, depth + 1)
        case cst.Call():
            return _called(node, known, depth + 1)
    return _joined(node, known, depth + 1)


def _joined(node: cst.BaseExpression, known: Constants, depth: int) -> str:
    """What is made of several parts."""
    match node:
        case cst.FormattedString():
            return "".join(
                part.value if isinstance(part, cst.FormattedStringText) else text_of(part.expression, known, depth)
                for part in node.parts
                if isinstance(part, cst.FormattedStringText | cst.FormattedStringExpression)
            )
        case cst.BinaryOperation(operator=cst.Divide()):
            return text_of(node.left, known, depth) + "/" + text_of(node.right, known, depth)
        case cst.ConcatenatedString() | cst.BinaryOperation(operator=cst.Add()):
            return text_of(node.left, known, depth) + text_of(node.right, known, depth)
        case cst.BinaryOperation(operator=cst.Modulo(), left=cst.SimpleString()):
            return text_of(node.left, known, depth)
    return DYNAMIC


def _literal(node: cst.SimpleString) -> str:
    value = node.evaluated_value
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    return _PLACEHOLDER.sub(DYNAMIC, text)


def _called(node: cst.Call, known: Constants, depth: int) -> str:
    name = name_of(node.func)
    given = [text_of(arg.value, known, depth) if not arg.star else DYNAMIC for arg in node.args]
    receiver = node.func.value if isinstance(node.func, cst.Attribute) else None
    is_module = isinstance(receiver, cst.Name | cst.Attribute) and name_of(receiver) in ("os", "path", "pathlib")
    if name in HERE and not given:
        return ANCHOR
    if name == "format" and isinstance(receiver, cst.SimpleString):
        return text_of(receiver, known, depth)
    if name not in SAME_PATH | JOINS or isinstance(receiver, cst.BaseString):
        return DYNAMIC
    parts = given if receiver is None or is_module else [text_of(receiver, known, depth), *given]
    return "/".join(parts) or DYNAMIC


def is_named(text: str) -> bool:
    """Whether a path names something: a first part that is known, behind where the file lies."""
    head, dynamic, _ = re.sub(rf"^[{ANCHOR}/.]+", "", text).partition(DYNAMIC)
    return bool(head.rpartition("/")[0] if dynamic else head.strip("/"))
