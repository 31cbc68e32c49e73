"""What merging a chain of RUNs gains: a stale update repaired, or bytes that a later command deletes."""

from __future__ import annotations

from collections.abc import Sequence

from ..syntax.script import commands
from .packages import split_updates, unwrapped, updates
from .runs import Run

_SHORT = 4  # a path shorter than this names nothing in particular


def split_update(chain: Sequence[Run]) -> tuple[int, int] | None:
    """The side that fetches the package lists, and the last side that installs from them; None if no such pair."""
    fetched: int | None = None
    last: int | None = None
    for index, run in enumerate(chain):
        if run.script is None:
            continue
        if fetched is not None and any(True for _ in split_updates(run.script)):
            last = index
        if any(updates(command) for command in commands(run.script)):
            if last is not None:
                break
            fetched = index
    return (fetched, last) if fetched is not None and last is not None else None


def deletes_earlier(chain: Sequence[Run]) -> bool:
    """Whether a side deletes a path that an earlier side names."""
    earlier: set[bytes] = set()
    for run in chain:
        if run.script is None:
            continue
        for command in commands(run.script):
            words = unwrapped(command)
            if words and words[0] == b"rm" and any(_names(earlier, word) for word in words[1:]):
                return True
        earlier |= {word.text for command in commands(run.script) for word in (*command.words, *command.redirects)}
    return False


def _names(earlier: set[bytes], path: bytes) -> bool:
    bare = path.strip(b"'\"").rstrip(b"/*")
    return len(bare) >= _SHORT and not bare.startswith(b"-") and any(bare in word for word in earlier)
