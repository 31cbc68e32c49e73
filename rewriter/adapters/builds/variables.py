"""Variables in Compose files: `$NAME`, `${NAME}`, `${NAME:-default}` and their like, with values from `.env`.

The process's environment is never asked: it differs from machine to machine, and the file does not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from .described import LIMIT, Text, Unknown, Wrong

_DEPTH = 20
_TOTAL = 8 * LIMIT
_BRACE = re.compile(r"[{}]")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_INSIDE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-+?])(.*))?", re.DOTALL)


class Variables:
    """The variables of a folder. What they are put into may grow to 8 MiB in all."""

    def __init__(self, values: Mapping[str, str | None] | None) -> None:
        """`values` has None for a variable that is set to what is not known; it is None where none is known."""
        self._values = values or {}
        self._all_known = values is not None
        self._spent = 0

    def put_into(self, text: str, line: int | None = None) -> Text:
        """`text` with the variables' values; raises Wrong for what Compose does not take.

        The rules are those of compose-go's package `template`: a lone `$` stays, and braces inside of braces count.
        """
        if "$" not in text:
            return text
        parts: list[str] = []
        known = self._fill(text, line, parts, 0)
        return "".join(parts) if known else Unknown("".join(parts))

    def _fill(self, text: str, line: int | None, parts: list[str], depth: int) -> bool:
        """Add what `text` becomes to `parts`; whether all of it is known."""
        if depth > _DEPTH:
            raise Wrong(f"variables are nested more than {_DEPTH} levels deep", line)
        known, at = True, 0
        while (dollar := text.find("$", at)) >= 0:
            parts.append(text[at:dollar])
            at = dollar + 1
            if text.startswith("$", at):
                parts.append("$")
                at += 1
            elif text.startswith("{", at):
                end = _closing(text, at)
                match = _INSIDE.fullmatch(text, at + 1, end)
                if match is None or end < 0:
                    raise Wrong(f"`{text[dollar:][:40]}` is no variable that Compose can read", line)
                known &= self._braced(match, line, parts, depth)
                at = end + 1
            elif name := _NAME.match(text, at):
                known &= self._plain(name[0], parts)
                at = name.end()
            else:
                parts.append("$")
            self._count(parts, line)
        parts.append(text[at:])
        return known

    def _braced(self, match: re.Match[str], line: int | None, parts: list[str], depth: int) -> bool:
        name, operator, word = match[1], match[2] or "", match[3] or ""
        value = self._values.get(name)
        there = bool(value) if ":" in operator else value is not None
        if value is None and (name in self._values or not self._all_known):
            # A default would be a guess: the variable is set, or may be.
            operator = ""
        if operator.endswith("+"):
            return not there or self._fill(word, line, parts, depth + 1)
        if operator.endswith("-") and not there:
            return self._fill(word, line, parts, depth + 1)
        if operator.endswith("?") and not there:
            value = None
        parts.append(f"${{{name}}}" if value is None else value)
        return value is not None

    def _plain(self, name: str, parts: list[str]) -> bool:
        value = self._values.get(name)
        parts.append(f"${{{name}}}" if value is None else value)
        return value is not None

    def _count(self, parts: list[str], line: int | None) -> None:
        self._spent += len(parts[-1])
        if self._spent > _TOTAL:
            raise Wrong("variables make this file grow out of hand", line)


def _closing(text: str, opening: int) -> int:
    """Where the brace at `opening` is closed, -1 where it is not."""
    depth = 0
    for brace in _BRACE.finditer(text, opening):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0:
            return brace.start()
    return -1


_LONGEST = 4096
_LINE = re.compile(
    r"""[ \t]*(?:export[ \t]+)?([\w.]+)[ \t]*
        (?: [=:][ \t]*+(?: (?: '((?:[^'\\]|\\.)*)' | "((?:[^"\\]|\\.)*)" )[ \t]*(?:\#[^\n]*)? | (?!['"])([^\n]*) ) )?
        (?:\n|$)""",
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


def read_env(text: str) -> dict[str, str | None]:
    """The variables of a `.env` file, None for one whose value is not known; raises Wrong.

    The rules are those of compose-go's package `dotenv`: quotes, `export`, a comment after a blank, and variables that
    stand above. A variable that is made of one that is not known is not known itself; a name alone sets nothing.
    """
    values: dict[str, str | None] = {}
    text = text.replace("\r\n", "\n")
    at, line = 0, 1
    while at < len(text):
        end = text.find("\n", at)
        first = text[at : end if end >= 0 else len(text)].strip()
        if first and not first.startswith("#"):
            match = _LINE.match(text, at)
            if match is None:
                raise Wrong("neither `NAME=value` nor a comment", line)
            _remember(values, match)
            end = match.end() - 1 if text[match.end() - 1] == "\n" else len(text)
        end = end if end >= 0 else len(text)
        line += text.count("\n", at, end + 1)
        at = end + 1
    return values


def _remember(values: dict[str, str | None], match: re.Match[str]) -> None:
    name, single, double, bare = match.groups()
    value: Text
    if single is not None:
        value = single.replace("\\'", "'")
    elif double is not None:
        value = Variables(values).put_into(_ESCAPE.sub(_escaped, double))
    elif bare is not None:
        value = Variables(values).put_into(re.split(r"\s#", bare)[0].strip())
    else:
        return
    values[name] = value if isinstance(value, str) and len(value) <= _LONGEST else None


def _escaped(match: re.Match[str]) -> str:
    return {"n": "\n", "r": "\r", "t": "\t", "$": "$$"}.get(match[1], match[1])
