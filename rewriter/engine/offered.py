"""What can be done to a text as it stands: each change alone, whatever its level, for somebody who picks among them."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from typing import NamedTuple

from ..model.facts import Facts
from ..model.pragmas import untouchable
from ..syntax.script import Skeleton
from .change import Change, Level, Problem, Skip
from .findings import Finding
from .options import Options
from .registry import AnyTransform, Transform
from .reports import chosen_reports, findings
from .rounds import Declined, Findings, Round
from .second_opinion import asked, doubted, script_of


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
    found: list[Findings] = []
    every = options._replace(level=Level.UNSAFE)
    for name, transform in known.items():
        if isinstance(transform, Transform) and options.picks(name, transform.default):
            yield ()
            found.append(Round(transform, facts, every, Declined(), None).run())
    doubts = yield from _doubts(facts, found)
    changes = (step.change for one in found for step in one.steps)
    skipped = tuple(skip for one in found for skip in one.skipped)
    told = tuple(findings(facts, options, chosen_reports(known, options)))
    return Offer(tuple(change for change in changes if id(change) not in doubts), skipped, told)


def _doubts(facts: Facts, found: Sequence[Findings]) -> Generator[Sequence[bytes], Sequence[Skeleton | None], set[int]]:
    """The changes, by identity, behind which the second parser reads a RUN differently."""
    rounds = [(one, asked(facts, one.facts)) for one in found if one.steps]
    scripts = [script_of(run) for _, changed in rounds for run in changed]
    answers = iter((yield scripts) if scripts else ())
    doubts: set[int] = set()
    for one, changed in rounds:
        own = [next(answers) for _ in changed]
        doubts |= {id(step.change) for step in doubted(one.facts, changed, own, one.steps)}
    return doubts
