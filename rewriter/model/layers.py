"""What merging a chain of RUNs gains: a stale update repaired, or bytes that a later command deletes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..syntax.script import Command, Script, commands
from .packages.call import calls_in, unwrapped
from .packages.managers import Does
from .runs import Run

# Commands that put into the image what their words name.
_MAKERS = frozenset(b"curl wget git tar unzip cp mv mkdir".split())
_READS = frozenset({Does.INSTALL, Does.UPGRADE, Does.READ})
_SHORT = 4  # a path shorter than this names nothing in particular


def split_update(chain: Sequence[Run]) -> tuple[int, int] | None:
    """The side that fetches the package lists, and the last side that installs from them; None if no such pair."""
    fetched: int | None = None
    last: int | None = None
    for index, run in enumerate(chain):
        if run.script is None:
            continue
        if fetched is not None and _installs_from_earlier_lists(run.script):
            last = index
        if any(call.manager.name == "apt-get" and call.does is Does.UPDATE for call in calls_in(run.script)):
            if last is not None:
                break
            fetched = index
    return (fetched, last) if fetched is not None and last is not None else None


def _installs_from_earlier_lists(script: Script) -> bool:
    """Whether it installs with apt from package lists which it does not fetch first."""
    for call in calls_in(script):
        if call.manager.name == "apt-get" and call.does is Does.UPDATE:
            return False
        if call.manager.name == "apt-get" and call.does in _READS and call.arguments:
            return True
    return False


def deletes_earlier(chain: Sequence[Run]) -> bool:
    """Whether a side deletes a path that an earlier side names."""
    made: set[bytes] = set()
    for run in chain:
        if run.script is None:
            continue
        found = list(commands(run.script))
        deleted = {
            word.strip(b"'\"").rstrip(b"/*") for c in found if unwrapped(c)[:1] == (b"rm",) for word in unwrapped(c)
        }
        paths = {path for path in deleted if len(path) >= _SHORT and not path.startswith(b"-")}
        if any(path in word for path in paths for word in made):
            return True
        made |= {word for command in found for word in _made(command) if not any(path in word for path in paths)}
    return False


def _made(command: Command) -> Iterator[bytes]:
    """Words that name what the command puts into the image."""
    words = unwrapped(command)
    if words and words[0] in _MAKERS:
        yield from words[1:]
    yield from (redirect.text for redirect in command.redirects if b">" in redirect.text)
