"""Gitea and Forgejo, by their REST API.

The least rights of a token: `write:repository` and `write:issue`, and `read:user` to know its own comments and issues
(else those count as its own that have a mark of the bot in them); `read:organization` for all repositories of one.
https://docs.gitea.com/development/oauth2-provider#scopes

There are no suggestions to be applied: a remark has the new text as a block of code. A check is a commit status, which
has room for one line: it says how many remarks there are, and the first one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from ..platform import (
    Comment,
    Credentials,
    Given,
    Issue,
    NewPull,
    Pull,
    Repository,
    State,
    Suggestion,
)
from ..token import Token
from . import gitea_pulls as pulls
from .gitea_answers import (
    IssueComment,
    RepoIssue,
    account_of,
    accounts_of,
    comment_of,
    given_of,
    is_ours,
    issue_of,
    label_of,
    pull_of,
    repository_of,
    titled,
)
from .gitea_connection import Connection, Missing, Refused, Request, at, below
from .remarks import in_short, shown
from .waiting import checked, if_possible

_OWN = "<!-- dockfix:"
_LONGEST_DESCRIPTION = 255
"""Characters of a status."""


class Gitea:
    """The platform at an address. `sleep` takes seconds. Raises PlatformError for an address that is no good."""

    sign = "#"

    def __init__(
        self, token: Token, api: str = "https://gitea.com", sleep: Callable[[float], object] = time.sleep
    ) -> None:
        self._to = Connection(token, checked(api, "/api/v1"), sleep)

    @cached_property
    def _account(self) -> str | None:
        """The name of the token's account, where it may know that."""
        try:
            return self._to.ask(Request("GET", "/user", "know its account"), account_of)
        except Missing:
            return None

    def repository(self, name: str) -> Repository:
        """A repository."""
        return self._to.ask(Request("GET", at(name), f"read {name}"), repository_of)

    def repositories(self, organisation: str) -> Iterator[str]:
        """The names of the repositories of an organisation or of a user."""
        doing = f"list the repositories of {organisation}"
        try:
            listed = list(self._to.pages(Request("GET", below("orgs", organisation, "repos"), doing), repository_of))
        except Missing:
            listed = list(self._to.pages(Request("GET", below("users", organisation, "repos"), doing), repository_of))
        return (one.name for one in listed)

    def credentials(self) -> Credentials | None:
        """A token is a password of any user."""
        return self._to.credentials()

    def pulls(self, repository: Repository) -> Sequence[Pull]:
        """All that are open; of the others the newest two hundred of the account's, and the newest of everybody's."""
        return pulls.ours(self._to, repository, self._account)

    def closed_pulls(self, repository: Repository, branch: str, base: str) -> Iterator[Pull]:
        """Those for the base or the default branch, where there are any; then the others, too."""
        return pulls.closed(self._to, repository, branch, (base, repository.default_branch))

    def open_pull(self, repository: Repository, new: NewPull) -> Pull:
        """Open a pull request, or give the one that is open for the branch already.

        It is no failure when reviewers cannot be asked: the pull request is what matters.
        """
        told = {
            "head": new.branch,
            "base": new.base,
            "title": titled(new.title, is_draft=new.is_draft),
            "body": new.body,
            "labels": self._labels(repository, new.labels),
            "assignees": self._accounts(repository, "assignees", new.assignees),
        }
        request = Request("POST", at(repository.name, "pulls"), "open pull requests", told)

        def found() -> Pull | None:
            there = (one for one in pulls.listed(self._to, repository, State.OPEN) if is_ours(one))
            return next((pull_of(one) for one in there if one["head"]["label"] == new.branch), None)

        def send() -> Pull:
            try:
                return self._to.ask(request, pull_of)
            except Refused as error:
                there = found() if error.status in (409, 422) else None
                if there is None:
                    raise
                return there

        pull = self._to.once(send, found)
        self._ask_for_reviews(repository, pull, new.reviewers)
        return pull

    def update_pull(self, repository: Repository, pull: Pull, title: str, body: str) -> None:
        """Give a pull request another title and body; a draft stays one."""
        told = {"title": titled(title, is_draft=pull.is_draft), "body": body}
        self._to.ask(Request("PATCH", at(repository.name, "pulls", pull.number), "edit pull requests", told), bool)

    def close_pull(self, repository: Repository, pull: Pull) -> None:
        """Close a pull request."""
        told = {"state": "closed"}
        self._to.ask(Request("PATCH", at(repository.name, "pulls", pull.number), "close pull requests", told), bool)

    def comments(self, repository: Repository, number: int) -> Sequence[Comment]:
        """The comments on a pull request or issue."""
        path = at(repository.name, "issues", number, "comments")

        def read(told: list[IssueComment]) -> list[tuple[str, str]]:
            return [comment_of(one) for one in told]

        listed = self._to.ask(Request("GET", path, "read comments"), read)
        return [Comment(body, self._is_own(author, body)) for body, author in listed]

    def comment(self, repository: Repository, number: int, body: str) -> None:
        """Comment on a pull request or issue."""
        request = Request("POST", at(repository.name, "issues", number, "comments"), "comment", {"body": body})

        def found() -> bool | None:
            there = self.comments(repository, number)
            return any(one.is_own and one.body.strip() == body.strip() for one in there) or None

        self._to.once(lambda: self._to.ask(request, bool), found)

    def issues(self, repository: Repository) -> Sequence[Issue]:
        """The open issues of the token's account."""
        query: dict[str, str | int] = {"type": "issues", "state": "open"}
        if self._account is not None:
            query["created_by"] = self._account

        def read(told: RepoIssue) -> tuple[Issue, bool]:
            return issue_of(told), self._is_own(told["user"]["login"], told["body"])

        request = Request("GET", at(repository.name, "issues"), "list issues", query=query)
        return [issue for issue, is_own in self._to.pages(request, read) if is_own]

    def open_issue(self, repository: Repository, title: str, body: str) -> Issue:
        """Open an issue."""
        request = Request("POST", at(repository.name, "issues"), "open issues", {"title": title, "body": body})

        def found() -> Issue | None:
            return next((one for one in self.issues(repository) if one.title == title), None)

        return self._to.once(lambda: self._to.ask(request, issue_of), found)

    def update_issue(self, repository: Repository, issue: Issue, body: str) -> None:
        """Give an issue another body."""
        path = at(repository.name, "issues", issue.number)
        self._to.ask(Request("PATCH", path, "edit issues", {"body": body}), bool)

    def close_issue(self, repository: Repository, issue: Issue) -> None:
        """Close an issue."""
        path = at(repository.name, "issues", issue.number)
        self._to.ask(Request("PATCH", path, "close issues", {"state": "closed"}), bool)

    def given_pulls(self, repository: Repository) -> Sequence[Given]:
        """The open pull requests that are not the bot's."""
        return [given_of(one) for one in pulls.listed(self._to, repository, State.OPEN) if not is_ours(one)]

    def reviews(self, repository: Repository, number: int) -> Sequence[Comment]:
        """From the oldest."""
        path = at(repository.name, "pulls", number, "reviews")
        listed = self._to.pages(Request("GET", path, "list reviews"), comment_of)
        return [Comment(body, self._is_own(author, body)) for body, author in listed]

    def suggest(self, repository: Repository, given: Given, body: str, suggestions: Sequence[Suggestion]) -> None:
        """One review with all remarks, unless there is one with the same body."""
        path = at(repository.name, "pulls", given.number, "reviews")
        told = {
            "event": "COMMENT",
            "commit_id": given.head,
            "body": body,
            "comments": [{"path": one.path, "new_position": one.last, "body": shown(one)} for one in suggestions],
        }
        request = Request("POST", path, "review pull requests", told)

        def found() -> bool | None:
            there = self.reviews(repository, given.number)
            return any(one.is_own and one.body.strip() == body.strip() for one in there) or None

        if not found():
            self._to.once(lambda: self._to.ask(request, bool), found)

    def check(
        self,
        repository: Repository,
        given: Given,
        body: str,  # noqa: ARG002  (a status has no room for it)
        suggestions: Sequence[Suggestion],
    ) -> bool:
        """A commit status that is never a failure, as remarks are no reason to hold a pull request up.

        It takes the place of the one before.
        """
        told = {"state": "success", "context": "dockfix", "description": in_short(suggestions, _LONGEST_DESCRIPTION)}
        request = Request("POST", at(repository.name, "statuses", given.head), "set commit statuses", told)
        self._to.ask(request, bool, repeatable=True)
        return True

    def _labels(self, repository: Repository, names: Sequence[str]) -> list[int]:
        """Those that there are."""
        request = Request("GET", at(repository.name, "labels"), "list labels")
        there = if_possible(lambda: list(self._to.pages(request, label_of))) if names else []
        return [number for name, number in there if name in names]

    def _accounts(self, repository: Repository, who: str, names: Sequence[str]) -> list[str]:
        """Those that may be asked: one that may not would have the whole request refused."""
        request = Request("GET", at(repository.name, who), f"list {who}")
        there = if_possible(lambda: self._to.ask(request, accounts_of)) if names else []
        return [one for one in there if one.lower() in {name.lower() for name in names}]

    def _ask_for_reviews(self, repository: Repository, pull: Pull, names: Sequence[str]) -> None:
        path = at(repository.name, "pulls", pull.number, "requested_reviewers")
        told = {"reviewers": self._accounts(repository, "reviewers", names)}
        request = Request("POST", path, "ask for reviews", told)
        if told["reviewers"]:
            if_possible(lambda: [self._to.ask(request, bool, repeatable=True)])

    def _is_own(self, author: str, body: str) -> bool:
        return _OWN in body if self._account is None else author == self._account
