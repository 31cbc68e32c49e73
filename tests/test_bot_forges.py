"""What the bot's GitLab and its Gitea do alike: each thing once, whatever fails, and without telling the token."""

from __future__ import annotations

import base64
import logging
import traceback
from collections.abc import Iterator

import pytest
from fake_forge import TOKEN, Forge, Refusal, serving
from forge_cases import BRANCH, GITEA, GITLAB, NEW, Kind

from dockfix.frontends.bot.platform import Credentials, NotAllowed, PlatformError, State
from dockfix.frontends.bot.platforms.gitea import Gitea
from dockfix.frontends.bot.platforms.gitlab import GitLab

Platform = GitLab | Gitea


@pytest.fixture(params=[GITLAB, GITEA], ids=lambda kind: kind.name)
def kind(request: pytest.FixtureRequest) -> Kind:
    return request.param


@pytest.fixture
def forge(kind: Kind) -> Iterator[Forge]:
    with serving(kind.forge()) as forge:
        yield forge


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def platform(kind: Kind, forge: Forge, slept: list[float]) -> Platform:
    return kind.platform(forge, slept.append)


def test_git_gets_the_token_in_a_header(platform: Platform, forge: Forge) -> None:
    pair = base64.b64encode(f"oauth2:{TOKEN}".encode()).decode()
    credentials = platform.credentials()
    assert credentials == Credentials(f"{forge.address}/", f"Authorization: Basic {pair}")
    assert pair not in repr(credentials)


def test_what_is_open_already_is_given_back(platform: Platform, kind: Kind, forge: Forge) -> None:
    pull = platform.open_pull(kind.repository, NEW)
    assert platform.open_pull(kind.repository, NEW._replace(title="Other")) == pull
    assert len(kind.opened(forge)) == 1


@pytest.mark.parametrize("how", ["reset", "lost", Refusal(502, {"message": "bad gateway"})])
def test_a_failure_opens_no_second_one(
    platform: Platform, kind: Kind, forge: Forge, slept: list[float], how: str | Refusal
) -> None:
    forge.fail(1, how)
    assert platform.open_pull(kind.repository, NEW).number == 1
    assert len(kind.opened(forge)) == 1
    assert slept in ([], [1.0])


def test_a_draft_stays_one_when_its_title_changes(platform: Platform, kind: Kind, forge: Forge) -> None:
    pull = platform.open_pull(kind.repository, NEW._replace(is_draft=True))
    platform.update_pull(kind.repository, pull, "Other", "body")
    assert kind.opened(forge)[0]["title"] == f"{kind.draft}Other"
    assert platform.pulls(kind.repository) == [pull._replace(title="Other", body="body")]


def test_a_title_that_is_too_long_is_cut_with_what_marks_a_draft(platform: Platform, kind: Kind, forge: Forge) -> None:
    pull = platform.open_pull(kind.repository, NEW._replace(title="t" * 300, is_draft=True))
    assert (pull.is_draft, pull.title[-2:]) == (True, "t…")
    there = kind.opened(forge)[0]
    assert len(there["title"]) == 255
    platform.update_pull(kind.repository, pull, "u" * 300, "")
    assert (len(there["title"]), there["title"][-2:]) == (255, "u…")


@pytest.mark.parametrize("is_own", [True, False])
def test_of_closed_ones_its_own_are_found_among_many_and_of_another_account_the_newest(
    platform: Platform, kind: Kind, forge: Forge, is_own: bool
) -> None:
    forge.given(BRANCH, state="closed", by="dockfix-bot" if is_own else "ada")
    for _ in range(kind.own_among if is_own else kind.others_among):
        forge.given("feature", state="closed")
    assert [one.number for one in platform.pulls(kind.repository)] == [1]
    assert len(forge.log) == 4


def test_what_is_closed_stays_closed(platform: Platform, kind: Kind) -> None:
    pull = platform.open_pull(kind.repository, NEW)
    platform.close_pull(kind.repository, pull)
    assert list(platform.closed_pulls(kind.repository, BRANCH, "main")) == [pull._replace(state=State.CLOSED)]


@pytest.mark.parametrize("how", ["reset", "lost", Refusal(500, {})])
def test_a_comment_is_made_once_whatever_fails(
    platform: Platform, kind: Kind, forge: Forge, how: str | Refusal
) -> None:
    forge.given("feature")
    forge.fail(1, how)
    platform.comment(kind.repository, 1, "It is left alone.\n")
    assert kind.commented(forge) == [f"It is left alone.{kind.end}"]


