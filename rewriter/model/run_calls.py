"""The calls of package managers in every RUN: asked for by many transforms, and told once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from .facts import Facts
from .packages.call import Call, calls_in
from .packages.managers import MANAGERS
from .runs import runs

_WORD = re.compile(rb"[\w.+-]+")


def run_calls(facts: Facts) -> Mapping[int, tuple[Call, ...]]:
    """The calls by the index of their RUN; none for one whose script is not understood."""
    return {
        index: calls_in(run.script) if run.script is not None and _is_likely(run.instruction.rest) else ()
        for index, run in facts.of(runs).items()
    }


def _is_likely(text: bytes) -> bool:
    """Whether a script has what none lacks that calls a package manager: the name of one, or that of Python."""
    return b"python" in text or not _programs().isdisjoint(_WORD.findall(text))


@cache
def _programs() -> frozenset[bytes]:
    return frozenset(program for manager in MANAGERS for program in manager.programs)
