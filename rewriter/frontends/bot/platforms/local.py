"""Repositories on this disk: no network, no token; branches for a person to merge, and pull requests only by name.

What was said of each is kept in the repository itself: JSON below the reference RECORDS, which neither a clone fetches
nor `git branch` lists. What has become of a pull request is seen by its branch: merged once its tip is in the base,
closed while there is no such branch, as when somebody has deleted it, or once dockfix has closed it; else open.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from ....adapters.git import complaint, git
from ..platform import (
    Comment,
    Credentials,
    Given,
    Issue,
    NewPull,
    PlatformError,
    Pull,
    Repository,
    State,
    Suggestion,
)

RECORDS = "refs/dockfix/pulls"
_LARGEST = 50_000_000
"""Bytes of the records; a body has less than 70,000."""
_ANY = 128
"""Git's status where something is not there at all; a smaller one is its no."""
_NO_ISSUES = "a repository on this disk has no issues: switch the dashboard off, or use another platform"
_NO_REVIEWS = "a repository on this disk has no pull requests to comment on: use another mode, or another platform"


class _Record(NamedTuple):
    """A pull request as it was said last. `tip` is the commit that its branch was at then, `created` as ISO 8601."""

    branch: str
    base: str
    title: str
    body: str
    created: str
    tip: str
    is_draft: bool = False
    is_closed: bool = False
    comments: tuple[str, ...] = ()


class Local:
    """The platform of repositories on this disk. They are named by their paths, relative to `root`."""

    sign = "#"

    def __init__(self, root: str = "") -> None:
        self._root = root

    def repository(self, name: str) -> Repository:
        """A repository in a folder, bare or with a work tree."""
        folder = os.path.abspath(os.path.join(self._root, name))
        if not _is_repository(folder):
            raise PlatformError(f"{name}: there is no git repository in this folder")
        # Not by `--short`: where a tag has the same name, that gives a longer one.
        branch = _git(folder, "symbolic-ref", "--quiet", "HEAD", fails=1).removeprefix("refs/heads/")
        if not branch:
            raise PlatformError(
                f"{name}: HEAD is at no branch: check one out, so that there is something to propose to"
            )
        tip = _tip(folder, branch)
        return Repository(name, folder, branch, is_empty=not tip)

    def repositories(self, organisation: str) -> Iterator[str]:
        """The repositories directly in a folder, in the order of their names; links are not followed."""
        folder = os.path.join(self._root, organisation)
        try:
            with os.scandir(folder) as entries:
                names = sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
        except OSError as error:
            raise PlatformError(f"{organisation}: the folder cannot be read: {error.strerror}") from error
        return (os.path.join(organisation, name) for name in names if _is_repository(os.path.join(folder, name)))

    def credentials(self) -> Credentials | None:
        """None."""
        return None

    def pulls(self, repository: Repository) -> Sequence[Pull]:
        """All pull requests, the newest first."""
        records = _records(repository)
        return [_pull(repository, records, number) for number in range(len(records), 0, -1)]

    def closed_pulls(self, repository: Repository, branch: str, base: str) -> Sequence[Pull]:
        """Those from this branch, whatever they are for."""
        return [pull for pull in self.pulls(repository) if pull.branch == branch and pull.state is not State.OPEN]

    def open_pull(self, repository: Repository, new: NewPull) -> Pull:
        """Remember it. There are no labels and no accounts."""
        for pull in self.pulls(repository):
            if pull.branch == new.branch and pull.state is State.OPEN:
                self.update_pull(repository, pull, new.title, new.body)
                return pull._replace(title=new.title, body=new.body)
        now, tip = datetime.now(UTC).isoformat(), _tip(repository.clone_url, new.branch)
        record = _Record(new.branch, new.base, new.title, new.body, now, tip, is_draft=new.is_draft)
        records = [*_records(repository), record]
        _keep(repository, records)
        return _pull(repository, records, len(records))

    def update_pull(self, repository: Repository, pull: Pull, title: str, body: str) -> None:
        """Remember another title and body."""
        _change(repository, pull.number, title=title, body=body, tip=_tip(repository.clone_url, pull.branch))

    def close_pull(self, repository: Repository, pull: Pull) -> None:
        """Remember that it is closed."""
        _change(repository, pull.number, is_closed=True)

    def comments(self, repository: Repository, number: int) -> Sequence[Comment]:
        """What `comment` was told."""
        return [Comment(body, is_own=True) for body in _record(repository, number).comments]

    def comment(self, repository: Repository, number: int, body: str) -> None:
        """Remember it: there is nobody who reads it, but it is to be said only once."""
        _change(repository, number, comments=(*_record(repository, number).comments, body))

    def issues(self, repository: Repository) -> Sequence[Issue]:
        """None."""
        return ()

    def open_issue(self, repository: Repository, title: str, body: str) -> Issue:
        """Raises PlatformError."""
        raise PlatformError(_NO_ISSUES)

    def update_issue(self, repository: Repository, issue: Issue, body: str) -> None:
        """Raises PlatformError."""
        raise PlatformError(_NO_ISSUES)

    def close_issue(self, repository: Repository, issue: Issue) -> None:
        """Raises PlatformError."""
        raise PlatformError(_NO_ISSUES)

    def given_pulls(self, repository: Repository) -> Sequence[Given]:
        """None."""
        return ()

    def reviews(self, repository: Repository, number: int) -> Sequence[Comment]:
        """None."""
        return ()

    def suggest(self, repository: Repository, given: Given, body: str, suggestions: Sequence[Suggestion]) -> None:
        """Raises PlatformError."""
        raise PlatformError(_NO_REVIEWS)

    def check(self, repository: Repository, given: Given, body: str, suggestions: Sequence[Suggestion]) -> bool:
        """Raises PlatformError."""
        raise PlatformError(_NO_REVIEWS)


