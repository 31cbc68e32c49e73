"""What persons do with pull requests and configurations in an order that nobody has thought of."""

from __future__ import annotations

import bot_repositories as repositories
import pytest
from bot_world import NAME, World, done, it, looked_at_once

__all__ = ["it", "looked_at_once"]


def _said(it: World, number: int) -> list[str]:
    return [one.body for one in it.hub.thread(NAME, number).comments]


def test_a_deleted_branch_declines_also_where_the_platform_leaves_the_pull_request_open(
    it: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    it.run()
    number = it.open()["safe"]
    # As GitLab does.
    monkeypatch.setattr(it.hub, "sync", lambda _: None)
    repositories.git(it.bare, "update-ref", "-d", f"refs/heads/{it.hub.thread(NAME, number).head}")
    assert done(it.run()) == [("closed", "safe")]
    [said] = _said(it, number)
    assert "its branch has been deleted" in said
    assert "That declines it" in said
    it.hub.age(NAME, 1, 2)
    it.hub.age(NAME, 2, 2)
    assert done(it.run()) == [("held", "safe")]
    assert it.open() == {"review": 2}


def test_what_is_merged_while_the_bot_looks_is_not_taken_for_one_whose_branch_was_deleted(it: World) -> None:
    it.run()
    number, begun = it.open()["safe"], len(it.hub.asked)

    def before(_: object) -> None:
        is_listed = any(one.path.endswith("/pulls") for one in it.hub.asked[begun:])
        if is_listed and it.hub.thread(NAME, number).state == "open":
            it.hub.merge(NAME, number, squash=True, delete=True)

    it.git.before = before
    assert ("closed", "safe") not in done(it.run())
    assert _said(it, number) == []


_CACHES = b'[bot.groups.caches]\nlevels = ["safe"]\n'


def test_a_group_that_gets_another_name_goes_on_under_that_outside_of_the_schedule_too(it: World) -> None:
    it.run()
    number = it.open()["safe"]
    repositories.commit(it.bare, {".dockfix.toml": b'[bot]\nschedule = "* 0 30 2 *"\n' + _CACHES})
    assert done(it.run()) == [("closed", "safe"), ("opened", "caches"), ("updated", "review")]
    [said] = _said(it, number)
    assert "its group is called caches now" in said
    assert done(it.run()) == []


def test_what_was_declined_does_not_come_back_under_another_name_of_its_group(it: World) -> None:
    it.run()
    it.hub.close(NAME, it.open()["safe"])
    repositories.commit(it.bare, {".dockfix.toml": _CACHES})
    assert done(it.run(per_hour=9)) == [("held", "caches"), ("updated", "review")]


def test_one_that_was_closed_and_is_reopened_is_kept_up_to_date_again(it: World) -> None:
    it.run()
    number = it.open()["safe"]
    it.hub.close(NAME, number)
    assert done(it.run()) == [("held", "safe")]
    it.hub.reopen(NAME, number)
    it.commit(README__md=b"# other\n")
    assert done(it.run()) == [("updated", "safe"), ("updated", "review")]
    assert it.open()["safe"] == number


def test_where_a_file_cannot_be_read_the_reason_for_closing_does_not_say_that_all_is_done(it: World) -> None:
    it.run()
    numbers = it.open()
    it.commit(Dockerfile=b"FROM debian:12-slim\nRUN <<EOF\napt-get update\n")
    report = it.run()
    assert report.problems
    for number in numbers.values():
        [said] = _said(it, number)
        assert "in the files that could be read" in said
