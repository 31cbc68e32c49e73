"""The second opinion on shell: another parser must read every changed RUN as ours does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from ..model.facts import Facts
from ..model.runs import Run, runs
from ..syntax.edit import growth
from ..syntax.script import Skeleton, ascii_only, skeleton
from .change import Step

# Takes scripts; gives the skeleton that it reads in each, None where it can't parse one.
SecondOpinion = Callable[[Iterable[bytes]], Sequence[Skeleton | None]]


def asked(before: Facts, after: Facts) -> tuple[Run, ...]:
    """The RUNs that changed: those of which the other parser is asked."""
    old = {before.source.text[i.node.start : i.node.end] for i in before.instructions}
    return tuple(run for run in after.of(runs).values() if _text(after, run) not in old)


def script_of(run: Run) -> bytes:
    """What the other parser gets of a RUN."""
    return ascii_only(run.instruction.rest)


def doubted(
    after: Facts, changed: Sequence[Run], answers: Sequence[Skeleton | None], steps: Sequence[Step]
) -> Iterator[Step]:
    """The steps that led to a RUN which the other parser reads differently; its `answers` are about those `changed`."""
    pairs = zip(changed, answers, strict=True)
    wrong = [run.instruction.node for run, answer in pairs if run.script is None or skeleton(run.script) != answer]
    # Most files have none of these, and all of a file may be wrong where there is one.
    places = [_where(steps, index, after.path) for index in range(len(steps))] if wrong else []
    for node in wrong:
        yield from (step for step, place in zip(steps, places, strict=True) if node.start <= place < node.end)


def _text(facts: Facts, run: Run) -> bytes:
    node = run.instruction.node
    return facts.source.text[node.start : node.end]


def _where(steps: Sequence[Step], index: int, path: str) -> int:
    """Where the first edit of a step stands in the final text."""
    edits = steps[index].edits.get(path, ())
    if not edits:
        return -1
    at = edits[0].start
    for later in steps[index + 1 :]:
        at += growth(edit for edit in later.edits.get(path, ()) if edit.start <= at)
    return at
