"""The table `bot` of a repository's configuration file."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping

from ...adapters.config import Said
from ...adapters.settings import LEVELS, Known, Reader, Table, joined, suggestion, toml
from .schedule import schedule_problem, timezone_problem
from .settings import BotSettings, NamedGroup

MODES = ("pull-requests", "comments", "checks")
PARTS = ("level", "transform", "file")
"""What groups may be made by."""
_NAME = re.compile(r"(?!.*\.\.)[a-z0-9_-][a-z0-9._-]{0,59}")
_MOST = 1000  # pull requests that may be open, or opened in an hour
_TAKEN = frozenset({"onboarding"})
_GROUP_KEYS = ("transforms", "levels", "paths")


def bot_settings(said: Said, known: Known, defaults: BotSettings) -> BotSettings:
    """What the table says, over the defaults; `known` are the transforms. Raises ConfigError."""
    if said.value is None:
        return defaults
    reader = Reader(said.path, known)
    if not isinstance(said.value, dict):
        raise reader.error("", f'"{said.place}" must be a table, not {toml(said.value)}')
    return _Bot(reader, said.place, said.value).settings(defaults)


class _Bot:
    """Reads the table."""

    def __init__(self, reader: Reader, place: str, table: Table) -> None:
        self._reader = reader
        self._place = place
        self._table = table

    def settings(self, defaults: BotSettings) -> BotSettings:
        self._reader.check_keys(self._table, self._place, [name.replace("_", "-") for name in BotSettings._fields])
        return BotSettings(
            enabled=self._flag("enabled", defaults.enabled),
            mode=self._choice("mode", MODES, defaults.mode),
            level=self._choice("level", tuple(LEVELS), defaults.level),
            group_by=self._parts(defaults.group_by),
            groups=self._groups(defaults.groups),
            paths=self._strings("paths", defaults.paths),
            skip_paths=self._strings("skip-paths", defaults.skip_paths),
            base=self._text("base", defaults.base),
            max_open=self._number("max-open", defaults.max_open),
            per_hour=self._number("per-hour", defaults.per_hour),
            schedule=self._checked("schedule", defaults.schedule, schedule_problem),
            timezone=self._checked("timezone", defaults.timezone, timezone_problem),
            labels=self._strings("labels", defaults.labels),
            reviewers=self._strings("reviewers", defaults.reviewers),
            assignees=self._strings("assignees", defaults.assignees),
            draft=self._flag("draft", defaults.draft),
            title_prefix=self._text("title-prefix", defaults.title_prefix),
            sign_off=self._flag("sign-off", defaults.sign_off),
            dashboard=self._flag("dashboard", defaults.dashboard),
        )

    def _flag(self, key: str, default: bool) -> bool:
        value = self._table.get(key, default)
        if isinstance(value, bool):
            return value
        raise self._reader.error(self._place, f'"{key}" must be true or false, not {toml(value)}')

    def _number(self, key: str, default: int) -> int:
        value = self._table.get(key, default)
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST:
            return value
        raise self._reader.error(self._place, f'"{key}" must be a number from 0 to {_MOST}, not {toml(value)}')

    def _text(self, key: str, default: str) -> str:
        value = self._table.get(key, default)
        if isinstance(value, str) and (not value or value.isprintable()):
            return value
        raise self._reader.error(self._place, f'"{key}" must be text on one line, not {toml(value)}')

    def _checked(self, key: str, default: str, problem: Callable[[str], str]) -> str:
        value = self._text(key, default)
        if reason := problem(value):
            raise self._reader.error(self._place, f'"{key}": {toml(value)} {reason}')
        return value

    def _choice(self, key: str, allowed: tuple[str, ...], default: str) -> str:
        return self._reader.choice(self._table, self._place, key, allowed) or default

    def _strings(self, key: str, default: tuple[str, ...]) -> tuple[str, ...]:
        value = self._reader.strings(self._table, self._place, key)
        return default if value is None else value

    def _parts(self, default: tuple[str, ...]) -> tuple[str, ...]:
        value = self._strings("group-by", default)
        self._check("group-by", value, PARTS, self._place)
        return tuple(dict.fromkeys(value))

    def _groups(self, default: tuple[NamedGroup, ...]) -> tuple[NamedGroup, ...]:
        value = self._table.get("groups")
        if value is None:
            return default
        if not isinstance(value, Mapping):
            raise self._reader.error(self._place, '"groups" must be a table of tables, as in [bot.groups.packages]')
        return tuple(self._group(name, table) for name, table in value.items())

    def _group(self, name: str, table: object) -> NamedGroup:
        reader = self._reader
        place = joined(self._place, f"groups.{name}")
        if not _NAME.fullmatch(name) or name in _TAKEN:
            like = "small letters, digits, and ._- between them, at most 60"
            raise reader.error(place, f"a group cannot be called {toml(name)}: {like}, and not onboarding")
        if not isinstance(table, dict):
            raise reader.error(place, f"must be a table, not {toml(table)}")
        reader.check_keys(table, place, _GROUP_KEYS)
        transforms, levels, paths = (reader.strings(table, place, key) or () for key in _GROUP_KEYS)
        if not (transforms or levels or paths):
            raise reader.error(place, f"says nothing of what is in it: one of {', '.join(_GROUP_KEYS)}")
        for transform in transforms:
            reader.check_transform(place, transform)
        self._check("levels", levels, tuple(LEVELS), place)
        return NamedGroup(name, frozenset(transforms), frozenset(levels), paths)

    def _check(self, key: str, values: Collection[str], allowed: tuple[str, ...], place: str) -> None:
        for value in values:
            if value not in allowed:
                raise self._reader.error(place, f'"{key}" cannot hold {toml(value)}{suggestion(value, allowed)}')
