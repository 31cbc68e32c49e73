"""What goes wrong, and may go right next time: whoever runs the bot need not do anything, and the service tries again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bot_world import World, it, looked_at_once
from git_over_http import Asked

__all__ = ["it", "looked_at_once"]


def _pushes_fail(it: World, *statuses: int) -> Callable[[Asked], None]:
    """One push after the other is answered with these statuses."""
    left = list(statuses)

    def before(asked: Asked) -> None:
        if left and asked.method == "GET" and "git-receive-pack" in asked.path:
            it.git.fails, it.git.failure = 1, left.pop(0)

    return before


@pytest.mark.parametrize("status", [500, 502, 503, 429, 0])
def test_a_git_server_that_fails_may_not_fail_next_time(it: World, status: int) -> None:
    it.git.fails, it.git.failure = 9, status
    report = it.run()
    assert report.error
    assert report.retry


@pytest.mark.parametrize("how", ["500", "503", "reset"])
def test_a_platform_that_fails_may_not_fail_next_time(it: World, how: str) -> None:
    it.hub.fail_at(1, how, times=1000)
    report = it.run()
    assert report.error
    assert report.retry


def test_a_repository_that_is_not_there_will_not_be_there_next_time(it: World) -> None:
    it.git.fails, it.git.failure = 9, 404
    report = it.run()
    assert report.error
    assert not report.retry


def test_one_error_that_passes_is_enough_also_where_another_one_that_does_not_follows(it: World) -> None:
    it.git.before = _pushes_fail(it, 500, 404)
    report = it.run()
    assert report.error.count("cannot be pushed") == 2
    assert report.retry


def test_where_none_of_the_errors_passes_nothing_is_tried_again(it: World) -> None:
    it.git.before = _pushes_fail(it, 404, 404)
    report = it.run()
    assert report.error.count("cannot be pushed") == 2
    assert not report.retry
