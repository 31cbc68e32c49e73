"""The bot's GitLab where it is itself: each request fits what GitLab documents, and does once what is to be done once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from fake_forge import TOKEN, Refusal, serving
from fake_gitlab import PROJECT, FakeGitLab
from forge_cases import BRANCH, GITLAB, NEW

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
from dockfix.frontends.bot.platforms.gitlab import GitLab
from dockfix.frontends.bot.task import Place
from dockfix.frontends.bot.token import Token

REPOSITORY, GIVEN, REMARK = GITLAB.repository, GITLAB.given, GITLAB.remark


@pytest.fixture
def forge() -> Iterator[FakeGitLab]:
    with serving(FakeGitLab()) as forge:
        yield forge


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def platform(forge: FakeGitLab, slept: list[float]) -> GitLab:
    return GitLab(Token(TOKEN), forge.address, slept.append)


def test_a_project_is_known_by_its_name_with_all_groups(platform: GitLab, forge: FakeGitLab) -> None:
    assert platform.repository(PROJECT) == REPOSITORY
    forge.project |= {"archived": True, "forked_from_project": {"id": 9, "path_with_namespace": "x/y"}}
    assert platform.repository(PROJECT) == REPOSITORY._replace(is_archived=True, is_fork=True)
    forge.project |= {"empty_repo": True, "default_branch": None}
    assert platform.repository(PROJECT).is_empty


def test_the_projects_of_a_group_are_those_of_the_groups_in_it_too(platform: GitLab) -> None:
    assert list(platform.repositories("group")) == [PROJECT, "group/other"]


def test_what_is_no_group_is_a_user(platform: GitLab) -> None:
    assert list(platform.repositories("ada")) == ["ada/own"]
    with pytest.raises(NotAllowed, match="list the projects of nobody"):
        platform.repositories("nobody")


def test_what_was_opened_is_listed_as_it_was_asked_for(platform: GitLab, forge: FakeGitLab) -> None:
    people = {"labels": ("docker", "none such"), "reviewers": ("ada", "nobody"), "assignees": ("bob",)}
    pull = platform.open_pull(REPOSITORY, NEW._replace(is_draft=True, **people))
    assert (pull.number, pull.branch, pull.base, pull.state) == (1, BRANCH, "main", State.OPEN)
    assert (pull.title, pull.body, pull.is_draft) == (NEW.title, NEW.body, True)
    assert pull.created.utcoffset() is not None
    assert platform.pulls(REPOSITORY) == [pull]
    there = forge.requests[0]
    assert (there["title"], there["labels"]) == ("Draft: Safe changes", ["docker"])
    assert [[one["username"] for one in there[who]] for who in ("reviewers", "assignees")] == [["ada"], ["bob"]]


@pytest.mark.parametrize("at", [1, 2, 3])
@pytest.mark.parametrize("status", [403, 404, 400])
def test_labels_and_users_that_cannot_be_read_lose_no_merge_request(
    platform: GitLab, forge: FakeGitLab, at: int, status: int
) -> None:
    people = {"labels": ("docker",), "reviewers": ("ada",), "assignees": ("bob",)}
    forge.fail(at, Refusal(status, {"message": "no"}))
    platform.open_pull(REPOSITORY, NEW._replace(**people))
    (there,) = forge.requests
    assert [bool(there[what]) for what in ("labels", "reviewers", "assignees")] == [at != 1, at != 2, at != 3]


def test_a_limit_is_one_for_labels_too(platform: GitLab, forge: FakeGitLab) -> None:
    forge.fail(1, Refusal(429, {}, {"Retry-After": "9999"}))
    with pytest.raises(Limited):
        platform.open_pull(REPOSITORY, NEW._replace(labels=("docker",)))
    assert forge.requests == []


def test_a_project_whose_code_the_token_may_not_read_is_said_to_be_one(platform: GitLab, forge: FakeGitLab) -> None:
    """Whoever is a guest gets no word of branches."""
    forge.fail(1, Refusal(200, {"id": 1, "path_with_namespace": PROJECT}))
    with pytest.raises(NotAllowed, match=r"the token may not read the code of .*the role Developer"):
        platform.repository(PROJECT)


def test_those_of_forks_and_of_other_branches_are_not_ours(platform: GitLab, forge: FakeGitLab) -> None:
    forge.given(BRANCH, fork=True)
    forge.given("feature")
    assert platform.pulls(REPOSITORY) == []
    assert platform.closed_pulls(REPOSITORY, BRANCH, "main") == []
    assert [one.number for one in platform.given_pulls(REPOSITORY)] == [2, 1]


def test_the_newest_come_first_with_what_has_become_of_them(platform: GitLab, forge: FakeGitLab) -> None:
    for state in ("merged", "closed", "opened", "locked"):
        forge.given(BRANCH, state=state, by="dockfix-bot")
    assert [(one.number, one.state) for one in platform.pulls(REPOSITORY)] == [
        (3, State.OPEN),
        (2, State.CLOSED),
        (1, State.MERGED),
    ]
    assert [one.number for one in platform.closed_pulls(REPOSITORY, BRANCH, "main")] == [2, 1]


def test_all_that_are_open_are_read_from_all_pages_of_the_same_server(platform: GitLab, forge: FakeGitLab) -> None:
    forge.max_page = 2
    forge.next_link = "http://internal.example"
    for _ in range(5):
        forge.given(BRANCH)
    assert [one.number for one in platform.pulls(REPOSITORY)] == [5, 4, 3, 2, 1]
    assert sum(one.query.get("page") == "3" for one in forge.log) == 1


def test_one_that_a_person_has_marked_as_ready_stays_ready(platform: GitLab, forge: FakeGitLab) -> None:
    platform.open_pull(REPOSITORY, NEW._replace(is_draft=True))
    forge.requests[0]["title"] = NEW.title
    (pull,) = platform.pulls(REPOSITORY)
    platform.update_pull(REPOSITORY, pull, "Other", "body")
    assert forge.requests[0]["title"] == "Other"


def test_comments_are_those_of_accounts(platform: GitLab, forge: FakeGitLab) -> None:
    forge.given("feature")
    forge.noted(1, "I see.", "ada")
    forge.noted(1, "changed the description", "dockfix-bot", system=True)
    platform.comment(REPOSITORY, 1, "It is left alone.\n")
    assert platform.comments(REPOSITORY, 1) == [Comment("I see.", False), Comment("It is left alone.", True)]


def test_no_line_is_a_command_to_gitlab(platform: GitLab, forge: FakeGitLab) -> None:
    body = "text\n/merge\n/assign @ada\n  /close\n/usr"
    pull = platform.open_pull(REPOSITORY, NEW._replace(body=body))
    platform.comment(REPOSITORY, 1, body)
    for text in (forge.requests[0]["description"], forge.notes[1][0]["body"]):
        assert text == "text\n&#47;merge\n&#47;assign @ada\n  /close\n&#47;usr"
    assert pull.body == body
    assert platform.comments(REPOSITORY, 1)[0].body == body


def test_what_is_longer_than_gitlab_takes_is_cut_and_says_so(platform: GitLab, forge: FakeGitLab) -> None:
    pull = platform.open_pull(REPOSITORY, NEW._replace(body=f"{'x' * 1_100_000}\n<!-- dockfix:unfinished -->"))
    assert len(pull.body) <= 1_000_000
    assert "a part of it is left out here" in pull.body
    assert pull.body.endswith("<!-- dockfix:unfinished -->")


def test_issues_are_the_open_ones_of_the_account(platform: GitLab, forge: FakeGitLab) -> None:
    forge.issued("Not mine", None, "ada")
    made = platform.open_issue(REPOSITORY, "dockfix", "what there is")
    assert made == Issue(2, "dockfix", "what there is", "https://gitlab.example.com/-/issues/2")
    platform.update_issue(REPOSITORY, made, "/what else\n")
    assert platform.issues(REPOSITORY) == [made._replace(body="/what else\n")]
    platform.close_issue(REPOSITORY, made)
    assert platform.issues(REPOSITORY) == []


def test_remarks_are_threads_with_what_may_stand_there(platform: GitLab, forge: FakeGitLab) -> None:
    forge.given("feature")
    ticks = Suggestion("Dockerfile", 9, 9, "/close it", "RUN <<E\n```\nE")
    platform.suggest(REPOSITORY, GIVEN, "In all: 3.", [REMARK, ticks, Suggestion("Dockerfile", 2, 2, "Why?", None)])
    first, second, third, last = forge.notes[1]
    assert first["body"] == "Sort these.\n\n```suggestion:-0+2\n/usr/bin/a \\\n    b\n```"
    assert first["position"] == {
        "position_type": "text",
        "base_sha": "b" * 40,
        "start_sha": "5" * 40,
        "head_sha": GIVEN.head,
        "old_path": "Dockerfile",
        "new_path": "Dockerfile",
        "new_line": 3,
    }
    assert second["body"] == "&#47;close it\n\n````suggestion:-0+0\nRUN <<E\n```\nE\n````"
    assert (third["body"], last["body"], "position" in last) == ("Why?", "In all: 3.", False)
    assert ("In all: 3.", True) in [(one.body, one.is_own) for one in platform.reviews(REPOSITORY, 1)]


def test_a_remark_that_no_thread_can_be_at_is_a_comment(platform: GitLab, forge: FakeGitLab) -> None:
    forge.given("feature")
    forge.changed_lines = set()
    platform.suggest(REPOSITORY, GIVEN, "All.", [REMARK])
    assert [note["body"].splitlines()[0] for note in forge.notes[1]] == ["`Dockerfile`, line 3: Sort these.", "All."]


def test_more_lines_than_gitlab_can_replace_are_shown(platform: GitLab, forge: FakeGitLab) -> None:
    forge.given("feature")
    platform.suggest(REPOSITORY, GIVEN, "All.", [REMARK._replace(last=104)])
    assert "Instead of lines 3 to 104:\n\n```dockerfile\n/usr" in forge.notes[1][0]["body"]


@pytest.mark.parametrize("at", range(1, 11))
@pytest.mark.parametrize("how", ["lost", Refusal(500, {})])
def test_a_second_run_says_what_the_first_one_could_not(forge: FakeGitLab, at: int, how: str | Refusal) -> None:
    forge.given("feature")
    remarks = [REMARK, REMARK._replace(first=7, last=9), Suggestion("other", 1, 1, "No line of the change.", None)]
    forge.fail(at, how)
    for _ in range(2):
        platform = GitLab(Token(TOKEN), forge.address, _impatient)
        try:
            platform.suggest(REPOSITORY, GIVEN, "In all: 3.", remarks)
        except _TooLong:
            continue
    assert [note.get("position", {}).get("new_line") for note in forge.notes[1]] == [3, 7, None, None]


class _TooLong(Exception):
    """As when the process is killed while it waits."""


def _impatient(seconds: float) -> None:
    raise _TooLong


def test_a_check_is_a_status_that_is_no_failure_and_may_be_set_twice(platform: GitLab, forge: FakeGitLab) -> None:
    for _ in range(2):
        platform.check(REPOSITORY, GIVEN, "body", [REMARK, REMARK])
    assert forge.statuses == [
        (GIVEN.head, {"state": "success", "name": "dockfix", "description": "2 remarks: Dockerfile:3: Sort these."})
    ]
    platform.check(REPOSITORY, GIVEN._replace(head="c" * 40), "body", [REMARK._replace(message="long " * 99)])
    assert len(forge.statuses[1][1]["description"]) == 255


def test_a_limit_is_waited_for_as_long_as_the_server_says(
    platform: GitLab, forge: FakeGitLab, slept: list[float]
) -> None:
    forge.fail(1, Refusal(429, {"message": "Retry later"}, {"Retry-After": "17"}))
    assert platform.repository(PROJECT) == REPOSITORY
    assert slept == [17.0]


@pytest.mark.parametrize("after", ["3600", "Fri, 01 Jan 2100 00:00:00 GMT"])
def test_a_limit_that_lasts_too_long_is_said_at_once(
    platform: GitLab, forge: FakeGitLab, slept: list[float], after: str
) -> None:
    forge.fail(1, Refusal(429, {}, {"Retry-After": after}))
    with pytest.raises(Limited, match="too many requests"):
        platform.repository(PROJECT)
    assert slept == []


@pytest.mark.parametrize("after", ["soon", "", "-5", "9" * 400, "Fri, 99 Jan 2100"])
def test_a_limit_that_says_nonsense_does_not_hang(
    platform: GitLab, forge: FakeGitLab, slept: list[float], after: str
) -> None:
    forge.fail(1, Refusal(429, {}, {"Retry-After": after}))
    if after == "9" * 400:
        with pytest.raises(Limited):
            platform.repository(PROJECT)
    else:
        assert platform.repository(PROJECT) == REPOSITORY
    assert sum(slept) <= 300


def test_limits_without_end_are_not_waited_for_without_end(
    platform: GitLab, forge: FakeGitLab, slept: list[float]
) -> None:
    for at in range(1, 100):
        forge.fail(at, Refusal(429, {}))
    with pytest.raises(Limited):
        platform.repository(PROJECT)
    assert 200 < sum(slept) <= 300


def test_what_does_not_pass_is_said(platform: GitLab, forge: FakeGitLab) -> None:
    for at in (1, 2, 3, 4):
        forge.fail(at, Refusal(500, {"message": "boom"}))
    with pytest.raises(PlatformError, match=r"fails to read group/.* \(500\); try again later: boom"):
        platform.repository(PROJECT)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (
            {"title": ["is too long (maximum is 255 characters)"]},
            r"\(422\): title is too long \(maximum is 255 characters\)$",
        ),
        ({"base": ["Branch is protected"], "x": {"y": ["is odd"]}}, r"\(422\): Branch is protected; x y is odd$"),
        (["Another one exists\x1b[31m", "\n!7"], r"\(422\): Another one exists \[31m; !7$"),
        ("<!DOCTYPE html>\n<html><body>No.</body></html>", r"\(422\), and does not say why$"),
        ({"a": {"b": {"c": {"d": {"e": "f"}}}}}, r"\(422\), and does not say why$"),
        ("long " * 200, r"\(422\): (long ){60}\.\.\.$"),
        (None, r"\(422\), and does not say why$"),
        (7, r"\(422\), and does not say why$"),
    ],
    ids=["of a field", "of none", "a list", "a page for a browser", "too deep", "long", "nothing", "a number"],
)
def test_what_gitlab_says_is_one_sentence(platform: GitLab, forge: FakeGitLab, told: object, said: str) -> None:
    forge.fail(1, Refusal(422, {"message": told}))
    with pytest.raises(PlatformError, match=rf"^{forge.address} refuses to read {PROJECT} {said}"):
        platform.repository(PROJECT)


def test_a_right_that_is_missing_is_said_with_gitlabs_own_reason(platform: GitLab, forge: FakeGitLab) -> None:
    forge.fail(1, Refusal(403, {"error": "insufficient_scope", "error_description": "..."}))
    with pytest.raises(NotAllowed, match=r"the role Developer \(it says: insufficient_scope\)$"):
        platform.repository(PROJECT)
    forge.fail(1, Refusal(404, {"message": "404 Project Not Found"}))
    with pytest.raises(NotAllowed, match=r"the role Developer$"):
        platform.repository(PROJECT)


def test_what_is_no_gitlab_is_said_to_be_none(platform: GitLab, forge: FakeGitLab) -> None:
    forge.fail(1, Refusal(200, {"name": "other"}))
    with pytest.raises(PlatformError, match="does not answer as GitLab does"):
        platform.repository(PROJECT)


@pytest.mark.parametrize(
    "address",
    ["http://gitlab.example.com", "gitlab.example.com", "ftp://x", "https://u:p@x.example", "https://x.example/?a", ""],
)
def test_an_address_that_is_unsafe_is_refused_without_its_password(address: str) -> None:
    with pytest.raises(PlatformError) as caught:
        GitLab(Token(TOKEN), address)
    assert "u:p" not in str(caught.value)


def test_a_place_leads_to_the_platform_with_its_token(forge: FakeGitLab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITLAB_TOKEN", TOKEN)
    assert platform_at(Place("gitlab", f"{forge.address}/api/v4/")).repository(PROJECT) == REPOSITORY
    monkeypatch.delenv("GITLAB_TOKEN")
    with pytest.raises(PlatformError, match="there is no token"):
        platform_at(Place("gitlab", forge.address))
    with pytest.raises(PlatformError, match="there are github, gitlab, gitea, local"):
        platform_at(Place("bitbucket"))


@pytest.mark.parametrize(("kind", "package"), [("gitlab", "gitlab"), ("gitea", "httpx")])
def test_without_its_package_it_is_said_what_to_install(
    kind: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(PlatformError, match=rf"needs the package {package}: run pip install 'dockfix\[bot\]'"):
        platform_at(Place(kind))


def test_the_adapters_load_their_packages_only_when_used() -> None:
    code = "import sys, dockfix.frontends.bot.platforms.gitlab, dockfix.frontends.bot.platforms.gitea as _; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"gitlab", "httpx", "requests"} & set(done.stdout.split())
