"""What persons do with pull requests and configurations in an order that nobody has thought of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import bot_repositories as repositories
import pytest
from bot_world import NAME, World, looked_at_once, world


@pytest.fixture(scope="module", autouse=True)
def _looks() -> Iterator[None]:
    with looked_at_once():
        yield


@pytest.fixture
def it(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        yield made


def _done(it: World, **settings: object) -> list[tuple[str, str]]:
    report = it.run(**settings)
    assert not report.error, report.error
    return [(one.what, one.group) for one in report.done]


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
    assert _done(it) == [("closed", "safe")]
    [said] = _said(it, number)
    assert "its branch has been deleted" in said
    assert "That declines it" in said
    it.hub.age(NAME, 1, 2)
    it.hub.age(NAME, 2, 2)
    assert _done(it) == [("held", "safe")]
    assert it.open() == {"review": 2}


def test_what_is_merged_while_the_bot_looks_is_not_taken_for_one_whose_branch_was_deleted(it: World) -> None:
    it.run()
    number, begun = it.open()["safe"], len(it.hub.asked)

    def before(_: object) -> None:
        is_listed = any(one.path.endswith("/pulls") for one in it.hub.asked[begun:])
        if is_listed and it.hub.thread(NAME, number).state == "open":
            it.hub.merge(NAME, number, squash=True, delete=True)

    it.git.before = before
    assert ("closed", "safe") not in _done(it)
    assert _said(it, number) == []
