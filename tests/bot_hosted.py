"""What the tests of clones, of pushes and of tokens have in common: a repository on a server, and the bot's commit."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from bot_repositories import DOCKERFILE, bare, person
from git_over_http import GitServer, served

from dockfix.frontends.bot.clone import Clone, NewCommit, cloned
from dockfix.frontends.bot.platform import Repository
from dockfix.frontends.bot.settings import Operator

FILES = {"Dockerfile": DOCKERFILE, "api/Dockerfile": b"FROM scratch\n", "notes": b"a\nb\nc\n"}
MESSAGE = "Merge two RUNs\n\nWhy.\n\nDockfix-Content: 0123456789abcdef\n"
NEW = NewCommit(MESSAGE, {"Dockerfile": b"FROM debian:12-slim\nRUN echo a && echo b\n"})
BRANCH = "dockfix/safe-0123456789ab"
SECRET = "ghs_S3cretS3cretS3cret"  # noqa: S105
BASIC = "Basic " + base64.b64encode(f"x-access-token:{SECRET}".encode()).decode()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitServer]:
    """A server with the repository owner/name."""
    bare(tmp_path / "hosted/owner/name.git", FILES)
    with served(tmp_path / "hosted") as server:
        yield server


@pytest.fixture
def hosted(server: GitServer) -> Path:
    """The repository owner/name."""
    return server.folder / "owner/name.git"


@pytest.fixture(params=["http", "bare folder", "folder"])
def anywhere(request: pytest.FixtureRequest, server: GitServer, hosted: Path, tmp_path: Path) -> tuple[Path, str]:
    """The repository, or a clone of it, and its address: all that is done must be the same wherever it is."""
    if request.param == "http":
        return hosted, server.url("owner/name")
    if request.param == "bare folder":
        return hosted, str(hosted)
    clone = person(hosted, tmp_path / "folder")
    return clone / ".git", str(clone)


def at(url: str, base: str = "main", operator: Operator | None = None) -> AbstractContextManager[Clone]:
    """A clone of what is at an address, without a token."""
    return cloned(Repository("owner/name", url, "main"), base, None, operator or Operator())


def contents(folder: str) -> dict[str, bytes]:
    """The files of a work tree by path."""
    files = [path for path in Path(folder).rglob("*") if ".git" not in path.parts and path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def until(is_so: Callable[[], bool]) -> bool:
    """Whether it becomes so within a time that is long enough for a busy machine."""
    end = time.monotonic() + 30
    while not is_so():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True
