"""Every request of the GitHub adapter, and every answer of the fake, fits GitHub's official OpenAPI description."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import prism
import pytest
from fake_github import FakeGitHub
from github_cases import BRANCH, FURTHER, NEW, PULL, Case, case, push

from dockfix.frontends.bot.platform import PlatformError, State, Suggestion
from dockfix.frontends.bot.platforms.github_api import Api, Request

OPERATIONS = {
    "checks/create",
    "checks/get",
    "checks/list-for-ref",
    "checks/update",
    "issues/add-assignees",
    "issues/add-labels",
    "issues/create",
    "issues/create-comment",
    "issues/list-comments",
    "issues/list-for-repo",
    "issues/list-labels-for-repo",
    "issues/update",
    "pulls/create",
    "pulls/create-review",
    "pulls/list",
    "pulls/list-files",
    "pulls/list-reviews",
    "pulls/request-reviewers",
    "pulls/update",
    "repos/get",
    "repos/list-branches",
    "repos/list-for-authenticated-user",
    "repos/list-for-org",
    "repos/list-for-user",
    "users/get-authenticated",
}
"""All that the adapter asks for. One more is one more line here, and one more step below."""
NOTES = [
    Suggestion("Dockerfile", 2, 2, "Say it in one.", "RUN step 1\n"[:-1]),
    Suggestion("Dockerfile", 1, 3, "Three.", None),
]
FAR = Suggestion("Dockerfile", 20, 20, "Far from any change.", "RUN step twenty")
MANY = [Suggestion("Dockerfile", 2, 2, f"Remark {number}.", None) for number in range(120)]


class Contract(NamedTuple):
    fake: FakeGitHub
    recorder: prism.Recorder


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Contract]:
    description = prism.Description(OPERATIONS)
    with FakeGitHub() as fake, prism.running(description, fake.address, tmp_path_factory.mktemp("prism")) as address:
        recorder = prism.Recorder(description, address)
        yield Contract(fake, recorder)
        recorder.stop()


def test_every_request_and_every_answer_fits_githubs_own_description(contract: Contract, tmp_path: Path) -> None:
    fake, recorder = contract
    one = case(fake, tmp_path, address=recorder.address)
    one.hosted.labels.extend(("Docker", "other"))
    one.hosted.people.extend(("ann", "/ops"))
    before = len(fake.asked), len(recorder.seen)
    for step in (look_around, propose, keep_a_dashboard, remark, check):
        try:
            step(one, recorder.address)
        finally:
            assert [exchanged for exchanged in recorder.seen[before[1] :] if exchanged.violations] == []
    seen = recorder.seen[before[1] :]
    assert [exchanged for exchanged in seen if exchanged.violations] == []
    assert {exchanged.operation for exchanged in seen} == OPERATIONS
    assert len(fake.asked) - before[0] == len(seen), "what prism refuses never comes to the fake"


def look_around(one: Case, _: str) -> None:
    repository = one.github.repository(one.name)
    assert (repository.name, repository.default_branch, repository.is_empty) == (one.name, "main", False)
    one.fake.add("dockfix-bot/own", one.hosted.bare, is_private=True)
    one.fake.add("ann/hers", one.hosted.bare)
    one.fake.organisations.add("acme")
    assert list(one.github.repositories("acme")) == [one.name]
    assert list(one.github.repositories("ann")) == ["ann/hers"]
    assert list(one.github.repositories("dockfix-bot")) == ["dockfix-bot/own"]


def propose(one: Case, _: str) -> None:
    repository = one.github.repository(one.name)
    new = PULL._replace(
        is_draft=True, labels=("docker", "none"), reviewers=("ann", "acme/ops", "zoe"), assignees=("ann", "zoe")
    )
    pull = one.github.open_pull(repository, new)
    assert one.github.open_pull(repository, new) == pull
    assert one.github.pulls(repository) == [pull]
    thread = one.fake.thread(one.name, pull.number)
    assert (thread.labels, thread.reviewers, thread.assignees) == (["Docker"], ["/ops", "ann"], ["ann"])
    one.github.update_pull(repository, pull, "Fewer layers, again", "Because.")
    one.github.comment(repository, pull.number, "It is closed. <!-- dockfix:closed -->")
    assert [comment.is_own for comment in one.github.comments(repository, pull.number)] == [True]
    one.github.close_pull(repository, pull)
    (closed,) = one.github.closed_pulls(repository, BRANCH, "main")
    assert (closed.state, closed.title, closed.body) == (State.CLOSED, "Fewer layers, again", "Because.")


def keep_a_dashboard(one: Case, _: str) -> None:
    repository = one.github.repository(one.name)
    issue = one.github.open_issue(repository, "Dashboard", "<!-- dockfix:dashboard -->")
    one.github.update_issue(repository, issue, "<!-- dockfix:dashboard --> more")
    assert one.github.issues(repository) == [issue._replace(body="<!-- dockfix:dashboard --> more")]
    one.github.close_issue(repository, issue)
    assert one.github.issues(repository) == []


def remark(one: Case, _: str) -> None:
    repository = one.github.repository(one.name)
    push(one.hosted.bare, "theirs", FURTHER, start="main")
    thread = one.fake.open(one.name, "Mine", "", "ann", head="theirs")
    (given,) = one.github.given_pulls(repository)
    assert (given.number, given.head) == (thread.number, thread.sha)
    one.github.suggest(repository, given, "Some remarks.", [*NOTES, FAR])
    one.github.suggest(repository, given, "Some remarks.", [*NOTES, FAR])
    (review,) = one.fake.thread(one.name, given.number).reviews
    assert review["body"] == "Some remarks.\n\n- `Dockerfile`, line 20: Far from any change."
    assert [note["body"] for note in review["comments"]] == [
        "Say it in one.\n\n```suggestion\nRUN step 1\n```",
        "Three.",
    ]
    (said,) = one.github.reviews(repository, given.number)
    assert (said.body, said.is_own) == (review["body"], True)


def check(one: Case, address: str) -> None:
    one.fake.as_app = True
    app = case(one.fake, one.hosted.bare.parent / "app", "acme/app", address)
    push(app.hosted.bare, "theirs", NEW, start="main")
    app.fake.open(app.name, "Mine", "", "ann", head="theirs")
    repository = app.github.repository(app.name)
    (given,) = app.github.given_pulls(repository)
    # After a failure it is asked how many annotations there are.
    app.fake.fail_at(3, "502")
    assert app.github.check(repository, given, "What there is.", MANY)
    assert not app.github.check(repository, given, "What there is.", MANY)
    one.fake.as_app = False
    (run,) = app.hosted.checks
    assert (run["status"], run["conclusion"]) == ("completed", "neutral")
    assert [note["message"] for note in run["annotations"]] == [one.message for one in MANY]


@pytest.mark.parametrize(
    "request_",
    [
        Request("GET", "/repos/acme/shop/pulls", "", query={"state": "shut"}),
        Request("GET", "/repos/acme/shop/pulls", "", query={"heads": "acme:main"}),
        Request("POST", "/repos/acme/shop/pulls", "", {"head": "x", "base": "main", "titel": "x"}),
        Request("POST", "/repos/acme/shop/pulls", "", {"title": "x"}),
        Request("PUT", "/repos/acme/shop/pulls", "", {"title": "x"}),
        Request("GET", "/repos/acme/shop/pull", ""),
    ],
    ids=["value", "parameter", "member", "missing", "verb", "path"],
)
def test_a_wrong_request_is_seen(contract: Contract, tmp_path: Path, request_: Request) -> None:
    fake, recorder = contract
    case(fake, tmp_path, "acme/shop")
    with pytest.raises(PlatformError):
        Api("ghp_x", recorder.address, lambda _: None).ask(request_)
    assert recorder.seen[-1].violations


def test_a_wrong_answer_is_seen(contract: Contract, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake, recorder = contract
    one = case(fake, tmp_path, "acme/wrong", recorder.address)
    one.hosted.default_branch = 7  # type: ignore[assignment]
    with pytest.raises(PlatformError, match="status 500"):
        one.github.repository(one.name)
    assert "default_branch" in recorder.seen[-1].violations[0]
