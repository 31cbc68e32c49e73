"""What a forge or a CI server is told of a run, as one list of the same kind of thing."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from ...engine.change import Change, Level, Outcome, Problem, Proof
from ...engine.findings import Finding, Severity
from ...engine.fingerprint import fingerprint, found_text, numbered, text_of
from ..terminal import encoded
from .columns import Columns, Point
from .located import Edits, Located, located
from .run import Looked, Run
from .text import is_shown
from .trail import lines

UNREADABLE = "unreadable"
"""The rule of what could not be read, parsed or written."""


class Grade(IntEnum):
    """How much something matters."""

    NOTE = 1
    WARNING = 2
    ERROR = 3


class Region(NamedTuple):
    """From where to where in the file as it was read; the end is behind the last character."""

    start: Point
    end: Point

    @property
    def last_line(self) -> int:
        """The last line with anything of it."""
        return self.end.line - (self.end.column == 1 and self.end.line > self.start.line)


class Notice(NamedTuple):
    """Something to tell about a file.

    `rule` is the transform or report; `text` a sentence or two; `region` None where it concerns the file as a whole.
    Of a change, `level` and `proof` are there, and `edits` where it can be made in the original on its own.
    """

    rule: str
    grade: Grade
    path: str
    region: Region | None
    text: str
    fingerprint: str
    level: Level | None = None
    proof: Proof | None = None
    edits: Edits | None = None


def notices(run: Run) -> Iterator[Notice]:
    """All of a run, in its order: by file, in each what went wrong, the changes, then what was found."""
    for path, mine in by_file(run):
        del path
        yield from mine


def by_file(run: Run) -> Iterator[tuple[str, list[Notice]]]:
    """The notices of each file that was looked at, some of them without any; then what concerns none of them."""
    for looked in run.files:
        yield looked.path, _of_file(looked, verbose=run.verbose)
    others = [_error(problem, None) for problem in run.errors]
    yield from ((path, list(mine)) for path, mine in groupby(others, attrgetter("path")))


def _of_file(looked: Looked, *, verbose: bool) -> list[Notice]:
    outcome = looked.outcome
    columns = {path: Columns(text) for path, text in outcome.originals.items()}
    errors = [_error(problem, columns.get(problem.path)) for problem in outcome.errors]
    changes = [_change(one, columns.get(one.change.path)) for one in located(outcome)]
    return [*errors, *_told_apart([*changes, *_warnings(outcome), *_findings(outcome, verbose=verbose)])]


def _error(problem: Problem, columns: Columns | None) -> Notice:
    region = None
    if columns is not None and problem.at is not None:
        region = Region(columns.point(problem.at), columns.point(problem.at))
    text = clean(problem.message)
    return Notice(UNREADABLE, Grade.ERROR, clean(problem.path), region, text, _hash(UNREADABLE, problem.path, text))


def _change(one: Located, columns: Columns | None) -> Notice:
    change = one.change
    region = Region(columns.point(one.start), columns.point(one.end)) if columns is not None else None
    grade = Grade.NOTE if change.level is Level.SAFE else Grade.WARNING
    mark = fingerprint(change.transform, change.path, text_of(change))
    return Notice(
        change.transform,
        grade,
        clean(change.path),
        region,
        sentence(change),
        mark,
        change.level,
        change.proof,
        one.edits,
    )


def sentence(change: Change) -> str:
    """What a change does, and what it is good for."""
    return clean(f"{change.title}: {change.why}" if change.why else change.title)


def _warnings(outcome: Outcome) -> Iterator[Notice]:
    """What was left alone, and everyone should know."""
    for skip, line in zip(outcome.skipped, lines(outcome).skipped, strict=True):
        if skip.warns:
            text, path = clean(skip.reason), clean(skip.path)
            region = Region(Point(line, 1), Point(line, 1)) if skip.path in outcome.originals else None
            yield Notice(skip.transform, Grade.WARNING, path, region, text, _hash(skip.transform, skip.path, text))


def _findings(outcome: Outcome, *, verbose: bool) -> Iterator[Notice]:
    for finding, line in zip(outcome.findings, lines(outcome).findings, strict=True):
        if is_shown(finding, verbose=verbose):
            place = Point(line, 1)
            mark = fingerprint(finding.report, finding.path, found_text(finding, outcome))
            path, text = clean(finding.path), clean(finding.message)
            yield Notice(finding.report, _grade(finding), path, Region(place, place), text, mark)


def _grade(finding: Finding) -> Grade:
    return {Severity.INFO: Grade.NOTE, Severity.WARNING: Grade.WARNING, Severity.ERROR: Grade.ERROR}[finding.severity]


def _told_apart(found: list[Notice]) -> list[Notice]:
    """Of notices with one fingerprint, the second and later ones get others."""
    marks = numbered(notice.fingerprint for notice in found)
    return [
        notice._replace(fingerprint=_hash(notice.rule, notice.path, f"{mark} {nth}")) if nth else notice
        for notice, (mark, nth) in zip(found, marks, strict=True)
    ]


def _hash(rule: str, path: str, text: str) -> str:
    return fingerprint(rule, path, encoded(text))


def clean(text: str) -> str:
    """The text as Unicode; what is not UTF-8 becomes U+FFFD."""
    return encoded(text).decode("utf-8", "replace")
