"""Pull requests of persons, reviewed: on a platform with real repositories, over real git."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import bot_repositories as repositories
import pytest
from bot_world import DOCKERFILE, NAME, World, it, looked_at_once, world
from fake_github_shapes import Thread
from git_over_http import Asked

from dockfix.frontends.bot.report import Report

__all__ = ["it", "looked_at_once"]

FORK = "eve/shop"
Files = Mapping[str, repositories.Value | None]
SHORT = b"FROM debian:12-slim\nRUN echo a\nRUN echo b\n"
LONG = b"FROM debian:12-slim\nRUN echo a\nRUN echo b\nRUN echo c\n"


@pytest.fixture
def app(it: World) -> World:
    """Checks are made by apps alone."""
    it.hub.as_app = True
    return it


def push(it: World, files: Files, branch: str = "topic", base: str = "main") -> str:
    """A person commits to a branch, which begins at the base."""
    onto = repositories.tip(it.bare, branch) or repositories.tip(it.bare, base)
    return repositories.commit(it.bare, files, branch, onto=onto)


def given(it: World, files: Files, branch: str = "topic", base: str = "main") -> Thread:
    """A person's pull request from a branch of the repository."""
    push(it, files, branch, base)
    return it.hub.open(NAME, branch, "", "ada", head=branch, base=base)


def forked(it: World, folder: Path, files: Files) -> Thread:
    """A stranger's pull request from a branch of a fork."""
    bare = folder / "fork.git"
    repositories.git(folder, "clone", "-q", "--bare", "--template=", str(it.bare), str(bare))
    repositories.commit(bare, files, "patch", onto=repositories.tip(bare))
    it.hub.add(FORK, bare, is_fork=True)
    return it.hub.open(NAME, "patch", "", "eve", head="patch", fork=FORK)


def reviews(it: World, number: int) -> list[dict[str, object]]:
    return it.hub.thread(NAME, number).reviews  # type: ignore[return-value]


def numbers(report: Report, error: str = "") -> list[tuple[str, int | None]]:
    assert error in report.error if error else not report.error, report.error
    return [(one.what, one.number) for one in report.done]


COMMENTS, CHECKS = {"mode": "comments"}, {"mode": "checks"}


def test_a_pull_request_from_a_branch_gets_one_review_with_a_suggestion(it: World) -> None:
    one = given(it, {"api/Dockerfile": SHORT})
    assert numbers(it.run(**COMMENTS)) == [("reviewed", one.number)]
    (review,) = reviews(it, one.number)
    assert review["commit_id"] == one.sha
    (remark,) = review["comments"]  # type: ignore[misc]
    assert (remark["path"], remark["start_line"], remark["line"]) == ("api/Dockerfile", 2, 3)  # type: ignore[index]
    assert "```suggestion\nRUN echo a \\\n    && echo b\n```" in remark["body"]  # type: ignore[index]
    assert "1 change in what this pull request touches" in str(review["body"])


def test_nothing_of_its_own_is_opened_and_no_branch_made(it: World) -> None:
    given(it, {"Dockerfile": SHORT})
    it.run(**COMMENTS)
    assert (it.open(), it.branches()) == ({"topic": 1}, {})
    assert it.writes() == [f"POST /repos/{NAME}/pulls/1/reviews"]


def test_one_from_a_fork_gets_the_same(it: World, tmp_path: Path) -> None:
    one = forked(it, tmp_path, {"api/Dockerfile": SHORT})
    assert numbers(it.run(**COMMENTS)) == [("reviewed", one.number)]
    assert len(reviews(it, one.number)) == 1


def test_a_second_run_says_nothing_again(it: World, tmp_path: Path) -> None:
    given(it, {"Dockerfile": SHORT})
    forked(it, tmp_path, {"api/Dockerfile": SHORT})
    it.run(**COMMENTS)
    writes = it.writes()
    assert numbers(it.run(**COMMENTS)) == []
    assert it.writes() == writes


