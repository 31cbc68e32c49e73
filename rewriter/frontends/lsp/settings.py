"""What an editor's user has set, out of what the editor sends."""

from __future__ import annotations

from ...adapters.settings import LEVELS
from .messages import Settings

SECTION = "dockfix"


class BadSettings(Exception):
    """What was sent makes no sense; the text is a sentence for the user."""


def settings_of(sent: object) -> Settings:
    """The settings: an object with `level`, `only`, `skip` and `config`, or one that has that as `dockfix`.

    Raises BadSettings.
    """
    if isinstance(sent, dict) and isinstance(sent.get(SECTION), dict):
        sent = sent[SECTION]
    if not isinstance(sent, dict):
        return Settings()
    level, config = sent.get("level"), sent.get("config")
    if level and level not in LEVELS:
        raise BadSettings(f"dockfix.level is {level!r}; it can be {', '.join(LEVELS)}")
    if config and not isinstance(config, str):
        raise BadSettings("dockfix.config must be the path of a file")
    return Settings(level or None, _names(sent, "only"), _names(sent, "skip"), config or None)


def _names(sent: dict[str, object], key: str) -> tuple[str, ...]:
    found = sent.get(key) or []
    names = found.split(",") if isinstance(found, str) else found
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise BadSettings(f"dockfix.{key} must be a list of names of transforms")
    return tuple(name.strip() for name in names if name.strip())
