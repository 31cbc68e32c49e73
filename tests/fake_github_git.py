"""What the fake GitHub asks of the bare repositories, and does there, by git."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

from command import git

_HUNK = re.compile(r"^@@ -\S+ \+(\d+)(?:,(\d+))? @@", re.MULTILINE)


def branches(bare: Path) -> dict[str, str]:
    """The last commit of each branch."""
    lines = git(bare, "for-each-ref", "--format=%(objectname) %(refname)", "refs/heads").decode().splitlines()
    return {name.removeprefix("refs/heads/"): sha for sha, _, name in (line.partition(" ") for line in lines)}


def set_ref(bare: Path, ref: str, sha: str) -> None:
    git(bare, "update-ref", ref, sha)


def delete_branch(bare: Path, branch: str) -> None:
    git(bare, "update-ref", "-d", f"refs/heads/{branch}")


@cache
def is_within(bare: Path, commit: str, other: str) -> bool:
    """Whether a commit holds another one already."""
    try:
        git(bare, "merge-base", "--is-ancestor", commit, other)
    except subprocess.CalledProcessError:
        return False
    return True


def merged(bare: Path, base: str, head: str, title: str, *, squash: bool) -> None:
    """Merge `head`, a commit, into the branch `base`, as GitHub's button does."""
    tree = git(bare, "merge-tree", "--write-tree", base, head).decode().split()[0]
    parents = ["-p", base] if squash else ["-p", base, "-p", head]
    commit = git(bare, "commit-tree", tree, *parents, "-m", title).decode().strip()
    set_ref(bare, f"refs/heads/{base}", commit)


def patches(bare: Path, base: str, head: str) -> dict[str, str]:
    """The hunks of each file that `head` changes since it left `base`, in git's own words."""
    names = git(bare, "diff", "--name-only", "--no-renames", "-z", f"{base}...{head}").decode().split("\0")[:-1]
    found = {}
    for name in names:
        patch = git(bare, "diff", "--no-renames", f"{base}...{head}", "--", f":(literal){name}").decode()
        at = patch.find("\n@@ ")
        found[name] = patch[at + 1 :].rstrip("\n") if at >= 0 else ""
    return found


def shown(patch: str) -> list[range]:
    """The lines that a patch shows of the new file."""
    return [range(int(first), int(first) + int(count or 1)) for first, count in _HUNK.findall(patch)]


def fetched(bare: Path, fork: Path, branch: str, ref: str) -> str:
    """Fetch a branch of a fork; the commit."""
    git(bare, "fetch", "--quiet", str(fork), f"+refs/heads/{branch}:{ref}")
    return git(bare, "rev-parse", ref).decode().strip()
