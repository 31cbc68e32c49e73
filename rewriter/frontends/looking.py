"""From the files of a run to what is said of each, in their order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from ..adapters import store
from ..engine.change import Outcome, Problem, Skip
from .examine import Job
from .output import Output
from .pool import examine_all
from .request import Request
from .surroundings import TAKES
from .terminal import Terminal

if TYPE_CHECKING:
    from .accepted import Accepted
    from .interactive import Interview
    from .remembered import Remembered


class Looking:
    """Looks at files, or remembers what was said of them; writes what is to be written."""

    def __init__(
        self,
        request: Request,
        terminal: Terminal,
        output: Output,
        accepted: Accepted | None,
        interview: Interview | None,
    ) -> None:
        """With an interview, the user is asked about each change."""
        self._request = request
        self._terminal = terminal
        self._output = output
        self._accepted = accepted
        self._interview = interview
        self._remembered = _remembered(request, terminal)

    def at(self, jobs: Sequence[Job]) -> Mapping[str, bytes]:
        """Look at the files; gives the texts behind that of all Dockerfiles that are built, by path."""
        texts: dict[str, bytes] = {}
        keys = [self._remembered.key(job) if self._remembered is not None else None for job in jobs]
        known = [self._remembered.recall(key[0]) if self._remembered is not None and key else None for key in keys]
        outcomes = self._outcomes([job for job, said in zip(jobs, known, strict=True) if said is None])
        for job, key, said in zip(jobs, keys, known, strict=True):
            if said is not None and key is not None:
                self._output.say(said)
                texts |= _texts(job, said.after if said.after is not None else key[1])
            elif (outcome := next(outcomes, None)) is not None:
                texts |= self._looked(job, outcome, key)
        if self._remembered is not None:
            self._remembered.close()
        return texts

    def _looked(self, job: Job, found: Outcome, key: tuple[str, bytes] | None) -> Mapping[str, bytes]:
        outcome = found if self._accepted is None else self._accepted.left(job.name, found)
        if not outcome.originals and not outcome.errors:
            if job.text is None:
                return {}
            # What came by standard input goes back all the same.
            outcome = Outcome({job.name: job.text}, {job.name: job.text})
        written = self._request.write and job.text is None and _is_changed(job, outcome)
        result = _written(job, outcome) if written else outcome
        if job.surroundings is None:
            result = _without_context(job, result)
        said = self._output.add(job.name, result, written=written and not result.errors)
        if self._remembered is not None and key is not None and said is not None:
            self._remembered.keep(*key, job, result, said)
        return _texts(job, outcome.files[job.name]) if job.text is None and not outcome.errors else {}

    def _outcomes(self, jobs: Sequence[Job]) -> Iterator[Outcome]:
        """The outcomes in the order of the jobs; fewer where the user has had enough."""
        if self._interview is not None:
            for job in jobs:
                yield self._interview.examine(job)
                if self._interview.over:
                    return
            return

        def get_ready() -> None:
            """Load what most runs come to at their end."""
            if any(job.surroundings is not None for job in jobs):
                from . import beside, contexts  # noqa: F401

        for done, outcome in enumerate(examine_all(jobs, self._request.processes, get_ready)):
            self._terminal.progress(done, len(jobs))
            yield outcome


def _remembered(request: Request, terminal: Terminal) -> Remembered | None:
    if not request.may_be_remembered:
        return None
    from .remembered import Remembered

    return Remembered(request, terminal.out_painter)


def _without_context(job: Job, outcome: Outcome) -> Outcome:
    """The outcome that says, once, what the transforms of build contexts would need."""
    name = "write-dockerignore"
    wanted = job.carrier is None and job.options.picks(name, default=True)
    if outcome.errors or not wanted or not TAKES.search(outcome.originals.get(job.name, b"")):
        return outcome
    reason = "the build context is not looked at (name the file instead of standard input, or the folder by --context)"
    return outcome._replace(skipped=(*outcome.skipped, Skip(name, job.name, 0, reason)))


def _texts(job: Job, text: bytes) -> Mapping[str, bytes]:
    """The Dockerfiles of this job that are built, by path."""
    if job.carrier is None:
        return {job.path: text}
    from .documents import built_in

    return built_in(job.path, job.carrier, text)


def _is_changed(job: Job, outcome: Outcome) -> bool:
    return outcome.files.get(job.name) != outcome.originals.get(job.name)


def _written(job: Job, outcome: Outcome) -> Outcome:
    """The outcome, once its text is on the disk; otherwise one that says why it is not."""
    try:
        store.replace(job.path, outcome.originals[job.name], outcome.files[job.name])
    except store.StoreError as error:
        problems = (*outcome.errors, Problem(job.name, None, str(error)))
        return Outcome(outcome.originals, outcome.originals, errors=problems)
    return outcome
