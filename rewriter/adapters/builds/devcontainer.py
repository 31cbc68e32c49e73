"""The build of a devcontainer.json: JSON with comments, with `build.dockerfile` or, as it used to be, `dockerFile`.

The rules are those of the Development Containers Specification (devcontainerjson-reference.md) and of its reference
implementation.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import TypeAlias

from .build import Build
from .described import Said, Text, Unknown, Wrong, read
from .nodes import number

_Json: TypeAlias = "str | int | float | bool | list[_Json] | dict[str, _Json] | None"

_DEPTH = 100


def build(path: str) -> Build | None:
    """The build that the file at `path` describes, None where it builds no image of its own; raises Wrong."""
    config = _object(_parse(read(path)), "a devcontainer.json")
    inner = _object(config.get("build") or {}, "build")
    old = "dockerFile" in config
    dockerfile = _text(config, "dockerFile") if old else _text(inner, "dockerfile")
    if dockerfile is None or dockerfile == "":
        return None
    folder = os.path.dirname(path)
    context = _text(config if old else inner, "context") or None
    if isinstance(dockerfile, str):
        # Unlike in a Compose file, it is relative to the file that names it.
        dockerfile = os.path.normpath(os.path.join(folder, dockerfile))
        # The reference implementation has it so; its documentation says `.`, which is mostly the same folder.
        context = os.path.dirname(dockerfile) if context is None else context
    arguments = {key: _argument(value, key) for key, value in _object(inner.get("args") or {}, "args").items()}
    said = Said(
        0,
        Unknown("") if context is None else context,
        dockerfile,
        target=_text(inner, "target"),
        arguments=arguments,
    )
    return said.checked().build(folder, path, "devcontainer")


def _parse(text: str) -> _Json:
    import pyjson5

    try:
        found: _Json = pyjson5.decode(text, _DEPTH)
    except pyjson5.Json5NestingTooDeep as error:
        raise Wrong(f"nested more than {_DEPTH} levels deep") from error
    except pyjson5.Json5DecoderException as error:
        raise _broken(text, error.message or "unreadable") from error
    return found


def _broken(text: str, message: str) -> Wrong:
    """What the reader says, such as `Unclosed b'object' starting near 12`, with a line instead of an offset."""
    match = re.search(r" (?:starting )?near (\d+)$", message)
    reason = message if match is None else message[: match.start()]
    line = None if match is None else text.count("\n", 0, int(match[1])) + 1
    return Wrong("not JSON: " + re.sub(r"b'(.*?)'", r"\1", reason), line)


def _object(value: _Json, name: str) -> Mapping[str, _Json]:
    if not isinstance(value, dict):
        raise Wrong(f"`{name}` has to be an object")
    return value


def _text(entries: Mapping[str, _Json], name: str) -> Text | None:
    value = entries.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise Wrong(f"`{name}` has to be text")
    return _known(value)


def _argument(value: _Json, name: str) -> Text | None:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return number(repr(value))
    if isinstance(value, str):
        return _known(value)
    raise Wrong(f"`{name}` has to be text")


def _known(text: str) -> Text:
    """Variables such as `${localEnv:HOME}` differ from machine to machine."""
    return Unknown(text) if "${" in text else text
