"""Inline Dockerfiles of Compose files: `services.*.build.dockerfile_inline`, written as literal block scalars.

In such a block (YAML 1.2.2, 8.1.2) each line is what it says, behind an indentation; every other style has escapes,
or folds lines. Compose puts variables into every value, and makes one `$` of two (its specification, interpolation.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ...model.embedded import Carried, Embedded, Left, found
from ...syntax.edit import start_of
from ..builds.described import Wrong
from ..builds.nodes import Node, parse, text as text_of
from ..builds.variables import Variables

_KEY = "dockerfile_inline"
_STYLES = {">": "a folded block (`>`)", "'": "a quoted text", '"': "a quoted text", "": "a text without quotes"}


class _Inline(NamedTuple):
    service: str
    node: Node
    has_file: bool


def in_compose(document: bytes) -> Carried:
    """The inline Dockerfiles of a Compose file."""
    if _KEY.encode() not in document:
        return Carried()
    try:
        text = document.decode()
        inlines = list(_inlines(parse(text)))
    except UnicodeDecodeError as error:
        return Carried(left=(Left(error.start, "this file is not UTF-8"),))
    except Wrong as error:
        return Carried(left=(Left(start_of(document, error.line or 1), f"this file is not understood: {error}"),))
    uses = Counter(inline.node.start for inline in inlines)
    results = [_read(document, text, inline, uses[inline.node.start]) for inline in inlines]
    dockerfiles = sorted((one for one in results if isinstance(one, Embedded)), key=lambda one: one.start)
    return Carried(tuple(dockerfiles), tuple(sorted({one for one in results if isinstance(one, Left)})))


def _inlines(tree: Node | None) -> Iterator[_Inline]:
    for service, fields in _entries(_entries(tree).get("services")).items():
        build = _entries(_entries(fields).get("build"))
        if _KEY in build:
            yield _Inline(service, build[_KEY], "dockerfile" in build)


def _entries(node: Node | None) -> Mapping[str, Node]:
    return node.value if node is not None and isinstance(node.value, Mapping) else {}


def _read(document: bytes, whole: str, inline: _Inline, uses: int) -> Embedded | Left:
    node = inline.node
    at = len(whole[: node.start].encode())
    try:
        value = text_of(node, _KEY)
        filled = Variables({}).put_into(value, node.line)
    except Wrong as error:
        return Left(at, str(error))
    if inline.has_file:
        return Left(at, "there is a `dockerfile` beside it, and Compose takes only one of them")
    if node.style != "|":
        return Left(at, f"it is {_STYLES[node.style]}: write it as a literal block (`|`)")
    if node.anchor or uses > 1:
        return Left(at, "it has an anchor, and may stand for more than this service's Dockerfile")
    escaped = "$" not in value.replace("$$", "")
    if filled != value and not escaped:
        return Left(at, "Compose puts variables in it: a `$` for the builder is written `$$`")
    start = document.find(b"\n", at) + 1
    text = value.replace("$$", "$") if escaped else value
    embedded = found(inline.service, document, start, text.encode(), b"$" if escaped else b"")
    return embedded or Left(at, "its lines are not those of the file, but for an indentation")
