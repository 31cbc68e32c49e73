"""What GitLab answers, as far as it is used, and what that is in the port's words."""

from __future__ import annotations

import re
from datetime import datetime
from typing import NotRequired, TypedDict

from ..platform import PREFIX, Given, Issue, NotAllowed, Pull, Repository, State
from .fitting import title, within

DRAFT = "Draft: "
"""https://docs.gitlab.com/user/project/merge_requests/drafts/"""
_STATES = {"opened": State.OPEN, "locked": State.OPEN, "closed": State.CLOSED, "merged": State.MERGED}
_LONGEST_TITLE = 255
_LONGEST = 1_000_000
"""Characters: https://docs.gitlab.com/administration/instance_limits/#size-of-comments-and-descriptions-of-issues-merge-requests-and-epics"""
_COMMAND = re.compile(r"^/(?=[a-z])", re.IGNORECASE | re.MULTILINE)
_INERT = re.compile(r"^&#47;(?=[a-z])", re.IGNORECASE | re.MULTILINE)


class Account(TypedDict):
    """https://docs.gitlab.com/api/users/"""

    id: int


class Project(TypedDict):
    """https://docs.gitlab.com/api/projects/"""

    path_with_namespace: str
    http_url_to_repo: str
    default_branch: NotRequired[str | None]
    archived: bool
    empty_repo: bool
    forked_from_project: NotRequired[object]


class Refs(TypedDict):
    """The commits that a merge request's diff is between."""

    base_sha: str
    head_sha: str
    start_sha: str


class MergeRequest(TypedDict):
    """https://docs.gitlab.com/api/merge_requests/; `source_project_id` is None once the fork is gone."""

    iid: int
    state: str
    title: str
    description: str | None
    source_branch: str
    target_branch: str
    source_project_id: int | None
    target_project_id: int
    created_at: str
    web_url: str
    sha: str
    diff_refs: NotRequired[Refs]


class ProjectIssue(TypedDict):
    """https://docs.gitlab.com/api/issues/"""

    iid: int
    title: str
    description: str | None
    web_url: str


class Position(TypedDict):
    """Where a note is; lines from 1, None where they are on one side only."""

    new_path: str
    new_line: int | None


class Note(TypedDict):
    """https://docs.gitlab.com/api/notes/; one at a line has a position."""

    body: str
    system: bool
    author: Account
    position: NotRequired[Position]


class Label(TypedDict):
    """https://docs.gitlab.com/api/labels/"""

    name: str


def repository_of(project: Project) -> Repository:
    """A project. Raises NotAllowed where GitLab says nothing of its branches."""
    if "default_branch" not in project:
        name = project["path_with_namespace"]
        raise NotAllowed(f"the token may not read the code of {name}: its account needs the role Developer")
    branch = project.get("default_branch") or ""
    is_fork, is_empty = bool(project.get("forked_from_project")), project["empty_repo"] or not branch
    name, url = project["path_with_namespace"], project["http_url_to_repo"]
    return Repository(name, url, branch, project["archived"], is_fork, is_empty)


def pull_of(told: MergeRequest) -> Pull:
    """A merge request; what marks a draft is no part of its title."""
    name, body = told["title"], ert(told["description"] or "")
    created, is_draft = datetime.fromisoformat(told["created_at"]), name.startswith(DRAFT)
    state = _STATES[told["state"]]
    branch, base, name = told["source_branch"], told["target_branch"], name.removeprefix(DRAFT)
    return Pull(told["iid"], branch, base, state, name, body, created, told["web_url"], is_draft)


def is_ours(told: MergeRequest) -> bool:
    """Whether it is from a branch of the project itself that is named as the bot's are."""
    return told["source_project_id"] == told["target_project_id"] and told["source_branch"].startswith(PREFIX)


def given_of(told: MergeRequest) -> Given:
    """A merge request that somebody else has opened."""
    return Given(told["iid"], f"refs/merge-requests/{told['iid']}/head", told["sha"], told["target_branch"])


def issue_of(told: ProjectIssue) -> Issue:
    """An issue."""
    return Issue(told["iid"], told["title"], ert(told["description"] or ""), told["web_url"])


def titled(text: str, *, is_draft: bool) -> str:
    """A title as it is sent."""
    return title((DRAFT if is_draft else "") + text, _LONGEST_TITLE)


def inert(text: str) -> str:
    """The text as it is sent, with no quick actions in it: a line that begins with `/merge` would merge.

    https://docs.gitlab.com/user/project/quick_actions/
    """
    return within(_COMMAND.sub("&#47;", text), _LONGEST)


def ert(text: str) -> str:
    """The text that `inert` has made this of."""
    return _INERT.sub("/", text)
