"""The plain data that every front end gets: changes, levels, licences, skips, outcomes."""

from collections.abc import Iterator, Mapping
from enum import Enum, IntEnum
from typing import NamedTuple

from ..syntax.edit import Edit, apply
from .findings import Finding
from .licences import Licence


class Level(IntEnum):
    """How far a change reaches; cumulative, so levels compare."""

    SAFE = 1
    REVIEW = 2
    UNSAFE = 3

    def __str__(self) -> str:
        return self.name.lower()


class Proof(Enum):
    """What a change rests on."""

    PROVED = "proved"
    MODELLED = "modelled"
    MEASURED = "measured"

    def __str__(self) -> str:
        return self.value


class Phase(IntEnum):
    """When a transform runs; a phase ends when its transforms find nothing more."""

    SPLIT = 1
    ORDER = 2
    MERGE = 3
    ARGUMENTS = 4
    CLEANUP = 5
    CONTEXT = 6
    REPORT = 7


class Proposal(NamedTuple):
    """What a transform yields: edits in byte offsets of its file, and what they may move.

    `at` is the offset of the first instruction concerned. `level`: the transform's own, unless it lowers it here
    (a level may only reach further than the transform's own).
    """

    at: int
    title: str
    why: str
    edits: tuple[Edit, ...]
    may: tuple[Licence, ...]
    proof: Proof = Proof.MODELLED
    level: Level | None = None


class Refusal(NamedTuple):
    """What a transform yields for a pattern at offset `at` that it leaves alone, and which precondition failed.

    `warns`: nobody should have to ask for it. Only transforms of contexts may.
    """

    at: int
    reason: str
    warns: bool = False


class Change(NamedTuple):
    """One decision for a person to accept or reject.

    `edits` are by path, in byte offsets of the text that the transform saw; `at` is the offset in
    `path` of the first instruction that it concerns; `was` is the text of the instructions that
    the edits touch there.
    """

    transform: str
    path: str
    at: int
    title: str
    why: str
    level: Level
    proof: Proof
    may: tuple[Licence, ...]
    edits: Mapping[str, tuple[Edit, ...]]
    was: bytes


class Skip(NamedTuple):
    """A pattern that was seen at byte offset `at` of `path` and left alone, with the reason; `warns` as in Refusal."""

    transform: str
    path: str
    at: int
    reason: str
    warns: bool = False


class Problem(NamedTuple):
    """A file that could not be read or parsed; `at` is a byte offset, or None for the file as a whole."""

    path: str
    at: int | None
    message: str


class Step(NamedTuple):
    """A change as it was applied: `edits`, and where it begins, are in offsets of the texts just before this step."""

    change: Change
    edits: Mapping[str, tuple[Edit, ...]]
    at: int


class Outcome(NamedTuple):
    """What `rewrite` gives: the new texts and how they came about.

    `held_back` are changes above the level asked for, `known` what the user knows of and wants left,
    and `findings` what the reports say: all in offsets of the new texts.
    """

    originals: Mapping[str, bytes]
    files: Mapping[str, bytes]
    steps: tuple[Step, ...] = ()
    held_back: tuple[Change, ...] = ()
    skipped: tuple[Skip, ...] = ()
    errors: tuple[Problem, ...] = ()
    findings: tuple[Finding, ...] = ()
    known: tuple[Change | Finding, ...] = ()

    def replay(self) -> Iterator[tuple[Step, Mapping[str, bytes]]]:
        """Yield each step with the texts just before it."""
        texts = dict(self.originals)
        for step in self.steps:
            yield step, dict(texts)
            for path, edits in step.edits.items():
                texts[path] = apply(texts.get(path, b""), edits)
