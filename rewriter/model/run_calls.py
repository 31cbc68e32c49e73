"""The calls of package managers in every RUN: asked for by many transforms, and told once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from .facts import Facts
from .packages.call import Call, calls_in
from .packages.managers import MANAGERS
from .runs import runs


def run_calls(facts: Facts) -> Mapping[int, tuple[Call, ...]]:
    """The calls by the index of their RUN; none for one whose script is not understood."""
    likely = _likely()
    return {
        index: calls_in(run.script) if run.script is not None and likely.search(run.instruction.rest) else ()
        for index, run in facts.of(runs).items()
    }


@cache
def _likely() -> re.Pattern[bytes]:
    """What a RUN that calls a package manager cannot lack: the name of one, or that of Python."""
    names = sorted({re.escape(program) for manager in MANAGERS for program in manager.programs})
    return re.compile(rb"\b(?:python|" + b"|".join(names) + rb")\b|\bpython")
