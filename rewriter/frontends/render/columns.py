"""Lines and columns as editors and forges count them: from 1, columns in UTF-16 code units, a BOM not counted."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

_BOM = b"\xef\xbb\xbf"


class Point(NamedTuple):
    """A place between two characters."""

    line: int
    column: int


class Columns:
    """The lines and columns of one text."""

    def __init__(self, text: bytes) -> None:
        """Bytes that are not UTF-8 count as a character each."""
        self._text = text
        self._starts = [0, *(found.end() for found in re.finditer(b"\n", text))]

    def point(self, offset: int) -> Point:
        """The line and column of a byte offset."""
        line = bisect_right(self._starts, offset)
        before = self._text[self._starts[line - 1] : offset]
        if line == 1:
            before = before.removeprefix(_BOM)
        units = before.decode("utf-8", "surrogateescape").encode("utf-16-le", "surrogatepass")
        return Point(line, len(units) // 2 + 1)
