"""The GitHub adapter on a GitHub of ours: whose pull requests are ours, and how they are opened and reviewed."""

from __future__ import annotations

import subprocess
import sys
from base64 import b64encode
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

import pytest
from command import git
from fake_github import APP, BOT, TOKEN
from github_cases import BRANCH, FURTHER, NEW, OLD, PULL, SHOP, Case, bare, given, push, shop
from http_serving import served_by

from dockfix.frontends.bot.platform import Given, PlatformError, Repository, State, Suggestion
from dockfix.frontends.bot.platforms.github import GitHub

__all__ = ["shop"]


# Whose is what.


def test_a_branch_of_a_fork_is_never_ours_whatever_it_is_called(shop: Case, tmp_path: Path) -> None:
    shop.fake.add("eve/shop", bare(tmp_path / "fork.git"))
    number = shop.fake.open("acme/shop", PULL.title, PULL.body, "eve", head=BRANCH, fork="eve/shop").number
    assert shop.github.pulls(SHOP) == []
    shop.fake.close("acme/shop", number)
    assert shop.github.closed_pulls(SHOP, BRANCH, "main") == []
    del shop.fake.repositories["eve/shop"]
    assert shop.github.pulls(SHOP) == []


def test_a_branch_of_a_fork_with_the_same_owner_is_not_taken_for_ours(shop: Case, tmp_path: Path) -> None:
    shop.fake.add("acme/fork", bare(tmp_path / "fork.git"))
    theirs = shop.fake.open("acme/shop", PULL.title, PULL.body, "eve", head=BRANCH, fork="acme/fork").number
    shop.fake.fail_at(1, "500")
    assert shop.github.open_pull(SHOP, PULL).number != theirs


def test_a_branch_of_another_name_is_not_ours(shop: Case) -> None:
    given(shop)
    assert shop.github.pulls(SHOP) == []


@pytest.mark.parametrize("as_app", [False, True])
def test_only_what_the_account_has_written_is_its_own(shop: Case, as_app: bool) -> None:
    shop.fake.as_app = as_app
    number = shop.fake.open("acme/shop", "Mine", "", "ann", head=BRANCH).number
    mark = "Left alone. <!-- dockfix:touched -->"
    shop.github.comment(SHOP, number, mark)
    shop.fake.comment("acme/shop", number, "ann", mark)
    shop.fake.comment("acme/shop", number, "other[bot]", "Thank you.")
    told = [(comment.is_own, comment.body) for comment in shop.github.comments(SHOP, number)]
    assert told == [(True, mark), (False, mark), (False, "Thank you.")]


@pytest.mark.parametrize("as_app", [False, True])
def test_nobody_else_can_make_a_dashboard(shop: Case, as_app: bool) -> None:
    shop.fake.as_app = as_app
    mark = "- [x] everything <!-- dockfix:dashboard -->"
    shop.fake.open("acme/shop", "Dashboard", mark, "eve")
    shop.fake.open("acme/shop", "Dashboard", mark, APP if as_app else BOT, head=BRANCH)
    issue = shop.github.open_issue(SHOP, "Dashboard", mark)
    assert shop.github.issues(SHOP) == [issue]


def test_pull_requests_of_apps_and_of_ours_are_not_a_persons(shop: Case, tmp_path: Path) -> None:
    shop.fake.add("eve/shop", bare(tmp_path / "fork.git"))
    shop.github.open_pull(SHOP, PULL)
    push(shop.hosted.bare, "bump", FURTHER, start="main")
    shop.fake.open("acme/shop", "Bump", "", "dependabot[bot]", head="bump")
    thread = shop.fake.open("acme/shop", "Mine", "", "eve", head=BRANCH, fork="eve/shop")
    (found,) = shop.github.given_pulls(SHOP)
    assert found == Given(thread.number, f"refs/pull/{thread.number}/head", thread.sha, "main")
    assert git(shop.hosted.bare, "rev-parse", found.ref).decode().strip() == found.head


# What there is.


def test_all_open_ones_are_found_however_many(shop: Case) -> None:
    for _ in range(120):
        shop.fake.open("acme/shop", PULL.title, PULL.body, BOT, head=BRANCH)
    assert [pull.number for pull in shop.github.pulls(SHOP)] == list(range(120, 0, -1))


