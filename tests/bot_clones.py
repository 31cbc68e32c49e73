"""Real clones for the bot's tests, and what it learns of them."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

from command import environment, git

from dockfix.frontends.bot.groups import Group, Made
from dockfix.frontends.bot.inspecting import inspect
from dockfix.frontends.bot.inspection import Inspection
from dockfix.frontends.bot.settings import BotSettings, Operator

RUNS = b"FROM debian:12\nRUN echo a\nRUN echo b\n"
APT = b"FROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y curl\n"
OPERATOR = Operator(timeout=120)


def clone(folder: Path, files: Mapping[str, bytes]) -> Path:
    """A repository with one commit of these files, in the folder `clone`."""
    top = folder / "clone"
    top.mkdir()
    git(top, "init", "--quiet", "--initial-branch=main")
    for name, text in files.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_bytes(text)
    commit(top)
    return top


def commit(top: Path) -> None:
    """All that is there."""
    git(top, "add", "--all", "--force")
    git(top, "commit", "--quiet", "--allow-empty", "--message=x")


def looked(top: Path, **defaults: object) -> Inspection:
    """What is learnt of it, by these defaults of the operator's."""
    return inspect(str(top), OPERATOR._replace(defaults=BotSettings()._replace(**defaults)))  # type: ignore[arg-type]


def by_name(found: Inspection) -> dict[str, Group]:
    return {group.name: group for group in found.groups}


def summary(found: Inspection) -> dict[str, list[tuple[str, str]]]:
    """The transforms and paths of each group."""
    return {group.name: [(one.transform, one.path) for one in group.made] for group in found.groups}


def applied(top: Path, made: Made) -> None:
    """The diff applied by git, which takes it or fails."""
    diff = made.diff.encode("utf-8", "surrogateescape")
    subprocess.run(["git", "apply", "-"], cwd=top, input=diff, env=environment(), check=True)
