"""The settings of whoever runs the bot: a file of their own, which no repository can say anything in.

```toml
author = "dockfix <dockfix@example.org>"
signing-key = "/etc/dockfix/key"    # a file for ssh, or the name of a key for openpgp
signing-format = "ssh"
timeout = 600                       # seconds for looking at a repository
largest = 2_000_000_000             # bytes of its files

[bot]                               # what counts where a repository's own configuration says nothing
max-open = 2
```
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from ...adapters.config import Said
from ...adapters.settings import ConfigError, Known, Reader, Table, toml
from .executors import PATIENCE
from .settings import BotSettings, Operator
from .table import bot_settings

_AUTHOR = re.compile(r"[^<>\n\r\0]*[^<>\n\r\0 ] <[^<>\s\0]+>")
_FORMATS = ("openpgp", "ssh")
# Python itself takes 100 MB of address space.
_LEAST: Mapping[str, int] = {"depth": 1, "largest": 1, "most-files": 1, "memory": 200_000_000}
# git counts commits with 31 bits, and may be asked for ten times as many; the others are far beyond any machine.
_MOST: Mapping[str, int] = {"depth": 10**8, "largest": 10**15, "most-files": 10**9, "memory": 10**15}
_KEYS = ("author", "signing-key", "signing-format", "onboarding", "forks", "timeout", "bot", *_LEAST)


def operator_of(path: str | None, known: Known) -> Operator:
    """What the file says; the defaults where there is none. `known` are the transforms. Raises ConfigError."""
    if path is None:
        return Operator()
    table = _loaded(path)
    reader = Reader(path, known)
    reader.check_keys(table, "", _KEYS)
    settings = BotSettings()
    if "bot" in table:
        settings = bot_settings(Said(path, "bot", table["bot"]), known, settings)
    usual = Operator()
    signing_format = reader.choice(table, "", "signing-format", _FORMATS) or usual.signing_format
    return Operator(
        author=_author(reader, table),
        signing_key=_key(_text(reader, table, "signing-key"), signing_format),
        signing_format=signing_format,
        onboarding=_flag(reader, table, "onboarding", usual.onboarding),
        forks=_flag(reader, table, "forks", usual.forks),
        depth=_number(reader, table, "depth", usual.depth),
        largest=_number(reader, table, "largest", usual.largest),
        most_files=_number(reader, table, "most-files", usual.most_files),
        timeout=_seconds(reader, table, usual.timeout),
        memory=_number(reader, table, "memory", usual.memory),
        defaults=settings,
    )


def _loaded(path: str) -> Table:
    import tomllib

    try:
        with open(path, "rb") as file:
            return tomllib.load(file)
    except OSError as error:
        raise ConfigError(path, f"cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(path, f"not TOML: {error}") from error


def _author(reader: Reader, table: Table) -> str:
    value = table.get("author", Operator().author)
    if isinstance(value, str) and _AUTHOR.fullmatch(value):
        return value
    raise reader.error("", f'"author" must be like "Name <address>", not {toml(value)}')


def _text(reader: Reader, table: Table, key: str) -> str:
    value = table.get(key, "")
    if isinstance(value, str) and (not value or value.isprintable()):
        return value
    raise reader.error("", f'"{key}" must be text on one line, not {toml(value)}')


def _key(key: str, signing_format: str) -> str:
    """The key as git is told: of ssh by a path from the root, for git is at work in a clone, with another home."""
    is_file = signing_format == "ssh" and key and not key.startswith(("key::", "ssh-"))
    return os.path.abspath(os.path.expanduser(key)) if is_file else key


def _flag(reader: Reader, table: Table, key: str, default: bool) -> bool:
    value = table.get(key, default)
    if isinstance(value, bool):
        return value
    raise reader.error("", f'"{key}" must be true or false, not {toml(value)}')


def _number(reader: Reader, table: Table, key: str, default: int) -> int:
    value = table.get(key, default)
    if isinstance(value, int) and not isinstance(value, bool) and _LEAST[key] <= value <= _MOST[key]:
        return value
    raise reader.error("", f'"{key}" must be a whole number from {_LEAST[key]:,} to {_MOST[key]:,}, not {toml(value)}')


def _seconds(reader: Reader, table: Table, default: float) -> float:
    value = table.get("timeout", default)
    if isinstance(value, int | float) and not isinstance(value, bool) and 1 <= value <= PATIENCE:
        return value
    raise reader.error("", f'"timeout" must be seconds from 1 to {PATIENCE:.0f}, not {toml(value)}')
