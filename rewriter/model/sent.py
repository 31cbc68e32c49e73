"""A build context as the builder gets it: without what an ignore file keeps from it."""

from __future__ import annotations

from .context import Context, Kind
from .ignore import BadPattern, Ignore


def as_sent(context: Context, text: bytes | None) -> Context | None:
    """The context with this ignore file (None: there is none); None where the build fails at its patterns."""
    if not text:
        return context._replace(entries={p: e for p, e in context.entries.items() if e.kind is not Kind.OTHER})
    try:
        rules = Ignore.parse(text)
    except BadPattern:
        return None
    return context._replace(entries=rules.left(context.entries), ignores=rules.ignores)
