"""What GitHub's answers look like, with all members that its description requires."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

Json = dict[str, object]
_REPOSITORY_URLS = """archive assignees blobs branches collaborators comments commits compare contents contributors
    deployments downloads events forks git_commits git_refs git_tags hooks issue_comment issue_events issues keys labels
    languages merges milestones notifications pulls releases stargazers statuses subscribers subscription tags teams
    trees""".split()
_USER_URLS = "events followers following gists organizations received_events repos starred subscriptions".split()
_PULL_LINKS = "comments commits statuses html issue review_comments review_comment self".split()


@dataclass
class Remark:
    """A comment."""

    id: int
    user: str
    body: str


@dataclass
class Thread:
    """An issue or, where it has a `head`, a pull request. `fork` is the repository of its head, if it is another one."""

    number: int
    user: str
    title: str
    body: str
    created: str
    state: str = "open"
    closed: str | None = None
    labels: list[str] = field(default_factory=list)
    assignees: list[str] = field(default_factory=list)
    comments: list[Remark] = field(default_factory=list)
    head: str = ""
    base: str = ""
    sha: str = ""
    fork: str | None = None
    merged: str | None = None
    is_draft: bool = False
    reviewers: list[str] = field(default_factory=list)
    reviews: list[Json] = field(default_factory=list)


@dataclass
class Hosted:
    """A repository; `bare` is where its commits really are. `people` may be asked for reviews."""

    id: int
    name: str
    bare: Path
    clone_url: str
    default_branch: str = "main"
    is_archived: bool = False
    is_fork: bool = False
    is_private: bool = False
    has_issues: bool = True
    has_drafts: bool = True
    people: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    threads: dict[int, Thread] = field(default_factory=dict)
    checks: list[Json] = field(default_factory=list)
    size: int = 0


def user(login: str, kind: str = "") -> Json:
    at = f"https://api.github.com/users/{login}"
    return {
        "login": login,
        "id": sum(login.encode()),
        "node_id": "U_x",
        "avatar_url": "https://avatars.githubusercontent.com/u/1",
        "gravatar_id": "",
        "url": at,
        "html_url": f"https://github.com/{login}",
        **{f"{name}_url": f"{at}/{name}" for name in _USER_URLS},
        "type": kind or ("Bot" if login.endswith("[bot]") else "User"),
        "site_admin": False,
    }


def private_user(login: str) -> Json:
    counts = "public_repos public_gists followers following private_gists total_private_repos owned_private_repos"
    return {
        **user(login),
        **dict.fromkeys("name company blog location email hireable bio".split()),
        **dict.fromkeys(f"{counts} disk_usage collaborators".split(), 0),
        "two_factor_authentication": True,
        "created_at": "2020-01-01T00:00:00Z",
        "updated_at": "2020-01-01T00:00:00Z",
    }


def repository(hosted: Hosted) -> Json:
    owner, _, name = hosted.name.partition("/")
    at = f"https://api.github.com/repos/{hosted.name}"
    threads = [thread for thread in hosted.threads.values() if thread.state == "open"]
    counts = "forks forks_count stargazers_count watchers watchers_count network_count subscribers_count"
    flags = "has_downloads has_projects has_wiki has_pages has_discussions disabled"
    return {
        "id": hosted.id,
        "node_id": "R_x",
        "name": name,
        "full_name": hosted.name,
        "owner": user(owner, "Organization"),
        "private": hosted.is_private,
        "html_url": f"https://github.com/{hosted.name}",
        "url": at,
        **{f"{one}_url": f"{at}/{one}" for one in _REPOSITORY_URLS},
        "clone_url": hosted.clone_url,
        "git_url": f"git://github.com/{hosted.name}.git",
        "ssh_url": f"git@github.com:{hosted.name}.git",
        "svn_url": f"https://github.com/{hosted.name}",
        **dict.fromkeys("description homepage language mirror_url license".split()),
        **dict.fromkeys(counts.split(), 0),
        **dict.fromkeys(flags.split(), False),
        "has_issues": hosted.has_issues,
        "archived": hosted.is_archived,
        "fork": hosted.is_fork,
        "default_branch": hosted.default_branch,
        "open_issues": len(threads),
        "open_issues_count": len(threads),
        "size": hosted.size,
        "pushed_at": "2020-01-01T00:00:00Z",
        "created_at": "2020-01-01T00:00:00Z",
        "updated_at": "2020-01-01T00:00:00Z",
    }


def label(name: str) -> Json:
    return {
        "id": sum(name.encode()),
        "node_id": "LA_x",
        "url": f"https://api.github.com/labels/{name}",
        "name": name,
        "description": "",
        "color": "ededed",
        "default": False,
    }


def _thread(hosted: Hosted, thread: Thread) -> Json:
    return {
        "id": 1000 + thread.number,
        "node_id": "I_x",
        "number": thread.number,
        "title": thread.title,
        "body": thread.body or None,
        "user": user(thread.user),
        "state": thread.state,
        "locked": False,
        "labels": [label(name) for name in thread.labels],
        "assignee": user(thread.assignees[0]) if thread.assignees else None,
        "assignees": [user(name) for name in thread.assignees],
        "milestone": None,
        "author_association": "CONTRIBUTOR",
        "created_at": thread.created,
        "updated_at": thread.created,
        "closed_at": thread.closed,
    }


def issue(hosted: Hosted, thread: Thread) -> Json:
    at = f"https://api.github.com/repos/{hosted.name}"
    kind = "pull" if thread.head else "issues"
    one = f"{at}/issues/{thread.number}"
    data = {
        **_thread(hosted, thread),
        "url": one,
        "html_url": f"https://github.com/{hosted.name}/{kind}/{thread.number}",
        "repository_url": at,
        "labels_url": f"{one}/labels",
        "comments_url": f"{one}/comments",
        "events_url": f"{one}/events",
        "comments": len(thread.comments),
    }
    if thread.head:
        links = dict.fromkeys(("url", "html_url", "diff_url", "patch_url"), f"{at}/pulls/{thread.number}")
        data["pull_request"] = {**links, "merged_at": thread.merged}
    return data


def pull(hosted: Hosted, thread: Thread, base_sha: str, fork: Hosted | None) -> Json:
    """In its short form, as in lists; `fork` is the repository of the head, None if that has been deleted."""
    at = f"https://api.github.com/repos/{hosted.name}/pulls/{thread.number}"
    owner = hosted.name.partition("/")[0]
    head_owner = (thread.fork or hosted.name).partition("/")[0]
    urls = "diff patch comments commits review_comments review_comment statuses issue".split()
    return {
        **_thread(hosted, thread),
        "url": at,
        "html_url": f"https://github.com/{hosted.name}/pull/{thread.number}",
        **{f"{name}_url": f"{at}/{name}" for name in urls},
        "_links": {name: {"href": f"{at}/{name}"} for name in _PULL_LINKS},
        "head": {
            "label": f"{head_owner}:{thread.head}",
            "ref": thread.head,
            "sha": thread.sha,
            "user": user(head_owner),
            "repo": repository(fork) if fork else None,
        },
        "base": {
            "label": f"{owner}:{thread.base}",
            "ref": thread.base,
            "sha": base_sha,
            "user": user(owner, "Organization"),
            "repo": repository(hosted),
        },
        "merged_at": thread.merged,
        "merge_commit_sha": None,
        "draft": thread.is_draft,
        "requested_reviewers": [user(name) for name in thread.reviewers if "/" not in name],
        "requested_teams": [],
        "auto_merge": None,
    }


def whole_pull(short: Json) -> Json:
    """In its long form, as it is given alone."""
    counts = "additions changed_files comments commits deletions review_comments"
    return {
        **short,
        **dict.fromkeys(counts.split(), 0),
        "mergeable": None,
        "mergeable_state": "unknown",
        "merged": short["merged_at"] is not None,
        "merged_by": None,
        "maintainer_can_modify": False,
        "rebaseable": None,
    }


def comment(hosted: Hosted, number: int, remark: Remark) -> Json:
    at = f"https://api.github.com/repos/{hosted.name}/issues"
    return {
        "id": remark.id,
        "node_id": "IC_x",
        "url": f"{at}/comments/{remark.id}",
        "html_url": f"https://github.com/{hosted.name}/issues/{number}#issuecomment-{remark.id}",
        "issue_url": f"{at}/{number}",
        "user": user(remark.user),
        "body": remark.body,
        "author_association": "CONTRIBUTOR",
        "created_at": "2020-01-01T00:00:00Z",
        "updated_at": "2020-01-01T00:00:00Z",
    }


def review(hosted: Hosted, thread: Thread, number: int, login: str, commit: str, body: str) -> Json:
    at = f"https://github.com/{hosted.name}/pull/{thread.number}"
    return {
        "id": number,
        "node_id": "PRR_x",
        "user": user(login),
        "body": body,
        "state": "COMMENTED",
        "commit_id": commit,
        "html_url": f"{at}#pullrequestreview-{number}",
        "pull_request_url": at,
        "_links": {"html": {"href": at}, "pull_request": {"href": at}},
        "author_association": "CONTRIBUTOR",
        "submitted_at": "2020-01-01T00:00:00Z",
    }
