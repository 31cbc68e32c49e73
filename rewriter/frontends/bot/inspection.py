"""What the bot learns of a clone: its settings, and the changes that are to be proposed, group by group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .groups import Group
from .settings import BotSettings


class Inspection(NamedTuple):
    """What a clone holds. `problems` are sentences about what could not be read, with the file.

    `is_configured`: it has a configuration file of dockfix, whatever that says. `files` are the Dockerfiles looked at.
    """

    settings: BotSettings
    is_configured: bool
    groups: Sequence[Group]
    problems: Sequence[str] = ()
    files: int = 0
