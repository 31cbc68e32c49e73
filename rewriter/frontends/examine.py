"""From the name of a file to its outcome."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from ..adapters.plugins import installed
from ..adapters.shfmt import Shfmt, ShfmtError
from ..adapters.store import LIMIT, StoreError, read, too_large
from ..engine.change import Outcome, Problem
from ..engine.options import Options
from ..engine.run import Rewriting, rewriting
from ..syntax.script import Skeleton
from .bug import describe
from .surroundings import Surroundings

if TYPE_CHECKING:
    from ..adapters.changed import Lines
    from ..adapters.embedded import Carrier
    from ..engine.within import Spans
    from ..model.context import Context


class Job(NamedTuple):
    """A file to examine; `name` is what the user sees, `text` is what came by standard input.

    `surroundings` know the build context; None where nobody is to look at it. `carrier` is the kind of a document that
    carries Dockerfiles; None for a Dockerfile. `lines` are those that changes are wanted in; None: all.
    """

    path: str
    name: str
    options: Options
    text: bytes | None = None
    surroundings: Surroundings | None = None
    carrier: Carrier | None = None
    lines: Lines | None = None

    def within(self, text: bytes) -> Spans | None:
        """The bytes of the lines that changes are wanted in; None: all."""
        return None if self.lines is None else _spans(text, self.lines)


def examine(job: Job, second_opinion: Shfmt) -> Outcome:
    """The outcome for one file; what goes wrong is an error in it."""
    return Examination([job], second_opinion).outcomes()[0]


class Examination:
    """Some files on their way; the second parser is asked about all of them at once.

    It reads while its caller does something else: between the making of this and the call of `outcomes`.
    """

    def __init__(self, jobs: Sequence[Job], second_opinion: Shfmt) -> None:
        self._second_opinion = second_opinion
        self._works = [_Work(job) for job in jobs]
        for work in self._works:
            work.go_on(None)
        self._answers = self._asked()

    def outcomes(self) -> list[Outcome]:
        """The outcomes of the files, in their order."""
        while waiting := self._waiting():
            try:
                answers = iter(self._answers())
            except ShfmtError as error:
                self._give_up(error)
                break
            for work in waiting:
                work.go_on([next(answers) for _ in work.scripts])
            self._answers = self._asked()
        return [work.outcome for work in self._works if work.outcome is not None]

    def _waiting(self) -> list[_Work]:
        return [work for work in self._works if work.outcome is None]

    def _asked(self) -> Callable[[], Sequence[Skeleton | None]]:
        try:
            return self._second_opinion.ask([script for work in self._waiting() for script in work.scripts])
        except ShfmtError as error:
            self._give_up(error)
            return tuple

    def _give_up(self, error: ShfmtError) -> None:
        for work in self._waiting():
            work.outcome = failed(work.job, str(error), work.job.text)


class _Work:
    """One file on its way: the scripts that it asks about, until it has its outcome."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.scripts: Sequence[bytes] = ()
        self.outcome: Outcome | None = None
        self._steps: Rewriting | None = None

    def go_on(self, answers: Sequence[Skeleton | None] | None) -> None:
        """To the next question, or to the end; `answers` are to the last one, None at the start."""
        try:
            if self._steps is None or answers is None:
                self._start()
            else:
                self.scripts = self._steps.send(answers)
        except StopIteration as done:
            self.outcome = done.value
        except StoreError as error:
            self.outcome = failed(self.job, str(error), self.job.text)
        # The one place that takes any error. `rewrite` raises none by contract; where that fails it is our bug, and it
        # must cost the user neither the other files of the run nor a page of traceback.
        except Exception as error:  # noqa: BLE001
            self.outcome = failed(self.job, describe(error), self.job.text)

    def _start(self) -> None:
        job = self.job
        text = read(job.path) if job.text is None else job.text
        if complaint := unreadable(text):
            self.outcome = failed(job, complaint, text)
            return
        self._steps = _rewriting(job, text)
        self.scripts = next(self._steps)


def _rewriting(job: Job, text: bytes) -> Rewriting:
    if job.carrier is not None:
        from .documents import rewriting_document

        return rewriting_document(job, job.carrier, text, partial(_context_of, job))
    options = job.options._replace(within=job.within(text))
    find_context = partial(_context_of, job)
    return rewriting({job.name: text}, options=options, known=installed(), asks=True, find_context=find_context)


def _spans(text: bytes, lines: Lines) -> Spans:
    """The bytes of these lines; of a last line that is empty there are none."""
    starts = [0, *(found.end() for found in re.finditer(b"\n", text)), len(text)]
    last = len(starts) - 1
    return tuple((starts[min(first - 1, last)], starts[min(end, last)]) for first, end in lines)


def _context_of(job: Job, name: str, text: bytes) -> Context | None:
    # What stands in a document has the name of the document, and one of its own behind it.
    path = job.path + name.removeprefix(job.name)
    context = job.surroundings.of(path, text) if job.surroundings is not None else None
    if context is None or job.options.picks("write-dockerignore", default=True):
        return context
    return context._replace(narrows=lambda _: False)


def unreadable(text: bytes) -> str | None:
    """Why no builder reads such a text, or nobody wrote it; None where nothing is against it."""
    if len(text) > LIMIT:
        return too_large()
    if text.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16, which no builder reads: save it as UTF-8"
    if b"\0" in text:
        return "not text (it holds a NUL byte): name another file, or leave it out"
    return None


def failed(job: Job, message: str, text: bytes | None) -> Outcome:
    """The outcome for a file about which nothing more can be said."""
    texts = {} if text is None else {job.name: text}
    return Outcome(texts, texts, errors=(Problem(job.name, None, message),))
