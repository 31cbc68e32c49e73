"""The last commits of the bot's branches, and who has made them: the bot, or a person."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress

from .errors import CloneError
from .git import Git, shown
from .origin import Origin
from .plan import Head
from .platform import PREFIX
from .tree import fetch

TRAILER = "Dockfix-Content"
"""What the last line of each commit of the bot begins with; hexadecimal digits follow."""

_LARGEST = 64_000_000  # bytes of a commit
_LAST = re.compile(rb"\n" + TRAILER.encode() + rb": ([0-9a-f]+)\n*\Z")
_AUTHOR = re.compile(rb"^author (.*)$", re.MULTILINE)
_COMMITTER = re.compile(rb"^committer (.*)$", re.MULTILINE)


def heads(git: Git, folder: str, origin: Origin) -> Mapping[str, Head]:
    """The branches below PREFIX with their tips, of which nothing but the commits themselves is fetched.

    They get a bare repository of their own, the folder, made when there is none: a shallow fetch into the clone could
    cut off its history, and a full one could bring in that of a branch that has nothing to do with the base.
    """
    if not os.path.isdir(folder):
        git.run(git.home, "init", "--quiet", "--bare", "--template=", "--end-of-options", folder)
    listed = git.run(
        git.home, "ls-remote", "--refs", "--end-of-options", "origin", f"refs/heads/{PREFIX}*", origin=origin
    )
    tips = dict(_tips(listed))
    if not tips:
        return {}
    asked = "".join(f"{tip}\n" for tip in sorted(set(tips.values())))
    fetch(git, folder, origin, "--depth=1", "--filter=tree:0", "--stdin", given=asked)
    return dict(_read(git, folder, tips))


def _read(git: Git, folder: str, tips: Mapping[str, str]) -> Iterator[tuple[str, Head]]:
    """Branches with what their last commits say: by one process, for there may be thousands."""
    asked = "".join(f"{tip}\n" for tip in tips.values())
    with git.reading(folder, "cat-file", "--batch", "--buffer", given=asked.encode()) as out:
        for branch, tip in tips.items():
            line = out.readline()
            if not line:
                break  # what git has to say is raised behind this block
            _, kind, *size = line.split()
            if kind != b"commit" or int(size[0]) > _LARGEST:
                most = f"{_LARGEST // 1_000_000} MB"
                raise CloneError(f"{shown(branch)} ends in what is no commit, or one of more than {most}")
            commit = out.read(int(size[0]) + 1)[:-1]
            yield branch, Head(tip, content(commit), _tree(commit))


def content(commit: bytes) -> str:
    """What the bot wrote into a commit, as git keeps it; empty where a person has made or changed it.

    Who amends, rebases or cherry-picks is the committer but not the author, or, where that is the bot's own name, is
    so at another time.
    """
    header, _, message = commit.partition(b"\n\n")
    author, committer, last = _AUTHOR.search(header), _COMMITTER.search(header), _LAST.search(b"\n" + message)
    if author is None or committer is None or last is None or author[1] != committer[1]:
        return ""
    return last[1].decode()


def _tree(commit: bytes) -> str:
    """Its files: the first line of each commit names them."""
    return commit.partition(b"\n")[0].removeprefix(b"tree ").decode("ascii", "replace")


def _tips(listed: bytes) -> Iterator[tuple[str, str]]:
    """Branches with their tips, of those whose names are UTF-8: no branch of the bot has another one."""
    for line in listed.splitlines():
        tip, _, ref = line.partition(b"\t")
        with suppress(UnicodeDecodeError):
            name = ref.decode()
            if name.startswith(f"refs/heads/{PREFIX}"):
                yield name.removeprefix("refs/heads/"), tip.decode()
