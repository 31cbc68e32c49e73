"""What a run found out, as plain data: all that a document is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ...engine.change import Outcome, Problem
from ...engine.registry import AnyTransform
from ..stats import Stats
from .text import Tally


class Looked(NamedTuple):
    """One file that was looked at; `written` says whether it was changed on the disk."""

    path: str
    outcome: Outcome
    written: bool


class Run(NamedTuple):
    """A whole run; `errors` are those that concern no one Dockerfile, `stats` are there where they were asked for.

    `verbose` is whether information is told, too.
    """

    files: Sequence[Looked]
    errors: Sequence[Problem]
    tally: Tally
    known: Mapping[str, AnyTransform]
    verbose: bool = False
    stats: Stats | None = None
