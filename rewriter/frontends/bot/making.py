"""From what the engine has done to a file to commits, and to what is told beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ...engine.change import Outcome, Problem, Step
from ...engine.findings import Severity
from ...engine.registry import AnyTransform
from ...syntax.edit import Edit, apply, line_of
from ..render.diff import step_diffs
from ..render.text import problem_line_number
from ..render.trail import lines
from ..terminal import printable
from .groups import Made, Told

_MOST = 200  # commits of a group: nobody reviews more
_BYTES = 20_000_000  # of all their files together, each of which is there as a whole


def cut(outcomes: Sequence[Outcome]) -> tuple[list[Outcome], int]:
    """The outcomes with as many of their steps as a group may have, and how many are left for another time."""
    found: list[Outcome] = []
    steps = size = left = 0
    for outcome in outcomes:
        fitting = 0
        for step in outcome.steps:
            size += len(outcome.originals.get(step.change.path, b""))
            if left or steps == _MOST or size > _BYTES:
                break
            steps += 1
            fitting += 1
        left += len(outcome.steps) - fitting
        found.append(_shortened(outcome, fitting))
    return found, left


def _shortened(outcome: Outcome, count: int) -> Outcome:
    """The outcome as if these first steps were all."""
    if count == len(outcome.steps):
        return outcome
    texts = next(before for at, (_, before) in enumerate(outcome.replay()) if at == count)
    return outcome._replace(steps=outcome.steps[:count], files={path: texts.get(path, b"") for path in outcome.files})


def commits(outcome: Outcome) -> Iterator[Made]:
    """Each step of the outcome for one file, named from the root of the repository, as a commit."""
    for (step, before), (change, diff) in zip(outcome.replay(), step_diffs(outcome), strict=True):
        was, new = _touched(step, before.get(change.path, b""))
        yield Made(
            change.transform,
            str(change.level),
            str(change.proof),
            change.path,
            line_of(before.get(change.path, b""), step.at),
            change.title,
            change.why,
            diff.decode("utf-8", "surrogateescape"),
            was,
            new,
            {path: apply(before.get(path, b""), edits) for path, edits in step.edits.items()},
        )


def _touched(step: Step, before: bytes) -> tuple[bytes, bytes]:
    """The text that a step touches, and what stands there then: whole instructions, as the engine tells them.

    Of what only adds to an ignore file, that is what it adds.
    """
    edits = step.edits[step.change.path]
    first, last = edits[0].start, edits[-1].end
    was = step.change.was
    # Instructions stand in the text before as the transform saw them, for it has edited no others in that round.
    at = before.rfind(was, 0, first + len(was)) if was else first
    start = min(at, first) if at >= 0 else first
    end = max(last, start + len(was))
    own = tuple(Edit(edit.start - start, edit.end - start, edit.new) for edit in edits)
    return before[start:end], apply(before[start:end], own)


class Row(NamedTuple):
    """Something to be told, and by which level, as a word, its group is found."""

    level: str
    told: Told


def rows(outcome: Outcome, known: Mapping[str, AnyTransform]) -> Iterator[Row]:
    """What was held back and skipped, and what the reports warn of, by line of the file as it is."""
    where = lines(outcome)
    for change, line in zip(outcome.held_back, where.held_back, strict=True):
        reason = f"{change.title} (level {change.level})"
        yield Row(str(change.level), Told("held back", change.transform, change.path, line, reason))
    for skip, line in zip(outcome.skipped, where.skipped, strict=True):
        level = known[skip.transform].level if skip.transform in known else ""
        yield Row(str(level), Told("skipped", skip.transform, skip.path, line, skip.reason))
    for finding, line in zip(outcome.findings, where.findings, strict=True):
        if finding.severity is not Severity.INFO:
            kind = str(finding.severity)
            yield Row("", Told(kind, finding.report, finding.path, line, finding.message))


def sentence(problem: Problem, outcome: Outcome | None = None) -> str:
    """What could not be read, with the file, on one line."""
    line = problem_line_number(problem, outcome)
    return printable(f"{problem.path}{f':{line}' if line else ''}: {problem.message}")
