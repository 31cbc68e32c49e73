"""Which files differ from a revision, or are staged, and in which lines: asked of git in the current folder."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from .git import complaint, git, without_filters

Lines = tuple[tuple[int, int], ...]
"""First and last line, from 1, of each part."""

_HUNK = re.compile(rb"^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)
# Whatever the user's configuration says of diffs.
# Submodules would be asked what is changed in them, each by its own configuration.
_DIFF = ("diff", "--no-color", "--no-ext-diff", "--no-textconv", "--ignore-submodules=all")
_HUNKS = (*_DIFF, "--text", "--no-renames", "--unified=0", "--inter-hunk-context=0")
_NAMES = (*_DIFF, "--name-status", "-z", "--find-renames", "--diff-filter=d")


class GitError(Exception):
    """Git cannot tell; the text is a sentence for the user."""


class Changed(NamedTuple):
    """What differs in a file: these lines, or all of it where `lines` is None.

    `text` is that of the index where the file in the work tree differs from it.
    """

    lines: Lines | None = None
    text: bytes | None = None


def changed_since(revision: str, paths: Collection[str]) -> Mapping[str, Changed]:
    """Those of these files that differ from where HEAD left `revision`; what git does not keep is new.

    Paths are what `located` gives. Raises GitError.
    """
    root = _root()
    if not _asked(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}", fails=True):
        raise GitError(f"{revision}: git knows no such revision here")
    base = _asked(root, "merge-base", revision, "HEAD", fails=True).decode().strip()
    if not base:
        raise GitError(f"{revision} and HEAD have no commit in common here: fetch more of the history")
    names = _asked(root, *_NAMES, base, "--")
    found = {path: Changed(lines) for path, lines in _parts(root, names, paths, (base,))}
    return found | {path: Changed() for path in _untracked(root, paths)}


def staged(paths: Collection[str]) -> Mapping[str, Changed]:
    """Those of these files that are staged; else as `changed_since`."""
    root = _root()
    names = _asked(root, *_NAMES, "--cached", "--")
    differing = {*_split(_asked(root, *_DIFF, "--name-only", "-z", "--"))}
    found = {}
    for path, lines in _parts(root, names, paths, ("--cached",)):
        name = os.path.relpath(path, root)
        text = _asked(root, "cat-file", "--filters", f":{name}") if name in differing else None
        found[path] = Changed(lines, text)
    return found


def located(path: str) -> str:
    """The path as it is known to git: links to folders resolved, the file itself may be one."""
    folder, name = os.path.split(path)
    return os.path.join(os.path.realpath(folder), name)


def _parts(
    root: str, names: bytes, paths: Collection[str], against: tuple[str, ...]
) -> Iterator[tuple[str, Lines | None]]:
    """The paths that `--name-status -z` names, with their lines; None for those that are new here."""
    told = iter(_split(names))
    for status in told:
        name = next(told)
        if status[0] in "RC":
            name = next(told)
        path = os.path.join(root, name)
        if path in paths:
            yield path, _lines(root, name, against) if status[0] in "MT" else None


def _lines(root: str, name: str, against: tuple[str, ...]) -> Lines:
    return hunk_lines(_asked(root, "--literal-pathspecs", *_HUNKS, *against, "--", name))


def hunk_lines(diff: bytes) -> Lines:
    """The lines that a file's diff without context says to be new or changed, or between which some are gone."""
    return tuple(_part(int(start), int(count or b"1")) for start, count in _HUNK.findall(diff))


def _part(start: int, count: int) -> tuple[int, int]:
    """Where lines were only deleted, the one before and the one behind them."""
    return (start, start + count - 1) if count else (max(start, 1), start + 1)


def _untracked(root: str, paths: Collection[str]) -> Iterator[str]:
    tracked = {os.path.join(root, name) for name in _split(_asked(root, "ls-files", "-z"))}
    names = [os.path.relpath(path, root) for path in sorted(paths) if path not in tracked and _is_below(path, root)]
    if names:
        others = _split(_asked(root, "--literal-pathspecs", "ls-files", "--others", "-z", "--", *names))
        yield from (path for name in others if (path := os.path.join(root, name)) in paths)


def _is_below(path: str, root: str) -> bool:
    return path.startswith(root.rstrip(os.sep) + os.sep)


def _root() -> str:
    try:
        return os.fsdecode(git(".", "rev-parse", "--show-toplevel", of_hook=True)).rstrip("\n")
    except (OSError, subprocess.SubprocessError) as error:
        raise GitError(f"git cannot tell what has changed{complaint(error)}") from error


def _asked(root: str, *arguments: str, fails: bool = False) -> bytes:
    """What git prints; nothing where it `fails` to find something."""
    try:
        return git(root, *arguments, of_hook=True, settings=without_filters(root))
    except (OSError, subprocess.SubprocessError) as error:
        if fails and isinstance(error, subprocess.CalledProcessError):
            return b""
        raise GitError(f"git cannot tell what has changed{complaint(error)}") from error


def _split(text: bytes) -> list[str]:
    return os.fsdecode(text).split("\0")[:-1]
