"""What is worth to be kept out of a context: secrets, whatever their size, and the rest by its bytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..context import Entry, Kind
from ..ignore import Ignore
from ..sources import sample
from ..together import Together, sent
from .losses import is_named, uses, weights
from .rows import SECRETS

_MOST_PATHS = 50  # of those that one instruction names
_SECRET = Ignore(tuple(pattern for row in SECRETS.rows if not row.says for pattern in row.patterns))


def named_secrets(together: Together) -> Iterator[str]:
    """What instructions put by name into an image and looks like a secret: `Dockerfile:3 takes .env`."""
    for use in together.of(uses):
        if use.mounted:
            continue
        named = [path for path in together.context.entries if is_named(use.source, path)]
        if not use.source.whole and any(map(_SECRET.ignores, [sample(use.source), *named[:_MOST_PATHS]])):
            yield f"{use.shown} takes {use.source.pattern}"


def is_worth(together: Together, gone: Sequence[str], least: int) -> bool:
    """Whether these paths are enough to be kept out; a secret always is, and so is a folder that nobody can weigh."""
    if not together.context.unweighed.isdisjoint(gone):
        return True
    size = 0
    for path in gone:
        # Most are large enough after a look at a few.
        size += together.context.entries[path].size
        if size >= least:
            return True
    size = sum(weight.size for weight in weights(together.of(sent), gone).values())
    return size >= least or len(_SECRET.left(dict.fromkeys(gone, Entry(Kind.FILE)))) < len(gone)
