"""Bake files in JSON. By HCL's JSON profile (json/spec.md), each text in them is a template."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import TypeAlias

from .described import Unknown, Wrong
from .values import Block, Field, Scope, Value, number, template

_Json: TypeAlias = "str | bool | list[_Json] | dict[str, _Json] | None"

_DEPTH = 50
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def json_blocks(path: str, text: str) -> Iterator[Block]:
    """The blocks of the file at `path`, which holds `text`; raises Wrong."""
    import json

    try:
        top: _Json = json.loads(text, parse_int=str, parse_float=_as_text, parse_constant=str)
        if _SURROGATE.search(text):
            json.dumps(top, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        raise Wrong(f"not JSON: {error.msg}", error.lineno) from error
    except RecursionError as error:
        raise Wrong("nested too deep") from error
    except UnicodeEncodeError as error:
        raise Wrong("not JSON: half a surrogate pair") from error
    if not isinstance(top, dict):
        raise Wrong("a Bake file has to be an object")
    for kind, labels in top.items():
        if kind not in ("variable", "group", "target"):
            continue
        for label, fields in (pair for each in _objects(labels, kind) for pair in each.items()):
            for each in _objects(fields, label):
                yield Block(
                    path, kind, label, 0, {key: Field(0, partial(_json_value, value)) for key, value in each.items()}
                )


def _as_text(text: str) -> str:
    value = number(text)
    return value if isinstance(value, str) else text


def _objects(value: _Json, name: str) -> list[dict[str, _Json]]:
    """One object or a list of them; raises Wrong."""
    found = [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, dict)]
    if len(found) != (len(value) if isinstance(value, list) else 1):
        raise Wrong(f"`{name}` has to be an object")
    return found


def _json_value(value: _Json, scope: Scope, depth: int = 0) -> Value:
    if depth > _DEPTH:
        return Unknown("")
    match value:
        case bool():
            return str(value).lower()
        case str():
            return template(value, scope, escapes=False)
        case list():
            return [_json_value(each, scope, depth + 1) for each in value]
        case dict():
            return {key: _json_value(each, scope, depth + 1) for key, each in value.items()}
    return None
