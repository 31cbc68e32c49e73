"""Histories replayed against typical Dockerfiles: what rebuilds cost before and after the proposals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from replay_cases import CASES, COMMITS, MADE_UP, ReplayCase, context_of, needs_projects

from dockfix.engine.change import Level
from dockfix.engine.options import Options
from dockfix.engine.registry import transforms
from dockfix.engine.run import rewrite
from dockfix.model.context import Context
from dockfix.model.facts import Facts
from dockfix.model.ignore import Ignore
from dockfix.model.replay import Line, replayed
from dockfix.model.sent import as_sent

DOCS = Path(__file__).parent.parent / "docs" / "cache.md"
PATH = "Dockerfile"

each_case = pytest.mark.parametrize("case", CASES, ids=[case.says for case in CASES])
pytestmark = needs_projects


class Replay(NamedTuple):
    """The lines of the history for each text: as it is, and behind each proposal."""

    titles: Sequence[str]
    lines: Sequence[Sequence[Line]]


def replay(case: ReplayCase) -> Replay:
    return _replay(CASES.index(case))


@cache
def _replay(number: int) -> Replay:
    case = CASES[number]
    context, ignored = context_of(case)
    sent = as_sent(context, ignored)
    outcome = rewrite(
        {PATH: case.dockerfile.encode()},
        options=Options(level=Level.REVIEW),
        known=transforms(),
        find_context=lambda *_: sent,
    )
    assert outcome.errors == ()
    texts = [*(before[PATH] for _, before in outcome.replay()), outcome.files[PATH]]
    return Replay([step.change.title for step in outcome.steps], [_lines(text, context, ignored) for text in texts])


def _lines(text: bytes, context: Context, ignored: bytes) -> Sequence[Line]:
    rules = Ignore.parse(ignored)
    return replayed(Facts.read(PATH, text), context.history(COMMITS), lambda path: not rules.ignores(path))


def cost(lines: Sequence[Line]) -> float:
    return sum(line.cost for line in lines) / len(lines)


def steps(lines: Sequence[Line]) -> float:
    return sum(len(line.steps) for line in lines) / len(lines)


@each_case
def test_no_proposal_makes_the_replay_worse(case: ReplayCase) -> None:
    found = replay(case)
    for title, before, after in zip(found.titles, found.lines, found.lines[1:], strict=False):
        assert cost(after) <= cost(before), title


@each_case
def test_rebuilds_cost_less_than_before(case: ReplayCase) -> None:
    found = replay(case)
    assert cost(found.lines[-1]) < 0.8 * cost(found.lines[0])


def test_the_mean_cost_of_rebuilds_falls_by_more_than_a_half() -> None:
    before, after = (sum(cost(replay(case).lines[at]) for case in CASES) for at in (0, -1))
    assert len(CASES) >= 12
    assert after < before / 2


def test_the_table_in_the_documentation_is_that_of_this_code() -> None:
    assert table() in DOCS.read_text()


def table() -> str:
    """A row for each case."""
    rows = ["| Dockerfile | history | cost, before | after | steps, before | after |", "|---|---|--:|--:|--:|--:|"]
    for case in CASES:
        lines = replay(case).lines
        first, last = lines[0], lines[-1]
        figures = [cost(first), cost(last), steps(first), steps(last)]
        name = case.project.partition("__")[2] if case.project != MADE_UP else "made up"
        rows.append(f"| {case.says} | {name} | {' | '.join(f'{figure:.1f}' for figure in figures)} |")
    means: Mapping[int, float] = {
        at: sum(cost(replay(case).lines[at]) for case in CASES) / len(CASES) for at in (0, -1)
    }
    rows.append(f"| **mean** | | **{means[0]:.1f}** | **{means[-1]:.1f}** | | |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    print(table())
