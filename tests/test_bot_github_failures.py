"""The GitHub adapter where something goes wrong: what is never done twice, limits, and what is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fake_github import TOKEN
from fake_github_http import Answer, Served
from github_cases import DRESSED, PULL, REMARK, SHOP, Case, given, shop

from dockfix.frontends.bot.platform import Limited, NotAllowed, PlatformError
from dockfix.frontends.bot.platforms.github import GitHub

__all__ = ["shop"]


@pytest.mark.parametrize("how", ["500", "502", "reset", "lost"])
@pytest.mark.parametrize("at", [1, 2, 3, 4, 5])
def test_whatever_fails_once_while_opening_it_is_there_once_and_complete(shop: Case, at: int, how: str) -> None:
    shop.fake.fail_at(at, how)
    pull = shop.github.open_pull(SHOP, DRESSED)
    (thread,) = shop.fake.pulls("acme/shop")
    assert (thread.number, thread.labels, thread.reviewers, thread.assignees) == (
        pull.number,
        ["Docker"],
        ["ann"],
        ["ann"],
    )
    assert 1.0 in shop.slept


def test_what_goes_on_failing_after_opening_is_said_and_the_rest_is_done(shop: Case) -> None:
    shop.fake.fail_at(3, "500", times=4)
    with pytest.raises(PlatformError, match=r"#1 is open, but lacks something.*labels; try again later"):
        shop.github.open_pull(SHOP, DRESSED)
    (thread,) = shop.fake.pulls("acme/shop")
    assert (thread.state, thread.labels, thread.reviewers, thread.assignees) == ("open", [], ["ann"], ["ann"])


# What is never done twice.


def _comments(one: Case) -> int:
    number = one.fake.open("acme/shop", "Mine", "", "ann").number
    one.fake.fail_at(1, "lost")
    one.github.comment(SHOP, number, "Once.\n<!-- dockfix:closed -->")
    return len(one.fake.thread("acme/shop", number).comments)


def _issues(one: Case) -> int:
    one.fake.fail_at(1, "lost")
    one.github.open_issue(SHOP, "Dashboard", "<!-- dockfix:dashboard -->")
    return len(one.hosted.threads)


def _reviews(one: Case) -> int:
    pull = given(one)
    one.fake.fail_at(3 if one.fake.as_app else 4, "lost")
    one.github.suggest(SHOP, pull, "Once.", [REMARK])
    one.github.suggest(SHOP, pull, "Once.", [REMARK])
    return len(one.fake.thread("acme/shop", pull.number).reviews)


@pytest.mark.parametrize("as_app", [False, True])
@pytest.mark.parametrize("count", [_comments, _issues, _reviews])
def test_what_was_done_though_the_answer_was_lost_is_not_done_again(
    shop: Case,
    as_app: bool,
    count: Callable[[Case], int],
) -> None:
    shop.fake.as_app = as_app
    shop.github._own()
    assert count(shop) == 1
    assert 0 in {asked.status for asked in shop.fake.asked}


@pytest.mark.parametrize("how", ["500", "reset", "lost"])
@pytest.mark.parametrize("at", [1, 2, 3, 4])
def test_a_check_is_complete_and_has_each_annotation_once(shop: Case, at: int, how: str) -> None:
    shop.fake.as_app = True
    pull = given(shop)
    many = [REMARK._replace(message=f"Remark {number}.") for number in range(101)]
    shop.fake.fail_at(at, how)
    shop.github.check(SHOP, pull, "What there is.", many)
    *abandoned, run = shop.hosted.checks
    assert [note["message"] for note in run["annotations"]] == [one.message for one in many]
    assert (run["status"], run["conclusion"], run["output"]["title"]) == ("completed", "neutral", "101 suggestions")
    assert all(other["status"] == "in_progress" for other in abandoned)


def test_a_check_that_says_more_than_github_takes_is_cut_and_says_so(shop: Case) -> None:
    shop.fake.as_app = True
    pull = given(shop)
    shop.github.check(SHOP, pull, "ü" * 60_000, [REMARK._replace(message="m" * 70_000, text="t" * 70_000)])
    (run,) = shop.hosted.checks
    (note,) = run["annotations"]
    for text in (run["output"]["summary"], note["message"], note["raw_details"]):
        assert 10_000 < len(text.encode()) <= 65_535
        assert "a part of it is left out here" in text


def test_a_review_that_says_more_than_github_takes_is_cut_and_made_once(shop: Case) -> None:
    pull = given(shop)
    remarks = [REMARK._replace(path="other", message=f"Remark {number}. {'m' * 3_000}") for number in range(40)]
    for _ in range(2):
        shop.github.suggest(SHOP, pull, "In all: 40.", remarks)
    (review,) = shop.fake.thread("acme/shop", pull.number).reviews
    assert len(str(review["body"])) == 65_536


def test_a_check_without_remarks_is_a_success_and_a_persons_token_may_make_none(shop: Case) -> None:
    pull = given(shop)
    with pytest.raises(NotAllowed, match=r"only tokens of apps have.*You must authenticate via a GitHub App"):
        shop.github.check(SHOP, pull, "All is well.", [])
    shop.fake.as_app = True
    shop.github.check(SHOP, pull, "All is well.", [])
    assert [run["conclusion"] for run in shop.hosted.checks] == ["success"]


# Limits.


@pytest.mark.parametrize(
    ("limit", "waits"),
    [
        ({"retry_after": 7}, [7]),
        ({"retry_after": 7, "times": 2, "status": 429}, [7, 7]),
        ({"reset_in": 40}, [41]),
        ({"reset_in": 40, "fast": 5000}, [41]),
        ({"times": 2}, [60, 120]),
        ({"status": 429}, [60]),
    ],
    ids=["secondary", "status 429", "primary", "another clock", "nothing said", "nothing said, status 429"],
)
def test_limits_are_waited_for_as_github_says(shop: Case, limit: dict[str, int], waits: list[float]) -> None:
    shop.fake.limit(**limit)
    assert shop.github.repository("acme/shop").name == "acme/shop"
    assert shop.slept == waits


@pytest.mark.parametrize("limit", [{"retry_after": 0}, {"reset_in": -3600}])
def test_a_limit_that_is_over_and_lasts_is_asked_for_less_and_less(shop: Case, limit: dict[str, int]) -> None:
    shop.fake.limit(times=99, **limit)
    with pytest.raises(Limited):
        shop.github.repository("acme/shop")
    assert shop.slept[:4] == [1, 4, 15, 15]
    assert len(shop.fake.asked) < 25


@pytest.mark.parametrize("limit", [{"reset_in": 2400}, {"retry_after": 120, "times": 3}, {"times": 3}])
def test_after_five_minutes_of_waiting_in_all_it_gives_up(shop: Case, limit: dict[str, int]) -> None:
    shop.fake.limit(**limit)
    with pytest.raises(Limited, match="too many requests to GitHub; it takes the next one in"):
        shop.github.repository("acme/shop")
    assert sum(shop.slept) <= 300


def test_what_is_limited_while_opening_is_said_so(shop: Case) -> None:
    repository = shop.github.repository("acme/shop")
    shop.fake.limit(reset_in=2400)
    with pytest.raises(Limited):
        shop.github.open_pull(repository, DRESSED)


def test_writes_are_a_second_apart(shop: Case) -> None:
    number = shop.fake.open("acme/shop", "Mine", "", "ann").number
    shop.github.comment(SHOP, number, "One.")
    shop.github.comment(SHOP, number, "Two.")
    (pause,) = shop.slept
    assert 0 < pause <= 1


# Refusals.


def test_a_server_that_goes_on_failing_is_given_up_after_growing_pauses(shop: Case) -> None:
    shop.fake.fail_at(1, "500", times=99)
    with pytest.raises(PlatformError, match="GitHub answers with status 500 to GET /repos/acme/shop; try again later"):
        shop.github.repository("acme/shop")
    assert shop.slept == [1, 4, 15]


@pytest.mark.parametrize(
    ("right", "ask"),
    [
        ("pull-requests", lambda one: one.github.open_pull(SHOP, PULL)),
        ("issues", lambda one: one.github.open_issue(SHOP, "Dashboard", "x")),
        ("pull-requests", lambda one: one.github.comments(SHOP, 1)),
        ("metadata", lambda one: one.github.repository("acme/shop")),
    ],
)
def test_a_right_that_is_missing_is_named_and_not_waited_for(
    shop: Case, right: str, ask: Callable[[Case], object]
) -> None:
    shop.fake.forbid(right)
    with pytest.raises(NotAllowed, match=f"it needs {right}: (write|read).*Resource not accessible by integration"):
        ask(shop)
    assert shop.slept == []


def test_no_error_holds_the_token(shop: Case) -> None:
    shop.fake.revoke()
    with pytest.raises(NotAllowed, match="does not know the token") as caught:
        shop.github.repository("acme/shop")
    error: BaseException | None = caught.value
    while error is not None:
        assert TOKEN not in f"{error!s} {error!r}"
        error = error.__cause__ or error.__context__


def test_a_token_that_cannot_be_one_is_refused_without_being_said() -> None:
    for token in ("", "ghp_x\n", "ghp_x y", "ghp_ä"):
        with pytest.raises(PlatformError, match="the token of GitHub is empty or holds what no token holds") as caught:
            GitHub(token)
        assert "ghp_" not in str(caught.value)


@pytest.mark.parametrize(
    "api", ["http://github.example.com/api/v3", "ftp://127.0.0.1", "https://", "api.github.com", ""]
)
def test_the_token_never_goes_over_an_open_line(api: str) -> None:
    with pytest.raises(PlatformError, match="give one that begins with https"):
        GitHub(TOKEN, api)


def test_that_a_repository_has_no_issues_is_said_so(shop: Case) -> None:
    shop.hosted.has_issues = False
    with pytest.raises(PlatformError, match="Issues are disabled for this repo"):
        shop.github.issues(SHOP)


def test_what_is_no_api_is_recognised() -> None:
    page = Served(lambda _: Answer(200, "<html>", {"Content-Type": "text/html"}), lambda: "")
    with pytest.raises(PlatformError, match="does not answer as GitHub's API does"):
        GitHub(TOKEN, page.address).repository("acme/shop")
    page.stop()


@pytest.mark.parametrize("reset", ["9" * 400, "soon", "-1", "nan", ""])
def test_a_limit_that_says_nonsense_is_no_traceback(reset: str) -> None:
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": reset, "date": "yesterday"}
    odd = Served(lambda _: Answer(403, {"message": "API rate limit exceeded"}, headers), lambda: "")
    with pytest.raises(PlatformError, match=r"too many requests|understood"):
        GitHub(TOKEN, odd.address, sleep=lambda _: None).repository("acme/shop")
    odd.stop()


@pytest.mark.parametrize("body", [[], {}, {"full_name": "acme/shop"}, {"full_name": None, "clone_url": "x"}], ids=repr)
def test_an_answer_without_a_name_or_an_address_is_no_repository(body: object) -> None:
    odd = Served(lambda _: Answer(200, body), lambda: "")
    with pytest.raises(PlatformError, match=r"GitHub's answer has no (full_name|clone_url)"):
        GitHub(TOKEN, odd.address).repository("acme/shop")
    odd.stop()


@pytest.mark.parametrize("status", [403, 404, 422])
@pytest.mark.parametrize("body", [[], [1], 7, "no", None], ids=repr)
def test_a_refusal_of_another_shape_is_no_traceback(status: int, body: object) -> None:
    odd = Served(lambda _: Answer(status, body), lambda: "")
    with pytest.raises(PlatformError, match=r"status|such thing|refuses|understood"):
        GitHub(TOKEN, odd.address, sleep=lambda _: None).repository("acme/shop")
    odd.stop()


@pytest.mark.parametrize("body", [[], {}, {"number": "one"}])
def test_an_answer_of_another_shape_is_no_traceback(body: object) -> None:
    odd = Served(lambda _: Answer(201, body), lambda: "")
    with pytest.raises(PlatformError, match="GitHub's answer has no number"):
        GitHub(TOKEN, odd.address).open_pull(SHOP, PULL)
    odd.stop()
