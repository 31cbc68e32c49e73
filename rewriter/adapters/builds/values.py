"""What stands in a Bake file: blocks, their fields, and the values of those.

Only what needs no computation has a value: texts, numbers, lists, objects, and `${name}` where the name is known. The
rules of templates and of escapes are those of HCL's syntax specification (hclsyntax/spec.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from .described import LIMIT, Unknown

Value: TypeAlias = "str | Unknown | Sequence[Value] | Mapping[str, Value] | None"
"""Numbers and truth values are text: HCL turns them into it where text is wanted."""

_CHAIN = 50
_TOTAL = 8 * LIMIT


class Field(NamedTuple):
    """An attribute: its line (0 where not known), and its value in a scope."""

    line: int
    value: Callable[[Scope], Value]


class Block(NamedTuple):
    """A block such as `target "app" { ... }`; a file's own attributes are a block without a kind."""

    source: str
    kind: str
    label: str
    line: int
    fields: Mapping[str, Field]


class Scope:
    """The values of names. What they are put into may grow to 8 MiB in all; what comes after that is not known."""

    def __init__(self, fields: Mapping[str, Field], own: Mapping[str, Value], outer: Scope | None = None) -> None:
        """`fields` are the variables, `own` what has a value already; what is in neither, `outer` may know."""
        self._fields = fields
        self._own = own
        self._outer = outer
        self._known: dict[str, Value] = {}
        self._waiting: list[str] = []
        self._spent = 0

    def within(self, own: Mapping[str, Value]) -> Scope:
        """The same with some values more, which hide others."""
        return Scope({}, own, self)

    def value(self, path: Sequence[str]) -> Value:
        """What `a.b.c` stands for."""
        found = self._named(path[0])
        for name in path[1:]:
            found = found.get(name, Unknown(".".join(path))) if isinstance(found, Mapping) else Unknown(".".join(path))
        return found

    def spend(self, length: int) -> bool:
        """Whether a text of this length may be made."""
        if self._outer is not None:
            return self._outer.spend(length)
        self._spent += length
        return self._spent <= _TOTAL

    def _named(self, name: str) -> Value:
        if name in self._own:
            return self._own[name]
        if self._outer is not None:
            return self._outer._named(name)
        if name not in self._known:
            if name not in self._fields or name in self._waiting or len(self._waiting) > _CHAIN:
                return Unknown(name)
            self._waiting.append(name)
            self._known[name] = self._fields[name].value(self)
            self._waiting.pop()
        return self._known[name]


_TOKEN = re.compile(
    r"""(?P<escaped>\$\$\{|%%\{) | \$\{[ \t]*(?P<path>[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*)[ \t]*\}
        | (?P<other>\$\{|%\{) | \\(?P<escape>u[\da-fA-F]{4}|U[\da-fA-F]{8}|[nrt"\\])""",
    re.VERBOSE,
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


def template(text: str, scope: Scope, *, escapes: bool) -> Value:
    """The value of a template; `escapes` where a backslash means something in it."""
    alone = _TOKEN.fullmatch(text)
    if alone and alone["path"]:
        return scope.value(alone["path"].split("."))
    parts: list[str] = []
    at = 0
    for token in _TOKEN.finditer(text):
        if token["escape"] and not escapes:
            continue
        value = _part(token, scope)
        if not isinstance(value, str) or not scope.spend(len(value)):
            return Unknown(text)
        parts += (text[at : token.start()], value)
        at = token.end()
    return "".join([*parts, text[at:]])


def _part(token: re.Match[str], scope: Scope) -> Value:
    if token["escaped"]:
        return token["escaped"][1:]
    if token["path"]:
        return scope.value(token["path"].split("."))
    if token["other"]:
        return None
    escape = token["escape"]
    code = int(escape[1:], 16) if len(escape) > 1 else 0
    return _ESCAPES.get(escape) or (chr(code) if code < 0xD800 or 0xE000 <= code <= 0x10FFFF else None)


def number(text: str) -> Value:
    """A number as HCL turns it into text: `1.20` is 1.2."""
    if not re.fullmatch(r"-?\d{1,14}(?:\.\d{1,14})?", text):
        return Unknown(text)
    return text if "." not in text else f"{Decimal(text).normalize():f}"
