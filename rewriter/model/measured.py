"""What steps cost by a stopwatch: the seconds that a build took for them, in the place of the table's.

A step is known by the text that BuildKit gives it (dispatchRun and the like in its dockerfile2llb, processCmdEnv): the
logical line, variables expanded, behind a heredoc the first line of its body. Quotes, backslashes and the number of
blanks do not count here, and a variable that only the base image or the command line sets stands for any text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from .cache import STEPS
from .costs import costs
from .facts import Facts
from .image import value
from .stages import layout

_QUOTES = re.compile(r"['\"\\]+")
_UNKNOWN = re.compile(r"<ARG[^>]*>|\$\{[^}]*\}|\$\w+")
_ONLY_HEREDOC = re.compile(rb"<<-?['\"]?\w+['\"]?")


class Prices(NamedTuple):
    """What each instruction costs, in seconds by its index.

    `measured` are the steps that were measured; `sums` those that a change has made of such, and that cost what these
    took. For others, or for a part of what they were made of, the table's seconds count.
    """

    seconds: tuple[float, ...]
    measured: frozenset[int]
    sums: frozenset[int]


def heard(steps: Iterable[tuple[str, float]]) -> Mapping[str, float]:
    """The seconds of steps by what is left of their texts; the mean, where several have the same."""
    found: dict[str, list[float]] = {}
    for text, seconds in steps:
        found.setdefault(_bare(text), []).append(seconds)
    return {text: sum(several) / len(several) for text, several in found.items()}


def prices(versions: Sequence[Facts], log: Mapping[str, float]) -> Prices:
    """The prices of the last of some versions of a Dockerfile, each of which is one change further than the one before.

    Where a change has made one step of others, some of which were measured, it costs what those cost together: the
    table's figure for it would be of another measure than theirs.
    """
    own = {name: seconds for facts in versions for name, seconds in _measured(facts, log).items()}
    whole, partly = dict(own), dict(own)
    for before, after in pairwise(versions):
        was, becomes = _steps(before), _steps(after)
        gone, new = was - becomes, becomes - was
        if new.total() == 1 and not gone.keys().isdisjoint(partly):
            (made,) = new
            table = dict(zip(before.of(names), before.of(costs), strict=True))
            partly.setdefault(made, sum(partly.get(name, table[name]) * times for name, times in gone.items()))
            if gone.keys() <= whole.keys():
                whole.setdefault(made, partly[made])
    facts = versions[-1]
    called = facts.of(names)
    seconds = tuple(float(partly.get(name, cost)) for name, cost in zip(called, facts.of(costs), strict=True))
    measured = frozenset(index for index, name in enumerate(called) if name in own)
    return Prices(seconds, measured, frozenset(i for i, name in enumerate(called) if name in whole) - measured)


def _steps(facts: Facts) -> Counter[str]:
    return Counter(filter(None, facts.of(names)))


def names(facts: Facts) -> tuple[str, ...]:
    """What is left of the text of each step, by its index; empty for what is no step."""
    return tuple(_name(facts, index) if i.keyword in STEPS else "" for index, i in enumerate(facts.instructions))


def _name(facts: Facts, index: int) -> str:
    instruction = facts.instructions[index]
    text = instruction.node.line(facts.source.text).lstrip()[len(instruction.keyword) :]
    if instruction.keyword == "RUN" and instruction.bodies and _ONLY_HEREDOC.fullmatch(instruction.rest):
        first, *more = instruction.bodies[0].strip().split(b"\n")
        text += b" (" + first + b"..." * bool(more) + b")"
    # BuildKit expands within single quotes, too; what it cannot expand, as `${a%b}`, stays with the whole text.
    bare = text.replace(b"'", b"").replace(b'"', b"")
    expanded = value(facts.of(layout).before[index], bare, facts.source.escape)
    return _bare(instruction.keyword + expanded.decode("utf-8", "surrogateescape"))


def _measured(facts: Facts, log: Mapping[str, float]) -> dict[str, float]:
    """The seconds of the steps that are in the log, by their names."""
    found = {}
    for name in filter(None, facts.of(names)):
        said = [name] if name in log else _matching(name, log)
        if len(said) == 1:
            found[name] = log[said[0]]
    return found


def _matching(name: str, log: Iterable[str]) -> list[str]:
    """What the log has like a name with variables that are not known."""
    parts = _UNKNOWN.split(name)
    pattern = re.compile(".*".join(map(re.escape, parts)))
    return [text for text in log if pattern.fullmatch(text)] if len(parts) > 1 else []


def _bare(text: str) -> str:
    return " ".join(_QUOTES.sub("", text).split())
