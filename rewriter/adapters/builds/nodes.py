"""YAML as a tree with line numbers. Nothing in it is made into an object, and no alias is written out.

Built from the parser's events: PyYAML's own trees fail on deep nesting, and take the last of two equal keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from .described import Wrong

if TYPE_CHECKING:
    from yaml import Event

_DEPTH = 100
_MERGED = 100_000
"""The most entries that merge keys may copy, which is how a small file could grow without aliases being written out."""


class Node(NamedTuple):
    """A scalar (its text), a mapping or a sequence. What is in a mapping has the line of its key.

    `start` is the character with which it begins, its tag and anchor included. The `style` of a scalar is what YAML
    has before it: `|`, `>`, a quote, or nothing.
    """

    line: int
    value: str | Mapping[str, Node] | tuple[Node, ...]
    plain: bool = False
    tag: str = ""
    start: int = 0
    style: str = ""
    anchor: str = ""


def parse(text: str) -> Node | None:
    """The tree of the only document in `text`, None where there is none; raises Wrong."""
    import yaml

    loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    try:
        return _Composer(yaml.parse(text, Loader=loader)).document()
    except yaml.MarkedYAMLError as error:
        line = None if error.problem_mark is None else error.problem_mark.line + 1
        if "nesting depth" in str(error.problem):
            # The limit of the parser itself, in newer ones.
            raise Wrong(f"nested more than {_DEPTH} levels deep", line) from error
        raise Wrong(f"not YAML: {error.problem}", line) from error
    except yaml.YAMLError as error:
        raise Wrong(f"not YAML: {str(error).partition(chr(10))[0]}") from error


def _line(event: Event) -> int:
    return 0 if event.start_mark is None else event.start_mark.line + 1


class _Composer:
    """Makes a tree of events; an alias becomes the very node that it names."""

    def __init__(self, events: Iterator[Event]) -> None:
        self._events = events
        self._anchors: dict[str, Node] = {}
        self._merged = 0

    def document(self) -> Node | None:
        import yaml

        found: Node | None = None
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                if found is not None:
                    raise Wrong("there are several documents in this file", _line(event))
                found = self._node(next(self._events), 0)
        return found

    def _node(self, event: Event, depth: int) -> Node:
        import yaml

        line = _line(event)
        start = 0 if event.start_mark is None else event.start_mark.index
        if depth > _DEPTH:
            raise Wrong(f"nested more than {_DEPTH} levels deep", line)
        if isinstance(event, yaml.AliasEvent):
            # An alias inside of what it names is not known yet, so that no tree contains itself.
            if event.anchor not in self._anchors:
                raise Wrong(f"not YAML: `*{event.anchor}` names nothing that stands above it", line)
            return self._anchors[event.anchor]
        if isinstance(event, yaml.ScalarEvent):
            node = Node(
                line, event.value, event.implicit[0], event.tag or "", start, event.style or "", event.anchor or ""
            )
        elif isinstance(event, yaml.SequenceStartEvent):
            node = Node(line, tuple(self._items(depth)), tag=event.tag or "", start=start)
        elif isinstance(event, yaml.MappingStartEvent):
            node = Node(line, self._entries(depth), tag=event.tag or "", start=start)
        else:
            raise Wrong("not YAML: it ends in the middle", line)
        if event.anchor:
            self._anchors[event.anchor] = node
        return node

    def _items(self, depth: int) -> Iterator[Node]:
        import yaml

        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                return
            yield self._node(event, depth + 1)

    def _entries(self, depth: int) -> Mapping[str, Node]:
        import yaml

        entries: dict[str, Node] = {}
        merged: dict[str, Node] = {}
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key, line = self._node(event, depth + 1), _line(event)
            if not isinstance(key.value, str):
                raise Wrong("a key that is a list or a mapping", line)
            value = self._node(next(self._events), depth + 1)._replace(line=line)
            if key.plain and key.value == "<<":
                self._merge(merged, value)
            elif key.value in entries:
                raise Wrong(f"the key `{key.value}` stands here twice", line)
            else:
                entries[key.value] = value
        return {**merged, **entries}

    def _merge(self, merged: dict[str, Node], value: Node) -> None:
        """Add what `<<` names: of several mappings, the first that has a key counts (yaml.org/type/merge.html)."""
        for node in value.value if isinstance(value.value, tuple) else (value,):
            if not isinstance(node.value, Mapping):
                raise Wrong("`<<` has to name a mapping", value.line)
            self._merged += len(node.value)
            if self._merged > _MERGED:
                raise Wrong("merge keys make this file grow out of hand", value.line)
            for key, entry in node.value.items():
                merged.setdefault(key, entry)


_STRING_TAGS = ("tag:yaml.org,2002:str", "!")
_NULL = re.compile(r"~|null|Null|NULL|")
_BOOLEAN = re.compile(r"true|True|TRUE|false|False|FALSE")
_INTEGER = re.compile(r"[-+]?(?:0x[\da-fA-F_]+|0b[01_]+|0o?[0-7_]+|\d[\d_]*)")
_FLOAT = re.compile(r"[-+]?(?:\d[\d_]*\.?|\.\d)[\d_]*(?:[eE][-+]?\d+)?")


def kind(node: Node) -> str:
    """What the node is, in words: go-yaml's rules, by which `yes` and `off` are text."""
    if isinstance(node.value, Mapping):
        return "a mapping"
    if not isinstance(node.value, str):
        return "a list"
    if not node.plain:
        return "text" if not node.tag or node.tag in _STRING_TAGS else f"a value of type {node.tag}"
    if _NULL.fullmatch(node.value):
        return "nothing"
    if _BOOLEAN.fullmatch(node.value):
        return "a truth value"
    return "a number" if _INTEGER.fullmatch(node.value) or _FLOAT.fullmatch(node.value) else "text"


def text(node: Node, name: str) -> str:
    """The text that this is; raises Wrong."""
    found = kind(node)
    if found != "text" or not isinstance(node.value, str):
        raise Wrong(f"`{name}` has to be text, not {found}", node.line)
    return node.value


def mapping(node: Node, name: str) -> Mapping[str, Node]:
    """The mapping that this is; raises Wrong."""
    if not isinstance(node.value, Mapping):
        raise Wrong(f"`{name}` has to be a mapping, not {kind(node)}", node.line)
    return node.value


def scalar(node: Node, name: str) -> str | None:
    """The value of a build argument as text, None for nothing; raises Wrong.

    A number loses what Compose loses when it prints it: `3.10` is 3.1.
    """
    match kind(node):
        case "nothing":
            return None
        case "a truth value":
            return str(node.value).lower()
        case "a number":
            return number(str(node.value))
        case _:
            return text(node, name)


def number(written: str) -> str:
    """A number that a file writes, as Go prints it; what nobody writes as a build argument stays as it is."""
    digits = written.replace("_", "").removeprefix("+")
    if re.fullmatch(r"-?0[0-7]+", digits):
        digits = digits.replace("0", "0o", 1)
    if re.fullmatch(r"-?(?:\d{1,30}|0[xX].{1,16}|0b.{1,64}|0o.{1,24})", digits):
        try:
            return str(int(digits, 0 if digits.lstrip("-").startswith("0") else 10))
        except ValueError:
            return written.lstrip("0") or "0"
    if not _FLOAT.fullmatch(digits) or len(digits) > 30:
        return written
    value = float(digits)
    return written if abs(value) >= 1e6 else repr(value).removesuffix(".0")
