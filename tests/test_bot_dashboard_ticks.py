"""Boxes that a person ticks in the dashboard: each asks once, and none is lost, whenever it is ticked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import bot_repositories as repositories
import pytest
from bot_world import DOCKERFILE, NAME, World, looked_at_once, world
from fake_github_shapes import Thread
from git_over_http import Asked

__all__ = ["looked_at_once"]


@pytest.fixture
def it(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        made.run(dashboard=True)
        yield made


def _board(it: World) -> Thread:
    [board] = [one for one in it.hub.repositories[NAME].threads.values() if not one.head]
    return board


def _tick(it: World, group: str) -> None:
    row = f"<!-- dockfix:ask group={group} -->"
    assert f"- [ ] {row}" in _board(it).body
    _board(it).body = _board(it).body.replace(f"- [ ] {row}", f"- [x] {row}")


def _ticked(it: World) -> list[str]:
    return [group for group in ("safe", "review") if f"- [x] <!-- dockfix:ask group={group} -->" in _board(it).body]


def _pushed(it: World, group: str) -> str:
    branch = it.hub.thread(NAME, it.open()[group]).head
    return repositories.commit(it.bare, {"NOTES": b"mine\n"}, branch=branch, message="mine")


def test_a_box_that_is_ticked_during_a_run_is_for_the_next_one(it: World) -> None:
    mine = _pushed(it, "review")
    it.commit(Dockerfile=DOCKERFILE.replace(b"curl", b"curl git"))
    _tick(it, "safe")
    it.git.pushed = lambda _: _tick(it, "review")
    it.run(dashboard=True)
    assert _ticked(it) == ["review"]
    assert it.branches()["review"] == mine
    it.git.pushed = lambda _: None
    it.run(dashboard=True)
    assert _ticked(it) == []
    assert it.branches()["review"] != mine


def test_what_was_asked_for_is_not_done_again_because_something_else_failed(it: World) -> None:
    it.hub.close(NAME, it.open()["safe"])
    it.run(dashboard=True)
    _tick(it, "safe")
    it.commit(Dockerfile=DOCKERFILE.replace(b"curl", b"curl git"))

    def before(asked: Asked) -> None:
        # The first push is for what was asked for, the second one for the other group.
        if asked.method == "POST" and "receive-pack" in asked.path and len(it.open()) == 2:
            it.git.fails, it.git.failure = 1, 403

    it.git.before = before
    assert "cannot be pushed" in it.run(dashboard=True).error
    assert _ticked(it) == []
    mine = _pushed(it, "safe")
    it.run(dashboard=True)
    assert it.branches()["safe"] == mine


def test_what_was_asked_for_and_has_failed_is_still_asked_for(it: World) -> None:
    mine = _pushed(it, "safe")
    _tick(it, "safe")

    def before(asked: Asked) -> None:
        if asked.method == "POST" and "receive-pack" in asked.path:
            it.git.fails, it.git.failure = 1, 403

    it.git.before = before
    assert "cannot be pushed" in it.run(dashboard=True).error
    assert (_ticked(it), it.branches()["safe"]) == (["safe"], mine)
    it.git.before = lambda _: None
    it.run(dashboard=True)
    assert _ticked(it) == []
    assert it.branches()["safe"] != mine
