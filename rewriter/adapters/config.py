"""Which configuration file speaks for a Dockerfile, and what it says about it.

`[tool.dockfix]` in pyproject.toml or the whole of `.dockfix.toml`, whichever is nearest on the way up
from the file; files do not add up.
"""

import os
import re
from typing import NamedTuple

from .settings import ConfigError, Known, Layer, Table, parse

_OWN = ".dockfix.toml"
_PROJECT = "pyproject.toml"


class Override(NamedTuple):
    """What is set for the files that one of the patterns matches."""

    patterns: tuple[re.Pattern[str], ...]
    layer: Layer


class Configuration(NamedTuple):
    """One configuration file; patterns are about paths relative to its folder."""

    folder: str
    layer: Layer
    overrides: tuple[Override, ...] = ()

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

    def __init__(self, known: Known, explicit: str | None = None) -> None:
        """`known` are the transforms with their options; `explicit` takes the place of what would be found."""
        self._known = known
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

    def _nearest(self, folder: str) -> Configuration | ConfigError:
        passed: list[str] = []
        while folder not in self._folders:
            passed.append(folder)
            found = self._in(folder)
            if found is not None:
                self._folders[folder] = found
                break
            above = os.path.dirname(folder)
            if above == folder:
                self._folders[folder] = _NOTHING
                break
            folder = above
        result = self._folders[folder]
        self._folders.update(dict.fromkeys(passed, result))
        return result

    def _in(self, folder: str) -> Configuration | ConfigError | None:
        for name in (_OWN, _PROJECT):
            path = os.path.join(folder, name)
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
                text = file.read()
        except OSError as error:
            raise ConfigError(_shown(path), f"cannot be read: {error.strerror}") from error
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


def _sub_table(table: Table | None, key: str) -> Table | None:
    value = None if table is None else table.get(key)
    return value if isinstance(value, dict) else None


def _configuration(path: str, table: Table, prefix: str, known: Known) -> Configuration:
    folder = os.path.dirname(os.path.abspath(path))
    layer, overrides = parse(_shown(path), table, prefix, known)
    compiled = [Override(tuple(pattern(text) for text in patterns), layer) for patterns, layer in overrides]
    return Configuration(folder, layer, tuple(compiled))


def pattern(text: str) -> re.Pattern[str]:
    """A path pattern as an expression for whole paths: `*`, `?`, `**`.

    As in .gitignore, one without a slash matches at any depth, and a folder stands for all that is below it.
    """
    text = text.rstrip("/")
    anchored = "/" in text
    out: list[str] = [] if anchored else ["(?:.*/)?"]
    for part in re.findall(r"\*\*/|/\*\*$|\*+|\?|[^*?/]+|/", text.lstrip("/")):
        match part:
            case "**/":
                out.append("(?:.*/)?")
            case "/**":
                out.append("/.*")
            case "?":
                out.append("[^/]")
            case _ if part.startswith("*"):
                out.append("[^/]*")
            case _:
                out.append(re.escape(part))
    return re.compile("".join(out) + "(?:/.*)?", re.DOTALL)


def _shown(path: str) -> str:
    """The path from here where that is shorter: it is what a user types."""
    relative = os.path.relpath(path)
    return path if relative.startswith("..") else relative
