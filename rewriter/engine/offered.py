"""What can be done to a text as it stands: each change alone, whatever its level, for somebody who picks among them."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import NamedTuple

from ..model.facts import Facts
from ..model.pragmas import untouchable
from ..syntax.script import Skeleton
from .change import Change, Level, Problem, Skip
from .findings import Finding
from .options import Options
from .registry import AnyTransform, Transform
from .reports import chosen_reports, findings
from .rounds import Busy, Declined, Round, applied
from .second_opinion import asked, doubted, script_of
from .validate import ground, touched


class Offer(NamedTuple):
    """The changes of one text; their edits are in its own byte offsets, and any of them may be made alone.

    `skipped` is what is left alone, `findings` what the reports say of the text, `errors` why nothing can be offered.
    """

    changes: tuple[Change, ...] = ()
    skipped: tuple[Skip, ...] = ()
    findings: tuple[Finding, ...] = ()
    errors: tuple[Problem, ...] = ()


Offering = Generator[Sequence[bytes], Sequence[Skeleton | None], Offer]
"""Yields scripts, wants what the second parser reads in them, and returns the offer.

It yields no scripts between two transforms, where whoever has better things to do can leave.
"""


def offering(facts: Facts, *, options: Options, known: Mapping[str, AnyTransform]) -> Offering:
    """Find what can be done, transform by transform in their order; the level of the options does not count."""
    if reason := untouchable(facts):
        return Offer(skipped=(Skip("", facts.path, 0, reason),))
    if facts.problems:
        first = facts.problems[0]
        return Offer(errors=(Problem(facts.path, first.at, first.message),))
    found: list[Change] = []
    skipped: list[Skip] = []
    every = options._replace(level=Level.UNSAFE)
    for name, transform in known.items():
        if isinstance(transform, Transform) and options.picks(name, transform.default):
            yield ()
            one = Round(transform, facts, every, Declined(), None)
            found += one.taken()
            skipped += one.skipped
    doubts = yield from _doubts(facts, found)
    told = tuple(findings(facts, options, chosen_reports(known, options)))
    return Offer(tuple(change for change in found if id(change) not in doubts), tuple(skipped), told)


def _doubts(facts: Facts, found: Sequence[Change]) -> Generator[Sequence[bytes], Sequence[Skeleton | None], set[int]]:
    """The changes, by identity, behind which the second parser reads a RUN differently."""
    grounds = {id(change): (_doubts, ground(facts, change.edits[facts.path], change.may)) for change in found}
    fresh = [change for change in found if grounds[id(change)] not in facts.parts]
    doubts = yield from _doubted(facts, fresh)
    for change in fresh:
        if grounds[id(change)][1] is not None:
            facts.parts[grounds[id(change)]] = id(change) in doubts
    return doubts | {of for of, key in grounds.items() if facts.parts.get(key)}


def _doubted(
    facts: Facts, changes: Sequence[Change]
) -> Generator[Sequence[bytes], Sequence[Skeleton | None], set[int]]:
    texts = [applied(facts, batch) for batch in _apart(facts, changes)]
    changed = [asked(facts, after) for after, _ in texts]
    scripts = [script_of(run) for runs in changed for run in runs]
    answers = iter((yield scripts) if scripts else ())
    doubts: set[int] = set()
    for (after, steps), runs in zip(texts, changed, strict=True):
        own = [next(answers) for _ in runs]
        doubts |= {id(step.change) for step in doubted(after, runs, own, steps)}
    return doubts


def _apart(facts: Facts, changes: Sequence[Change]) -> Iterator[list[Change]]:
    """The changes in as few texts as can be: in each, they touch different instructions."""
    waiting = list(changes)
    while waiting:
        batch: list[Change] = []
        busy = Busy()
        left: list[Change] = []
        for change in waiting:
            edits = change.edits[facts.path]
            window = touched(facts, edits)
            if busy.leaves(window, edits):
                batch.append(change)
                busy.take(window, edits)
            else:
                left.append(change)
        yield batch
        waiting = left
