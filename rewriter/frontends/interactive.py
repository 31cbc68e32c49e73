"""Asking about each change before it is made."""

from __future__ import annotations

import sys
from collections.abc import Callable

from ..adapters.shfmt import Shfmt
from ..engine.change import Change, Outcome
from ..engine.options import Options
from ..syntax.edit import Edit
from .examine import Job, examine
from .render.diff import edits_diff, heading, painted
from .terminal import Terminal

_QUESTION = b"Make this change? [y]es, [n]o, [a]ll that follow, [q]uit: "
_Key = tuple[str, str, int, tuple[tuple[str, tuple[Edit, ...]], ...]]


class Interview:
    """Asks one question a change; what was answered by `a` or `q` holds for the rest of the run."""

    def __init__(self, terminal: Terminal) -> None:
        """Nothing is decided yet."""
        self._terminal = terminal
        self._second_opinion = Shfmt()
        self._rest: bool | None = None

    @property
    def over(self) -> bool:
        """Whether the user has quit."""
        return self._rest is False

    def examine(self, job: Job) -> Outcome:
        """The outcome for a Dockerfile, with the changes that the user wants."""
        return self.decide(job.options, lambda chosen: examine(job._replace(options=chosen), self._second_opinion))

    def decide(self, options: Options, outcome_for: Callable[[Options], Outcome]) -> Outcome:
        """The outcome with the changes that the user wants, of those that it would have with these options.

        Each round tries one undecided change after those that were accepted, so that its diff is
        about the text as it would be, and asks; what follows from an answer is found in the next round.
        """
        answers: dict[_Key, bool] = {}
        while True:
            tried: list[Change] = []
            outcome = outcome_for(options._replace(accept=_answering(answers, tried, self._rest)))
            if not tried:
                return outcome
            answers[_key(tried[0])] = self._ask(outcome, tried[0])

    def _ask(self, outcome: Outcome, change: Change) -> bool:
        for step, before in outcome.replay():
            if _key(step.change) == _key(change):
                text = heading(change) + edits_diff(step.edits, before)
                self._terminal.out(painted(text, self._terminal.out_painter))
                return self._answer()
        # Validation refused it; there is nothing to ask.
        return False

    def _answer(self) -> bool:
        while True:
            self._terminal.out(_QUESTION)
            self._terminal.flush()
            line = sys.stdin.readline()
            if not line:
                self._terminal.out(b"\n")
            answer = line.strip().lower() if line else "q"
            if answer in ("a", "all", "q", "quit"):
                self._rest = answer in ("a", "all")
                return self._rest
            if answer in ("y", "yes", "n", "no"):
                return answer in ("y", "yes")


def _answering(answers: dict[_Key, bool], tried: list[Change], rest: bool | None) -> Callable[[Change], bool]:
    """Decided changes as decided; of the others, the first goes to `tried` unless `rest` decides them too."""

    def accept(change: Change) -> bool:
        known = answers.get(_key(change), rest)
        if known is not None:
            return known
        if tried:
            return False
        tried.append(change)
        return True

    return accept


def _key(change: Change) -> _Key:
    return change.transform, change.title, change.at, tuple(sorted(change.edits.items()))
