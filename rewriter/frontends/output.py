"""What a run says, file by file and at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..engine.change import Outcome, Problem
from .render.diff import heading, net_diff, painted, step_diffs
from .render.text import Tally, change_lines, detail_lines, is_shown, problem_line, summary
from .request import Request, Show
from .terminal import Terminal, printable

if TYPE_CHECKING:
    from .render.run import Looked
    from .stats import Stats


class Output:
    """Prints outcomes as the request wants them, and counts."""

    def __init__(self, request: Request, terminal: Terminal) -> None:
        """Nothing is printed yet."""
        self._request = request
        self._terminal = terminal
        self._is_document = request.show is Show.DOCUMENT
        # An editor takes what a filter says beside the text for a part of it.
        self._is_filter = request.prints_text and not request.verbose
        self._looked: list[Looked] = []
        self._errors: list[Problem] = []
        self.tally = Tally()

    def note(self, text: str) -> None:
        """Say something about the run that is not an error."""
        self._terminal.err(f"dockfix: {printable(text)}")

    def text(self, text: bytes) -> None:
        """A text for standard output as it is."""
        self._terminal.out(text)

    def problem(self, problem: Problem) -> None:
        """An error that concerns no one Dockerfile."""
        self._errors.append(problem)
        self.tally = self.tally._replace(errors=self.tally.errors + 1)
        if not self._is_document:
            self._terminal.err(problem_line(problem))

    def add(self, path: str, outcome: Outcome, *, written: bool) -> None:
        """The outcome for one file."""
        self.tally = self.tally.plus(outcome)
        if self._is_document or self._request.stats:
            from .render.run import Looked

            self._looked.append(Looked(path, outcome, written))
        if self._is_document:
            return
        if self._request.prints_text:
            self._terminal.out(outcome.files[path])
        elif not self._request.interactive:
            self._terminal.out(self._shown(outcome))
        for problem in outcome.errors:
            self._terminal.err(problem_line(problem, outcome))
        if self._is_filter:
            return
        told = any(is_shown(finding, verbose=self._request.verbose) for finding in outcome.findings)
        if self._request.verbose or told or any(skip.warns for skip in outcome.skipped):
            for line in detail_lines(outcome, verbose=self._request.verbose):
                self._terminal.err(line)

    def finish(self, seconds: float = 0.0) -> None:
        """What comes after the last file, of a run that took so long."""
        numbers = self._numbers(seconds) if self._request.stats else None
        if self._is_document:
            self._terminal.out(self._document(numbers))
        elif not self._is_filter and (
            text := summary(self.tally, made=self._request.write, verbose=self._request.verbose)
        ):
            self._terminal.err(text)
        if numbers is not None and self._request.form != "json":
            from .render.stats import table

            for line in table(numbers):
                self._terminal.err(line)
        self._terminal.flush()

    def _numbers(self, seconds: float) -> Stats:
        from .stats import stats

        return stats([looked.outcome for looked in self._looked], seconds)

    def _document(self, numbers: Stats | None) -> bytes:
        from ..adapters.plugins import installed
        from .formats import renderer
        from .render.run import Run

        run = Run(self._looked, self._errors, self.tally, installed(), self._request.verbose, numbers)
        return renderer(self._request.form)(run)

    def _shown(self, outcome: Outcome) -> bytes:
        painter = self._terminal.out_painter
        match self._request.show:
            case Show.DIFF:
                return b"".join(painted(heading(change) + diff, painter) for change, diff in step_diffs(outcome))
            case Show.NET:
                return painted(net_diff(outcome), painter)
            case _:
                return change_lines(outcome, painter)
