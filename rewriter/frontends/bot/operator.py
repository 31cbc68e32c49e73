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

import re
from collections.abc import Mapping
from typing import cast

from ...adapters.config import Said
from ...adapters.settings import ConfigError, Known, Reader, Table, toml
from .settings import BotSettings, Operator
from .table import bot_settings

_AUTHOR = re.compile(r"[^<>\n\r\0]*[^<>\n\r\0 ] <[^<>\s\0]+>")
_FORMATS = ("openpgp", "ssh")
# Those whose values are of the type of the default; with the least that each may be.
_NUMBERS: Mapping[str, int] = {"depth": 1, "largest": 1, "most-files": 1, "timeout": 1, "memory": 100_000_000}
_FLAGS = ("onboarding", "forks")


def operator_of(path: str | None, known: Known) -> Operator:
    """What the file says; the defaults where there is none. `known` are the transforms. Raises ConfigError."""
    if path is None:
        return Operator()
    table = _loaded(path)
    reader = Reader(path, known)
    reader.check_keys(table, "", ("author", "signing-key", "signing-format", "bot", *_NUMBERS, *_FLAGS))
    settings = BotSettings()
    if "bot" in table:
        settings = bot_settings(Said(path, "bot", table["bot"]), known, settings)
    operator = Operator(
        author=_author(reader, table),
        signing_key=_text(reader, table, "signing-key"),
        signing_format=reader.choice(table, "", "signing-format", _FORMATS) or Operator().signing_format,
        defaults=settings,
    )
    for key in _FLAGS:
        operator = operator._replace(**{key: _flag(reader, table, key, operator)})
    for key, least in _NUMBERS.items():
        name = key.replace("-", "_")
        operator = operator._replace(**{name: _number(reader, table, key, least, operator)})
    return operator


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


def _flag(reader: Reader, table: Table, key: str, operator: Operator) -> bool:
    value = table.get(key, getattr(operator, key))
    if isinstance(value, bool):
        return value
    raise reader.error("", f'"{key}" must be true or false, not {toml(value)}')


def _number(reader: Reader, table: Table, key: str, least: int, operator: Operator) -> int | float:
    value = table.get(key, getattr(operator, key.replace("-", "_")))
    if isinstance(value, int | float) and not isinstance(value, bool) and value >= least:
        return cast("int | float", value)
    raise reader.error("", f'"{key}" must be a number of at least {least}, not {toml(value)}')
