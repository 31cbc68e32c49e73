"""What is learnt of a clone, on its way out of the process that has read a stranger's files.

JSON with base64: to load a pickle is to run what it says, and whoever has found a hole in a parser could write one.
For the same reason each value is checked, and the table `bot` is sent as it stands in the file, and read again.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ...adapters.config import Said
from .groups import Group, Ledger, Made, Told


class BadAnswer(Exception):
    """It is none of what `packed` gives."""


class Answer(NamedTuple):
    """What was learnt; `error` is the sentence that says why nothing was."""

    error: str = ""
    said: Said | None = None
    groups: Sequence[Group] = ()
    problems: Sequence[str] = ()
    files: int = 0


def packed(answer: Answer) -> bytes:
    """As bytes."""
    groups = [[one.name, [_made(made) for made in one.made], one.told, one.ledgers] for one in answer.groups]
    return json.dumps([answer.error, answer.said, groups, answer.problems, answer.files]).encode()


def _made(made: Made) -> list[object]:
    files = {path: b64encode(text).decode() for path, text in made.files.items()}
    return [*made[:8], b64encode(made.was).decode(), b64encode(made.new).decode(), files]


def unpacked(text: bytes) -> Answer:
    """What was packed. Raises BadAnswer."""
    try:
        found: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadAnswer("it is no JSON") from error
    why, said, groups, problems, files = _row(found, 5)
    return Answer(
        _text(why),
        None if said is None else _as_said(said),
        [_as_group(one) for one in _rows(groups)],
        [_text(one) for one in _rows(problems)],
        _number(files),
    )


def _as_said(value: object) -> Said:
    path, place, table = _row(value, 3)
    return Said(_text(path), _text(place), table)


def _as_group(value: object) -> Group:
    name, made, told, ledgers = _row(value, 4)
    return Group(
        _text(name),
        [_as_made(one) for one in _rows(made)],
        [_as_told(one) for one in _rows(told)],
        [Ledger(*map(_text, _row(one, 4))) for one in _rows(ledgers)],
    )


def _as_made(value: object) -> Made:
    transform, level, proof, path, line, title, why, diff, was, new, files = _row(value, 11)
    if not isinstance(files, Mapping):
        raise BadAnswer("files")
    return Made(
        _text(transform),
        _text(level),
        _text(proof),
        _text(path),
        _number(line),
        _text(title),
        _text(why),
        _text(diff),
        _bytes(was),
        _bytes(new),
        {_text(name): _bytes(text) for name, text in files.items()},
    )


def _as_told(value: object) -> Told:
    kind, transform, path, line, reason = _row(value, 5)
    return Told(_text(kind), _text(transform), _text(path), None if line is None else _number(line), _text(reason))


def _rows(value: object) -> list[object]:
    if not isinstance(value, list):
        raise BadAnswer("a list is none")
    return value


def _row(value: object, length: int) -> list[object]:
    row = _rows(value)
    if len(row) != length:
        raise BadAnswer("a row is too short, or too long")
    return row


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise BadAnswer("a text is none")
    return value


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise BadAnswer("a number is none")
    return value


def _bytes(value: object) -> bytes:
    try:
        return b64decode(_text(value), validate=True)
    except ValueError as error:
        raise BadAnswer("bytes are none") from error
