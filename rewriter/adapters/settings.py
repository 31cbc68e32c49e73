"""What a configuration file may say: keys, their types, and sentences for what is wrong."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from ..engine.change import Level
from ..engine.options import BUILDERS, OptionValue

Table = dict[str, object]
Known = Mapping[str, Mapping[str, OptionValue]]
"""The transforms by id, each with its options and what they are when nobody sets them."""

LEVELS = {str(level): level for level in Level}
_KEYS = ("level", "only", "skip", "builder", "shipped", "transforms")


class ConfigError(Exception):
    """A configuration file that cannot be followed."""

    def __init__(self, path: str, message: str) -> None:
        """`message` is a sentence for the user."""
        super().__init__(path, message)
        self.path = path
        self.message = message

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


class Layer(NamedTuple):
    """What a table sets; None where it says nothing."""

    level: Level | None = None
    only: frozenset[str] | None = None
    skip: frozenset[str] | None = None
    builder: str | None = None
    shipped: frozenset[str] | None = None
    settings: Mapping[str, Mapping[str, OptionValue]] = MappingProxyType({})

    def overridden_by(self, other: "Layer") -> "Layer":
        """This layer, with what `other` sets in its place."""
        names = {**self.settings, **other.settings}
        return Layer(
            self.level if other.level is None else other.level,
            self.only if other.only is None else other.only,
            self.skip if other.skip is None else other.skip,
            self.builder if other.builder is None else other.builder,
            self.shipped if other.shipped is None else other.shipped,
            {name: {**self.settings.get(name, {}), **other.settings.get(name, {})} for name in names},
        )


def parse(path: str, table: Table, prefix: str, known: Known) -> tuple[Layer, list[tuple[list[str], Layer]]]:
    """The layer of a configuration file, and those of its overrides with their patterns; raises ConfigError.

    What it says of the bot is left to that.
    """
    reader = Reader(path, known)
    layer = reader.layer(table, prefix, ("overrides", "bot"))
    overrides: list[tuple[list[str], Layer]] = []
    place = joined(prefix, "overrides")
    for item in reader.tables(table, prefix, "overrides"):
        patterns = reader.strings(item, place, "paths")
        if not patterns:
            raise reader.error(place, '"paths" is missing: a list of patterns, as in paths = ["legacy/**"]')
        overrides.append((list(patterns), reader.layer(item, place, ("paths",))))
    return layer, overrides


def suggestion(name: str, names: Iterable[str]) -> str:
    """What may have been meant, as the end of a sentence."""
    from difflib import get_close_matches

    names = sorted(names)
    if close := get_close_matches(name, names, n=1):
        return f"; did you mean {close[0]}?"
    return f"; known are {', '.join(names)}" if names else ""


class Reader(NamedTuple):
    """Reads values out of the tables of one file; `place` names the table in what it has to say.

    All of its methods raise ConfigError for what is wrong, but `error`, which makes one.
    """

    path: str
    known: Known

    def error(self, place: str, message: str) -> ConfigError:
        where = f"in [{place}]: " if place else ""
        return ConfigError(self.path, where + message)

    def layer(self, table: Table, place: str, further: tuple[str, ...]) -> Layer:
        self.check_keys(table, place, (*_KEYS, *further))
        only = self.strings(table, place, "only")
        skip = self.strings(table, place, "skip")
        for name in (*(only or ()), *(skip or ())):
            self.check_transform(place, name)
        shipped = self.strings(table, place, "shipped")
        return Layer(
            LEVELS[level] if (level := self.choice(table, place, "level", tuple(LEVELS))) else None,
            None if only is None else frozenset(only),
            None if skip is None else frozenset(skip),
            self.choice(table, place, "builder", BUILDERS),
            None if shipped is None else frozenset(shipped),
            self.settings(table, place),
        )

    def check_keys(self, table: Table, place: str, names: Iterable[str]) -> None:
        for key in table:
            if key not in names:
                raise self.error(place, f'unknown key "{key}"{suggestion(key, names)}')

    def check_transform(self, place: str, name: str) -> None:
        if name not in self.known:
            raise self.error(place, f'unknown transform "{name}"{suggestion(name, self.known)}')

    def choice(self, table: Table, place: str, key: str, allowed: tuple[str, ...]) -> str | None:
        value = table.get(key)
        if value is None:
            return None
        if isinstance(value, str) and value in allowed:
            return value
        hint = suggestion(value, allowed) if isinstance(value, str) else f"; known are {', '.join(allowed)}"
        raise self.error(place, f'"{key}" cannot be {toml(value)}{hint}')

    def strings(self, table: Table, place: str, key: str) -> tuple[str, ...] | None:
        value = table.get(key)
        if value is None:
            return None
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        raise self.error(place, f'"{key}" must be a list of strings, not {toml(value)}')

    def tables(self, table: Table, place: str, key: str) -> list[Table]:
        value = table.get(key, [])
        if isinstance(value, list) and all(isinstance(item, dict) for item in value):
            return value
        raise self.error(place, f'"{key}" must be a list of tables, as in [[{joined(place, key)}]]')

    def settings(self, table: Table, place: str) -> dict[str, dict[str, OptionValue]]:
        value = table.get("transforms", {})
        if not isinstance(value, dict):
            raise self.error(place, '"transforms" must be a table of tables, one for each transform')
        result: dict[str, dict[str, OptionValue]] = {}
        for name, options in value.items():
            inner = joined(place, f"transforms.{name}")
            self.check_transform(joined(place, "transforms"), name)
            if not isinstance(options, dict):
                raise self.error(inner, f"must be a table, not {toml(options)}")
            if not self.known[name] and options:
                raise self.error(inner, f"{name} has no options")
            self.check_keys(options, inner, self.known[name])
            result[name] = {key: self.option(inner, name, key, item) for key, item in options.items()}
        return result

    def option(self, place: str, transform: str, key: str, value: object) -> OptionValue:
        default = self.known[transform][key]
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            value = tuple(value)
        if type(value) is type(default) and isinstance(value, (bool, int, str, tuple)):
            return value
        raise self.error(place, f'"{key}" must be like {toml(default)}, not {toml(value)}')


def joined(place: str, key: str) -> str:
    """The name of a table inside of another, which is empty for the file itself."""
    return f"{place}.{key}" if place else key


def toml(value: object) -> str:
    """The value about as it stands in the file."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f'"{value}"'
        case list() | tuple():
            return "[" + ", ".join(toml(item) for item in value) + "]"
        case dict():
            return "a table"
        case _:
            return str(value)