def test_a_push_that_changes_the_edits_is_reviewed_anew_and_another_is_not(it: World) -> None:
    one = given(it, {"Dockerfile": SHORT})
    it.run(**COMMENTS)
    push(it, {"README.md": b"# more\n"})
    assert numbers(it.run(**COMMENTS)) == []
    push(it, {"Dockerfile": LONG})
    assert numbers(it.run(**COMMENTS)) == [("reviewed", one.number)]
    assert len(reviews(it, one.number)) == 2
    assert "RUN echo c" not in str(reviews(it, one.number)[0])


def test_lines_that_the_pull_request_does_not_change_are_nobodys_business(it: World) -> None:
    given(it, {"Dockerfile": DOCKERFILE.replace(b'"shop"]', b'"shop", "-v"]')})
    assert numbers(it.run(**COMMENTS)) == []
    assert not it.writes()


def test_one_that_is_closed_or_merged_or_touches_no_dockerfile_is_left_alone(it: World) -> None:
    it.hub.close(NAME, given(it, {"Dockerfile": SHORT}, "a").number)
    merged = given(it, {"api/Dockerfile": SHORT}, "b")
    it.hub.merge(NAME, merged.number)
    given(it, {"README.md": b"RUN echo a\nRUN echo b\n"}, "c")
    given(it, {"shop": None}, "d")
    assert numbers(it.run(**COMMENTS)) == []
    assert not it.writes()


def test_one_for_another_base_is_compared_with_that(it: World) -> None:
    repositories.commit(it.bare, {"Dockerfile": SHORT}, "stable", onto=repositories.tip(it.bare))
    one = given(it, {"README.md": b"# fix\n"}, "fix", "stable")
    other = given(it, {"Dockerfile": SHORT + b"RUN echo z\n"}, "more", "stable")
    assert numbers(it.run(**COMMENTS)) == [("reviewed", other.number)]
    assert not reviews(it, one.number)


def test_the_bots_own_pull_requests_are_not_reviewed(it: World) -> None:
    it.run()
    assert len(it.open()) == 2
    assert numbers(it.run(**COMMENTS)) == [("closed", 1), ("closed", 2)]
    assert not reviews(it, 1)
    assert not reviews(it, 2)


def test_what_cannot_be_said_at_lines_is_in_the_body(it: World) -> None:
    given(it, {"Dockerfile": SHORT.replace(b"\n", b"\r\n"), "api/Dockerfile": DOCKERFILE})
    it.run(**COMMENTS)
    (review,) = reviews(it, 1)
    body, at_lines = str(review["body"]), review["comments"]
    assert "dockfix would make 4 changes" in body
    assert body.count("\n- `") == 4
    blocks = {(one["path"], "```suggestion" in one["body"]) for one in at_lines}  # type: ignore[attr-defined]
    assert blocks == {("Dockerfile", False), ("api/Dockerfile", True)}
    assert len(at_lines) < 4  # type: ignore[arg-type]


# Whose word counts.


def test_a_head_decides_neither_on_the_mode_nor_on_the_rules(it: World, tmp_path: Path) -> None:
    """One says what to skip, one is unreadable, and one leads out: the base has nothing of them."""
    off = b'skip = ["merge-runs"]\n[bot]\nenabled = false\nmode = "pull-requests"\n'
    given(it, {"Dockerfile": SHORT, ".dockfix.toml": off}, "a")
    given(it, {"Dockerfile": SHORT, ".dockfix.toml": b"no TOML ["}, "b")
    forked(it, tmp_path, {"Dockerfile": SHORT, ".dockfix.toml": "/etc/passwd", "pyproject.toml": b"[tool.dockfix]\nx"})
    assert numbers(it.run(**COMMENTS)) == [("reviewed", 3), ("reviewed", 2), ("reviewed", 1)]


def test_the_rules_of_the_base_hold_for_folders_too_and_for_a_head_that_deletes_them(it: World) -> None:
    skip = b'skip = ["merge-runs"]\n'
    repositories.commit(it.bare, {"old/.dockfix.toml": skip, "pyproject.toml": b'[tool.dockfix]\nlevel = "safe"\n'})
    branch = {"old/.dockfix.toml": None, "pyproject.toml": None, "old/Dockerfile": SHORT, "Dockerfile": DOCKERFILE}
    repositories.commit(it.bare, branch, "topic", onto=repositories.tip(it.bare))
    it.hub.open(NAME, "topic", "", "ada", head="topic")
    assert numbers(it.run(**COMMENTS)) == []
    repositories.commit(it.bare, {"Dockerfile": SHORT}, "topic")
    assert numbers(it.run(**COMMENTS)) == [("reviewed", 1)]
    assert "old/Dockerfile" not in str(reviews(it, 1))


