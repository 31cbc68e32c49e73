"""A text as an editor counts in it: lines and characters, and the byte offsets that dockfix counts in.

The rules are those of https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/
(Text Documents): a line ends with LF, CRLF or CR alone, and characters are UTF-16 code units, unless client and server
have agreed on UTF-8 or UTF-32.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from typing import NamedTuple

_LINE_END = re.compile(rb"\r\n|\n|\r")
# An editor may send half a pair of surrogates, while somebody types: it comes back as it came.
_ERRORS = "surrogatepass"


def _utf16(char: str) -> int:
    return 2 if ord(char) > 0xFFFF else 1


def _utf8(char: str) -> int:
    return len(char.encode("utf-8", _ERRORS))


def _utf32(_: str) -> int:
    return 1


UNITS: Mapping[str, Callable[[str], int]] = {"utf-16": _utf16, "utf-8": _utf8, "utf-32": _utf32}
"""How many units a character is, by the name of the encoding."""


class Place(NamedTuple):
    """A position: line and character, both from zero."""

    line: int
    character: int


class Document:
    """A text that never changes; offsets are in its bytes, which are UTF-8."""

    def __init__(self, data: bytes, encoding: str = "utf-16") -> None:
        """`encoding` is what characters are counted in, a key of UNITS."""
        self.data = data
        self._encoding = encoding
        self._starts = [0, *(found.end() for found in _LINE_END.finditer(data))]

    @classmethod
    def of(cls, text: str, encoding: str = "utf-16") -> Document:
        """The document of a text as an editor sends it."""
        return cls(encoded(text), encoding)

    @property
    def text(self) -> str:
        """The text as an editor has it."""
        return decoded(self.data)

    def offset(self, line: int, character: int) -> int:
        """The offset of a position; one behind the end of its line, or of the text, is that end."""
        if line >= len(self._starts):
            return len(self.data)
        start = self._starts[line]
        content = self.data[start : self._end(line)]
        if content.isascii():
            return start + min(character, len(content))
        units = UNITS[self._encoding]
        for char in decoded(content):
            character -= units(char)
            if character < 0:
                break
            start += len(encoded(char))
        return start

    def place(self, offset: int) -> Place:
        """The position of an offset."""
        line = bisect_right(self._starts, offset) - 1
        content = self.data[self._starts[line] : offset]
        if content.isascii():
            return Place(line, len(content))
        return Place(line, sum(map(UNITS[self._encoding], decoded(content))))

    def replaced(self, start: int, end: int, text: str) -> Document:
        """The document with another text from one offset to another."""
        return Document(self.data[:start] + encoded(text) + self.data[end:], self._encoding)

    def _end(self, line: int) -> int:
        """Where the line ends, without what ends it."""
        if line + 1 == len(self._starts):
            return len(self.data)
        end = self._starts[line + 1]
        for ending in (b"\r\n", b"\n", b"\r"):
            if self.data.endswith(ending, self._starts[line], end):
                return end - len(ending)
        return end


def encoded(text: str) -> bytes:
    """The bytes of a text that an editor sends."""
    return text.encode("utf-8", _ERRORS)


def decoded(data: bytes) -> str:
    """The text of such bytes; of other ones, what an editor would show."""
    try:
        return data.decode("utf-8", _ERRORS)
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace")
