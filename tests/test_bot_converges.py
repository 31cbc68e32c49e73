"""Whatever call fails, and however: the next run comes to the same end as one in which nothing failed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import bot_repositories as repositories
import pytest
from bot_world import DOCKERFILE, NAME, World, looked_at_once, world

__all__ = ["looked_at_once"]


def _nothing(it: World) -> None:
    """It is the first run."""


def _another_text(it: World) -> None:
    it.run()
    it.commit(Dockerfile=DOCKERFILE.replace(b"curl", b"curl git"))


def _nothing_left(it: World) -> None:
    it.run()
    it.commit(Dockerfile=b"FROM scratch\nCOPY shop /shop\n")


def _a_person_has_pushed(it: World) -> None:
    it.run()
    branch = it.hub.thread(NAME, it.open()["safe"]).head
    repositories.commit(it.bare, {"NOTES": b"mine\n"}, branch=branch, message="mine", when="2026-11-01T00:00:00Z")


def _it_was_closed(it: World) -> None:
    it.run()
    it.hub.close(NAME, it.open()["safe"])
    it.commit(README__md=b"# other\n")


def _another_mode(it: World) -> None:
    it.run(**SETTINGS)
    repositories.commit(it.bare, {".dockfix.toml": b'[bot]\nmode = "comments"\n'})


def _another_name_of_a_group(it: World) -> None:
    it.run(**SETTINGS)
    repositories.commit(it.bare, {".dockfix.toml": b'[bot.groups.caches]\nlevels = ["safe"]\n'})


LIVES: dict[str, Callable[[World], None]] = {
    "the first run": _nothing,
    "another text": _another_text,
    "nothing left to do": _nothing_left,
    "a person has pushed": _a_person_has_pushed,
    "it was closed": _it_was_closed,
    "another mode": _another_mode,
    "another name of a group": _another_name_of_a_group,
}
# The status stays until it is mended, so that no retry of the same run helps; the answer is lost once.
FAULTS = {"status 500 from then on": ("500", 1000), "the answer is lost": ("lost", 1), "no connection": ("reset", 1000)}
SETTINGS = {"labels": ("docker",), "per_hour": 9, "dashboard": True}


def _lived(folder: Path, life: Callable[[World], None], break_at: Callable[[World], None]) -> tuple[object, int, int]:
    """The state in the end, and how many calls to the API and to git the run makes in which things break."""
    folder.mkdir()
    with world(folder) as it:
        it.hub.repositories[NAME].labels.append("docker")
        life(it)
        calls, gits = len(it.hub.asked), len(it.git.asked)
        break_at(it)
        it.run(**SETTINGS)
        calls, gits = len(it.hub.asked) - calls, len(it.git.asked) - gits
        it.hub.heal()
        it.git.fails = 0
        again = it.run(**SETTINGS)
        assert not again.error
        state, writes = it.state(), it.writes()
        assert not it.run(**SETTINGS).error
        assert it.writes() == writes, "a third run still has something to do"
        return state, calls, gits


# With all lives and faults it takes minutes: `make e2e` does that.
_SHORT = {("the first run", "status 500 from then on"), ("nothing left to do", "the answer is lost")}
PAIRS = [
    pytest.param(life, fault, marks=() if (life, fault) in _SHORT else pytest.mark.full)
    for life in LIVES
    for fault in FAULTS
]


@pytest.mark.parametrize(("life", "fault"), PAIRS)
def test_a_call_that_fails_costs_no_more_than_a_run(life: str, fault: str, tmp_path: Path) -> None:
    how, times = FAULTS[fault]
    right, calls, _ = _lived(tmp_path / "right", LIVES[life], lambda _: None)
    assert calls > 3
    for number in range(1, calls + 1):

        def break_at(it: World, number: int = number) -> None:
            it.hub.fail_at(number, how, times)

        state, *_ = _lived(tmp_path / str(number), LIVES[life], break_at)
        assert state == right, f"call {number} of {calls}"


@pytest.mark.parametrize(
    "life", [pytest.param(life, marks=() if life == "the first run" else pytest.mark.full) for life in LIVES]
)
def test_a_call_of_git_that_fails_costs_no_more_than_a_run(life: str, tmp_path: Path) -> None:
    right, _, gits = _lived(tmp_path / "right", LIVES[life], lambda _: None)
    assert gits > 3
    for number in range(1, gits + 1):

        def break_at(it: World, number: int = number) -> None:
            first = len(it.git.asked) + number

            def before(_: object) -> None:
                if len(it.git.asked) == first:
                    it.git.fails = 1

            it.git.before = before

        state, *_ = _lived(tmp_path / str(number), LIVES[life], break_at)
        assert state == right, f"call {number} of {gits}"
