"""What a verification found out: plain data, and the verdict."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from ..engine.change import Change
from .engines.recipe import Failure, Ran, StepRun
from .images.comparison import Comparison
from .told import Measured


class Verdict(Enum):
    """What came of a pair of builds."""

    IDENTICAL = "identical"
    IDENTICAL_BUT = "identical but for"
    DIFFERENT = "different"
    BEFORE_FAILS = "before does not build"
    AFTER_FAILS = "after does not build"

    @property
    def is_good(self) -> bool:
        """Whether nothing differs that counts."""
        return self in (Verdict.IDENTICAL, Verdict.IDENTICAL_BUT)


class Build(NamedTuple):
    """A build that is over: the seconds it took, and how it failed if it did."""

    seconds: float
    failure: Failure | None = None


class Pair(NamedTuple):
    """Two builds and what differs. `after` is None where the first one failed already: it was not built then.

    `change`: of `--each`, the change that is between the two; None for the whole.
    """

    change: Change | None
    before: Build
    after: Build | None
    comparison: Comparison | None

    @property
    def verdict(self) -> Verdict:
        """What came of it."""
        if self.before.failure:
            return Verdict.BEFORE_FAILS
        if self.comparison is None:
            return Verdict.AFTER_FAILS
        if self.comparison.differences.total:
            return Verdict.DIFFERENT
        return Verdict.IDENTICAL_BUT if self.comparison.ignored else Verdict.IDENTICAL


class Smoke(NamedTuple):
    """A command that ran in both images."""

    command: str
    before: Ran
    after: Ran


class Rerun(NamedTuple):
    """What a change of the file `path` of the context makes run again."""

    path: str
    before: tuple[StepRun, ...] | Failure
    after: tuple[StepRun, ...] | Failure


class Verification(NamedTuple):
    """Everything about one Dockerfile. `changes` carry the proof that they have now.

    `measured`: what the reports say of both versions, and what there is; empty where a build failed.
    """

    path: str
    engine: str
    changes: tuple[Change, ...]
    whole: Pair
    each: tuple[Pair, ...] = ()
    smoke: Smoke | None = None
    rerun: Rerun | None = None
    complaints: tuple[str, ...] = ()
    measured: tuple[Measured, ...] = ()