@pytest.mark.parametrize("how", ["reset", "lost", Refusal(503, {})])
def test_an_issue_is_opened_once_whatever_fails(
    platform: Platform, kind: Kind, forge: Forge, how: str | Refusal
) -> None:
    forge.fail(1, how)
    assert platform.open_issue(kind.repository, "dockfix", "text").number == 1
    assert len(forge.issues) == 1


def test_what_persons_have_opened_is_given_with_what_git_fetches(platform: Platform, kind: Kind, forge: Forge) -> None:
    forge.given("feature", fork=True)
    platform.open_pull(kind.repository, NEW)
    assert platform.given_pulls(kind.repository) == [kind.given]


def test_what_passes_is_asked_again_a_few_times(
    platform: Platform, kind: Kind, forge: Forge, slept: list[float]
) -> None:
    for at in (1, 2, 3):
        forge.fail(at, "reset")
    assert platform.repository(kind.repository.name) == kind.repository
    assert slept == [1.0, 4.0, 15.0]


@pytest.mark.parametrize("status", [403, 404])
def test_without_the_right_it_is_said_which_one_is_missing(
    platform: Platform, kind: Kind, forge: Forge, status: int
) -> None:
    pull = platform.open_pull(kind.repository, NEW)
    forge.fail(1, Refusal(status, {"message": "no"}))
    with pytest.raises(NotAllowed, match=kind.right):
        platform.close_pull(kind.repository, pull)


def test_a_wrong_token_is_said_without_it(kind: Kind, forge: Forge, slept: list[float]) -> None:
    with pytest.raises(NotAllowed, match="does not know the token") as caught:
        kind.platform(forge, slept.append, "other" + TOKEN).repository(kind.repository.name)
    assert TOKEN not in str(caught.value)
    assert slept == []


def test_a_server_that_echoes_the_token_does_not_get_it_into_the_error(
    platform: Platform, kind: Kind, forge: Forge
) -> None:
    forge.fail(1, Refusal(422, {"message": f"the header was: token {TOKEN}"}))
    with pytest.raises(PlatformError, match=r"\*\*\*") as caught:
        platform.repository(kind.repository.name)
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_nothing_is_sent_where_a_redirect_leads(platform: Platform, kind: Kind, forge: Forge, status: int) -> None:
    acts = [
        lambda: platform.repository(kind.repository.name),
        lambda: platform.open_pull(kind.repository, NEW),
    ]
    with serving(kind.forge()) as other:
        for act in acts:
            forge.fail(1, Refusal(status, {}, {"Location": f"{other.address}{other.root}/user"}))
            with pytest.raises(PlatformError, match="leads elsewhere"):
                act()
        assert other.log == []


def test_every_operation_that_is_recorded_is_used(platform: Platform, kind: Kind, forge: Forge) -> None:
    """A shape that nothing uses may be wrong, and nobody would know."""
    forge.given("feature")
    platform.repository(kind.repository.name)
    list(platform.repositories(kind.owner))
    list(platform.repositories("ada"))
    new = NEW._replace(labels=("docker",), reviewers=("ada",), assignees=("ada",))
    pull = platform.open_pull(kind.repository, new)
    platform.pulls(kind.repository)
    list(platform.closed_pulls(kind.repository, BRANCH, "main"))
    platform.update_pull(kind.repository, pull, "title", "body")
    platform.comment(kind.repository, 1, "text")
    platform.comments(kind.repository, 1)
    issue = platform.open_issue(kind.repository, "title", "body")
    platform.issues(kind.repository)
    platform.update_issue(kind.repository, issue, "text")
    platform.suggest(kind.repository, kind.given, "body", [kind.remark])
    platform.check(kind.repository, kind.given, "body", [])
    assert forge.used == forge.operations


def test_neither_logs_nor_tracebacks_hold_the_token(
    platform: Platform, kind: Kind, forge: Forge, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    name = kind.repository.name
    platform.repository(name)
    for how in ("reset", Refusal(400, {"message": f"you sent {TOKEN}"}), Refusal(302, {}, {"Location": "/elsewhere"})):
        for at in range(1, 5):
            forge.fail(at, how)
        with pytest.raises(PlatformError) as caught:
            platform.repository(name)
        assert TOKEN not in "".join(traceback.format_exception(caught.value))
        forge.failures.clear()
    assert caplog.records
    assert TOKEN not in caplog.text
