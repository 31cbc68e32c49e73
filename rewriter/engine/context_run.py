"""The transforms of what stands beside Dockerfiles: once for each build context, after its Dockerfiles."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ..model.together import Together
from ..syntax.edit import apply, ordered
from .change import Change, Outcome, Problem, Proposal, Refusal, Skip, Step
from .options import Options
from .registry import AnyTransform, ContextTransform

_MOST_STEPS = 20


def rewrite_context(together: Together, *, options: Options, known: Mapping[str, AnyTransform]) -> Outcome:
    """Rewrite, or write, the ignore file of a context; never touches the disk."""
    run = _Run(together, options)
    for name, transform in known.items():
        if isinstance(transform, ContextTransform) and options.picks(name, transform.default):
            run.until_settled(transform)
    return run.outcome()


def with_own(together: Together, rewritten: Callable[[Together], Outcome]) -> Iterator[tuple[Together, Outcome]]:
    """The outcome for an ignore file, then those for files of its Dockerfiles' own, where they may have some.

    `rewritten` gives the outcome of each; theirs take up what the common file says by then.
    """
    outcome = rewritten(together)
    yield together, outcome
    if together.own:
        from ..model.ignoring.apart import parts

        text = outcome.files.get(together.path, together.text)
        common = together if text is None or text == together.text else together.written(text)
        yield from ((one, rewritten(one)) for one in common.of(parts))


class _Run:
    """One ignore file on its way through the transforms."""

    def __init__(self, together: Together, options: Options) -> None:
        self._first = self._now = together
        self._options = options
        self._steps: list[Step] = []
        self._held: list[Change] = []
        self._known: list[Change] = []
        self._skipped: list[Skip] = []
        self._errors: list[Problem] = []

    def until_settled(self, transform: ContextTransform) -> None:
        """Take one change after the other, until the transform finds no more."""
        own = self._options.settings.get(transform.id, {})
        self._now = self._now.with_settings({"builder": self._options.builder, **transform.settings, **own})
        told: dict[Skip, None] = {}
        while self._take(transform, told):
            if len(self._steps) > _MOST_STEPS:
                message = f"{transform.id} does not come to an end; please report this file (it is left as it was)"
                self._errors.append(Problem(self._now.path, None, message))
                return
        self._skipped += told

    def _take(self, transform: ContextTransform, told: dict[Skip, None]) -> bool:
        """Take the first change that may be made; whether there was one."""
        held: list[Change] = []
        known: list[Change] = []
        for finding in transform.find(self._now):
            if isinstance(finding, Refusal):
                told[Skip(transform.id, self._now.path, finding.at, finding.reason, finding.warns)] = None
                continue
            from .validate_context import moved  # Few contexts come to this.

            change = self._change(transform, finding)
            edits = change.edits[self._now.path]
            wrong = moved(self._now, edits, finding.may)
            if wrong:
                told[Skip(transform.id, self._now.path, change.at, f"validation ({'; '.join(wrong[:3])})")] = None
            elif self._options.is_known(change, 0):  # What two changes add is never the same.
                known.append(change)
            elif change.level > self._options.level:
                held.append(change)
            elif not self._options.accept(change):
                told[Skip(transform.id, self._now.path, change.at, "declined")] = None
            else:
                self._steps.append(Step(change, change.edits, change.at))
                self._now = self._now.with_text(apply(self._now.text or b"", edits))
                return True
        self._held += held
        self._known += known
        return False

    def _change(self, transform: ContextTransform, proposal: Proposal) -> Change:
        level = max(proposal.level or transform.level, transform.level)
        edits = {self._now.path: ordered(proposal.edits)}
        return Change(
            transform.id,
            self._now.path,
            proposal.at,
            proposal.title,
            proposal.why,
            level,
            proposal.proof,
            proposal.may,
            edits,
            b"",
        )

    def outcome(self) -> Outcome:
        """What came of it; an ignore file that is not there yet is not among the originals."""
        path = self._first.path
        originals = {} if self._first.text is None else {path: self._first.text}
        if self._errors:
            return Outcome(originals, originals, errors=tuple(self._errors))
        files = {} if self._now.text is None else {path: self._now.text}
        held, skipped = tuple(self._held), tuple(self._skipped)
        return Outcome(originals, files, tuple(self._steps), held, skipped, known=tuple(self._known))
