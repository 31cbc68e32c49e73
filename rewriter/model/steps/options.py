"""The words of a command, sorted by the row of `tools.py` that it has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from ..effect import unquoted
from .gathering import NotKnown
from .tools import Operands, Tool

_SHELL_OPTIONS = frozenset({b"pipefail", b"errexit", b"nounset", b"xtrace", b"verbose"})


class Words(NamedTuple):
    """The words of a command: letters and long names given, values by what they are, and the rest."""

    letters: frozenset[str] = frozenset()
    longs: frozenset[str] = frozenset()
    values: tuple[tuple[str, bytes], ...] = ()
    operands: tuple[bytes, ...] = ()
    program: bytes = b""

    def valued(self, kind: str) -> list[bytes]:
        """The values of that kind."""
        return [text for name, text in self.values if name == kind]


def read_words(program: bytes, tool: Tool, raw: Sequence[bytes]) -> Words:
    """Sort the words; raises NotKnown for an option that is not in the row."""
    if tool.operands is Operands.IGNORE and program != b"set":
        if program == b"printf" and any(unquoted(word).startswith(b"-") for word in raw[:1]):
            raise NotKnown("it sets a variable")
        return Words(operands=tuple(raw))
    reader = _Reader(program, tool)
    reader.read(_in_new_form(raw) if program == b"tar" else list(raw))
    found = reader.found()
    if program == b"set" and not {unquoted(text) for _, text in found.values} <= _SHELL_OPTIONS:
        raise NotKnown("it sets an option of the shell that is not known")
    return found


def _in_new_form(raw: Sequence[bytes]) -> list[bytes]:
    """`tar xzf a` as `tar -xzf a`; in the old form an f that is not the last letter would take no part of its word."""
    if not raw or not re.fullmatch(rb"[a-zA-Z]+", raw[0]):
        return list(raw)
    if b"f" in raw[0][:-1] or b"C" in raw[0]:
        raise NotKnown("the old form of tar's options is not understood")
    return [b"-" + raw[0], *raw[1:]]


class _Reader:
    def __init__(self, program: bytes, tool: Tool) -> None:
        self._program = program
        self._tool = tool
        self._marks = (b"-", b"+") if program == b"set" else (b"-",)
        self._letters: set[str] = set()
        self._longs: set[str] = set()
        self._values: list[tuple[str, bytes]] = []
        self._operands: list[bytes] = []

    def found(self) -> Words:
        return Words(
            frozenset(self._letters), frozenset(self._longs), tuple(self._values), tuple(self._operands), self._program
        )

    def read(self, waiting: list[bytes]) -> None:
        while waiting:
            word = waiting.pop(0)
            plain = unquoted(word)
            if plain == b"--":
                self._operands += waiting
                return
            if plain.startswith(b"--"):
                self._long(plain, waiting)
            elif len(plain) > 1 and plain[:1] in self._marks:
                self._short(plain.decode("utf-8", "replace"), waiting)
            else:
                self._operands.append(word)

    def _long(self, word: bytes, waiting: list[bytes]) -> None:
        name, equals, text = word.partition(b"=")
        shown = name.decode("utf-8", "replace")
        if shown in self._tool.valued:
            self._values.append((self._tool.valued[shown], text if equals else _next(waiting)))
        elif shown[2:] in self._tool.longs.split() and not equals:
            self._longs.add(shown[2:])
        else:
            raise NotKnown(f"`{self._program.decode()} {shown}` is not understood")

    def _short(self, text: str, waiting: list[bytes]) -> None:
        for at in range(1, len(text)):
            option = text[0] + text[at]
            if option in self._tool.valued:
                rest = text[at + 1 :].encode()
                self._values.append((self._tool.valued[option], rest or _next(waiting)))
                return
            if text[at] not in self._tool.letters:
                raise NotKnown(f"`{self._program.decode()} {text}` is not understood")
            self._letters.add(text[at])


def _next(waiting: list[bytes]) -> bytes:
    if not waiting:
        raise NotKnown("an option has no value")
    return waiting.pop(0)
