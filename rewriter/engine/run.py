"""The loop: phase by phase, find changes, validate each, apply each alone, until nothing changes.

In one round a transform sees one text. Of what it proposes, the changes that touch different instructions are
taken one after the other, each validated on its own and recorded as its own step; what would touch an instruction
that this round has changed waits for the next round. So a file of any length needs few rounds, and no two changes
can conflict.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING

from ..model.facts import Facts
from ..model.pragmas import untouchable
from ..syntax.script import Skeleton
from .change import Outcome, Problem, Skip, Step
from .options import Options
from .registry import AnyTransform, Report, Transform, transforms
from .reports import chosen_reports, findings
from .rounds import Declined, Findings, Round, key_of
from .second_opinion import SecondOpinion, asked, doubted, script_of
from .within import Spans, followed

if TYPE_CHECKING:
    from ..model.context import Context

FindContext = Callable[[str, bytes], "Context | None"]


def no_context(_: str, __: bytes) -> None:
    """Of no Dockerfile is the build context known."""


Rewriting = Generator[Sequence[bytes], Sequence[Skeleton | None], Outcome]
"""Yields scripts, wants what the second parser reads in them, and returns the outcome."""


def rewrite(
    files: Mapping[str, bytes],
    *,
    options: Options | None = None,
    second_opinion: SecondOpinion | None = None,
    known: Mapping[str, AnyTransform] | None = None,
    find_context: FindContext = no_context,
) -> Outcome:
    """Rewrite each Dockerfile of `files` (by path); never raises on their content, never touches the disk.

    `second_opinion` parses shell a second time; without it only one parser vouches for the RUNs. `known` are
    the transforms to choose from. `find_context` gives, by path and text, what the builder gets of a Dockerfile's build
    context; it is asked only where a transform wants to know.
    """
    asks = second_opinion is not None
    work = rewriting(files, options=options, known=known, asks=asks, find_context=find_context)
    try:
        scripts = next(work)
        while second_opinion is not None:
            scripts = work.send(second_opinion(scripts))
    except StopIteration as done:
        outcome: Outcome = done.value
        return outcome
    raise AssertionError("scripts without a second opinion")


def rewriting(
    files: Mapping[str, bytes],
    *,
    options: Options | None,
    known: Mapping[str, AnyTransform] | None,
    asks: bool,
    find_context: FindContext = no_context,
) -> Rewriting:
    """Rewrite as `rewrite` does, but leave it to the caller to ask for second opinions: of many files at once, say."""
    options = options or Options()
    every = transforms() if known is None else known
    chosen = [
        transform
        for name, transform in every.items()
        if isinstance(transform, Transform) and options.picks(name, transform.default)
    ]
    reports = chosen_reports(every, options)
    total = Outcome(files, dict(files))
    for path, text in files.items():
        one = yield from _File(path, text, options, (chosen, reports), find_context).rewriting(asks)
        total = Outcome(
            files,
            {**total.files, **one.files},
            total.steps + one.steps,
            total.held_back + one.held_back,
            total.skipped + one.skipped,
            total.errors + one.errors,
            total.findings + one.findings,
            total.known + one.known,
        )
    return total


class _File:
    """One Dockerfile on its way through the transforms."""

    def __init__(
        self,
        path: str,
        text: bytes,
        options: Options,
        chosen: tuple[Sequence[Transform], Sequence[Report]],
        find_context: FindContext,
    ) -> None:
        self._look = cache(partial(find_context, path, text))
        self._path = path
        self._text = text
        self._options = options
        self._chosen, self._reports = chosen
        self._declined = Declined()

    def rewriting(self, asks: bool) -> Rewriting:
        """Rewrite; where the second opinion differs, drop those changes and do it again without them."""
        facts = Facts.read(self._path, self._text, self._options.shipped, self._look)
        unchanged = Outcome({self._path: self._text}, {self._path: self._text})
        reason = untouchable(facts)
        if reason:
            return unchanged._replace(skipped=(Skip("", self._path, 0, reason),))
        if facts.problems:
            # The first one, as the builder: what follows it is mostly its consequence.
            first = facts.problems[0]
            return unchanged._replace(errors=(Problem(self._path, first.at, first.message),))
        while True:
            outcome, final = self._until_settled(facts)
            changed = asked(facts, final) if asks and outcome.steps else ()
            answers = (yield [script_of(run) for run in changed]) if changed else ()
            doubts = list(doubted(final, changed, answers, outcome.steps))
            if not doubts:
                if outcome.errors:
                    return outcome
                within = self._within(outcome.steps)
                return outcome._replace(findings=tuple(findings(final, self._options, self._reports, within)))
            for step in doubts:
                self._declined.add(key_of(step.change), "the second shell parser reads the result differently")

    def _until_settled(self, facts: Facts) -> tuple[Outcome, Facts]:
        """Phase by phase, each until none of its transforms finds more; and all again until nothing changes."""
        steps: list[Step] = []
        findings: dict[str, Findings] = {}
        settled: dict[str, Facts] = {}
        seen = {facts.source.text}
        limit = 10 + 3 * len(facts.instructions)
        errors: list[Problem] = []
        changed = False
        at = 0
        # Those that reach too far change nothing: what they would do is asked once, of the final text.
        working = [one for one in self._chosen if one.level <= self._options.level]
        while at < len(working) and not errors:
            transform = working[at]
            at += 1
            if at == len(working) and changed:
                # What a later phase has changed may be something for an earlier one.
                at, changed = 0, False
            if settled.get(transform.id) is facts:
                continue
            found = findings[transform.id] = self._round(transform, facts, steps)
            if not found.steps:
                settled[transform.id] = facts
                continue
            steps += found.steps
            facts = found.facts
            changed = True
            at = next(first for first, one in enumerate(working) if one.phase is transform.phase)
            if facts.source.text in seen or len(steps) > limit:
                errors.append(Problem(self._path, None, _endless(steps)))
            seen.add(facts.source.text)
        for transform in self._chosen if not errors else ():
            if transform.level > self._options.level:
                findings[transform.id] = self._round(transform, facts, steps)
        in_order = {one.id: findings[one.id] for one in self._chosen if one.id in findings}
        return self._outcome(facts, steps, in_order, errors), facts

    def _round(self, transform: Transform, facts: Facts, steps: Sequence[Step]) -> Findings:
        return Round(transform, facts, self._options, self._declined, self._within(steps)).run()

    def _within(self, steps: Iterable[Step]) -> Spans | None:
        """The parts of the text behind the steps that changes are wanted in."""
        within = self._options.within
        for step in steps if within is not None else ():
            within = followed(within, step.edits[self._path])
        return within

    def _outcome(
        self, facts: Facts, steps: Sequence[Step], findings: Mapping[str, Findings], errors: Sequence[Problem]
    ) -> Outcome:
        if errors:
            return Outcome({self._path: self._text}, {self._path: self._text}, errors=tuple(errors))
        held = tuple(change for found in findings.values() for change in found.held_back)
        skipped = tuple(skip for found in findings.values() for skip in found.skipped)
        known = tuple(change for found in findings.values() for change in found.known)
        final = {self._path: facts.source.text}
        return Outcome({self._path: self._text}, final, tuple(steps), held, skipped, known=known)


def _endless(steps: Sequence[Step]) -> str:
    names = ", ".join(sorted({step.change.transform for step in steps}))
    return f"the transforms {names} undo each other; please report this file (it is left as it was)"
