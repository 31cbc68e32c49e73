"""What a repository may say about the bot, in the table `bot` of its configuration file, and what its operator says."""

from __future__ import annotations

from typing import NamedTuple


class NamedGroup(NamedTuple):
    """A group of one's own: the changes of these transforms, of these levels, in files that the patterns match."""

    name: str
    transforms: frozenset[str] = frozenset()
    levels: frozenset[str] = frozenset()
    paths: tuple[str, ...] = ()


class BotSettings(NamedTuple):
    """How the bot behaves in one repository."""

    enabled: bool = True
    mode: str = "pull-requests"
    level: str = "review"
    group_by: tuple[str, ...] = ("level",)
    groups: tuple[NamedGroup, ...] = ()
    paths: tuple[str, ...] = ()
    skip_paths: tuple[str, ...] = ()
    base: str = ""
    max_open: int = 5
    per_hour: int = 2
    schedule: str = ""
    timezone: str = "UTC"
    labels: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    draft: bool = False
    title_prefix: str = ""
    sign_off: bool = False
    dashboard: bool = False


class Operator(NamedTuple):
    """What only the one who runs the bot decides. `author` is `Name <address>`; `signing_key` one that git signs with.

    `depth` is how many commits of the history are fetched, `largest` how many bytes a repository's files may have,
    `most_files` how many there may be. Looking at one repository, and each call of git, may take `timeout` seconds and
    `memory` bytes.
    """

    author: str = "dockfix <dockfix@localhost>"
    signing_key: str = ""
    signing_format: str = "openpgp"
    onboarding: bool = True
    forks: bool = False
    dry_run: bool = False
    depth: int = 50
    largest: int = 2_000_000_000
    most_files: int = 200_000
    timeout: float = 600.0
    memory: int = 2_000_000_000
    defaults: BotSettings = BotSettings()
