"""Of the files that were found, those that git says have changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..adapters.changed import Changed, GitError, Lines, changed_since, located, staged
from ..engine.change import Problem
from .request import Request, UsageError


class Narrow(NamedTuple):
    """A file to look at: its text where that is not the one on the disk, and the lines that changes are wanted in."""

    path: str
    text: bytes | None
    lines: Lines | None


UNSTAGED = "left as it is: it has changes that are not staged; stage or stash them, then run dockfix again"


def narrowed(request: Request, paths: Sequence[str]) -> tuple[list[Narrow], list[Problem]]:
    """The files, and what is wrong with others. Raises UsageError."""
    known = {path: located(path) for path in paths}
    try:
        changed = _changed(request, frozenset(known.values()))
    except GitError as error:
        raise UsageError(str(error)) from error
    found = [(path, changed[known[path]]) for path in paths if known[path] in changed]
    # What is written goes to the work tree, where something else stands than what is staged.
    torn = [path for path, change in found if request.write and change.text is not None]
    return list(_narrow(found, torn)), [Problem(path, None, UNSTAGED) for path in torn]


def _changed(request: Request, paths: frozenset[str]) -> dict[str, Changed]:
    if request.changed_since is not None:
        return dict(changed_since(request.changed_since, paths))
    return dict(staged(paths))


def _narrow(found: Sequence[tuple[str, Changed]], torn: Sequence[str]) -> Iterator[Narrow]:
    for path, change in found:
        if path not in torn:
            yield Narrow(path, change.text, change.lines)
