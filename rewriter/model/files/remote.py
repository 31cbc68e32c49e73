"""A file that ADD fetches, RUNs use and one of them deletes: from a stage of its own, it can be a mount of these RUNs.

https://docs.docker.com/reference/dockerfile/#adding-files-from-a-url: what is fetched is named by the last part of
the address's path, belongs to root, and has the mode 0600; it is never unpacked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ...syntax.words import operands
from ..builders import lacks
from ..context import Kind
from ..facts import Facts
from ..stage_names import free_name
from ..stages import Stage, layout
from ..steps.copies import copy_words, is_folder
from ..steps.places import stands
from ..steps.step import step_at
from ..steps.workdir import tree_at
from .between import named_by, stranger
from .deleted import Deletion, deletions_of
from .located import Located, LocatedRun, located
from .mounted import fit, is_mountable
from .names import redirected
from .origin import origin
from .passing import Passing
from .placed import Copied, Placed
from .unneeded import NotMountedError, unneeded

_ADDRESS = re.compile(rb"(?:https?|ftp)://[\w.:/@%+~,=&?-]+")
# They say what is fetched, which counts in the stage of its own as well.
_KEPT_FLAGS = frozenset({b"--checksum", b"--chmod"})


class Remote(NamedTuple):
    """A file that ADD fetches and that only passes through: `lines` are those of the stage `name` that fetches it."""

    name: bytes
    lines: tuple[bytes, bytes]
    passing: Passing


class NotRemote(NamedTuple):
    """Why the file that the ADD at `position` fetches can't be a mount."""

    position: int
    why: str


def remote(facts: Facts) -> tuple[Remote | NotRemote, ...]:
    """All that ADDs of shipped stages fetch and later RUNs delete."""
    return tuple(one for stage in facts.of(layout).stages if stage.shipped for one in _of_stage(facts, stage))


def _of_stage(facts: Facts, stage: Stage) -> Iterator[Remote | NotRemote]:
    for index in range(stage.first + 1, stage.last):
        placed = _placed(facts, index) if facts.instructions[index].keyword == "ADD" else None
        if placed is None:
            continue
        for last in range(index + 1, stage.last):
            found = deletions_of(facts, last)
            if any(operand.deletes(placed.tree) for deletion in found for operand in deletion.operands):
                try:
                    yield _plan(facts, stage, index, placed, found)
                except NotMountedError as refused:
                    yield NotRemote(index, str(refused))
                break


def _placed(facts: Facts, index: int) -> Placed | None:
    """Where the file that an ADD fetches stands; None where it fetches none, or that is not known."""
    step = step_at(facts, index)
    words = copy_words(step)
    if words is None or len(words.sources) != 1 or not re.match(rb"(?:https?|ftp)://", words.sources[0]):
        return None
    tree = tree_at(words.destination, step.config)
    name = words.sources[0].partition(b"?")[0].partition(b"#")[0].rpartition(b"/")[2]
    if not tree or not name:
        return None
    into = is_folder(words, step, tree, [Kind.FILE]) or stands(tree, step.config)
    path = tree.rstrip(b"/") + b"/" + name if into else tree
    return Placed(name.decode("utf-8", "surrogateescape"), path, Kind.FILE)


def _plan(facts: Facts, stage: Stage, index: int, placed: Placed, found: Sequence[Deletion]) -> Remote:
    why = lacks(facts, "mounts")
    if facts.settings.get("builder") == "buildah":
        # Seen: https://github.com/containers/buildah leaves the stub of a mount in the image.
        why = "buildah would leave an empty file where the mount has been"
    if why:
        raise NotMountedError(why)
    given, flags = _given(facts, index)
    if not is_mountable(placed):
        raise NotMountedError(f"the name `{placed.source}` would have to be quoted in a mount")
    where = origin(facts, stage, placed.tree, [index])
    if where.refused:
        raise NotMountedError(where.refused.replace("the COPY", "the ADD"))
    deleted = tuple(unneeded(found, (placed.tree,)))
    aside = frozenset(deletion.one.command for deletion in found)
    users: dict[int, bool] = {}
    unsure = [where.unsure] if where.unsure else []
    for at in range(index + 1, found[0].position + 1):
        run = located(facts, at)
        uses = [one for one in named_by(run, placed.tree) if one.command not in aside] if run is not None else []
        if run is not None and (uses or redirected(run, placed.tree)):
            users[at] = _writes(run, placed, uses, unsure)
        elif why := stranger(facts, at, placed.tree, aside if at == found[0].position else ()):
            raise NotMountedError(f"in between, {why}")
    if not users:
        raise NotMountedError("nothing uses it before it is deleted")
    if any(users.values()) and len(users) > 1:
        raise NotMountedError("what one RUN changes there, another one needs")
    name = free_name(facts, "download").encode()
    source = placed.source.encode("utf-8", "surrogateescape")
    mount = b"type=bind,from=%s,source=/%s,target=%s" % (name, source, placed.path)
    mounts = {at: (mount + (b",rw" if writes else b""),) for at, writes in users.items()}
    copied = Copied(index, dict.fromkeys(flags, b""), b"", (placed,))
    lines = (b"FROM scratch AS " + name, b" ".join([b"ADD", *flags, given, b"/" + source]))
    return Remote(name, lines, Passing((copied,), mounts, deleted, next(iter(unsure), "")))


def _given(facts: Facts, index: int) -> tuple[bytes, tuple[bytes, ...]]:
    """The address and the flags as they are written; raises NotMountedError where they don't suit another stage."""
    instruction = facts.instructions[index]
    flag = next(
        (flag for flag in instruction.flags if flag.partition(b"=")[0] not in _KEPT_FLAGS or b"$" in flag), None
    )
    if flag is not None:
        raise NotMountedError(f"a mount has no `{flag.decode('utf-8', 'replace')}`")
    address, *_ = operands(instruction.rest, facts.source.escape)
    if b"$" in address:
        raise NotMountedError("its address depends on a variable, which another stage would have to set again")
    if not _ADDRESS.fullmatch(address) or address.endswith(b".git"):
        raise NotMountedError("what it fetches may be a repository, or more than one file")
    return address, instruction.flags


def _writes(run: LocatedRun, placed: Placed, uses: Sequence[Located], unsure: list[str]) -> bool:
    """Whether the RUN writes to the file; raises NotMountedError where it can't have it as a mount."""
    writes = redirected(run, placed.tree) and any(b">" in word.text for word, _ in run.redirects)
    for one in uses:
        found = fit(one, placed.tree, [placed], None)
        if found.refused:
            raise NotMountedError(found.refused)
        unsure += [found.unsure] if found.unsure else []
        writes = writes or found.writes
    return writes