def _pull(repository: Repository, records: Sequence[_Record], number: int) -> Pull:
    record = records[number - 1]
    # Where another one was opened for the same branch later, the branch says nothing of this one any more.
    is_last = all(later.branch != record.branch for later in records[number:])
    tip = _tip(repository.clone_url, record.branch) if is_last else ""
    state = State.OPEN if tip and not record.is_closed else State.CLOSED
    base = _tip(repository.clone_url, record.base)
    if base and _is_in(repository.clone_url, tip or record.tip, base):
        state = State.MERGED
    created = datetime.fromisoformat(record.created)
    title, body = record.title, record.body
    return Pull(number, record.branch, record.base, state, title, body, created, is_draft=record.is_draft)


def _record(repository: Repository, number: int) -> _Record:
    records = _records(repository)
    if not 0 < number <= len(records):
        raise PlatformError(f"{repository.name}: there is no pull request {number}")
    return records[number - 1]


def _change(repository: Repository, number: int, **changes: str | bool | tuple[str, ...]) -> None:
    record = _record(repository, number)
    records = _records(repository)
    records[number - 1] = record._replace(**changes)  # type: ignore[arg-type]  # mypy knows no fields of **changes
    _keep(repository, records)


def _records(repository: Repository) -> list[_Record]:
    folder = repository.clone_url
    size = _git(folder, "cat-file", "-s", RECORDS, fails=_ANY)
    if not size:
        return []
    text = _git(folder, "cat-file", "blob", RECORDS) if int(size) <= _LARGEST else ""
    try:
        return [_Record(**one)._replace(comments=tuple(one["comments"])) for one in json.loads(text)]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise PlatformError(
            f"{repository.name}: {RECORDS} is not what dockfix keeps there: run git update-ref -d {RECORDS}"
        ) from error


def _keep(repository: Repository, records: Sequence[_Record]) -> None:
    """Raises PlatformError where somebody else has written the records since they were read."""
    folder = repository.clone_url
    before = _git(folder, "rev-parse", "--verify", "--quiet", RECORDS, fails=_ANY)
    with tempfile.NamedTemporaryFile() as file:
        file.write(json.dumps([record._asdict() for record in records], indent=1).encode())
        file.flush()
        blob = _git(folder, "hash-object", "-w", "--no-filters", "--end-of-options", file.name)
    _git(folder, "update-ref", "--end-of-options", RECORDS, blob, before or "0" * len(blob))


def _tip(folder: str, branch: str) -> str:
    """The last commit of a branch; empty where there is none."""
    return _git(folder, "rev-parse", "--verify", "--quiet", f"refs/heads/{branch}^{{commit}}", fails=_ANY)


def _is_in(folder: str, commit: str, base: str) -> bool:
    """Whether a commit is the base or before it. One that is not there any more is not."""
    within = _git(folder, "merge-base", "--is-ancestor", "--end-of-options", commit, base, fails=_ANY, said="yes")
    return within == "yes"


def _is_repository(folder: str) -> bool:
    """Whether it is one itself, rather than a folder inside of one."""
    return _git_folder(folder) is not None


def _git_folder(folder: str) -> str | None:
    if os.path.exists(os.path.join(folder, ".git")):
        return ".git"
    if os.path.isfile(os.path.join(folder, "HEAD")) and os.path.isdir(os.path.join(folder, "objects")):
        return "."
    return None


def _git(folder: str, *arguments: str, fails: int = 0, said: str | None = None) -> str:
    """What git prints, or `said` for that it went well; empty where it says no, by a status up to `fails`."""
    try:
        printed = git(folder, f"--git-dir={_git_folder(folder) or '.git'}", *arguments)
    except (OSError, subprocess.SubprocessError) as error:
        if isinstance(error, subprocess.CalledProcessError) and 0 < error.returncode <= fails:
            return ""
        raise PlatformError(f"{folder}: git {arguments[0]} fails{complaint(error)}") from error
    return os.fsdecode(printed).rstrip("\n") if said is None else said
