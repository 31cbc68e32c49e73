"""A GitHub with one repository, and the bot that works on it: real git over HTTP, the real API's shapes, no sleep."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import bot_repositories as repositories
import pytest
from fake_github import TOKEN, FakeGitHub
from git_over_http import GitServer, served

from dockfix.frontends.bot import reviewing, working
from dockfix.frontends.bot.inspecting import inspect
from dockfix.frontends.bot.inspection import Inspection
from dockfix.frontends.bot.platforms.github import GitHub
from dockfix.frontends.bot.report import Report
from dockfix.frontends.bot.settings import BotSettings, Operator
from dockfix.frontends.bot.task import Place, Task

NAME = "ada/shop"
DOCKERFILE = b"""\
FROM debian:12-slim
RUN apt-get update
RUN apt-get install -y curl
COPY shop /usr/bin/shop
CMD ["shop"]
"""
FILES = {
    "Dockerfile": DOCKERFILE,
    ".dockerignore": b"*\n!shop\n",
    "shop": b"#!/bin/sh\n",
    "README.md": b"# shop\n",
}
OPERATOR = Operator(onboarding=False)


class World:
    """`hub` is the platform, `git` its git, `bare` where the commits are, `now` the operator's settings."""

    def __init__(self, hub: FakeGitHub, git: GitServer, bare: Path) -> None:
        self.hub = hub
        self.git = git
        self.bare = bare
        self.operator = OPERATOR

    def run(self, **settings: object) -> Report:
        """The bot comes by once; `settings` are what its operator says where the repository says nothing."""
        defaults = BotSettings()._replace(**settings)  # type: ignore[arg-type]
        task = Task(Place("github", self.hub.address), NAME, self.operator._replace(defaults=defaults))
        platform = GitHub(TOKEN, self.hub.address, sleep=lambda _: None)
        with mock.patch.object(working, "platform_at", return_value=platform):
            return working.work(task)

    def commit(self, **files: bytes | None) -> str:
        """A person commits to the base; `Dockerfile` and the like are the names of files."""
        return repositories.commit(self.bare, {name.replace("__", "."): text for name, text in files.items()})

    def branches(self) -> dict[str, str]:
        """The bot's branches by group."""
        found = repositories.branches(self.bare)
        return {name.split("/")[1].rsplit("-", 1)[0]: tip for name, tip in found.items() if name.startswith("dockfix/")}

    def open(self) -> dict[str, int]:
        """The numbers of the bot's pull requests that are open, by group."""
        return {_group(one.head): one.number for one in self.hub.pulls(NAME) if one.state == "open"}

    def writes(self) -> list[str]:
        """What was asked of the API but for looking, as `POST /repos/...`."""
        return [f"{one.verb} {one.path}" for one in self.hub.asked if one.verb != "GET"]

    def state(self) -> object:
        """All that a person sees in the end: what is open or closed, what it says, and what its commits do."""
        told = []
        for one in self.hub.pulls(NAME):
            tree, is_on_base = "", False
            if one.head in repositories.branches(self.bare):
                tree = repositories.git(self.bare, "rev-parse", f"{one.head}^{{tree}}")
                is_on_base = repositories.git(self.bare, "merge-base", "main", one.head) == repositories.tip(self.bare)
            said = [remark.body for remark in one.comments]
            told.append((one.head, one.state, one.title, one.body, said, sorted(one.labels), tree, is_on_base))
        return sorted(told, key=str), sorted(self.branches())


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """One repository with a Dockerfile that has something safe and something for review."""
    (folder / "git").mkdir()
    bare = repositories.bare(folder / "git" / f"{NAME}.git", FILES)
    with served(folder / "git") as git, FakeGitHub(git=git.address) as hub:
        hub.add(NAME, bare)
        yield World(hub, git, bare)


@pytest.fixture
def it(tmp_path: Path) -> Iterator[World]:
    """Such a world, in a folder of its own."""
    with world(tmp_path) as made:
        yield made


def done(report: Report) -> list[tuple[str, str]]:
    """What a run has done, and with which group; that it has failed in nothing is asserted."""
    assert not report.error, report.error
    return [(one.what, one.group) for one in report.done]


@pytest.fixture(scope="module", autouse=True)
def looked_at_once() -> Iterator[None]:
    """Where it is not about looking: what was learnt of a work tree is learnt once."""
    known: dict[object, Inspection] = {}

    def remembered(folder: str, operator: Operator, lines: object = None, rules: str | None = None) -> Inspection:
        key = (_texts(Path(folder), ".git"), _texts(Path(rules)) if rules else (), operator, repr(lines))
        if key not in known:
            known[key] = inspect(folder, operator, lines, rules)  # type: ignore[arg-type]
        return known[key]

    with mock.patch.object(working, "inspect", remembered), mock.patch.object(reviewing, "inspect", remembered):
        yield


def _texts(root: Path, *without: str) -> tuple[tuple[str, bytes], ...]:
    named = ((one.relative_to(root), one) for one in root.rglob("*") if one.is_file())
    return tuple(sorted((str(name), one.read_bytes()) for name, one in named if name.parts[0] not in without))


def _group(branch: str) -> str:
    return branch.removeprefix("dockfix/").rsplit("-", 1)[0]
