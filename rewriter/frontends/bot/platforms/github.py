"""GitHub, and GitHub Enterprise under another address.

What a token needs, and no more. Of a fine-grained token, an app, or `permissions:` of a workflow for GITHUB_TOKEN:

- metadata: read, which every token has
- contents: write, to push branches, and workflows: write only if a repository's Dockerfiles lie in .github/workflows
- pull-requests: write, for pull requests, their labels, reviewers, assignees and comments, and reviews
- issues: write, only for the dashboard
- checks: write, only to say remarks as a check; a person's token never has it: an app's does, as GITHUB_TOKEN is one

A classic personal token needs the scope `repo`, or `public_repo` where all repositories are public. That GITHUB_TOKEN
may open pull requests at all is a setting of the repository (Actions, General, "Allow GitHub Actions to create and
approve pull requests"), and what it opens starts no workflows.

https://docs.github.com/en/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens
"""

from __future__ import annotations

import re
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from ..platform import (
    PREFIX,
    Comment,
    Credentials,
    Given,
    Issue,
    NewPull,
    NotAllowed,
    PlatformError,
    Pull,
    Repository,
    State,
    Suggestion,
)
from . import github_extras, github_reviews
from .github_answers import Json, needed, number, part, same, text
from .github_api import Account, Api, Refused, Request, fitting

_NAME = re.compile(r"(?!\.{1,2}/)[\w.-]+/(?!\.{1,2}$)[\w.-]+", re.ASCII)
_OWNER = re.compile(r"[\w.-]+", re.ASCII)
_READ = "metadata: read"
_PULLS = "pull-requests: write"
_ISSUES = "issues: write"
_ENOUGH = 100
_MOST_PAGES = 10


