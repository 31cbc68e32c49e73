"""The changes of a repository, group by group: each group as if it were the only one, on the files as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
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
        self.everything = self._run(jobs, {}, accept_all)

    def names(self) -> list[str]:
        """The groups that there may be, in the order in which they are met."""
        made = [self._name(step.change) for outcome in self.everything.all() for step in outcome.steps]
        return list(dict.fromkeys([*made, *(name for names in self._offered.values() for name in names)]))

    def of_group(self, name: str) -> Outcomes:
        """The changes of one group alone; there may be none."""
        known = dict(self.everything.files)
        again = []
        for job in self._jobs:
            # Who is alone in a file has been seen there.
            if {self._name(step.change) for step in known[job.name].steps} - {name}:
                again += [job] if name in self._offered.get(job.name, ()) else []
                known[job.name] = _unchanged(known[job.name])
        return self._run(again, known, lambda change: self._name(change) == name)

    @cached_property
    def _offered(self) -> Mapping[str, Mapping[str, None]]:
        """By path, the groups of which a change may be the first one.

        Where everything is made, not all of them are there: a change for review may take what a safe one would touch.
        """
        known = {path: _unchanged(outcome) for path, outcome in self.everything.files.items()}
        changed = [job for job in self._jobs if self.everything.files[job.name].steps]
        offered: dict[str, dict[str, None]] = {}

        def refused(change: Change) -> bool:
            offered.setdefault(change.path, {})[self._name(change)] = None
            return False

        self._run(changed, known, refused)
        return offered

    def _run(self, jobs: Sequence[Job], known: Mapping[str, Outcome], accept: Accept) -> Outcomes:
        chosen = [job._replace(options=job.options._replace(accept=accept)) for job in jobs]
        # One process: it may start no others.
        found = zip((job.name for job in jobs), examine_all(chosen, 1), strict=True)
        files = {**known, **dict(found)}
        if self._surroundings is None:
            return Outcomes(files, ())
        texts = {path: outcome.files[path] for path, outcome in files.items() if not outcome.errors}
        contexts = self._surroundings.contexts.together(texts)
        return Outcomes(files, [one for together in contexts for one in self._beside(together, accept)])

    def _beside(self, together: Together, accept: Accept) -> Iterator[tuple[Together, Outcome]]:
        def rewritten(one: Together) -> Outcome:
            options = self._options_of(one.path)
            if options is None:
                return Outcome({}, {})
            return rewrite_context(one, options=options._replace(accept=accept), known=installed())

        return with_own(together, rewritten)


def _unchanged(outcome: Outcome) -> Outcome:
    """As if nothing had been found; what cannot be read is that still."""
    return Outcome(outcome.originals, outcome.originals, errors=outcome.errors)
