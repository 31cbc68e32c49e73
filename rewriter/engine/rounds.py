"""One transform, one text: what it finds, what of that is right, and the text behind it."""

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import NamedTuple

from ..model.facts import Facts
from ..model.pragmas import ALL, ignored
from ..syntax.edit import Edit, growth, ordered, shifted
from .change import Change, Proposal, Refusal, Skip, Step
from .options import BUILDERS, Options
from .registry import Transform
from .validate import moved, touched
from .within import Spans, meets


class Findings(NamedTuple):
    """What a round gave: the steps taken, the facts of the text behind them, and what was not done."""

    facts: Facts
    steps: tuple[Step, ...]
    held_back: tuple[Change, ...]
    skipped: tuple[Skip, ...]
    known: tuple[Change, ...]


class Declined:
    """Changes that are not to be made again, with the reason."""

    def __init__(self) -> None:
        self._reasons: dict[Hashable, str] = {}

    def add(self, key: Hashable, reason: str) -> None:
        self._reasons[key] = reason

    def reason(self, key: Hashable) -> str:
        """Why the change is not to be made; empty if nothing is against it."""
        return self._reasons.get(key, "")


def key_of(change: Change) -> Hashable:
    """What makes a change the same one in another round: its transform and what it puts where, offsets aside."""
    texts = tuple(tuple(edit.new for edit in edits) for edits in change.edits.values())
    return (change.transform, change.title, change.was, texts)


class Busy:
    """The instructions that changes touch: others may be changed in the same text."""

    def __init__(self) -> None:
        """None is touched yet."""
        self._touched: set[int] = set()
        # What one change inserts between two instructions starts where another one begins.
        self._starts: set[int] = set()

    def leaves(self, window: range, edits: Sequence[Edit]) -> bool:
        """Whether a change that touches these instructions may be made, too."""
        return self._touched.isdisjoint(window) and self._starts.isdisjoint(edit.start for edit in edits)

    def take(self, window: range, edits: Sequence[Edit]) -> None:
        """A change touches these."""
        self._touched.update(window)
        self._starts.update(edit.start for edit in edits)


class Round:
    """Runs a transform once over the facts."""

    def __init__(
        self, transform: Transform, facts: Facts, options: Options, declined: Declined, within: Spans | None
    ) -> None:
        """`within` are the parts of this text that changes are wanted in."""
        own = options.settings.get(transform.id, {})
        settings = {**transform.settings, **own}
        if settings or options.builder != BUILDERS[0]:
            settings = {"builder": options.builder, **settings}
        self._transform = transform
        self._facts = facts.with_settings(settings)
        self._options = options
        self._declined = declined
        self._within = within
        self._known: list[Change] = []
        # How often an equal change was found in this text.
        self._equal: Counter[bytes] = Counter()
        self._held: list[Change] = []
        self.skipped: list[Skip] = []
        self._taken: list[Change] = []
        self._busy = Busy()

    def run(self) -> Findings:
        """Find, validate and take changes; the text is read again if any was taken."""
        facts, steps = applied(self._facts, self.taken())
        return Findings(facts, steps, tuple(self._held), tuple(self.skipped), tuple(self._known))

    def taken(self) -> list[Change]:
        """Find and validate changes; those that are to be made."""
        for finding in self._transform.find(self._facts):
            if isinstance(finding, Refusal):
                self._skip(finding.at, finding.reason)
            else:
                self._consider(finding)
        return self._taken

    def _skip(self, at: int, reason: str) -> None:
        if self._within is None or meets(self._within, at, self._end_of(at)):
            self.skipped.append(Skip(self._transform.id, self._facts.path, at, reason))

    def _consider(self, proposal: Proposal) -> None:
        edits = ordered(proposal.edits)
        window = touched(self._facts, edits)
        change = self._change(proposal, window, edits)
        if not self._is_wanted(window, edits):
            return
        if self._is_ignored(window):
            self._skip(change.at, "a comment above says to leave it")
        elif self._declined.reason(key_of(change)):
            self._skip(change.at, self._declined.reason(key_of(change)))
        elif not self._busy.leaves(window, edits):
            return  # it waits for the next round
        elif wrong := moved(self._facts, edits, proposal.may):
            self._skip(change.at, f"validation ({'; '.join(wrong)})")
        elif reason := self._options.refuses(change):
            self._skip(change.at, reason)
        elif self._is_known(change):
            self._known.append(change)
        elif change.level > self._options.level:
            self._held.append(change)
        elif not self._options.accept(change):
            self._declined.add(key_of(change), "declined")
            self._skip(change.at, "declined")
        else:
            self._taken.append(change)
            self._busy.take(window, edits)

    def _change(self, proposal: Proposal, window: range, edits: tuple[Edit, ...]) -> Change:
        nodes = [instruction.node for instruction in self._facts.instructions[window.start : window.stop]]
        start, end = (nodes[0].start, nodes[-1].end) if nodes else (edits[0].start, edits[-1].end)
        return Change(
            self._transform.id,
            self._facts.path,
            proposal.at,
            proposal.title,
            proposal.why,
            max(proposal.level or self._transform.level, self._transform.level),
            proposal.proof,
            proposal.may,
            {self._facts.path: edits},
            self._facts.source.text[start:end],
        )

    def _is_known(self, change: Change) -> bool:
        nth = self._equal[change.was]
        self._equal[change.was] += 1
        return self._options.is_known(change, nth)

    def _is_wanted(self, window: range, edits: tuple[Edit, ...]) -> bool:
        if self._within is None:
            return True
        nodes = [instruction.node for instruction in self._facts.instructions[window.start : window.stop]]
        starts = (edits[0].start, *(node.start for node in nodes))
        return meets(self._within, min(starts), max(edits[-1].end, *(node.end for node in nodes), min(starts) + 1))

    def _end_of(self, at: int) -> int:
        """The end of the instruction that begins there."""
        return next((one.node.end for one in self._facts.instructions if one.node.start <= at < one.node.end), at + 1)

    def _is_ignored(self, window: range) -> bool:
        names = self._facts.of(ignored)
        return any(not names[index].isdisjoint({ALL, self._transform.id}) for index in window if index in names)


def applied(facts: Facts, changes: Sequence[Change]) -> tuple[Facts, tuple[Step, ...]]:
    """The facts behind changes that touch different instructions, and each as a step."""
    if not changes:
        return facts, ()
    steps: list[Step] = []
    edits: list[Edit] = []
    moved_by = 0
    for change in sorted(changes, key=lambda change: change.edits[facts.path][0].start):
        own = change.edits[facts.path]
        steps.append(Step(change, {facts.path: shifted(own, moved_by)}, change.at + moved_by))
        edits += own
        moved_by += growth(own)
    return facts.edited(edits), tuple(steps)