class GitHub:
    """The port `Platform` for GitHub; `api` is the address of its API, on Enterprise https://HOST/api/v3.

    `sleep` takes seconds. Raises PlatformError where the token or the address cannot be right.
    """

    sign = "#"

    def __init__(
        self, token: str, api: str = "https://api.github.com", sleep: Callable[[float], object] = time.sleep
    ) -> None:
        self._api = Api(token, api, sleep)
        self._credentials = _credentials(token, api)
        self._account: Account | None = None

    def credentials(self) -> Credentials:
        """A token is given to git as the password of x-access-token, which holds for tokens of all kinds."""
        return self._credentials

    def repository(self, name: str) -> Repository:
        """Its name is the one of now, if it was renamed: what follows is then not redirected."""
        if not _NAME.fullmatch(name):
            raise PlatformError(f"{name!r} is no name of a repository; write it as owner/name")
        data = self._api.ask(Request("GET", f"/repos/{name}", _READ))
        name = needed(data, "full_name")
        return Repository(
            name=name,
            clone_url=needed(data, "clone_url"),
            default_branch=text(data, "default_branch"),
            is_archived=data.get("archived") is True,
            is_fork=data.get("fork") is True,
            is_empty=data.get("size") == 0 and self._has_no_branch(name),
        )

    def repositories(self, organisation: str) -> Iterator[str]:
        """Private ones of a user only where the token is that user's."""
        if not _OWNER.fullmatch(organisation):
            raise PlatformError(f"{organisation!r} is no name of an organisation or a user")
        try:
            found = list(self._api.pages(Request("GET", f"/orgs/{organisation}/repos", _READ)))
        except NotAllowed:
            own = self._own().login.lower() == organisation.lower()
            path, query = ("/user/repos", {"affiliation": "owner"}) if own else (f"/users/{organisation}/repos", {})
            found = list(self._api.pages(Request("GET", path, _READ, query=query)))
        yield from (text(one, "full_name") for one in found)

    def pulls(self, repository: Repository) -> Sequence[Pull]:
        """Of those that are closed, a hundred of ours, or what is found among the newest thousand of everybody's."""
        closed: list[Pull] = []
        for pull in self._listed(repository, {"state": "closed", "direction": "desc"}, _MOST_PAGES):
            closed.append(pull)
            if len(closed) == _ENOUGH:
                break
        # The open ones come last: what is closed in between is there twice rather than missing.
        among = {pull.number: pull for pull in (*closed, *self._listed(repository, {"state": "open"}))}
        return sorted(among.values(), key=lambda pull: pull.number, reverse=True)

    def closed_pulls(self, repository: Repository, branch: str, base: str) -> Sequence[Pull]:  # noqa: ARG002
        """Whatever they are for: GitHub itself finds those of a branch."""
        query = {"state": "closed", "head": _head(repository, branch), "direction": "desc"}
        return [pull for pull in self._listed(repository, query) if pull.branch == branch]

    def open_pull(self, repository: Repository, new: NewPull) -> Pull:
        """If there is one from this branch already, it is the one, and gets labels, reviewers and assignees again.

        Where one of these fails, all others are set, and a PlatformError says what is missing: the pull request is
        open then, and no later run sets them, as a person may have removed them.
        """
        pull = self._opened(repository, new)
        github_extras.add(self._api, repository, pull, new)
        return pull

    def update_pull(self, repository: Repository, pull: Pull, title: str, body: str) -> None:
        """Nothing else of it changes."""
        self._patch(f"/repos/{repository.name}/pulls/{pull.number}", _PULLS, {"title": title, "body": body})

    def close_pull(self, repository: Repository, pull: Pull) -> None:
        """One that is closed stays so."""
        self._patch(f"/repos/{repository.name}/pulls/{pull.number}", _PULLS, {"state": "closed"})

    def comments(self, repository: Repository, number: int) -> Sequence[Comment]:
        """From the oldest; without those at lines, which belong to reviews."""
        return self._said(_comments(repository, number))

    def comment(self, repository: Repository, number: int, body: str) -> None:
        """After a failure it is looked whether the comment is there; then it is not written again."""

        def found() -> Json | None:
            there = any(one.is_own and same(one.body, fitting(body)) for one in self.comments(repository, number))
            return {} if there else None

        right = f"{_PULLS}, or {_ISSUES} for an issue"
        self._api.ask(Request("POST", _comments(repository, number), right, {"body": body}), found)

    def issues(self, repository: Repository) -> Sequence[Issue]:
        """GitHub counts pull requests as issues; they are left out."""
        own = self._own()
        query = {"state": "open"}
        if own.login:
            query["creator"] = own.login
        found = self._api.pages(Request("GET", f"/repos/{repository.name}/issues", _ISSUES, query=query))
        return [
            _issue(one)
            for one in found
            if "pull_request" not in one and own.wrote(part(one, "user"), text(one, "body"))
        ]

    def open_issue(self, repository: Repository, title: str, body: str) -> Issue:
        """After a failure it is looked whether the issue is there; then no other is opened."""
        made: list[Issue] = []

        def found() -> Json | None:
            made.extend(one for one in self.issues(repository) if one.title == title and same(one.body, fitting(body)))
            return {} if made else None

        path = f"/repos/{repository.name}/issues"
        answer = self._api.ask(Request("POST", path, _ISSUES, {"title": title, "body": body}), found)
        return made[0] if made else _issue(answer)

    def update_issue(self, repository: Repository, issue: Issue, body: str) -> None:
        """Nothing else of it changes."""
        self._patch(f"/repos/{repository.name}/issues/{issue.number}", _ISSUES, {"body": body})

    def close_issue(self, repository: Repository, issue: Issue) -> None:
        """One that is closed stays so."""
        self._patch(f"/repos/{repository.name}/issues/{issue.number}", _ISSUES, {"state": "closed"})

    def given_pulls(self, repository: Repository) -> Sequence[Given]:
        """Those of apps are not a person's, and what has a branch of ours is not looked at."""
        query = {"state": "open"}
        return [
            Given(
                number=number(one, "number"),
                ref=f"refs/pull/{number(one, 'number')}/head",
                head=text(part(one, "head"), "sha"),
                base=text(part(one, "base"), "ref"),
            )
            for one in self._api.pages(Request("GET", f"/repos/{repository.name}/pulls", _PULLS, query=query))
            if text(part(one, "user"), "type") != "Bot" and not _is_ours(one)
        ]

    def reviews(self, repository: Repository, number: int) -> Sequence[Comment]:
        """From the oldest."""
        return self._said(f"/repos/{repository.name}/pulls/{number}/reviews")

    def suggest(self, repository: Repository, given: Given, body: str, suggestions: Sequence[Suggestion]) -> None:
        """What GitHub allows no remark at, as it is not near a change, is said in the body."""
        github_reviews.review(self._api, self._own().login, repository, given, body, suggestions)

    def check(self, repository: Repository, given: Given, body: str, suggestions: Sequence[Suggestion]) -> bool:
        """Neutral where there are remarks, otherwise a success: it never keeps anybody from merging."""
        return github_reviews.check(self._api, repository, given, body, suggestions)

    def _said(self, path: str) -> list[Comment]:
        own = self._own()
        return [
            Comment(text(one, "body"), own.wrote(part(one, "user"), text(one, "body")))
            for one in self._api.pages(Request("GET", path, _PULLS))
        ]

    def _patch(self, path: str, right: str, body: Json) -> None:
        self._api.ask(Request("PATCH", path, right, body))

    def _own(self) -> Account:
        """Actions' GITHUB_TOKEN may not ask who it is: https://docs.github.com/en/rest/users/users."""
        if self._account is None:
            try:
                self._account = Account(text(self._api.ask(Request("GET", "/user", _READ)), "login"))
            except NotAllowed:
                self._account = Account("")
        return self._account

    def _has_no_branch(self, name: str) -> bool:
        """GitHub counts its size in kB and some hours late, so that it is 0 for small and new ones, too."""
        return next(self._api.pages(Request("GET", f"/repos/{name}/branches", _READ), most=1), None) is None

    def _listed(self, repository: Repository, query: dict[str, str], most: int | None = None) -> Iterator[Pull]:
        request = Request("GET", f"/repos/{repository.name}/pulls", _PULLS, query=query)
        return (_pull(one) for one in self._api.pages(request, most) if _is_ours(one))

    def _opened(self, repository: Repository, new: NewPull) -> Pull:
        def found() -> Json | None:
            query = {"state": "open", "head": _head(repository, new.branch), "base": new.base}
            there = self._api.pages(Request("GET", path, _PULLS, query=query))
            return next((one for one in there if _is_ours(one)), None)  # an owner may have a fork of it, too

        path = f"/repos/{repository.name}/pulls"
        body: Json = {"title": new.title, "head": new.branch, "base": new.base, "body": new.body}
        draft: Json = {**body, "draft": True} if new.is_draft else body
        try:
            return _pull(self._api.ask(Request("POST", path, _PULLS, draft), found))
        except Refused as refused:
            there = found()
            if there is not None:
                return _pull(there)
            if not new.is_draft or "draft" not in str(refused).lower():
                raise
            return self._opened(repository, new._replace(is_draft=False))