def test_of_closed_ones_a_hundred_are_found_and_older_ones_by_their_branch(shop: Case) -> None:
    push(shop.hosted.bare, "dockfix/old-0123456789ab", FURTHER, start="main")
    oldest = shop.fake.open("acme/shop", PULL.title, PULL.body, BOT, head="dockfix/old-0123456789ab").number
    shop.fake.close("acme/shop", oldest)
    for _ in range(110):
        shop.fake.close("acme/shop", shop.fake.open("acme/shop", PULL.title, PULL.body, BOT, head=BRANCH).number)
    assert [pull.number for pull in shop.github.pulls(SHOP)] == list(range(111, 11, -1))
    assert [pull.number for pull in shop.github.closed_pulls(SHOP, "dockfix/old-0123456789ab", "main")] == [oldest]


def test_merged_and_closed_ones_are_told_apart(shop: Case) -> None:
    first = shop.github.open_pull(SHOP, PULL)
    shop.fake.close("acme/shop", first.number)
    second = shop.github.open_pull(SHOP, PULL)
    shop.fake.merge("acme/shop", second.number)
    states = [(pull.number, pull.state) for pull in shop.github.closed_pulls(SHOP, BRANCH, "main")]
    assert states == [(second.number, State.MERGED), (first.number, State.CLOSED)]


