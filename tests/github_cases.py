"""Real repositories on the fake GitHub, with a branch of the bot's in each."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from command import git
from fake_github import TOKEN, FakeGitHub
from fake_github_shapes import Hosted

from dockfix.frontends.bot.platform import Given, NewPull, Repository, Suggestion
from dockfix.frontends.bot.platforms.github import GitHub

BRANCH = "dockfix/safe-0123456789ab"
LINES = "".join(f"RUN step {number}\n" for number in range(1, 31))
OLD = f"FROM debian:12\n{LINES}"
NEW = OLD.replace("RUN step 1\n", "RUN step one\n")
FURTHER = NEW.replace("RUN step 30\n", "RUN step thirty\n")
PULL = NewPull(BRANCH, "main", "Fewer layers", "Why.\n\n<!-- dockfix:pull group=safe edit=0123456789ab -->")
DRESSED = PULL._replace(labels=("Docker",), reviewers=("ann",), assignees=("ann",))
REMARK = Suggestion("Dockerfile", 2, 2, "Say it in one.", "RUN step 1")
SHOP = Repository("acme/shop", "", "main")


class Case(NamedTuple):
    """A repository on the fake, where it really is, and the adapter. `slept` are the seconds that it has waited."""

    fake: FakeGitHub
    hosted: Hosted
    github: GitHub
    slept: list[float]

    @property
    def name(self) -> str:
        return self.hosted.name


def case(fake: FakeGitHub, folder: Path, name: str = "acme/shop", address: str = "") -> Case:
    """Its branch BRANCH changes the Dockfile that `main` has."""
    hosted = fake.add(name, bare(folder / f"{name.replace('/', '-')}.git"))
    slept: list[float] = []
    return Case(fake, hosted, GitHub(TOKEN, address or fake.address, slept.append), slept)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Case]:
    """Such a case with a label and a person."""
    with FakeGitHub() as fake:
        one = case(fake, tmp_path)
        one.hosted.labels.append("Docker")
        one.hosted.people.append("ann")
        yield one


def bare(folder: Path) -> Path:
    """A bare repository with a branch of the bot's."""
    shutil.copytree(_made(), folder)
    return folder


@cache
def _made() -> Path:
    """Such a repository, to be copied: git takes a while."""
    folder = Path(tempfile.mkdtemp(prefix="dockfix-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    made = folder / "made.git"
    git(folder, "init", "--quiet", "--bare", "--initial-branch=main", str(made))
    push(made, "main", OLD)
    push(made, BRANCH, NEW, start="main")
    return made


def push(folder: Path, branch: str, text: str, start: str | None = None) -> str:
    """Commit a Dockerfile onto a branch, or a new one from `start`; the commit."""
    blob = git(folder, "hash-object", "-w", "--stdin", text=text.encode()).decode().strip()
    tree = git(folder, "mktree", text=f"100644 blob {blob}\tDockerfile\n".encode()).decode().strip()
    heads = git(folder, "for-each-ref", "--format=%(refname:short)").decode().split()
    parent = start or (branch if branch in heads else None)
    commit = git(folder, "commit-tree", tree, *(["-p", parent] if parent else []), "-m", branch).decode().strip()
    git(folder, "update-ref", f"refs/heads/{branch}", commit)
    return commit


def given(one: Case, text: str = NEW) -> Given:
    """A person's pull request."""
    push(one.hosted.bare, "theirs", text, start="main")
    one.fake.open("acme/shop", "Mine", "", "ann", head="theirs")
    (found,) = one.github.given_pulls(SHOP)
    return found
