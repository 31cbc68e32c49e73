"""Differences that any two builds have: a table with a reason a row (expected.toml)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class Rule(NamedTuple):
    """Why a difference is none that counts: the row's name, and its reason."""

    name: str
    reason: str


TIMESTAMPS = Rule("timestamps", "the time of the build")
STORED_TWICE = Rule("stored twice", "a lower layer holds, byte for byte, what is seen there: nothing that nobody sees")
LESS_HIDDEN = Rule("no longer hidden", "a lower layer no longer holds what a later one deletes or replaces")


class Expected(NamedTuple):
    """The table, ready to be asked."""

    by_path: tuple[tuple[re.Pattern[bytes], Rule], ...]
    by_field: tuple[tuple[re.Pattern[str], Rule], ...]

    def file(self, path: bytes) -> Rule | None:
        """The row that excuses what the file at `path` (from the root, no slash before it) holds."""
        return next((rule for pattern, rule in self.by_path if pattern.match(path)), None)

    def field(self, name: str) -> Rule | None:
        """The row that excuses a field of the configuration."""
        return next((rule for pattern, rule in self.by_field if pattern.match(name)), None)


@cache
def expected() -> Expected:
    """The table as it is shipped."""
    table = tomllib.loads(files(__package__).joinpath("expected.toml").read_text("utf-8"))
    by_path = ((re.compile(_any_of(row["paths"]).encode(), re.DOTALL), _rule(row)) for row in table["files"])
    by_field = (
        (re.compile("(?:" + "|".join(map(_field, row["fields"])) + r")(?:\..*)?$"), _rule(row))
        for row in table["fields"]
    )
    return Expected(tuple(by_path), tuple(by_field))


def _rule(row: dict[str, str]) -> Rule:
    return Rule(row["name"], row["reason"])


def _any_of(globs: Sequence[str]) -> str:
    return "(?:" + "|".join(map(_glob, globs)) + r")\Z"


def _glob(pattern: str) -> str:
    text = re.escape(pattern).replace(r"\*\*/", r"(?:.*/)?").replace(r"\*\*", ".*")
    return text.replace(r"\*", "[^/]*")


def _field(name: str) -> str:
    return re.escape(name).replace(r"\*", ".*")
