"""What the fake GitHub does for each operation of its REST API that dockfix uses."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import fake_github_git as gits
import fake_github_remarks as remarks
import fake_github_shapes as shapes
from fake_github_call import Call, GitHubError, paged, refuse, shown_pull
from fake_github_http import Answer, Asked
from fake_github_shapes import Remark, Thread

if TYPE_CHECKING:
    from fake_github import FakeGitHub

LONGEST = 65536
"""How many letters a body may have."""


def get_repository(call: Call) -> Answer:
    return Answer(200, shapes.repository(call.hosted))


def list_branches(call: Call) -> Answer:
    found = sorted(gits.branches(call.hosted.bare).items())
    url = f"https://api.github.com/repos/{call.hosted.name}/commits"
    return paged(
        call.asked,
        [{"name": name, "commit": {"sha": sha, "url": f"{url}/{sha}"}, "protected": False} for name, sha in found],
    )


def list_pulls(call: Call) -> Answer:
    query = call.asked.query
    owner, _, branch = query.get("head", "").partition(":")
    found = [
        thread
        for thread in call.hosted.threads.values()
        if thread.head
        and query.get("state", "open") in {thread.state, "all"}
        and query.get("base", thread.base) == thread.base
        and (not branch or (branch == thread.head and owner == (thread.fork or call.hosted.name).partition("/")[0]))
    ]
    found.sort(key=lambda thread: thread.number, reverse=query.get("direction", "desc") == "desc")
    return paged(call.asked, [shown_pull(call, thread) for thread in found])


def create_pull(call: Call) -> Answer:
    body, hosted = call.body, call.hosted
    head, base = str(body["head"]), str(body["base"])
    tips = gits.branches(hosted.bare)
    if hosted.is_archived:
        raise GitHubError(403, "Repository was archived so is read-only.")
    for field, name in (("head", head), ("base", base)):
        if name not in tips:
            raise GitHubError(
                422, "Validation Failed", [{"resource": "PullRequest", "field": field, "code": "invalid"}]
            )
    if any((one.head, one.base, one.state, one.fork) == (head, base, "open", None) for one in hosted.threads.values()):
        owner = hosted.name.partition("/")[0]
        raise refuse("PullRequest", f"A pull request already exists for {owner}:{head}.")
    if gits.is_within(hosted.bare, tips[head], tips[base]):
        raise refuse("PullRequest", f"No commits between {base} and {head}")
    if body.get("draft") and not hosted.has_drafts:
        raise GitHubError(422, "Draft pull requests are not supported in this repository.")
    thread = opened(call, head, base)
    thread.is_draft = body.get("draft") is True
    call.fake.sync(hosted)
    return Answer(201, shapes.whole_pull(shown_pull(call, thread)))


def opened(call: Call, head: str = "", base: str = "") -> Thread:
    body = str(call.body.get("body") or "")
    long_enough(body)
    number = len(call.hosted.threads) + 1
    thread = Thread(number, call.fake.login, str(call.body["title"]), body, call.fake.now(), head=head, base=base)
    call.hosted.threads[number] = thread
    return thread


def long_enough(body: str) -> None:
    if len(body) > LONGEST:
        raise refuse("Issue", f"body is too long (maximum is {LONGEST} characters)")


def changed(call: Call, thread: Thread) -> None:
    body = call.body
    long_enough(str(body.get("body") or ""))
    thread.title = str(body.get("title", thread.title))
    thread.body = str(body.get("body", thread.body))
    if "state" in body and body["state"] != thread.state:
        thread.state = str(body["state"])
        thread.closed = call.fake.now() if thread.state == "closed" else None


def update_pull(call: Call) -> Answer:
    changed(call, call.pull)
    return Answer(200, shapes.whole_pull(shown_pull(call, call.pull)))


def list_issues(call: Call) -> Answer:
    if not call.hosted.has_issues:
        raise GitHubError(410, "Issues are disabled for this repo")
    query = call.asked.query
    found = [
        shapes.issue(call.hosted, thread)
        for thread in reversed(call.hosted.threads.values())
        if query.get("state", "open") in {thread.state, "all"} and query.get("creator", thread.user) == thread.user
    ]
    return paged(call.asked, found)


def create_issue(call: Call) -> Answer:
    if not call.hosted.has_issues:
        raise GitHubError(410, "Issues are disabled for this repo")
    return Answer(201, shapes.issue(call.hosted, opened(call)))


def update_issue(call: Call) -> Answer:
    changed(call, call.thread)
    return Answer(200, shapes.issue(call.hosted, call.thread))


def list_comments(call: Call) -> Answer:
    return paged(call.asked, [shapes.comment(call.hosted, call.thread.number, one) for one in call.thread.comments])


def create_comment(call: Call) -> Answer:
    body = str(call.body["body"])
    long_enough(body)
    remark = Remark(call.fake.next_id(), call.fake.login, body)
    call.thread.comments.append(remark)
    return Answer(201, shapes.comment(call.hosted, call.thread.number, remark))


def list_labels(call: Call) -> Answer:
    return paged(call.asked, [shapes.label(name) for name in call.hosted.labels])


def add_labels(call: Call) -> Answer:
    """One that there is none of is made."""
    names = call.texts("labels")
    call.hosted.labels += [name for name in names if name not in call.hosted.labels]
    call.thread.labels += [name for name in names if name not in call.thread.labels]
    return Answer(200, [shapes.label(name) for name in call.thread.labels])


def add_assignees(call: Call) -> Answer:
    """One that may not be assigned is left out silently."""
    names = [name for name in call.texts("assignees") if name in call.hosted.people]
    call.thread.assignees += [name for name in names if name not in call.thread.assignees]
    return Answer(201, shapes.issue(call.hosted, call.thread))


ROUTES: tuple[tuple[str, str, Callable[[Call], Answer], str], ...] = (
    ("GET", "", get_repository, "metadata"),
    ("GET", "/branches", list_branches, "metadata"),
    ("GET", "/pulls", list_pulls, "pull-requests"),
    ("POST", "/pulls", create_pull, "pull-requests"),
    ("PATCH", r"/pulls/(\d+)", update_pull, "pull-requests"),
    ("GET", r"/pulls/(\d+)/files", remarks.list_files, "pull-requests"),
    ("GET", r"/pulls/(\d+)/reviews", remarks.list_reviews, "pull-requests"),
    ("POST", r"/pulls/(\d+)/reviews", remarks.create_review, "pull-requests"),
    ("POST", r"/pulls/(\d+)/requested_reviewers", remarks.request_reviewers, "pull-requests"),
    ("GET", "/issues", list_issues, "issues"),
    ("POST", "/issues", create_issue, "issues"),
    ("PATCH", r"/issues/(\d+)", update_issue, "issues"),
    ("GET", r"/issues/(\d+)/comments", list_comments, "pull-requests"),
    ("POST", r"/issues/(\d+)/comments", create_comment, "pull-requests"),
    ("GET", "/labels", list_labels, "pull-requests"),
    ("POST", r"/issues/(\d+)/labels", add_labels, "pull-requests"),
    ("POST", r"/issues/(\d+)/assignees", add_assignees, "pull-requests"),
    ("POST", "/check-runs", remarks.create_check, "checks"),
    ("GET", r"/check-runs/(\d+)", remarks.get_check, "checks"),
    ("PATCH", r"/check-runs/(\d+)", remarks.update_check, "checks"),
    ("GET", r"/commits/([0-9a-f]{40})/check-runs", remarks.list_checks, "checks"),
)
_OF_REPOSITORY = re.compile(r"/repos/([^/]+/[^/]+)(/.*)?")
_OF_ACCOUNT = re.compile(r"/(orgs|users)/([^/]+)/repos")


def routed(fake: FakeGitHub, asked: Asked) -> Answer:
    """The answer, after the rights have been looked at."""
    if asked.path in {"/user", "/user/repos"} or _OF_ACCOUNT.fullmatch(asked.path):
        return account(fake, asked)
    found = _OF_REPOSITORY.fullmatch(asked.path)
    if found is not None and found[1] in fake.renamed:
        there = f"{fake.address}/repos/{fake.renamed[found[1]]}{found[2] or ''}"
        raise GitHubError(301, "Moved Permanently", headers={"Location": there})
    hosted = fake.repositories.get(found[1]) if found is not None else None
    if found is None or hosted is None:
        raise GitHubError(404, "Not Found")
    for verb, pattern, answer, right in ROUTES:
        rest = re.fullmatch(pattern, found[2] or "")
        if rest is not None and verb == asked.verb:
            if not fake.may(right):
                raise GitHubError(403, "Resource not accessible by integration")
            fake.sync(hosted)
            return answer(Call(fake, asked, hosted, rest.groups()))
    raise GitHubError(404, "Not Found")


def account(fake: FakeGitHub, asked: Asked) -> Answer:
    if not fake.may("metadata") or (fake.as_app and asked.path in {"/user", "/user/repos"}):
        raise GitHubError(403, "Resource not accessible by integration")
    if asked.path == "/user":
        return Answer(200, shapes.private_user(fake.login))
    found = _OF_ACCOUNT.fullmatch(asked.path)
    kind, owner = (found[1], found[2]) if found else ("", fake.login)
    if kind and (kind == "orgs") != (owner in fake.organisations):
        raise GitHubError(404, "Not Found")
    names = sorted(name for name in fake.repositories if name.partition("/")[0] == owner)
    shown = [fake.repositories[name] for name in names if kind != "users" or not fake.repositories[name].is_private]
    return paged(asked, [shapes.repository(one) for one in shown])
