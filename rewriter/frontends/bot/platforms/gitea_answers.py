"""What Gitea and Forgejo answer, as far as it is used, and what that is in the port's words.

https://docs.gitea.com/api/, https://codeberg.org/api/swagger
"""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from ..platform import PREFIX, Given, Issue, Pull, Repository, State
from .fitting import title

DRAFT = "WIP: "
"""Where the server's settings are as they come:
https://docs.gitea.com/administration/config-cheat-sheet#repository---pull-request-repositorypull-request"""


_LONGEST_TITLE = 255


class Account(TypedDict):
    """A user."""

    login: str


class Repo(TypedDict):
    """A repository."""

    full_name: str
    clone_url: str
    default_branch: str
    archived: bool
    fork: bool
    empty: bool


class Branch(TypedDict):
    """One side of a pull request. `label` is the branch's name, which `ref` is only as long as there is the branch."""

    label: str
    sha: str
    repo_id: int


class PullRequest(TypedDict):
    """A pull request."""

    number: int
    state: str
    merged: bool
    title: str
    body: str
    created_at: str
    html_url: str
    head: Branch
    base: Branch


class RepoIssue(TypedDict):
    """An issue."""

    number: int
    title: str
    body: str
    html_url: str
    user: Account


class IssueComment(TypedDict):
    """A comment. `user` is None for accounts that are gone."""

    body: str
    user: Account | None


class Label(TypedDict):
    """A label of a repository or of its organisation."""

    id: int
    name: str


def repository_of(told: Repo) -> Repository:
    """A repository."""
    branch, is_empty = told["default_branch"], told["empty"]
    return Repository(told["full_name"], told["clone_url"], branch, told["archived"], told["fork"], is_empty)


def pull_of(told: PullRequest) -> Pull:
    """A pull request; what marks a draft is no part of its title."""
    state = State.MERGED if told["merged"] else State(told["state"])
    created, is_draft = datetime.fromisoformat(told["created_at"]), told["title"].startswith(DRAFT)
    head, base, name = told["head"]["label"], told["base"]["label"], told["title"].removeprefix(DRAFT)
    return Pull(told["number"], head, base, state, name, told["body"], created, told["html_url"], is_draft)


def titled(text: str, *, is_draft: bool) -> str:
    """A title as it is sent; longer ones are cut by the server, without a word."""
    return title((DRAFT if is_draft else "") + text, _LONGEST_TITLE)


def is_ours(told: PullRequest) -> bool:
    """Whether it is from a branch of the repository itself that is named as the bot's are."""
    return told["head"]["repo_id"] == told["base"]["repo_id"] and told["head"]["label"].startswith(PREFIX)


def issue_of(told: RepoIssue) -> Issue:
    """An issue."""
    return Issue(told["number"], told["title"], told["body"], told["html_url"])


def comment_of(told: IssueComment) -> tuple[str, str]:
    """The body of a comment or review, and the name of its author; empty where the account is gone."""
    return told["body"], told["user"]["login"] if told["user"] else ""


def account_of(told: Account) -> str:
    """The name of an account."""
    return told["login"]


def accounts_of(told: list[Account]) -> list[str]:
    """The names of accounts."""
    return [one["login"] for one in told]


def label_of(told: Label) -> tuple[str, int]:
    """The name of a label, and its number."""
    return told["name"], told["id"]


def given_of(told: PullRequest) -> Given:
    """A pull request that somebody else has opened."""
    number, head = told["number"], told["head"]["sha"]
    return Given(number, f"refs/pull/{number}/head", head, told["base"]["label"])
