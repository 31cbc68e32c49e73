"""Commits made of texts, past the work tree: no hook, filter or link of it has a part in them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from .errors import CloneError, GitFailed
from .git import Git, shown
from .origin import Settings
from .settings import Operator

_PLAIN = "100644"
_OTHERS = ("120000", "160000")  # links and submodules


class NewCommit(NamedTuple):
    """A commit to be made: its message, and the new texts by path from the root of the repository."""

    message: str
    files: Mapping[str, bytes]


class Ground(NamedTuple):
    """What commits are made on: a commit of the repository in a folder, and the modes of what is no plain file."""

    folder: str
    commit: str
    modes: Mapping[str, str]


def committed(git: Git, ground: Ground, commits: Sequence[NewCommit], operator: Operator) -> str:
    """The name of the last of these commits, one on top of the other; it is on no branch yet.

    Raises CloneError for paths that are none in the repository, or lead through a link or a submodule.
    """
    index = {"GIT_INDEX_FILE": os.path.join(git.home, "index")}
    git.run(ground.folder, "read-tree", ground.commit, environment=index)
    tip = ground.commit
    for commit in commits:
        # By `--index-info`, paths that it refuses are left out, with a remark and no error.
        entries = [part for entry in _entries(git, ground, commit.files) for part in ("--cacheinfo", entry)]
        git.run(ground.folder, "update-index", "--add", *entries, environment=index)
        tree = git.run(ground.folder, "write-tree", environment=index).decode().strip()
        tip = _commit(git, ground.folder, tree, tip, commit.message, operator)
    return tip


def _entries(git: Git, ground: Ground, files: Mapping[str, bytes]) -> Iterator[str]:
    for path, text in files.items():
        mode = _mode(path, ground.modes)
        blob = git.run(ground.folder, "hash-object", "-w", "--no-filters", "--stdin", given=text).decode().strip()
        yield f"{mode},{blob},{path}"


def _mode(path: str, modes: Mapping[str, str]) -> str:
    parts = path.split("/")
    for end in range(1, len(parts) + 1):
        above = "/".join(parts[:end])
        if modes.get(above) in _OTHERS:
            raise CloneError(f"{shown(path)} is not changed: {shown(above)} is a link or a submodule")
    return modes.get(path, _PLAIN)


def _commit(git: Git, folder: str, tree: str, parent: str, message: str, operator: Operator) -> str:
    # One time for both, so that a later change by somebody of the same name tells itself.
    now = f"{int(time.time())} +0000"
    environment = {"GIT_AUTHOR_DATE": now, "GIT_COMMITTER_DATE": now}
    signing: tuple[str, ...] = ()
    settings: Settings = ()
    if operator.signing_key:
        signing = (f"-S{operator.signing_key}",)
        settings = (("gpg.format", operator.signing_format),)
        environment |= _for_signing()
    given = message.encode("utf-8", "surrogateescape")
    try:
        made = git.run(
            folder, "commit-tree", *signing, "-p", parent, tree, given=given, settings=settings, environment=environment
        )
    except GitFailed as error:
        if not signing:
            raise
        key = f"{shown(operator.signing_key)} ({operator.signing_format})"
        raise CloneError(f"commits cannot be signed with the key {key}: {error}") from error
    return made.decode().strip()


def _for_signing() -> dict[str, str]:
    """Where the keys are: the operator's own home is not git's."""
    found = {"GNUPGHOME": os.environ.get("GNUPGHOME") or os.path.expanduser("~/.gnupg")}
    return found | {name: os.environ[name] for name in ("SSH_AUTH_SOCK",) if name in os.environ}
