"""What becomes of the bot's own pull requests where the configuration wants none of them any more."""

from __future__ import annotations

import bot_repositories as repositories
import pytest
from bot_world import DOCKERFILE, NAME, World, done, it, looked_at_once
from fake_github_shapes import Thread

from dockfix.frontends.bot.marker import TOUCHED

__all__ = ["it", "looked_at_once"]

MODES = ("comments", "checks")


def _configured(it: World, text: bytes, branch: str = "main") -> None:
    repositories.commit(it.bare, {".dockfix.toml": text}, branch)


def _switched(it: World, mode: str) -> None:
    it.hub.as_app = mode == "checks"
    _configured(it, f'[bot]\nmode = "{mode}"\n'.encode())


def _pushed(it: World, group: str) -> str:
    branch = it.hub.thread(NAME, it.open()[group]).head
    return repositories.commit(it.bare, {"NOTES": b"mine\n"}, branch=branch, message="mine")


def _boards(it: World) -> list[Thread]:
    return [one for one in it.hub.repositories[NAME].threads.values() if not one.head]


@pytest.mark.parametrize("mode", MODES)
def test_where_persons_are_reviewed_instead_its_own_are_closed_with_the_reason(it: World, mode: str) -> None:
    it.hub.as_app = mode == "checks"
    it.run()
    numbers = it.open()
    _switched(it, mode)
    assert done(it.run()) == [("closed", "safe"), ("closed", "review")]
    assert (it.open(), it.branches()) == ({}, {})
    for number in numbers.values():
        [said] = it.hub.thread(NAME, number).comments
        assert f'mode = "{mode}"' in said.body
        assert "Nobody has declined it" in said.body


def test_pull_requests_of_persons_are_reviewed_in_the_run_that_closes_its_own(it: World) -> None:
    it.run()
    short = {"api/Dockerfile": b"FROM debian:12-slim\nRUN echo a\nRUN echo b\n"}
    repositories.commit(it.bare, short, "topic", onto=repositories.tip(it.bare))
    it.hub.open(NAME, "topic", "", "ada", head="topic")
    _switched(it, "comments")
    assert done(it.run()) == [("closed", "safe"), ("closed", "review"), ("reviewed", "")]


def test_one_to_which_a_person_has_pushed_stays_open_and_that_is_said_once(it: World) -> None:
    it.run()
    tip = _pushed(it, "safe")
    _switched(it, "comments")
    assert done(it.run()) == [("left", "safe"), ("closed", "review")]
    assert done(it.run()) == [("left", "safe")]
    assert it.branches() == {"safe": tip}
    assert [TOUCHED in one.body for one in it.hub.thread(NAME, it.open()["safe"]).comments] == [True]


def test_a_second_run_in_another_mode_writes_nothing(it: World) -> None:
    it.run()
    _switched(it, "comments")
    it.run()
    writes = it.writes()
    assert done(it.run()) == []
    assert it.writes() == writes


def test_back_in_the_first_mode_they_are_proposed_again(it: World) -> None:
    it.run()
    _switched(it, "comments")
    it.run()
    _configured(it, b'[bot]\nmode = "pull-requests"\n')
    it.hub.age(NAME, 1, 2)
    it.hub.age(NAME, 2, 2)
    assert done(it.run()) == [("opened", "safe"), ("opened", "review")]


def test_a_dry_run_in_another_mode_tells_what_would_be_closed(it: World) -> None:
    it.run()
    _switched(it, "comments")
    writes = it.writes()
    it.operator = it.operator._replace(dry_run=True)
    assert [one for one, _ in done(it.run())] == ["closed", "closed"]
    assert (it.writes(), list(it.open())) == (writes, ["safe", "review"])


def test_where_a_limit_ends_the_closing_nothing_more_is_asked(it: World) -> None:
    it.run()
    _switched(it, "comments")
    it.git.pushed = lambda _: it.hub.limit(reset_in=3600)
    report = it.run()
    assert "too many requests" in report.error
    assert report.retry
    assert [one.status for one in it.hub.asked if one.status == 403] == [403]


@pytest.mark.parametrize("text", [b'[bot]\nmode = "comments"\ndashboard = true\n', b"[bot]\nenabled = false\n"])
def test_the_dashboard_is_closed_and_none_is_opened(it: World, text: bytes) -> None:
    it.run(dashboard=True)
    _configured(it, text)
    assert done(it.run(dashboard=True)) == [("closed", "safe"), ("closed", "review")]
    assert [one.state for one in _boards(it)] == ["closed"]
    assert done(it.run(dashboard=True)) == []
    assert [one.state for one in _boards(it)] == ["closed"]


def test_what_the_default_branch_switches_off_is_off_whatever_the_base_says(it: World) -> None:
    repositories.commit(it.bare, {"Dockerfile": DOCKERFILE}, "next", onto=repositories.tip(it.bare))
    _configured(it, b'[bot]\nbase = "next"\n')
    assert done(it.run()) == [("opened", "safe"), ("opened", "review")]
    assert it.run().base == "next"
    _configured(it, b'[bot]\nbase = "next"\nenabled = false\n')
    assert done(it.run()) == [("closed", "safe"), ("closed", "review")]
    assert it.open() == {}
