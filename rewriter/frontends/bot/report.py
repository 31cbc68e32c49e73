"""What was done in a repository, or, in a dry run, what would be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Done(NamedTuple):
    """One thing that was done. `what`: opened, updated, closed, left, held, deleted or reviewed.

    `title` and `body` are those of the pull request, `reason` says why where it is not plain.
    """

    what: str
    group: str = ""
    number: int | None = None
    url: str = ""
    title: str = ""
    body: str = ""
    reason: str = ""


class Report(NamedTuple):
    """A repository after the bot has been there. `skipped` says why nothing was looked at, `error` what went wrong.

    `problems` are sentences about files that could not be read; `files` are the Dockerfiles looked at; `seconds` is
    how long it took. `retry`: what went wrong may go right next time, such as a limit. `base` is the branch looked at,
    `sign` the platform's.
    """

    repository: str
    done: Sequence[Done] = ()
    skipped: str = ""
    error: str = ""
    problems: Sequence[str] = ()
    files: int = 0
    changes: int = 0
    seconds: float = 0.0
    retry: bool = False
    base: str = ""
    sign: str = "#"
