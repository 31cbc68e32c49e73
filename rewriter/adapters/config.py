"""Which configuration file speaks for a Dockerfile, and what it says about it.

`[tool.dockfix]` in pyproject.toml or the whole of `.dockfix.toml`, whichever is nearest on the way up
from the file; files do not add up.
"""

import os
from typing import NamedTuple

from .patterns import Pattern, pattern
from .settings import ConfigError, Known, Layer, Table, parse
from .top import leaves

_OWN = ".dockfix.toml"
_PROJECT = "pyproject.toml"
NAMES = (_OWN, _PROJECT)
"""What configuration files are called, the one that comes first."""
_LARGEST = 5_000_000  # bytes


class Said(NamedTuple):
    """What stands under a key of the file at `path`, in the table `place`; None where nothing does."""

    path: str
    place: str
    value: object


NOTHING = Said("", "", None)


class Override(NamedTuple):
    """What is set for the files that one of the patterns matches."""

    patterns: tuple[Pattern, ...]
    layer: Layer


class Configuration(NamedTuple):
    """One configuration file; patterns are about paths relative to its folder."""

    folder: str
    layer: Layer
    overrides: tuple[Override, ...] = ()
    bot: Said = NOTHING

    def layer_for(self, path: str) -> Layer:
        """What is set for this file: of the overrides that match it, the last that sets a key counts."""
        name = os.path.relpath(os.path.abspath(path), self.folder).replace(os.sep, "/")
        layer = self.layer
        for override in self.overrides:
            if any(pattern.fullmatch(name) for pattern in override.patterns):
                layer = layer.overridden_by(override.layer)
        return layer


_NOTHING = Configuration("/", Layer())


class Configurations:
    """The configuration files of one run, each read once."""

    def __init__(self, known: Known, explicit: str | None = None, top: str | None = None) -> None:
        """`known` are the transforms with their options; `explicit` takes the place of what would be found.

        `top` is the highest folder that is looked at, absolute and without links; None: the root.
        """
        self._known = known
        self._top = top
        self._explicit = self._read(explicit) if explicit is not None else None
        self._folders: dict[str, Configuration | ConfigError] = {}
        if explicit is not None and self._explicit is None:
            raise ConfigError(explicit, "there is no table [tool.dockfix] in this file")

    def layer_for(self, path: str) -> Layer:
        """What is set for the Dockerfile at `path`; raises ConfigError, each time anew for a bad file."""
        if self._explicit is not None:
            return self._explicit.layer_for(path)
        found = self._nearest(os.path.dirname(os.path.abspath(path)))
        if isinstance(found, ConfigError):
            raise found
        return found.layer_for(path)

    def of_bot(self, folder: str) -> Said | None:
        """What the configuration file of this very folder says of the bot; None where there is none.

        Raises ConfigError.
        """
        found = self._in(os.path.abspath(folder))
        if isinstance(found, ConfigError):
            raise found
        return None if found is None else found.bot

    def _nearest(self, folder: str) -> Configuration | ConfigError:
        passed: list[str] = []
        while folder not in self._folders:
            passed.append(folder)
            found = self._in(folder)
            if found is not None:
                self._folders[folder] = found
                break
            above = os.path.dirname(folder)
            if folder in (above, self._top):
                self._folders[folder] = _NOTHING
                break
            folder = above
        result = self._folders[folder]
        self._folders.update(dict.fromkeys(passed, result))
        return result

    def _in(self, folder: str) -> Configuration | ConfigError | None:
        for name in NAMES:
            path = os.path.join(folder, name)
            if os.path.islink(path) and leaves(path, self._top):
                return ConfigError(_shown(path), "a link that leads out of the repository, and is not followed")
            if not os.path.isfile(path):
                continue
            try:
                found = self._read(path)
            except ConfigError as error:
                return error
            if found is not None:
                return found
        return None

    def _read(self, path: str) -> Configuration | None:
        """The configuration in this file; None for a pyproject.toml that does not speak of dockfix."""
        try:
            with open(path, "rb") as file:
                text = file.read(_LARGEST + 1)
        except OSError as error:
            raise ConfigError(_shown(path), f"cannot be read: {error.strerror}") from error
        if len(text) > _LARGEST:
            raise ConfigError(_shown(path), f"larger than {_LARGEST // 1_000_000} MB, which no configuration needs")
        if os.path.basename(path) != _PROJECT:
            return _configuration(path, _load(_shown(path), text), "", self._known)
        # Most projects say nothing about dockfix: no need to load a TOML parser, nor to fail on what is wrong there.
        if b"dockfix" not in text:
            return None
        table = _sub_table(_sub_table(_load(_shown(path), text), "tool"), "dockfix")
        return None if table is None else _configuration(path, table, "tool.dockfix", self._known)


def _load(path: str, text: bytes) -> Table:
    import tomllib

    try:
        return tomllib.loads(text.decode())
    except UnicodeDecodeError as error:
        raise ConfigError(path, f"not UTF-8 (byte {error.start})") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(path, f"not TOML: {error}") from error
    except RecursionError as error:
        raise ConfigError(path, "not followed: it is nested too deep") from error


def _sub_table(table: Table | None, key: str) -> Table | None:
    value = None if table is None else table.get(key)
    return value if isinstance(value, dict) else None


def _configuration(path: str, table: Table, prefix: str, known: Known) -> Configuration:
    folder = os.path.dirname(os.path.abspath(path))
    layer, overrides = parse(_shown(path), table, prefix, known)
    compiled = [Override(tuple(pattern(text) for text in patterns), layer) for patterns, layer in overrides]
    said = Said(_shown(path), f"{prefix}.bot" if prefix else "bot", table.get("bot"))
    return Configuration(folder, layer, tuple(compiled), said)


def _shown(path: str) -> str:
    """The path from here where that is shorter: it is what a user types."""
    relative = os.path.relpath(path)
    return path if relative.startswith("..") else relative
