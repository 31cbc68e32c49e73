"""What a cut means, in words: what no longer comes along, what does, and what is named now."""

from __future__ import annotations

from ..facts import Facts
from ..listed import listed
from ..recommends import closure, suites
from ..stages import layout
from .libraries import suite_of
from .split import Split

_SHOWN = 8  # packages by name; the rest is counted


def why(facts: Facts, split: Split) -> str:
    """The sentences that a person reads before the change is made."""
    base = facts.of(layout).stages[0].base
    told = [f"no longer there: {listed(split.gone, _SHOWN)}, with what came along with them{_weight(base, split)}"]
    if split.left:
        told.append(f"{', '.join(map(_text, split.left))} stays behind, but for what is copied")
    told += [f"{_text(one.path)} comes along: {one.why}" for one in split.carried]
    told += [f"{name} is installed: {reason}" for name, reason in split.added]
    return "; ".join(told)


def _weight(base: str, split: Split) -> str:
    """What goes, less what must be named now, by the table; without what is only recommended."""
    suite = suite_of(base)
    if not suite:
        return ""
    less = closure(suite, split.gone)
    more = closure(suite, [name for name, _ in split.added])
    kilobytes = sum(size for name, size in less.items() if name not in more)
    return f" (-{kilobytes / 1000:.0f} MB or more; {suite}, {suites()[suite]})"


def _text(path: bytes) -> str:
    return path.decode("utf-8", "replace")
