"""Which row of `toolchains.py` a command has."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from .toolchains import INTERPRETED, INTERPRETERS, ROWS, Row

_VERSIONED = re.compile(r"(?:[a-z0-9_]+-linux-gnu-)?(gcc|g\+\+|clang|clang\+\+|gfortran|cython|pip)(?:-?\d[\d.]*)?")
_PYTHON = re.compile(r"(python|perl|ruby)[\d.]*")


class Called(NamedTuple):
    """A build command: its row, the name by which that knows it, and the words behind."""

    row: Row
    program: str
    rest: list[str]


def row_of(words: Sequence[str]) -> Called | None:
    """The row of a command; None where it has none."""
    program, rest = _program(words)
    row = next((row for row in _rows().get(program, ()) if _fits(row, program, rest)), None)
    return Called(row, program, rest) if row is not None else None


def _program(words: Sequence[str]) -> tuple[str, list[str]]:
    """The name by which the tables know it, and the words behind: those of a script that an interpreter is given."""
    name = words[0].rpartition("/")[2]
    interpreter = _PYTHON.fullmatch(name)
    if interpreter is not None and (interpreter[1] in INTERPRETERS):
        rest = [word for word in words[1:] if word not in ("-m", "-u", "-B")]
        at = len(words) - len(rest)
        if rest and posixpath.basename(rest[0]) in INTERPRETED and all(w.startswith("-") for w in words[1:at]):
            return posixpath.basename(rest[0]), list(rest[1:])
        return name, list(words[1:])
    match = _VERSIONED.fullmatch(name)
    return (match[1] if match else name), list(words[1:])


@cache
def _rows() -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in ROWS:
        for program in row.programs.split():
            found.setdefault(program, []).append(row)
    return found


def _fits(row: Row, program: str, rest: Sequence[str]) -> bool:
    verbs = row.verbs.split()
    if not verbs:
        return program not in ("go", "cargo", "gem", "pip", "pip3", "luarocks")
    words = [word for word in rest if not word.startswith(("-", "+")) or word in verbs]
    if program in ("make", "gmake", "ninja", "samu"):
        return any(word in verbs for word in words)
    if program == "cmake":
        return any(word in verbs for word in rest) or "install" in rest
    return bool(words) and words[0] in verbs
