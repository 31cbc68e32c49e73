"""Archives that a RUN fetches and unpacks, and that nobody deletes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ...syntax.edit import Edit
from ..facts import Facts
from ..runs import Run, runs
from ..steps.paths import EVERYTHING, is_plain
from .fetches import FETCHERS, PACKAGE_UNPACKERS, UNPACKERS, fetched_by
from .likely import keeps_archive, keeps_folder
from .located import Located, located
from .sooner import at_end

_UNPACK = PACKAGE_UNPACKERS | UNPACKERS.keys()


class Kept(NamedTuple):
    """What a RUN unpacks and nobody deletes: `path` is the archive, or the folder of which only `used` is taken.

    `command` deletes it; the edits append that.
    """

    run: Run
    path: bytes
    command: bytes
    edits: tuple[Edit, ...]
    used: tuple[bytes, ...] = ()


def kept(facts: Facts) -> tuple[Kept, ...]:
    """Those of shipped stages of which nothing but the RUN itself speaks."""
    shipped = [run for run in facts.of(runs).values() if run.stage.shipped]
    return tuple(one for run in shipped for one in (*_of_run(facts, run), *_rest_of_run(facts, run)))


def _rest_of_run(facts: Facts, run: Run) -> Iterator[Kept]:
    """The folder that is unpacked and left behind once what is wanted of it has been taken out."""
    from .members import unused_members  # Few RUNs come to this.

    if not keeps_folder(run.instruction):
        return
    here = located(facts, run.position)
    left = unused_members(facts, run.stage, run.position, here) if here is not None else None
    if left is None or _is_spoken_of(facts, run, left.folder):
        return
    command = b"rm -rf " + left.folder
    edits = at_end(facts, run, command)
    if not isinstance(edits, str):
        yield Kept(run, left.folder, command, edits, left.used)


def _of_run(facts: Facts, run: Run) -> Iterator[Kept]:
    if not keeps_archive(run.instruction):
        return
    here = located(facts, run.position)
    if here is None:
        return
    for at, one in enumerate(here.commands):
        if one.name not in FETCHERS or not one.always:
            continue
        for path in fetched_by(one):
            if _is_archive(path, here.commands[at + 1 :]) and not _is_spoken_of(facts, run, path):
                command = b"rm " + path
                edits = at_end(facts, run, command)
                if not isinstance(edits, str):
                    yield Kept(run, path, command, edits)


def _is_archive(path: bytes, behind: Sequence[Located]) -> bool:
    """Whether the last command that names it unpacks it."""
    if not path.startswith(b"/") or not is_plain(path) or b" " in path or path == EVERYTHING:
        return False
    using = [one for one in behind if any(one.place.tree(word.text) == path for word in one.raw[1:])]
    return bool(using) and using[-1].name in _UNPACK and using[-1].always


def _is_spoken_of(facts: Facts, run: Run, path: bytes) -> bool:
    """Whether another instruction has the name of the file in it."""
    name = path.rpartition(b"/")[2]
    others = (one for index, one in enumerate(facts.instructions) if index != run.position)
    return any(name in one.rest or (b"rm" in one.rest and b"*" in one.rest) for one in others)
