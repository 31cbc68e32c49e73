"""What a person's pull request changes: its files and the lines of them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import IO

from ...adapters.changed import Lines, hunk_lines
from .errors import GitFailed
from .git import Git
from .origin import Origin
from .tree import fetch_blobs

__all__ = ["Lines", "changed", "merge_base"]

# Without renames: a file under a new name is new, as it is for `--changed-since`.
_DIFF = ("diff-tree", "-r", "--no-renames", "--no-ext-diff", "--no-textconv", "--diff-filter=AM")
_PATCH = (*_DIFF, "-p", "--text", "--unified=0", "--inter-hunk-context=0")
_NOTHING = "0" * 40
_LONGEST = 4096  # bytes of a line that are read at once


def merge_base(git: Git, folder: str, one: str, other: str) -> str:
    """The commit where two refs part; empty where there is none in what was fetched of them."""
    try:
        return git.run(folder, "merge-base", one, other).decode().strip()
    except GitFailed as error:
        if error.status == 1:
            return ""
        raise


def changed(git: Git, folder: str, base: str, head: str, origin: Origin) -> Mapping[str, Lines]:
    """The lines that differ in each file from one commit to another."""
    listed = os.fsdecode(git.run(folder, *_DIFF, "-z", base, head)).split("\0")[:-1]
    told, paths = listed[::2], listed[1::2]
    was = [one.split(" ")[2] for one in told if not one.startswith(":160000") and one.split(" ")[2] != _NOTHING]
    fetch_blobs(git, folder, was, origin)
    with git.reading(folder, *_PATCH, base, head) as out:
        # In the same order, and with nothing but a header beginning so: lines of files have a sign in front.
        found = [hunk_lines(part) for part in _parts(out)]
    return dict(zip(paths, found, strict=True))


def _parts(out: IO[bytes]) -> Iterator[bytes]:
    """The heads of the hunks, file by file."""
    part: list[bytes] | None = None
    begins = True
    while line := out.readline(_LONGEST):
        if begins and line.startswith(b"diff --git "):
            if part is not None:
                yield b"".join(part)
            part = []
        elif begins and part is not None and line.startswith(b"@@ "):
            part.append(line if line.endswith(b"\n") else line + b"\n")
        begins = line.endswith(b"\n")
    if part is not None:
        yield b"".join(part)
