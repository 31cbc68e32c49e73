"""Path patterns, as configuration files have them: `*`, `?`, `**`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import NamedTuple


class _Wild(Enum):
    """A wildcard, by what it stands for."""

    ONE = "a character, but no slash"
    SOME = "any characters, but no slash"
    ANY = "any characters"
    FOLDERS = "nothing, or what the next one says"
    INSIDE = "any characters up to a slash"


_EMPTY = {_Wild.SOME: (1,), _Wild.ANY: (1,), _Wild.FOLDERS: (1, 2)}
"""How far behind those that may stand for nothing the pattern goes on."""


class Pattern(NamedTuple):
    """A pattern for whole paths, with `/` between their parts; a character stands for itself.

    It is no regular expression: Python's take years for `*a*a*a*a*a*a*a*a*b`. This takes at most as many steps as the
    path and the pattern have characters, multiplied.
    """

    tokens: tuple[str | _Wild, ...]

    def fullmatch(self, path: str) -> bool:
        """Whether it is about this path, or about a folder that it is in."""
        end = len(self.tokens)
        places = self._with_empty([0])
        for char in path:
            if char == "/" and end in places:
                return True
            places = self._with_empty(self._behind(places, char))
        return end in places

    def _behind(self, places: Iterable[int], char: str) -> Iterator[int]:
        """Where in the pattern the path may be behind this character."""
        for at in places:
            token = self.tokens[at] if at < len(self.tokens) else None
            is_slash = char == "/"
            if token in (_Wild.ANY, _Wild.INSIDE) or (token is _Wild.SOME and not is_slash):
                yield at
            if token == char or (token is _Wild.ONE and not is_slash) or (token is _Wild.INSIDE and is_slash):
                yield at + 1

    def _with_empty(self, places: Iterable[int]) -> set[int]:
        """With where the path may be, too, since some wildcards may stand for nothing."""
        found: set[int] = set()
        waiting = list(places)
        while waiting:
            at = waiting.pop()
            if at not in found:
                found.add(at)
                token = self.tokens[at] if at < len(self.tokens) else None
                waiting += [at + further for further in (_EMPTY.get(token, ()) if isinstance(token, _Wild) else ())]
        return found


_FOLDERS = (_Wild.FOLDERS, _Wild.INSIDE)
_PARTS = re.compile(r"\*\*/|/\*\*$|\*+|.", re.DOTALL)


def pattern(text: str) -> Pattern:
    """The pattern that is written so.

    As in .gitignore, one without a slash matches at any depth, and a folder stands for all that is below it.
    """
    text = text.rstrip("/")
    tokens: list[str | _Wild] = [] if "/" in text else [*_FOLDERS]
    for part in _PARTS.findall(text.lstrip("/")):
        match part:
            case "**/":
                tokens += _FOLDERS
            case "/**":
                tokens += ("/", _Wild.ANY)
            case "?":
                tokens.append(_Wild.ONE)
            case _:
                tokens.append(_Wild.SOME if part.startswith("*") else part)
    return Pattern(tuple(tokens))
