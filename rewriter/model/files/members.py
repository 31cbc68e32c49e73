"""The members of an archive that nobody uses: a folder that is unpacked, and out of which only something is taken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..facts import Facts
from ..stages import Stage
from ..steps.paths import EVERYTHING, canonical, is_below, is_plain
from .fetches import UNPACKERS
from .located import Located, LocatedRun
from .made import absolute
from .names import in_folder, names
from .origin import by_others, of_base
from .sorted_words import sorted_words

_TAKE = frozenset({b"mv", b"cp"})


class Members(NamedTuple):
    """The folder that the archive has made, and the paths in it that a command has taken out."""

    folder: bytes
    used: tuple[bytes, ...]


def unused_members(facts: Facts, stage: Stage, position: int, run: LocatedRun) -> Members | None:
    """What the last unpacking of a RUN leaves behind; None where something else may use it, or have put it there."""
    at = max((index for index, one in enumerate(run.commands) if one.name in UNPACKERS), default=-1)
    if at < 0:
        return None
    into = _unpacks_into(run.commands[at])
    behind = run.commands[at + 1 :]
    used = tuple(dict.fromkeys(path for one in behind for path in _taken(one)))
    folder = _common(into, used)
    if not folder or len(folder.split()) != 1 or any(_uses_otherwise(one, folder) for one in behind):
        return None
    ahead = (one for one in run.commands[:at] if one.name != b"cd")
    if any(names(one, folder) for one in ahead) or of_base(facts, folder, position).refused:
        return None
    return Members(folder, used) if not by_others(facts, stage, folder, [position]) else None


def _unpacks_into(one: Located) -> bytes:
    """The folder that it unpacks into; empty where that is not known."""
    words = sorted_words(one)
    if words is None:
        return b""
    given = words.valued("folder")
    return canonical(absolute(given[0], one.place) or b"/") if given else one.place.folder


def _taken(one: Located) -> Iterator[bytes]:
    """What the command takes out of a folder, for sure."""
    words = sorted_words(one) if one.name in _TAKE and one.always else None
    for word in words.operands[:-1] if words is not None else ():
        path = absolute(word, one.place)
        if path:
            yield canonical(path)


def _common(into: bytes, used: tuple[bytes, ...]) -> bytes:
    """The one folder, right below that which is unpacked into, out of which everything is taken; else empty."""
    inside = [path for path in used if is_below(path, into)] if into else []
    tops = {path[len(into.rstrip(b"/")) + 1 :].partition(b"/")[0] for path in inside}
    if len(tops) != 1 or len(inside) != len(used):
        return b""
    top = into.rstrip(b"/") + b"/" + next(iter(tops))
    return top if is_plain(top) and top != EVERYTHING and top not in used else b""


def _uses_otherwise(one: Located, folder: bytes) -> bool:
    """Whether a command has to do with the folder other than by taking something out of it."""
    if in_folder(one, folder) and one.name != b"cd":
        return True
    return bool(names(one, folder)) and not (one.name in _TAKE and list(_taken(one)))
