"""The ledger of an install without recommendations, in words: what no longer comes along, and how much that weighs."""

from __future__ import annotations

import re

from ..listed import listed
from . import Lost, suites

_SHOWN = 8  # packages by name; the rest is counted


def in_words(lost: Lost | None, suite: str) -> str:
    """One sentence: megabytes, the largest packages by name, how many more, and of which release and date."""
    if lost is None:
        return "which recommended packages no longer come along is not known for this base"
    unknown = f"; not known: what {', '.join(lost.unknown)} recommend" if lost.unknown else ""
    source = f"({suite}, {suites()[suite]})"
    if not lost.packages:
        return f"nothing less is installed today {source}{unknown}"
    names = listed([name for name, _ in lost.packages], _SHOWN)
    return f"-{lost.kilobytes / 1000:.1f} MB: {names} {source}{unknown}"


_SAID = re.compile(r"(?:^|; )-(\d+\.\d) MB: [^;]*?(\(\w+, \d{4}-\d\d-\d\d\))")


def said_in(why: str) -> list[tuple[float, str]]:
    """The megabytes that such sentences in a text tell of, each with its release and date: `bookworm, 2026-11-22`."""
    return [(float(megabytes), release.strip("()")) for megabytes, release in _SAID.findall(why)]
