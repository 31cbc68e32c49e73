"""What is proposed together: commits, and the pull request that they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

from .platform import PREFIX


class Made(NamedTuple):
    """One change as one commit. `files` are the new texts by path from the root of the repository.

    `level` and `proof` are words; `line` is where it begins in the text just before, `diff` what it does there, with
    paths as git has them; `was` and `new` are the text that it touches and what stands there then.
    """

    transform: str
    level: str
    proof: str
    path: str
    line: int
    title: str
    why: str
    diff: str
    was: bytes
    new: bytes
    files: Mapping[str, bytes]


class Told(NamedTuple):
    """What was held back (with the level as the reason), skipped, or is wrong, in a file at a line, from 1."""

    kind: str
    transform: str
    path: str
    line: int | None
    reason: str


class Ledger(NamedTuple):
    """Figures about the group's files, each with its unit and what it rests on: a row of a table."""

    what: str
    before: str
    after: str
    proof: str


class Group(NamedTuple):
    """The changes of one pull request; `name` is what its branch is called by."""

    name: str
    made: Sequence[Made]
    told: Sequence[Told] = ()
    ledgers: Sequence[Ledger] = ()

    @property
    def edit(self) -> str:
        """What tells the group's edit from any other: twelve hexadecimal digits.

        It rests on what is put in place of what, not on where in the file or on which commit that is, nor on the name.
        """
        told = sha256()
        for one in self.made:
            for part in (one.transform.encode(), one.path.encode("utf-8", "surrogateescape"), one.was, one.new):
                told.update(b"%d:" % len(part) + part)
        return told.hexdigest()[:12]

    @property
    def branch(self) -> str:
        """The branch that the group gets where it has none yet."""
        return f"{PREFIX}{self.name}-{self.edit}"
