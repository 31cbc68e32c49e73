"""The changes of a repository, group by group: each group as if it were the only one, on the files as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ...adapters.plugins import installed
from ...engine.change import Change, Outcome
from ...engine.context_run import rewrite_context, with_own
from ...engine.options import Options, accept_all
from ...model.context import Context
from ...model.together import Together
from ..examine import Job
from ..pool import examine_all
from ..surroundings import Surroundings

Accept = Callable[[Change], bool]
OptionsOf = Callable[[str], Options | None]


class Alone(Surroundings):
    """Build contexts that no change to an ignore file may be counted on in: that one may be of another group."""

    def of(self, path: str, text: bytes) -> Context | None:
        """As there."""
        found = super().of(path, text)
        return found and found._replace(narrows=lambda _: False)


class Outcomes(NamedTuple):
    """Of Dockerfiles by path, and of the ignore files beside them."""

    files: Mapping[str, Outcome]
    beside: Sequence[tuple[Together, Outcome]]

    def all(self) -> Iterator[Outcome]:
        """In the order in which they are made."""
        yield from self.files.values()
        yield from (outcome for _, outcome in self.beside)


class Changes:
    """What is found in some files, all of it or one group alone."""

    def __init__(
        self,
        jobs: Sequence[Job],
        surroundings: Surroundings | None,
        options_of: OptionsOf,
        name: Callable[[Change], str],
    ) -> None:
        """`surroundings` are None where ignore files are nobody's business; `options_of` is asked for these.

        `name` gives the group of a change.
        """
        self._jobs = jobs
        self._surroundings = surroundings
        self._options_of = options_of
        self._name = name
        self.everything = self._run({job.name: job for job in jobs}, {}, accept_all, with_beside=True)

    def names(self) -> list[str]:
        """The groups that there are, in the order in which they are met."""
        steps = (step for outcome in self.everything.all() for step in outcome.steps)
        return list(dict.fromkeys(self._name(step.change) for step in steps))

    def of_group(self, name: str) -> Outcomes:
        """The changes of one group alone."""
        known = self.everything.files
        mixed = {path: outcome for path, outcome in known.items() if self._names(outcome) - {name}}
        again = {job.name: job for job in self._jobs if job.name in mixed and name in self._names(mixed[job.name])}
        # Where the others have all of it, this one has nothing.
        others = {path: Outcome(o.originals, o.originals) for path, o in mixed.items() if path not in again}
        with_beside = any(name in self._names(outcome) for _, outcome in self.everything.beside)
        found = self._run(again, {**known, **others}, lambda change: self._name(change) == name, with_beside)
        return Outcomes({path: found.files[path] for path in known}, found.beside)

    def _names(self, outcome: Outcome) -> set[str]:
        return {self._name(step.change) for step in outcome.steps}

    def _run(
        self, jobs: Mapping[str, Job], known: Mapping[str, Outcome], accept: Accept, with_beside: bool
    ) -> Outcomes:
        chosen = [job._replace(options=job.options._replace(accept=accept)) for job in jobs.values()]
        # One process: it may start no others.
        files = {**known, **dict(zip(jobs, examine_all(chosen, 1), strict=True))}
        if self._surroundings is None or not with_beside:
            return Outcomes(files, ())
        texts = {path: outcome.files[path] for path, outcome in files.items() if not outcome.errors}
        found = self._surroundings.contexts.together(texts)
        return Outcomes(files, [one for together in found for one in self._beside(together, accept)])

    def _beside(self, together: Together, accept: Accept) -> Iterator[tuple[Together, Outcome]]:
        def rewritten(one: Together) -> Outcome:
            options = self._options_of(one.path)
            if options is None:
                return Outcome({}, {})
            return rewrite_context(one, options=options._replace(accept=accept), known=installed())

        return with_own(together, rewritten)