def test_a_repository_says_what_it_is(shop: Case, tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--bare", "empty.git")
    shop.fake.add("acme/empty", tmp_path / "empty.git", is_fork=True, is_archived=True)
    assert shop.github.repository("acme/shop") == Repository("acme/shop", shop.hosted.clone_url, "main")
    assert shop.github.repository("acme/empty")[3:] == (True, True, True)


def test_a_renamed_repository_goes_by_its_name_of_now(shop: Case) -> None:
    shop.fake.rename("acme/shop", "acme/store")
    assert shop.github.repository("acme/shop").name == "acme/store"


@pytest.mark.parametrize(
    "name", ["shop", "acme/shop/x", "../shop", "acme/..", "acme/sh op", "acme/shop?x", "acme/shop\n"]
)
def test_what_is_no_name_is_not_asked_for(shop: Case, name: str) -> None:
    with pytest.raises(PlatformError, match="owner/name"):
        shop.github.repository(name)
    assert shop.fake.asked == []


# Opening.


def test_labels_that_there_are_none_of_are_not_made(shop: Case) -> None:
    pull = shop.github.open_pull(SHOP, PULL._replace(labels=("docker", "bot")))
    assert shop.hosted.labels == ["Docker"]
    assert shop.fake.thread("acme/shop", pull.number).labels == ["Docker"]


def test_one_unknown_reviewer_does_not_keep_the_others_away(shop: Case) -> None:
    pull = shop.github.open_pull(SHOP, PULL._replace(reviewers=("zoe", "ann", BOT), assignees=("zoe", "ann")))
    thread = shop.fake.thread("acme/shop", pull.number)
    assert (thread.reviewers, thread.assignees) == (["ann"], ["ann"])


def test_where_there_are_no_drafts_it_is_none(shop: Case) -> None:
    shop.hosted.has_drafts = False
    assert not shop.github.open_pull(SHOP, PULL._replace(is_draft=True)).is_draft


def test_why_it_cannot_be_opened_is_said(shop: Case) -> None:
    push(shop.hosted.bare, "dockfix/none-0123456789ab", OLD)
    git(shop.hosted.bare, "update-ref", "refs/heads/dockfix/none-0123456789ab", "main")
    with pytest.raises(PlatformError, match="No commits between main and dockfix/none"):
        shop.github.open_pull(SHOP, PULL._replace(branch="dockfix/none-0123456789ab"))
    with pytest.raises(PlatformError, match="head is invalid"):
        shop.github.open_pull(SHOP, PULL._replace(branch="dockfix/gone-0123456789ab"))


def test_what_is_longer_than_github_takes_is_cut_and_says_so_and_keeps_its_mark(shop: Case) -> None:
    mark = "<!-- dockfix:pull group=safe edit=0123456789ab -->"
    pull = shop.github.open_pull(SHOP, PULL._replace(title="t" * 300, body=f"{'é' * 70_000}\n{mark}\n"))
    shop.github.comment(SHOP, pull.number, f"{'x' * 70_000}\n{mark}")
    thread = shop.fake.thread("acme/shop", pull.number)
    assert (len(thread.title), thread.title[-2:]) == (256, "t…")
    for body in (thread.body, thread.comments[0].body):
        assert len(body) == 65_536
        assert "a part of it is left out here" in body
        assert mark in body


# Remarks.


def test_remarks_are_at_lines_that_the_diff_shows_and_otherwise_in_the_body(shop: Case) -> None:
    pull = given(shop, FURTHER)
    remarks = [
        Suggestion("Dockerfile", 1, 2, "Two lines.", "FROM debian:13\nRUN step 1"),
        Suggestion("Dockerfile", 31, 31, "Nothing.", ""),
        Suggestion("Dockerfile", 2, 31, "Across what is not shown.", None),
        Suggestion("other`\n", 1, 1, "Not touched.", "x"),
        Suggestion("Dockerfile", 3, 3, "Ticks.", "RUN echo ```"),
    ]
    shop.github.suggest(SHOP, pull, "Remarks.\n", remarks)
    (review,) = shop.fake.thread("acme/shop", pull.number).reviews
    assert review["commit_id"] == pull.head
    assert review["body"] == (
        "Remarks.\n\n- `Dockerfile`, line 2-31: Across what is not shown.\n- `other`, line 1: Not touched."
    )
    two, nothing, ticks = review["comments"]
    assert (two["start_line"], two["line"], two["side"]) == (1, 2, "RIGHT")
    assert two["body"] == "Two lines.\n\n```suggestion\nFROM debian:13\nRUN step 1\n```"
    assert nothing["body"] == "Nothing.\n\n```suggestion\n```"
    assert ticks["body"] == "Ticks.\n\n````suggestion\nRUN echo ```\n````"


# Git, and what is loaded.


@pytest.mark.parametrize(
    ("api", "url"),
    [
        ("https://api.github.com", "https://github.com/"),
        ("https://ghe.example.com/api/v3/", "https://ghe.example.com/"),
        ("https://api.acme.ghe.com", "https://acme.ghe.com/"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/"),
    ],
)
def test_git_gets_the_token_for_its_host_alone(api: str, url: str) -> None:
    credentials = GitHub(TOKEN, api).credentials()
    told = b64encode(f"x-access-token:{TOKEN}".encode()).decode()
    assert (credentials.url, credentials.header) == (url, f"Authorization: Basic {told}")
    assert told not in repr(credentials)


def test_the_library_is_loaded_only_when_something_is_asked() -> None:
    program = (
        "import sys; from dockfix.frontends.bot.platforms.github import GitHub; GitHub('x').credentials();"
        "sys.exit(bool({'github', 'requests'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


# The fake itself, where it does what git tells it.


def test_the_fake_follows_its_branches(shop: Case) -> None:
    first = shop.github.open_pull(SHOP, PULL).number
    moved = push(shop.hosted.bare, BRANCH, FURTHER)
    assert shop.fake.thread("acme/shop", first).sha == moved
    git(shop.hosted.bare, "update-ref", "-d", f"refs/heads/{BRANCH}")
    assert [pull.state for pull in shop.github.pulls(SHOP)] == [State.CLOSED]
    push(shop.hosted.bare, BRANCH, NEW, start="main")
    second = shop.github.open_pull(SHOP, PULL).number
    git(shop.hosted.bare, "update-ref", "refs/heads/main", BRANCH)
    assert [(pull.number, pull.state) for pull in shop.github.pulls(SHOP)] == [
        (second, State.MERGED),
        (first, State.CLOSED),
    ]


def test_the_fake_and_git_are_at_one_host(shop: Case, tmp_path: Path) -> None:
    git(shop.hosted.bare, "update-server-info")
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    with served_by(handler) as shop.fake.git:
        tips = git(tmp_path, "ls-remote", f"{shop.fake.address}/acme-shop.git", "refs/heads/main").decode()
    assert tips.split() == [git(shop.hosted.bare, "rev-parse", "main").decode().strip(), "refs/heads/main"]


@pytest.mark.parametrize("squash", [False, True])
def test_the_fake_merges_as_git_does(shop: Case, squash: bool) -> None:
    number = shop.github.open_pull(SHOP, PULL).number
    push(shop.hosted.bare, "main", OLD.replace("step 30", "step thirty"))
    shop.fake.merge("acme/shop", number, squash=squash, delete=True)
    assert git(shop.hosted.bare, "show", "main:Dockerfile").decode() == FURTHER
    assert len(git(shop.hosted.bare, "log", "-1", "--format=%p", "main").split()) == (1 if squash else 2)
    assert [pull.state for pull in shop.github.pulls(SHOP)] == [State.MERGED]
