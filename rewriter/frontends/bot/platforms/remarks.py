"""Remarks at lines as Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..platform import Suggestion

_TICKS = re.compile(r"`{3,}")


def fenced(text: str, kind: str = "") -> str:
    """The text as a block of code, whatever is in it: https://spec.commonmark.org/0.31.2/#fenced-code-blocks"""
    fence = "`" * max((len(ticks) + 1 for ticks in _TICKS.findall(text)), default=3)
    return f"{fence}{kind}\n{text}\n{fence}" if text else f"{fence}{kind}\n{fence}"


def shown(suggestion: Suggestion) -> str:
    """The remark where there are no suggestions to be applied: with what may stand there as a block of code."""
    if suggestion.text is None:
        return suggestion.message
    one = suggestion.first == suggestion.last
    lines = f"line {suggestion.first}" if one else f"lines {suggestion.first} to {suggestion.last}"
    if not suggestion.text:
        return f"{suggestion.message}\n\nWithout {lines}."
    return f"{suggestion.message}\n\nInstead of {lines}:\n\n{fenced(suggestion.text, 'dockerfile')}"


def in_short(suggestions: Sequence[Suggestion], longest: int) -> str:
    """All remarks in one line of so many characters at most: their number, and the first one."""
    if not suggestions:
        return "Nothing to remark"
    first = suggestions[0]
    number = "1 remark" if len(suggestions) == 1 else f"{len(suggestions)} remarks"
    text = " ".join(f"{number}: {first.path}:{first.first}: {first.message}".split())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
