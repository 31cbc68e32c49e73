"""The bot's Gitea and Forgejo where they are themselves: each request fits their description, and is made once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fake_forge import TOKEN, Refusal, serving
from fake_gitea import OWNER, FakeGitea
from forge_cases import BRANCH, GITEA, NEW

from dockfix.frontends.bot.platform import (
    Comment,
    Issue,
    Limited,
    NotAllowed,
    PlatformError,
    State,
    Suggestion,
)
from dockfix.frontends.bot.platforms.chosen import platform_at
from dockfix.frontends.bot.platforms.gitea import Gitea
from dockfix.frontends.bot.task import Place
from dockfix.frontends.bot.token import Token

REPOSITORY, GIVEN, REMARK = GITEA.repository, GITEA.given, GITEA.remark
NAME = REPOSITORY.name


@pytest.fixture
def forge() -> Iterator[FakeGitea]:
    with serving(FakeGitea()) as forge:
        yield forge


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def platform(forge: FakeGitea, slept: list[float]) -> Gitea:
    return Gitea(Token(TOKEN), forge.address, slept.append)


def test_a_repository_is_described(platform: Gitea, forge: FakeGitea) -> None:
    assert platform.repository(NAME) == REPOSITORY
    forge.repository |= {"archived": True, "fork": True, "empty": True}
    described = REPOSITORY._replace(is_archived=True, is_fork=True, is_empty=True)
    assert platform.repository(NAME) == described


@pytest.mark.parametrize("name", ["x", "x/", "/x", "../x", "x/..", "./x", ""])
def test_a_name_that_is_none_is_not_asked_for(platform: Gitea, forge: FakeGitea, name: str) -> None:
    with pytest.raises(PlatformError, match="there can be nothing of such a name"):
        platform.repository(name)
    assert forge.log == []


@pytest.mark.parametrize("name", ["x/y/../../z", "x/y?a=b", "x/y#z", "x/%2e%2e", "x/y\r\nA: b", "x/ü"])
def test_a_name_stays_one_name_in_the_address(platform: Gitea, forge: FakeGitea, name: str) -> None:
    with pytest.raises(NotAllowed):
        platform.repository(name)
    assert [dict(one.names) for one in forge.log] == [{"owner": "x", "repo": name[2:]}]


def test_the_repositories_of_an_organisation_or_else_of_a_user(platform: Gitea, forge: FakeGitea) -> None:
    forge.max_page = 2
    assert list(platform.repositories(OWNER)) == [f"{OWNER}/{name}" for name in "abc"]
    assert list(platform.repositories("ada")) == ["ada/own"]
    with pytest.raises(NotAllowed, match="list the repositories of nobody"):
        platform.repositories("nobody")


def test_what_was_opened_is_listed_as_it_was_asked_for(platform: Gitea, forge: FakeGitea) -> None:
    people = {"labels": ("none such", "bot"), "reviewers": ("ada", "nobody"), "assignees": ("bob", "nobody")}
    pull = platform.open_pull(REPOSITORY, NEW._replace(is_draft=True, **people))
    assert (pull.number, pull.branch, pull.base, pull.state) == (1, BRANCH, "main", State.OPEN)
    assert (pull.title, pull.body, pull.is_draft) == (NEW.title, NEW.body, True)
    assert pull.created.utcoffset() is not None
    assert platform.pulls(REPOSITORY) == [pull]
    assert (forge.told["title"], forge.told["labels"], forge.told["assignees"]) == ("WIP: Safe changes", [2], ["Bob"])
    assert forge.reviewers == {1: ["ada"]}


@pytest.mark.parametrize("at", [2, 3])
def test_reviewers_that_cannot_be_asked_lose_no_pull_request(platform: Gitea, forge: FakeGitea, at: int) -> None:
    forge.fail(at, Refusal(403, {"message": "no"}))
    assert platform.open_pull(REPOSITORY, NEW._replace(reviewers=("ada",))).number == 1


@pytest.mark.parametrize("at", [1, 2])
@pytest.mark.parametrize("status", [403, 404, 422])
def test_labels_and_assignees_that_cannot_be_read_lose_no_pull_request(
    platform: Gitea, forge: FakeGitea, at: int, status: int
) -> None:
    forge.fail(at, Refusal(status, {"message": "no"}))
    platform.open_pull(REPOSITORY, NEW._replace(labels=("bot",), assignees=("ada",)))
    assert (forge.told["labels"], forge.told["assignees"]) == (([], ["ada"]) if at == 1 else ([2], []))


def test_a_limit_is_one_for_reviewers_too(platform: Gitea, forge: FakeGitea) -> None:
    forge.fail(2, Refusal(429, {}, {"Retry-After": "9999"}))
    with pytest.raises(Limited):
        platform.open_pull(REPOSITORY, NEW._replace(reviewers=("ada",)))


def test_what_is_refused_is_said(platform: Gitea, forge: FakeGitea) -> None:
    told = {"message": "head branch does not exist", "url": "https://gitea.example.com/api/swagger"}
    forge.fail(1, Refusal(422, told))
    with pytest.raises(PlatformError, match=r"refuses to open pull requests \(422\): head branch does not exist$"):
        platform.open_pull(REPOSITORY, NEW)
    forge.fail(1, Refusal(413, {"message": "<html>"}))
    with pytest.raises(PlatformError, match=r"refuses to open pull requests \(413\), and does not say why$"):
        platform.open_pull(REPOSITORY, NEW)


def test_those_of_forks_and_of_other_branches_are_not_ours(platform: Gitea, forge: FakeGitea) -> None:
    forge.given(BRANCH, fork=True)
    forge.given("feature")
    forge.given(BRANCH, fork=True, state="closed")
    assert platform.pulls(REPOSITORY) == []
    assert list(platform.closed_pulls(REPOSITORY, BRANCH, "main")) == []
    assert [one.number for one in platform.given_pulls(REPOSITORY)] == [2, 1]


def test_the_newest_come_first_with_what_has_become_of_them(platform: Gitea, forge: FakeGitea) -> None:
    for state in ("merged", "closed", "open"):
        forge.given(BRANCH, state=state, gone=state != "open")
    assert [(one.number, one.branch, one.state) for one in platform.pulls(REPOSITORY)] == [
        (3, BRANCH, State.OPEN),
        (2, BRANCH, State.CLOSED),
        (1, BRANCH, State.MERGED),
    ]
    assert [one.number for one in platform.closed_pulls(REPOSITORY, BRANCH, "main")] == [1, 2]
    assert list(platform.closed_pulls(REPOSITORY, "dockfix/safe-ba9876543210", "main")) == []


@pytest.mark.parametrize("counts", [True, False])
def test_all_that_are_open_are_read_whatever_the_server_calls_a_page(
    platform: Gitea, forge: FakeGitea, counts: bool
) -> None:
    forge.max_page, forge.counts = 2, counts
    for _ in range(5):
        forge.given(BRANCH)
    assert [one.number for one in platform.pulls(REPOSITORY)] == [5, 4, 3, 2, 1]


def test_of_closed_ones_the_newest_are_read_and_for_one_branch_all(platform: Gitea, forge: FakeGitea) -> None:
    forge.given(BRANCH, state="closed")
    for _ in range(200):
        forge.given("feature", state="closed")
    assert platform.pulls(REPOSITORY) == []
    assert [one.number for one in platform.closed_pulls(REPOSITORY, BRANCH, "main")] == [1]


@pytest.mark.parametrize("knows", ["posters", "user"])
def test_where_its_own_are_not_told_apart_two_hundred_of_everybodys_are_read(
    platform: Gitea, forge: FakeGitea, knows: str
) -> None:
    setattr(forge, f"knows_{knows}", False)
    forge.given(BRANCH, state="closed", by="dockfix-bot")
    for _ in range(199):
        forge.given("feature", state="closed")
    assert [one.number for one in platform.pulls(REPOSITORY)] == [1]


@pytest.mark.parametrize("base", ["main", "stable"])
def test_a_branch_that_was_never_proposed_takes_a_request_for_each_base(
    platform: Gitea, forge: FakeGitea, base: str
) -> None:
    for _ in range(200):
        forge.given("feature", state="closed")
    forge.given(BRANCH, fork=True, state="closed")
    assert list(platform.closed_pulls(REPOSITORY, BRANCH, base)) == []
    assert len(forge.log) == len({base, "main"})


def test_one_that_was_closed_long_ago_is_found_without_reading_all(platform: Gitea, forge: FakeGitea) -> None:
    forge.given(BRANCH, state="closed")
    for _ in range(200):
        forge.given("feature", state="closed")
    assert next(iter(platform.closed_pulls(REPOSITORY, BRANCH, "main"))).number == 1
    assert len(forge.log) == 1


def test_one_that_was_closed_for_the_default_branch_counts_for_another_base(platform: Gitea, forge: FakeGitea) -> None:
    forge.given(BRANCH, state="closed")
    assert [one.number for one in platform.closed_pulls(REPOSITORY, BRANCH, "stable")] == [1]


@pytest.mark.parametrize("base", ["main", "release/1.0"])
def test_where_the_server_cannot_name_one_all_are_read(platform: Gitea, forge: FakeGitea, base: str) -> None:
    """One before 1.22 does not know the request; and a proxy may take a name with a slash for two."""
    forge.knows_pairs = base != "main"
    forge.given("feature", state="closed")
    forge.given(BRANCH, state="closed")["base"]["label"] = base
    assert [one.number for one in platform.closed_pulls(REPOSITORY, BRANCH, base)] == [2]


def test_comments_are_told_from_those_of_others(platform: Gitea, forge: FakeGitea) -> None:
    forge.commented(1, "I see. <!-- dockfix:touched -->", "ada")
    forge.commented(1, "Gone.", None)
    platform.comment(REPOSITORY, 1, "It is left alone.")
    assert platform.comments(REPOSITORY, 1) == [
        Comment("I see. <!-- dockfix:touched -->", False),
        Comment("Gone.", False),
        Comment("It is left alone.", True),
    ]


def test_without_the_right_to_know_its_account_the_marks_tell(platform: Gitea, forge: FakeGitea) -> None:
    forge.knows_user = False
    forge.commented(1, "I see.", "ada")
    forge.issued("Not ours", "text", "ada")
    platform.comment(REPOSITORY, 1, "It is left alone. <!-- dockfix:touched -->")
    platform.open_issue(REPOSITORY, "dockfix", "<!-- dockfix:dashboard -->")
    assert [one.is_own for one in platform.comments(REPOSITORY, 1)] == [False, True]
    assert [one.title for one in platform.issues(REPOSITORY)] == ["dockfix"]


def test_issues_are_the_open_ones_of_the_account(platform: Gitea, forge: FakeGitea) -> None:
    forge.issued("Not mine", "text", "ada")
    made = platform.open_issue(REPOSITORY, "dockfix", "what there is")
    assert made == Issue(2, "dockfix", "what there is", "https://gitea.example.com/org/repo/issues/2")
    platform.update_issue(REPOSITORY, made, "what else")
    assert platform.issues(REPOSITORY) == [made._replace(body="what else")]
    platform.close_issue(REPOSITORY, made)
    assert platform.issues(REPOSITORY) == []


def test_remarks_are_one_review_with_what_may_stand_there(platform: Gitea, forge: FakeGitea) -> None:
    forge.given("feature")
    remarks = [REMARK, Suggestion("Dockerfile", 9, 9, "Why?", None), Suggestion("Dockerfile", 2, 2, "Not needed.", "")]
    platform.suggest(REPOSITORY, GIVEN, "In all: 3.", remarks)
    text = "Sort these.\n\nInstead of lines 3 to 5:\n\n```dockerfile\nRUN a \\\n    b\n```"
    assert forge.told == {
        "event": "COMMENT",
        "commit_id": GIVEN.head,
        "body": "In all: 3.",
        "comments": [
            {"path": "a folder/Dockerfile", "new_position": 5, "body": text},
            {"path": "Dockerfile", "new_position": 9, "body": "Why?"},
            {"path": "Dockerfile", "new_position": 2, "body": "Not needed.\n\nWithout line 2."},
        ],
    }


@pytest.mark.parametrize("how", ["", "lost", "reset"])
def test_a_review_is_made_once(platform: Gitea, forge: FakeGitea, how: str) -> None:
    forge.given("feature")
    if how:
        forge.fail(2, how)
    for _ in range(2):
        platform.suggest(REPOSITORY, GIVEN, "In all: 1.", [REMARK])
    assert len(forge.reviews[1]) == 1
    assert [(one.body, one.is_own) for one in platform.reviews(REPOSITORY, 1)] == [("In all: 1.", True)]


def test_a_check_is_a_status_that_is_no_failure(platform: Gitea, forge: FakeGitea) -> None:
    platform.check(REPOSITORY, GIVEN, "body", [])
    platform.check(REPOSITORY, GIVEN, "body", [REMARK._replace(message="Sort\nthese.")])
    assert [(sha, told["state"], told["description"]) for sha, told in forge.statuses] == [
        (GIVEN.head, "success", "Nothing to remark"),
        (GIVEN.head, "success", "1 remark: a folder/Dockerfile:3: Sort these."),
    ]


def test_a_limit_is_waited_for_as_long_as_the_server_says(
    platform: Gitea, forge: FakeGitea, slept: list[float]
) -> None:
    forge.fail(1, Refusal(429, {}, {"Retry-After": "17"}))
    forge.fail(2, Refusal(503, {}, {"Retry-After": "18"}))
    assert platform.repository(NAME) == REPOSITORY
    assert slept == [17.0, 18.0]


def test_a_limit_that_says_nonsense_is_waited_for_a_little(
    platform: Gitea, forge: FakeGitea, slept: list[float]
) -> None:
    forge.fail(1, Refusal(429, {}, {"Retry-After": "ü²"}))
    assert platform.repository(NAME) == REPOSITORY
    assert slept == [1.0]


def test_all_waiting_together_is_bounded(platform: Gitea, forge: FakeGitea, slept: list[float]) -> None:
    def wait() -> None:
        for at in (1, 2, 3, 4):
            forge.fail(at, Refusal(500, {"message": "boom"}))
        with pytest.raises(PlatformError, match=rf"fails to read {NAME} \(500\)"):
            platform.repository(NAME)
        forge.failures.clear()

    for _ in range(20):
        wait()
    assert 280 < sum(slept) <= 300


@pytest.mark.parametrize("told", [{"name": "other"}, [], "text", None, {"full_name": 1}])
def test_what_is_no_gitea_is_said_to_be_none(platform: Gitea, forge: FakeGitea, told: object) -> None:
    forge.fail(1, Refusal(200, told))
    with pytest.raises(PlatformError, match="does not answer as Gitea does"):
        platform.repository(NAME)
    forge.fail(1, Refusal(200, told))
    if told != []:
        with pytest.raises(PlatformError, match="does not answer as Gitea does"):
            platform.pulls(REPOSITORY)


def test_nobody_who_answers_is_said_to_be_out_of_reach(slept: list[float]) -> None:
    with serving(FakeGitea()) as forge:
        address = forge.address
    with pytest.raises(PlatformError, match=f"{address} cannot be reached to read"):
        Gitea(Token(TOKEN), address, slept.append).repository(NAME)
    assert slept == [1.0, 4.0, 15.0]


def test_a_place_leads_to_the_platform_with_its_token(forge: FakeGitea, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORGEJO_TOKEN", TOKEN)
    assert platform_at(Place("gitea", f"{forge.address}/api/v1")).repository(NAME) == REPOSITORY