def _credentials(token: str, api: str) -> Credentials:
    """Git's host is the API's, without `api.` where that is part of its name rather than a path."""
    parts = urlsplit(api)
    host = parts.netloc if parts.path.strip("/") else parts.netloc.removeprefix("api.")
    told = b64encode(f"x-access-token:{token}".encode()).decode()
    return Credentials(f"{parts.scheme}://{host}/", f"Authorization: Basic {told}")


def _head(repository: Repository, branch: str) -> str:
    return f"{repository.name.partition('/')[0]}:{branch}"


def _comments(repository: Repository, number: int) -> str:
    return f"/repos/{repository.name}/issues/{number}/comments"


def _is_ours(data: Json) -> bool:
    """By its branch, in the repository itself: one with such a name in a fork is anybody's."""
    head = part(data, "head")
    inside = part(head, "repo").get("id") == part(part(data, "base"), "repo").get("id")
    return inside and text(head, "ref").startswith(PREFIX)


def _pull(data: Json) -> Pull:
    state = State.OPEN if text(data, "state") == "open" else State.CLOSED
    return Pull(
        number=number(data, "number"),
        branch=text(part(data, "head"), "ref"),
        base=text(part(data, "base"), "ref"),
        state=State.MERGED if text(data, "merged_at") else state,
        title=text(data, "title"),
        body=text(data, "body"),
        created=datetime.fromisoformat(text(data, "created_at")),
        url=text(data, "html_url"),
        is_draft=data.get("draft") is True,
    )


def _issue(data: Json) -> Issue:
    return Issue(number(data, "number"), text(data, "title"), text(data, "body"), text(data, "html_url"))
