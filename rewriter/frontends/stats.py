"""A run in numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ..engine.change import Outcome


class Stats(NamedTuple):
    """What a run took, and what it comes to.

    `by_transform` is, by transform and level, how many changes there are, and in how many files. `layers` are those
    that RUN, COPY and ADD make in the shipped stages of the files with changes, before and after; `hidden_bytes`, as
    far as they are known, those that layers still hold although nobody sees them.
    """

    seconds: float
    files: int
    by_transform: Mapping[tuple[str, str], tuple[int, int]]
    layers_before: int
    layers_after: int
    hidden_bytes: int


def stats(outcomes: Sequence[Outcome], seconds: float) -> Stats:
    """The numbers of some files, which took so long."""
    changes: Counter[tuple[str, str]] = Counter()
    files: Counter[tuple[str, str]] = Counter()
    for outcome in outcomes:
        mine = Counter((step.change.transform, str(step.change.level)) for step in outcome.steps)
        changes.update(mine)
        files.update(mine.keys())
    rewritten = [outcome for outcome in outcomes if outcome.steps]
    return Stats(
        seconds,
        len(outcomes),
        {key: (count, files[key]) for key, count in changes.items()},
        sum(_layers(outcome.originals) for outcome in rewritten),
        sum(_layers(outcome.files) for outcome in rewritten),
        sum(_hidden(outcomes)),
    )


def _layers(texts: Mapping[str, bytes]) -> int:
    from ..model.facts import Facts
    from ..model.layer_budget import makers_of
    from ..model.stages import layout

    makers = makers_of("buildah")  # WORKDIR makes one with some builders only.
    total = 0
    for path, text in texts.items():
        if path.endswith(".dockerignore"):
            continue
        facts = Facts.read(path, text)
        shipped = [stage for stage in facts.of(layout).stages if stage.shipped]
        total += sum(one.keyword in makers for stage in shipped for one in facts.instructions[stage.first : stage.last])
    return total


def _hidden(outcomes: Iterable[Outcome]) -> Iterable[int]:
    from ..model.files.hidden import Hidden

    for outcome in outcomes:
        for finding in outcome.findings:
            if isinstance(finding.about, Hidden):
                yield finding.about.bytes or 0
