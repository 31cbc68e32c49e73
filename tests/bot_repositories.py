"""Real repositories for tests of the bot: bare ones, persons who work with them, and objects that no git would make."""

from __future__ import annotations

import hashlib
import os
import subprocess
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from command import environment

PERSON = "Ada Person <ada@example.org>"
BOT = "dockfix <dockfix@localhost>"
DOCKERFILE = b"FROM debian:12-slim\nRUN echo a\nRUN echo b\n"

Value = bytes | str
"""What is at a path: bytes are a file, text is a link that says it."""


def git(folder: Path, *arguments: str, text: bytes = b"", who: str = PERSON, when: str = "", **more: str) -> str:
    """What `git ARGUMENTS...` prints, as somebody, without anybody's configuration, and without its line end."""
    return os.fsdecode(_printed(folder, *arguments, text=text, who=who, when=when, **more)).rstrip("\n")


def _printed(folder: Path, *arguments: str, text: bytes, who: str, when: str, **more: str) -> bytes:
    name, _, address = who.removesuffix(">").partition(" <")
    known = {"GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": address}
    known |= {"GIT_COMMITTER_NAME": name, "GIT_COMMITTER_EMAIL": address}
    if when:
        known |= {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
    env = environment(**{**known, **more})
    done = subprocess.run(["git", *arguments], cwd=folder, input=text, capture_output=True, env=env, check=False)
    assert done.returncode == 0, (arguments, done.stderr)
    return done.stdout


def bare(folder: Path, files: Mapping[str, Value] | None = None, branch: str = "main") -> Path:
    """A new bare repository, with one commit where there are `files`."""
    folder.mkdir(parents=True)
    git(folder, "init", "-q", "--bare", "--template=", f"--initial-branch={branch}")
    if files is not None:
        commit(folder, files, branch=branch, message="first")
    return folder


def commit(
    repository: Path,
    files: Mapping[str, Value | None],
    branch: str = "main",
    message: str = "more",
    who: str = PERSON,
    onto: str = "",
    when: str = "",
) -> str:
    """A commit on a branch, without any work tree: files by path, None: deleted. The branch begins at `onto`."""
    start = onto or tip(repository, branch)
    index = str(repository / "index-of-tests")
    git(repository, "read-tree", *([start] if start else ["--empty"]), GIT_INDEX_FILE=index)
    lines = b""
    for path, value in files.items():
        if value is None:
            lines += b"0 " + b"0" * 40 + b"\t" + os.fsencode(path) + b"\0"
        else:
            mode, data = (b"100644", value) if isinstance(value, bytes) else (b"120000", os.fsencode(value))
            lines += mode + b" " + blob(repository, data).encode() + b"\t" + os.fsencode(path) + b"\0"
    git(repository, "update-index", "-z", "--index-info", text=lines, GIT_INDEX_FILE=index)
    tree = git(repository, "write-tree", GIT_INDEX_FILE=index)
    os.unlink(index)
    return commit_tree(repository, tree, branch, message, [start] if start else [], who, when)


def commit_tree(
    repository: Path,
    tree: str,
    branch: str = "main",
    message: str = "more",
    parents: Sequence[str] = (),
    who: str = PERSON,
    when: str = "",
) -> str:
    """A commit of a tree, whatever that is, as the tip of a branch."""
    above = [part for parent in parents for part in ("-p", parent)]
    name = git(repository, "commit-tree", *above, tree, text=message.encode(), who=who, when=when)
    git(repository, "update-ref", f"refs/heads/{branch}", name)
    return name


def tip(repository: Path, branch: str = "main") -> str:
    """The last commit of a branch; empty where there is none."""
    return git(repository, "for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}")


def branches(repository: Path) -> dict[str, str]:
    """All branches with their tips."""
    told = git(repository, "for-each-ref", "--format=%(refname:lstrip=2) %(objectname)", "refs/heads")
    return dict(line.rsplit(" ", 1) for line in told.splitlines())


def read(repository: Path, path: str, at: str = "main") -> bytes:
    """The text of a file in a commit."""
    return _printed(repository, "cat-file", "blob", f"{at}:{path}", text=b"", who=PERSON, when="")


def blob(repository: Path, data: bytes) -> str:
    """A file without a name."""
    return git(repository, "hash-object", "-w", "--no-filters", "--stdin", text=data)


def tree(repository: Path, entries: Sequence[tuple[str, bytes, str]]) -> str:
    """A tree of raw entries, (mode, name, object), as they are: nothing is sorted, and nothing is refused."""
    data = b"".join(mode.encode() + b" " + name + b"\0" + bytes.fromhex(known) for mode, name, known in entries)
    return loose(repository, b"tree %d\0" % len(data) + data)


def loose(repository: Path, whole: bytes) -> str:
    """An object of these bytes, kind and size in front, whether or not it is well formed."""
    name = hashlib.sha1(whole, usedforsecurity=False).hexdigest()
    path = repository / "objects" / name[:2] / name[2:]
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(zlib.compress(whole, 1))
    return name


def person(repository: Path, folder: Path, branch: str = "main") -> Path:
    """A person's clone of a repository, with a branch checked out."""
    git(folder.parent, "clone", "-q", "--template=", "--branch", branch, "--", str(repository), str(folder))
    return folder
