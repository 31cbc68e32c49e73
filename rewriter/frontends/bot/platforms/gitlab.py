"""GitLab, that of gitlab.com or one's own, by python-gitlab.

The least rights: a personal, group or project access token of the scope `api`, and `write_repository` to push, of an
account with the role Developer. https://docs.gitlab.com/user/project/settings/project_access_tokens/

Merge requests and issues are numbered apart: a comment is always one on a merge request. A check is a commit status,
which has room for one line: it says how many remarks there are, and the first one. Approvals are not touched.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, cast

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
from .gitlab_answers import (
    Account,
    Label,
    MergeRequest,
    Note,
    Project,
    ProjectIssue,
    Refs,
    ert,
    given_of,
    inert,
    is_ours,
    issue_of,
    pull_of,
    repository_of,
    titled,
)
from .gitlab_connection import Connection, refusal
from .gitlab_remarks import Place, elsewhere, place_of, position_of, saying, suggested
from .remarks import in_short
from .waiting import checked, if_possible

if TYPE_CHECKING:
    from gitlab.v4 import objects

_PAGE = 100
"""The most on one page: https://docs.gitlab.com/api/rest/#pagination"""
_LONGEST_DESCRIPTION = 255  # characters of a status


class GitLab:
    """The platform at an address. `sleep` takes seconds. Raises PlatformError for an address that is no good."""

    sign = "!"  # and `#` before that of an issue: https://docs.gitlab.com/user/markdown/#gitlab-specific-references

    def __init__(
        self, token: Token, api: str = "https://gitlab.com", sleep: Callable[[float], object] = time.sleep
    ) -> None:
        self._to = Connection(token, checked(api, "/api/v4"), sleep)

    def repository(self, name: str) -> Repository:
        """A project by its name, with all groups that it is in."""
        with self._to.asking(f"read {name}"):
            return repository_of(cast("Project", self._to.client.projects.get(name).attributes))

    def repositories(self, organisation: str) -> Iterator[str]:
        """The projects of a group and of the groups in it, without what others share with it; or those of a user."""
        with self._to.asking(f"list the projects of {organisation}"):
            group = self._to.client.groups.get(organisation, lazy=True).projects
            user = self._to.client.users.get(organisation, lazy=True).projects
            try:
                listed = [
                    one.attributes
                    for one in group.list(
                        include_subgroups=True, with_shared=False, simple=True, per_page=_PAGE, get_all=True
                    )
                ]
            except refusal() as error:
                if error.response_code != 404:
                    raise
                listed = [one.attributes for one in user.list(simple=True, per_page=_PAGE, get_all=True)]
            return iter([cast("Project", one)["path_with_namespace"] for one in listed])

    def credentials(self) -> Credentials | None:
        """Any name of a user will do: https://docs.gitlab.com/user/profile/personal_access_tokens/"""
        return self._to.credentials()

    def pulls(self, repository: Repository) -> Sequence[Pull]:
        """All that are open; of the account's the newest hundred closed and merged ones, and of all those closed.

        For the account may have been another.
        """
        with self._to.asking("list merge requests"):
            listed = self._merge_requests(repository, state="opened", get_all=True)
            for state, scope in (("closed", "created_by_me"), ("merged", "created_by_me"), ("closed", "all")):
                listed += self._merge_requests(repository, state=state, scope=scope, get_all=False)
            found = {one["iid"]: pull_of(one) for one in listed if is_ours(one)}
            return [found[number] for number in sorted(found, reverse=True)]

    def closed_pulls(self, repository: Repository, branch: str, base: str) -> Sequence[Pull]:  # noqa: ARG002
        """Those from this branch, whatever they are for."""
        return [pull for pull in self._from(repository, branch) if pull.state is not State.OPEN]

    def open_pull(self, repository: Repository, new: NewPull) -> Pull:
        """Open a merge request, or give the one that is open for the branch already."""
        told: dict[str, str | list[int]] = {
            "source_branch": new.branch,
            "target_branch": new.base,
            "title": titled(new.title, is_draft=new.is_draft),
            "description": inert(new.body),
            "labels": ",".join(if_possible(lambda: self._labels(repository, new.labels))),
            "reviewer_ids": if_possible(lambda: self._ids(new.reviewers)),
            "assignee_ids": if_possible(lambda: self._ids(new.assignees)),
        }

        def found() -> Pull | None:
            return next((pull for pull in self._from(repository, new.branch) if pull.state is State.OPEN), None)

        def send() -> Pull:
            with self._to.asking("open merge requests"):
                try:
                    made = self._project(repository).mergerequests.create({k: v for k, v in told.items() if v})
                except refusal() as error:
                    there = found() if error.response_code == 409 else None
                    if there is None:
                        raise
                    return there
                return pull_of(cast("MergeRequest", made.attributes))

        return self._to.once(send, found)

    def update_pull(self, repository: Repository, pull: Pull, title: str, body: str) -> None:
        """Give a merge request another title and body; a draft stays one."""
        told = {"title": titled(title, is_draft=pull.is_draft), "description": inert(body)}
        with self._to.asking("edit merge requests"):
            self._project(repository).mergerequests.update(pull.number, told)

    def close_pull(self, repository: Repository, pull: Pull) -> None:
        """Close a merge request."""
        with self._to.asking("close merge requests"):
            self._project(repository).mergerequests.update(pull.number, {"state_event": "close"})

    def comments(self, repository: Repository, number: int) -> Sequence[Comment]:
        """The comments on a merge request, with those in threads."""
        return [Comment(ert(note["body"]), is_own) for note, is_own in self._notes(repository, number)]

    def comment(self, repository: Repository, number: int, body: str) -> None:
        """Comment on a merge request."""
        self._say(repository, number, inert(body))

    def issues(self, repository: Repository) -> Sequence[Issue]:
        """The open issues of the token's account."""
        with self._to.asking("list issues"):
            manager = self._project(repository).issues
            listed = manager.list(state="opened", scope="created_by_me", per_page=_PAGE, get_all=True)
            return [issue_of(cast("ProjectIssue", one.attributes)) for one in listed]

    def open_issue(self, repository: Repository, title: str, body: str) -> Issue:
        """Open an issue."""

        def found() -> Issue | None:
            return next((one for one in self.issues(repository) if one.title == title), None)

        def send() -> Issue:
            with self._to.asking("open issues"):
                made = self._project(repository).issues.create({"title": title, "description": inert(body)})
                return issue_of(cast("ProjectIssue", made.attributes))

        return self._to.once(send, found)

    def update_issue(self, repository: Repository, issue: Issue, body: str) -> None:
        """Give an issue another body."""
        with self._to.asking("edit issues"):
            self._project(repository).issues.update(issue.number, {"description": inert(body)})

    def close_issue(self, repository: Repository, issue: Issue) -> None:
        """Close an issue."""
        with self._to.asking("close issues"):
            self._project(repository).issues.update(issue.number, {"state_event": "close"})

    def given_pulls(self, repository: Repository) -> Sequence[Given]:
        """The open merge requests that are not the bot's."""
        with self._to.asking("list merge requests"):
            listed = self._merge_requests(repository, state="opened", get_all=True)
            return [given_of(one) for one in listed if not is_ours(one)]

    def reviews(self, repository: Repository, number: int) -> Sequence[Comment]:
        """Comments: there is nothing else."""
        return self.comments(repository, number)

    def suggest(self, repository: Repository, given: Given, body: str, suggestions: Sequence[Suggestion]) -> None:
        """A thread for each remark, then the body as a comment; what is there already is not said again."""
        with self._to.asking("read merge requests"):
            told = self._project(repository).mergerequests.get(given.number).attributes
            refs = cast("MergeRequest", told)["diff_refs"]
        there = self._said(repository, given.number)
        for one in suggestions:
            if there.isdisjoint(saying(suggested(one), one)):
                self._say(repository, given.number, suggested(one), one, refs)
        if there.isdisjoint(saying(inert(body))):
            self._say(repository, given.number, inert(body))

    def check(
        self,
        repository: Repository,
        given: Given,
        body: str,  # noqa: ARG002  (a status has no room for it)
        suggestions: Sequence[Suggestion],
    ) -> bool:
        """A commit status that is never a failure, as remarks are no reason to hold a merge request up; told anew."""
        told = {"state": "success", "name": "dockfix", "description": in_short(suggestions, _LONGEST_DESCRIPTION)}

        def send() -> bool:
            with self._to.asking("set commit statuses"):
                commit = self._project(repository).commits.get(given.head, lazy=True)
                try:
                    commit.statuses.create(told)
                except refusal() as error:
                    # What is a success already cannot become one: https://gitlab.com/gitlab-org/gitlab-foss/-/issues/25807
                    if error.response_code != 400 or "Cannot transition status" not in str(error.error_message):
                        raise
            return True

        return self._to.once(send, lambda: None)

    def _say(
        self, repository: Repository, number: int, text: str, at: Suggestion | None = None, refs: Refs | None = None
    ) -> None:
        """Comment, at lines or not."""

        def found() -> bool | None:
            return not self._said(repository, number).isdisjoint(saying(text, at)) or None

        def send() -> bool:
            with self._to.asking("comment on merge requests"):
                merge_request = self._project(repository).mergerequests.get(number, lazy=True)
                if at is None or refs is None:
                    merge_request.notes.create({"body": text})
                    return True
                try:
                    merge_request.discussions.create({"body": text, "position": position_of(at, refs)})
                except refusal() as error:
                    # Threads can only be at what the merge request changes, and not in files that it renames.
                    if error.response_code != 400:
                        raise
                    merge_request.notes.create({"body": elsewhere(at)})
            return True

        self._to.once(send, found)

    def _said(self, repository: Repository, number: int) -> set[tuple[Place | None, str]]:
        """What the account has said, and where."""
        return {(place_of(note), note["body"].strip()) for note, is_own in self._notes(repository, number) if is_own}

    def _project(self, repository: Repository) -> objects.Project:
        """The project, without a request."""
        return self._to.client.projects.get(repository.name, lazy=True)

    def _merge_requests(self, repository: Repository, *, get_all: bool, **filters: str) -> list[MergeRequest]:
        manager = self._project(repository).mergerequests
        filters |= {"order_by": "created_at", "sort": "desc"}
        listed = manager.list(query_parameters=filters, per_page=_PAGE, get_all=get_all)
        return [cast("MergeRequest", one.attributes) for one in listed]

    def _from(self, repository: Repository, branch: str) -> list[Pull]:
        with self._to.asking("list merge requests"):
            listed = self._merge_requests(repository, state="all", source_branch=branch, get_all=True)
            return [pull_of(one) for one in listed if is_ours(one)]

    def _notes(self, repository: Repository, number: int) -> list[tuple[Note, bool]]:
        """The notes that accounts have written, the oldest first, and whether they are the token's own."""
        with self._to.asking("read comments"):
            notes = self._project(repository).mergerequests.get(number, lazy=True).notes
            listed = notes.list(order_by="created_at", sort="asc", per_page=_PAGE, get_all=True)
            told = [cast("Note", one.attributes) for one in listed]
            return [(note, note["author"]["id"] == self._to.account) for note in told if not note["system"]]

    def _labels(self, repository: Repository, names: Sequence[str]) -> list[str]:
        """Those that there are: GitLab would make the others."""
        if not names:
            return []
        with self._to.asking("list labels"):
            listed = self._project(repository).labels.list(per_page=_PAGE, get_all=True)
        there = {cast("Label", one.attributes)["name"] for one in listed}
        return [name for name in names if name in there]

    def _ids(self, names: Sequence[str]) -> list[int]:
        """Of the accounts that there are."""
        with self._to.asking("list users"):
            found = [self._to.client.users.list(username=name, get_all=False) for name in names]
        return [cast("Account", one.attributes)["id"] for listed in found for one in listed]