def test_a_base_that_says_so_itself_is_reviewed(it: World) -> None:
    repositories.commit(it.bare, {".dockfix.toml": b'[bot]\nmode = "comments"\n'})
    given(it, {"Dockerfile": SHORT})
    assert numbers(it.run()) == [("reviewed", 1)]


def test_a_dockerfile_that_leads_out_of_the_repository_is_not_read(it: World, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(SHORT.replace(b"echo", b"hidden"))
    forked(it, tmp_path, {"Dockerfile": str(secret), "x/Dockerfile": "/etc/passwd", "y": "/", "z/Dockerfile": SHORT})
    assert numbers(it.run(**COMMENTS)) == [("reviewed", 1)]
    said = str(reviews(it, 1))
    assert "z/Dockerfile" in said
    assert "hidden" not in said
    assert "root" not in said


def test_what_a_stranger_writes_is_no_markup_in_the_review(it: World, tmp_path: Path) -> None:
    forked(it, tmp_path, {"@ada <img src=x> `Dockerfile": SHORT, "\x1b[2J.Dockerfile": SHORT.replace(b"echo", b"```")})
    it.run(**COMMENTS)
    for review in reviews(it, 1):
        assert "\x1b" not in str(review["body"])
        assert "<img" not in str(review["body"]).replace("``@ada <img src=x> `Dockerfile``", "")


def test_a_dockerfile_that_cannot_be_read_is_named_in_the_report(it: World) -> None:
    given(it, {"Dockerfile": b"FROM debian:12\nNONSENSE\n"})
    (done,) = it.run(**COMMENTS).done
    assert (done.what, done.number) == ("held", 1)
    assert done.reason.startswith("Dockerfile:2: ")


# What goes wrong.


def test_a_head_that_moves_meanwhile_waits_for_the_next_run_and_stops_no_other(it: World) -> None:
    given(it, {"Dockerfile": SHORT}, "a")
    given(it, {"Dockerfile": LONG}, "b")

    def before(asked: Asked) -> None:
        """When git comes for the first of them, which is the newest, somebody has pushed."""
        # The lists of its own are asked for first, to close what is still open.
        if sum(one.path.endswith("/pulls") for one in it.hub.asked) == 3:
            it.git.before = lambda _: None
            push(it, {"README.md": b"# later\n"}, "b")
            it.hub.thread(NAME, 2)

    it.git.before = before
    report = it.run(**COMMENTS)
    assert numbers(report) == [("held", 2), ("reviewed", 1)]
    assert report.done[0].reason == "it has new commits, which the next run looks at"
    assert numbers(it.run(**COMMENTS)) == [("reviewed", 2)]


def test_one_that_cannot_be_looked_at_is_an_error_and_stops_no_other(it: World, tmp_path: Path) -> None:
    given(it, {"Dockerfile": SHORT}, "a")
    it.operator = it.operator._replace(most_files=9)
    forked(it, tmp_path, {f"file{number}": b"x" for number in range(9)} | {"Dockerfile": SHORT})
    given(it, {"api/Dockerfile": SHORT}, "c")
    report = it.run(**COMMENTS)
    assert numbers(report, "pull request 2 cannot be looked at: it has more files") == [
        ("reviewed", 3),
        ("reviewed", 1),
    ]


def test_one_that_the_platform_will_not_have_reviewed_stops_no_other(it: World, tmp_path: Path) -> None:
    def two(it: World) -> None:
        given(it, {"Dockerfile": SHORT}, "a")
        given(it, {"Dockerfile": LONG}, "b")

    two(it)
    it.hub.fail_at(_calls(tmp_path / "twin", two, COMMENTS).index("POST") + 1, "422")
    assert numbers(it.run(**COMMENTS), "Server Error") == [("reviewed", 1)]
    assert numbers(it.run(**COMMENTS)) == [("reviewed", 2)]


def test_without_the_right_to_it_no_other_is_tried(app: World) -> None:
    given(app, {"Dockerfile": SHORT}, "a")
    given(app, {"Dockerfile": LONG}, "b")
    app.hub.forbid("checks")
    report = app.run(**CHECKS)
    assert numbers(report, "checks: write") == []
    assert len([one for one in app.hub.asked if "/check-runs" in one.path]) == 1


@pytest.mark.parametrize(
    ("settings", "fault"),
    [
        (COMMENTS, ("lost", 1)),
        (CHECKS, ("500", 1000)),
        # Each mode with one kind of failure; with both, it takes a minute.
        pytest.param(COMMENTS, ("500", 1000), marks=pytest.mark.full),
        pytest.param(CHECKS, ("lost", 1), marks=pytest.mark.full),
    ],
)
def test_a_call_that_fails_costs_no_more_than_a_run(
    settings: dict[str, str], fault: tuple[str, int], tmp_path: Path
) -> None:
    def state(folder: Path, number: int) -> object:
        with twin(folder) as it:
            it.hub.as_app = settings == CHECKS
            one(it)
            it.hub.fail_at(number, *fault)
            it.run(**settings)
            it.hub.heal()
            assert not it.run(**settings).error
            return _said(it)

    def one(it: World) -> None:
        given(it, {"Dockerfile": SHORT})

    calls = _calls(tmp_path / "calls", one, settings)
    assert len(calls) > 3
    right = state(tmp_path / "right", 1_000_000)
    for number in range(1, len(calls) + 1):
        assert state(tmp_path / str(number), number) == right, f"call {number} of {len(calls)}"


def _said(it: World) -> object:
    """All that is said in the end, without numbers and times."""
    told = [
        (one.number, [(review["body"], str(review["comments"])) for review in one.reviews])
        for one in it.hub.pulls(NAME)
    ]
    checks = [(run["status"], str(run["output"]), str(run["annotations"])) for run in it.hub.repositories[NAME].checks]
    return told, sorted(checks)


@contextmanager
def twin(folder: Path) -> Iterator[World]:
    folder.mkdir()
    with world(folder) as it:
        yield it


def _calls(folder: Path, life: Callable[[World], None], settings: dict[str, str]) -> list[str]:
    """The verbs of all that a run asks for."""
    with twin(folder) as it:
        it.hub.as_app = settings == CHECKS
        life(it)
        before = len(it.hub.asked)
        assert not it.run(**settings).error
        return [one.verb for one in it.hub.asked[before:]]


# As a check, and dry.


def test_as_a_check_it_says_the_same_once_for_each_head(app: World, tmp_path: Path) -> None:
    one = given(app, {"Dockerfile": SHORT})
    forked(app, tmp_path, {"api/Dockerfile": SHORT})
    assert numbers(app.run(**CHECKS)) == [("reviewed", 2), ("reviewed", 1)]
    second, first = app.hub.repositories[NAME].checks
    assert (first["head_sha"], first["conclusion"], first["name"]) == (one.sha, "neutral", "dockfix")
    assert second["head_sha"] == app.hub.thread(NAME, 2).sha
    (note,) = first["annotations"]  # type: ignore[misc]
    assert (note["path"], note["start_line"], note["end_line"]) == ("Dockerfile", 2, 3)  # type: ignore[index]
    assert not any(pull.reviews or pull.comments for pull in app.hub.pulls(NAME))
    assert numbers(app.run(**CHECKS)) == []
    push(app, {"README.md": b"# more\n"})
    assert numbers(app.run(**CHECKS)) == [("reviewed", 1)], "it is another commit"


@pytest.mark.parametrize("settings", [COMMENTS, CHECKS])
def test_a_dry_run_says_what_would_be_said_and_sends_nothing(app: World, settings: dict[str, str]) -> None:
    given(app, {"Dockerfile": SHORT})
    app.operator = app.operator._replace(dry_run=True)
    report = app.run(**settings)
    assert numbers(report) == [("reviewed", 1)]
    assert "Dockerfile`, line 2: " in report.done[0].body
    assert not app.writes()
