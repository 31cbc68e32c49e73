"""Rewriting the Dockerfiles that a document carries: each for itself, and all as one outcome of the document."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ..model.embedded import Carried, Embedded, Placed
from ..syntax.edit import apply
from .change import Change, Outcome, Problem, Skip, Step
from .findings import Finding
from .options import Options
from .run import Rewriting
from .within import Spans, meets

Read = Callable[[bytes], Carried]
"""Finds the Dockerfiles in a document."""


def rewriting_carried(
    path: str, document: bytes, read: Read, rewriting_of: Callable[[str, Embedded], Rewriting]
) -> Rewriting:
    """Rewrite what the document at `path` carries; `rewriting_of` rewrites one Dockerfile, under the name it is given.

    The outcome is about the document, and empty where that carries none. Nothing in it changes where one of its
    Dockerfiles has an error, or where the new document would not be read as what was meant.
    """
    carried = read(document)
    if not carried.dockerfiles and not carried.left:
        return Outcome({}, {})
    outcomes: list[Outcome] = []
    for embedded in carried.dockerfiles:
        outcome = yield from rewriting_of(_name(path, embedded), embedded)
        outcomes.append(outcome)
    return _checked(_lifted(path, document, carried, outcomes), path, read, carried, outcomes)


def carried_options(options: Options, embedded: Embedded) -> Options:
    """The options under which the Dockerfile is rewritten: what its document cannot take is refused."""

    def refuses(change: Change) -> str:
        edits = (edit for edits in change.edits.values() for edit in edits)
        return options.refuses(change) or embedded.refusal(edits)

    return options._replace(refuses=refuses) if embedded.bars else options


def inner_spans(document: bytes, embedded: Embedded, spans: Spans) -> Spans:
    """Of parts of the document, those of the Dockerfile in it: its lines of which something is in one of them."""
    placed = Placed(document, embedded)
    starts = [0, *(found.end() for found in re.finditer(b"\n", embedded.text))]
    lines = zip(starts, [*starts[1:], len(embedded.text)], strict=True)
    return tuple((start, end) for start, end in lines if meets(spans, placed.offset(start), placed.offset(end)))


def _name(path: str, embedded: Embedded) -> str:
    return f"{path}#{embedded.name}"


def _lifted(path: str, document: bytes, carried: Carried, outcomes: Sequence[Outcome]) -> Outcome:
    whole = Outcome({path: document}, {path: document})
    grown: list[tuple[int, int]] = []
    # From the first to the last: what comes later moves nothing that came before.
    for embedded, outcome in zip(carried.dockerfiles, outcomes, strict=True):
        before = whole.files[path]
        begin = embedded.start + len(before) - len(document)
        lift = _Lift(path, _name(path, embedded), before, embedded._replace(start=begin))
        whole = lift.onto(whole, outcome)
        errors = tuple(_problem(path, document, embedded, problem) for problem in outcome.errors)
        whole = whole._replace(errors=whole.errors + errors)
        grown.append((embedded.start, len(whole.files[path]) - len(before)))
    left = (
        Skip("", path, at + sum(growth for start, growth in grown if start < at), reason) for at, reason in carried.left
    )
    return whole._replace(skipped=(*whole.skipped, *left))


def _checked(outcome: Outcome, path: str, read: Read, carried: Carried, outcomes: Sequence[Outcome]) -> Outcome:
    """The outcome, if nothing is wrong and the new document carries the new Dockerfiles; else one without a change."""
    unchanged = Outcome(outcome.originals, outcome.originals)
    if outcome.errors:
        return unchanged._replace(errors=outcome.errors)
    meant = [done.files[_name(path, one)] for one, done in zip(carried.dockerfiles, outcomes, strict=True)]
    if outcome.steps and [one.text for one in read(outcome.files[path]).dockerfiles] != meant:
        reason = "with the changes, it would not be read as they were meant"
        return unchanged._replace(skipped=(Skip("", path, 0, reason),))
    return outcome


class _Lift:
    """One Dockerfile in its document, step by step."""

    def __init__(self, path: str, name: str, document: bytes, embedded: Embedded) -> None:
        self._document = document
        self._path = path
        self._name = name
        self._embedded = embedded
        self._placed = Placed(document, embedded)

    def _offset(self, at: int) -> int:
        """Where this byte of the Dockerfile, as it is by now, stands in the document."""
        return self._placed.offset(at)

    def onto(self, whole: Outcome, own: Outcome) -> Outcome:
        """What has been said of the document, and what is to be said of this Dockerfile."""
        steps = tuple(map(self._step, own.steps))
        return Outcome(
            whole.originals,
            {self._path: self._document},
            whole.steps + steps,
            whole.held_back + tuple(map(self._held, own.held_back)),
            whole.skipped + tuple(skip._replace(path=self._path, at=self._offset(skip.at)) for skip in own.skipped),
            whole.errors,
            whole.findings + tuple(map(self._finding, own.findings)),
            whole.known
            + tuple(self._finding(one) if isinstance(one, Finding) else self._held(one) for one in own.known),
        )

    def _step(self, step: Step) -> Step:
        """The step in the document, which is made."""
        inner = step.edits[self._name]
        outer = self._placed.edits(inner)
        lifted = Step(step.change._replace(path=self._path), {self._path: outer}, self._offset(step.at))
        self._document = apply(self._document, outer)
        self._embedded = self._embedded._replace(text=apply(self._embedded.text, inner))
        self._placed = Placed(self._document, self._embedded)
        return lifted

    def _finding(self, finding: Finding) -> Finding:
        also = tuple(map(self._offset, finding.also))
        return finding._replace(path=self._path, at=self._offset(finding.at), also=also)

    def _held(self, change: Change) -> Change:
        """The change, which is not made."""
        edits = {self._path: self._placed.edits(change.edits[self._name])}
        return change._replace(path=self._path, at=self._offset(change.at), edits=edits)


def _problem(path: str, document: bytes, embedded: Embedded, problem: Problem) -> Problem:
    at = embedded.start if problem.at is None else Placed(document, embedded).offset(problem.at)
    return Problem(path, at, problem.message)
