"""The port behind which a platform stands: repositories, pull requests, comments and issues.

The names are GitHub's; what GitLab calls a merge request is a pull request here. Adapters are in `platforms/`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import Enum
from typing import NamedTuple, Protocol

PREFIX = "dockfix/"
"""What the names of the bot's branches begin with."""


class PlatformError(Exception):
    """The platform does not do what was asked for; the text is a sentence for the user, without any token in it."""


class NotAllowed(PlatformError):
    """The token has no right to do it."""


class Passing(PlatformError):
    """The platform fails, or is not reached: it may do it next time, and nobody has to do anything for that."""


class Limited(Passing):
    """There were too many requests, also after waiting as long as the platform says."""


class Repository(NamedTuple):
    """A repository as the platform describes it. `clone_url` has no credentials in it."""

    name: str
    clone_url: str
    default_branch: str
    is_archived: bool = False
    is_fork: bool = False
    is_empty: bool = False


class State(Enum):
    """What has become of a pull request."""

    OPEN = "open"
    CLOSED = "closed"
    MERGED = "merged"


class Pull(NamedTuple):
    """A pull request; `branch` is its head in the same repository, `created` has a time zone."""

    number: int
    branch: str
    base: str
    state: State
    title: str
    body: str
    created: datetime
    url: str = ""
    is_draft: bool = False


class NewPull(NamedTuple):
    """A pull request to be opened. The names of `reviewers` and `assignees` are those of accounts."""

    branch: str
    base: str
    title: str
    body: str
    is_draft: bool = False
    labels: Sequence[str] = ()
    reviewers: Sequence[str] = ()
    assignees: Sequence[str] = ()


class Comment(NamedTuple):
    """A comment on a pull request; `is_own`: of the account that the token is of."""

    body: str
    is_own: bool


class Issue(NamedTuple):
    """An issue that is open."""

    number: int
    title: str
    body: str
    url: str = ""


class Given(NamedTuple):
    """A pull request that a person has opened. `ref` is what git fetches its head by, `head` the commit's name."""

    number: int
    ref: str
    head: str
    base: str


class Suggestion(NamedTuple):
    """A remark about lines of a pull request, from 1 and with the last one included, in a file of its head.

    `text` is what may stand there instead, without a line end behind it; None where that is not about these lines
    alone.
    """

    path: str
    first: int
    last: int
    message: str
    text: str | None


class Credentials(NamedTuple):
    """What git sends with requests to addresses that begin with `url`; nobody prints it."""

    url: str
    header: str

    def __repr__(self) -> str:
        return f"Credentials({self.url!r}, ...)"


class Platform(Protocol):
    """What a platform does. Every method raises PlatformError; after a `Limited` one nothing more is asked of it."""

    @property
    def sign(self) -> str:
        """What stands before the number of a pull request where a text refers to it."""

    def repository(self, name: str) -> Repository:
        """A repository by its name, as `owner/name`."""

    def repositories(self, organisation: str) -> Iterator[str]:
        """The names of the repositories of an organisation, group or user."""

    def credentials(self) -> Credentials | None:
        """What git needs to fetch and push; None where it needs nothing."""

    def pulls(self, repository: Repository) -> Sequence[Pull]:
        """The pull requests from branches of the repository itself that begin with PREFIX, the newest first.

        All that are open, and of the others at least the newest hundred.
        """

    def closed_pulls(self, repository: Repository, branch: str, base: str) -> Iterable[Pull]:
        """The pull requests from exactly this branch of the repository itself that are not open, however old.

        All of them, or at least those for `base` and for the default branch. Read no further than is needed.
        """

    def open_pull(self, repository: Repository, new: NewPull) -> Pull:
        """Open a pull request; labels, reviewers and assignees that there are none of are left out."""

    def update_pull(self, repository: Repository, pull: Pull, title: str, body: str) -> None:
        """Give a pull request another title and body."""

    def close_pull(self, repository: Repository, pull: Pull) -> None:
        """Close a pull request; its branch stays."""

    def comments(self, repository: Repository, number: int) -> Sequence[Comment]:
        """The comments on a pull request or issue."""

    def comment(self, repository: Repository, number: int, body: str) -> None:
        """Comment on a pull request or issue."""

    def issues(self, repository: Repository) -> Sequence[Issue]:
        """The open issues of the account that the token is of."""

    def open_issue(self, repository: Repository, title: str, body: str) -> Issue:
        """Open an issue."""

    def update_issue(self, repository: Repository, issue: Issue, body: str) -> None:
        """Give an issue another body."""

    def close_issue(self, repository: Repository, issue: Issue) -> None:
        """Close an issue."""

    def given_pulls(self, repository: Repository) -> Sequence[Given]:
        """The open pull requests that persons have opened, from forks, too."""

    def reviews(self, repository: Repository, number: int) -> Sequence[Comment]:
        """What reviews of a pull request say as a whole, without their remarks at lines: as the body of `suggest`."""

    def suggest(self, repository: Repository, given: Given, body: str, suggestions: Sequence[Suggestion]) -> None:
        """Review a pull request: a body, and remarks at lines, with a suggestion to be applied where there is one."""

    def check(self, repository: Repository, given: Given, body: str, suggestions: Sequence[Suggestion]) -> bool:
        """Say the same as the result of a check of the head commit, with the remarks as annotations.

        Gives whether it was said now: where it is there already, nothing is done.
        """
