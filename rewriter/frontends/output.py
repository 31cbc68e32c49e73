"""What a run says, file by file and at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..engine.change import Outcome, Problem
from .render.text import Tally, problem_line, summary
from .request import Request, Show
from .said import Said, said_of
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

    def add(self, path: str, outcome: Outcome, *, written: bool) -> Said | None:
        """The outcome for one file; gives what was said of it, None in a run that prints a document."""
        if self._is_document or self._request.stats:
            from .render.run import Looked

            self._looked.append(Looked(path, outcome, written))
        if self._is_document:
            self.tally = self.tally.plus(outcome)
            return None
        said = said_of(path, outcome, self._request, self._terminal.out_painter)
        self.say(said)
        return said

    def say(self, said: Said) -> None:
        """What is said of one file."""
        self.tally = self.tally.joined(said.tally)
        self._terminal.out(said.out)
        for line in said.err:
            self._terminal.err(line)

    def finish(self, seconds: float = 0.0) -> None:
        """What comes after the last file, of a run that took so long."""
        numbers = self._numbers(seconds) if self._request.stats else None
        if self._is_document:
            self._terminal.out(self._document(numbers))
        elif not self._request.is_filter and (
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
