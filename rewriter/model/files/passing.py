"""Files that are copied, used by RUNs, and deleted: as mounts of these RUNs, they are in no layer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ...syntax.script import Word, commands, texts
from ..context import Kind
from ..facts import Facts
from ..mounting import unfit
from ..runs import runs
from ..stages import Stage, layout
from ..steps.paths import canonical
from .between import named_by, stranger
from .deleted import Deletion, deletions
from .located import Located, LocatedRun, located
from .mounted import fit, is_mountable, mount_of
from .names import named, redirected
from .origin import Origin, origin
from .placed import Copied, Placed, copied

_Words = tuple[bytes, ...]

_MOST = 6  # mounts of a RUN; more of them, nobody would want to read


class Deleted(NamedTuple):
    """The words of a deletion that go, as they delete nothing but what is mounted."""

    deletion: Deletion
    words: tuple[Word, ...]

    @property
    def whole(self) -> bool:
        """Whether the command goes."""
        return len(self.words) == len(self.deletion.operands)

    @property
    def before(self) -> tuple[bytes, ...]:
        """The words of the command."""
        return texts(self.deletion.one.command)

    @property
    def after(self) -> tuple[bytes, ...]:
        """Those that stay; none where the command goes."""
        return (
            () if self.whole else tuple(word.text for word in self.deletion.one.command.words if word not in self.words)
        )


class Passing(NamedTuple):
    """COPYs whose files only pass through: the RUNs that get mounts, with these, and what goes of the deletions.

    `unsure` says what a person must know; empty where all is known.
    """

    copies: tuple[Copied, ...]
    mounts: Mapping[int, tuple[bytes, ...]]
    deleted: tuple[Deleted, ...]
    unsure: str

    def told(self, facts: Facts) -> tuple[tuple[bytes, ...], tuple[bytes, ...], tuple[tuple[_Words, _Words], ...]]:
        """The texts of the COPYs, of the mounts, and the words of each deletion before and after."""
        copies = tuple(facts.instructions[copy.position].rest for copy in self.copies)
        mounts = tuple(mount for index in self.mounts for mount in self.mounts[index])
        return copies, mounts, tuple((deleted.before, deleted.after) for deleted in self.deleted)

    def emptied(self, facts: Facts) -> tuple[int, ...]:
        """The RUNs of which nothing is left."""
        gone = {deleted.deletion.one.command.start for deleted in self.deleted if deleted.whole}
        index = self.deleted[0].deletion.position if self.deleted else -1
        script = facts.of(runs)[index].script if self.deleted else None
        return (index,) if script is not None and all(one.start in gone for one in commands(script)) else ()


class NotPassing(NamedTuple):
    """The COPY at `position`, whose files are deleted, and why they can't be mounts; `unused`: nobody uses them."""

    position: int
    why: str
    unused: bool = False


class _NotMountedError(Exception):
    """Why files can't be mounts."""


def passing(facts: Facts) -> tuple[Passing | NotPassing, ...]:
    """Those of shipped stages, together where one RUN deletes them."""
    return tuple(one for stage in facts.of(layout).stages if stage.shipped for one in _of_stage(facts, stage))


def _of_stage(facts: Facts, stage: Stage) -> Iterator[Passing | NotPassing]:
    span = range(stage.first + 1, stage.last)
    copies = [copy for index in span if (copy := _copied(facts, index)) is not None]
    taken: set[int] = set()
    for index in span if copies else ():
        found = deletions_of(facts, index)
        above = [copy for copy in copies if copy.position < index and copy.position not in taken]
        group = [copy for copy in above if _are_deleted(copy, found)]
        if not group:
            continue
        taken |= {copy.position for copy in group}
        try:
            yield _Plan(facts, stage, group, found).made()
        except _NotMountedError as refused:
            yield NotPassing(group[0].position, str(refused))


def _copied(facts: Facts, index: int) -> Copied | None:
    return copied(facts, index) if facts.instructions[index].keyword == "COPY" else None


def deletions_of(facts: Facts, index: int) -> tuple[Deletion, ...]:
    """What the step at the index deletes by `rm`."""
    instruction = facts.instructions[index]
    run = located(facts, index) if instruction.keyword == "RUN" and b"rm" in instruction.rest else None
    return tuple(deletions(index, run)) if run is not None else ()


def _are_deleted(copy: Copied, found: Sequence[Deletion]) -> bool:
    """Whether all that the COPY places is deleted, or all that is in the folder that it goes to."""
    trees = [placed.tree for placed in copy.placed] or ([canonical(copy.folder)] if copy.folder else [])
    operands = [operand for deletion in found for operand in deletion.operands]
    return bool(trees) and all(any(operand.deletes(tree) for operand in operands) for tree in trees)


class _Plan:
    """What becomes of the COPYs of one group, all of which the RUN at `last` deletes."""

    def __init__(self, facts: Facts, stage: Stage, group: Sequence[Copied], found: Sequence[Deletion]) -> None:
        self._facts = facts
        self._stage = stage
        self._group = group
        self._found = found
        self._last = found[0].position
        self._unsure: list[str] = []

    def made(self) -> Passing | NotPassing:
        """The plan; raises _NotMountedError."""
        why = unfit(self._facts).replace("cache mounts", "mounts")
        if why:
            raise _NotMountedError(why)
        for copy in self._group:
            _check(copy)
        roots = self._roots()
        for root in roots:
            self._take(origin(self._facts, self._stage, root, [copy.position for copy in self._group]))
        deleted = tuple(self._deleted(roots))
        users = {index: run for index, run in self._runs() if self._is_used(index, run, roots)}
        if not users:
            return NotPassing(self._group[0].position, "nothing uses it before it is deleted", unused=True)
        mounts = {index: self._mounts(index, run, roots, len(users) == 1) for index, run in users.items()}
        return Passing(tuple(self._group), mounts, deleted, next(iter(self._unsure), ""))

    def _take(self, found: Origin) -> None:
        if found.refused:
            raise _NotMountedError(found.refused)
        self._unsure += [found.unsure] if found.unsure else []

    def _roots(self) -> dict[bytes, list[Placed]]:
        """The trees that are deleted, each with what is placed there."""
        operands = [operand for deletion in self._found for operand in deletion.operands]
        roots: dict[bytes, list[Placed]] = {}
        for placed in (placed for copy in self._group for placed in copy.placed):
            tree = next(operand.tree for operand in operands if operand.deletes(placed.tree))
            roots.setdefault(tree, []).append(placed)
        return roots

    def _deleted(self, roots: Mapping[bytes, Sequence[Placed]]) -> Iterator[Deleted]:
        for deletion in self._found:
            words = tuple(o.word for o in deletion.operands if o.exact and o.tree in roots)
            rest = [o.word.text for o in deletion.operands if o.word not in words]
            met = next((word for word in rest for root in roots if named(word, deletion.one.place, root)), None)
            if met is not None:
                raise _NotMountedError(f"`rm {met.decode('utf-8', 'replace')}` would meet the mount")
            if words:
                yield Deleted(deletion, words)

    def _runs(self) -> Iterator[tuple[int, LocatedRun]]:
        """The RUNs behind the first COPY of the group, up to the last."""
        for index in range(self._group[0].position + 1, self._last + 1):
            if self._facts.instructions[index].keyword == "RUN":
                run = located(self._facts, index)
                if run is None:
                    raise _NotMountedError("a RUN in between is opaque, and may use it")
                yield index, run

    def _is_used(self, index: int, run: LocatedRun, roots: Mapping[bytes, Sequence[Placed]]) -> bool:
        """Whether the RUN uses what lies in the trees; raises _NotMountedError where that is not known."""
        for root in roots:
            if any(not self._goes(one) for one in named_by(run, root)) or redirected(run, root):
                return True
        return any(self._may_use(index, root) for root in roots)

    def _may_use(self, index: int, root: bytes) -> bool:
        why = stranger(self._facts, index, root, frozenset(deletion.one.command for deletion in self._found))
        if why:
            raise _NotMountedError(f"in between, {why}")
        return False

    def _goes(self, one: Located) -> bool:
        return any(one.command == deletion.one.command for deletion in self._found)

    def _mounts(
        self, index: int, run: LocatedRun, roots: Mapping[bytes, Sequence[Placed]], alone: bool
    ) -> tuple[bytes, ...]:
        """The mounts of a RUN; `alone`: no other one uses the files."""
        here = {copy.position: copy.placed for copy in self._group if copy.position < index}
        placed = [one for several in here.values() for one in several]
        if len(placed) > _MOST:
            raise _NotMountedError(f"it would take {len(placed)} mounts")
        written = {root for root in roots if self._is_written(run, root, placed)}
        if written and not alone:
            raise _NotMountedError("what one RUN changes there, another one needs")
        trees = {one.tree for root in written for one in roots[root]}
        return tuple(mount_of(one, one.tree in trees) for one in placed)

    def _is_written(self, run: LocatedRun, root: bytes, placed: Sequence[Placed]) -> bool:
        """Whether something is written to the mounts in the tree; raises _NotMountedError where they don't fit."""
        inside = [one for one in placed if one.tree == root or one.tree.startswith(root + b"/")]
        writes = redirected(run, root)
        for one in named_by(run, root):
            if self._goes(one):
                continue
            found = fit(one, root, inside, self._facts.context)
            if found.refused:
                raise _NotMountedError(found.refused)
            self._unsure += [found.unsure] if found.unsure else []
            writes = writes or found.writes
        return writes


def _check(copy: Copied) -> None:
    """A mount brings files as they are in the build context, and root owns them, as behind a plain COPY."""
    if copy.refused:
        raise _NotMountedError(copy.refused)
    flag = next((flag for flag in copy.flags if flag != b"--link"), None)
    if flag is not None:
        raise _NotMountedError(f"a mount has no `{flag.decode('utf-8', 'replace')}`")
    for placed in copy.placed:
        if not is_mountable(placed):
            raise _NotMountedError(f"the name `{placed.source}` would have to be quoted in a mount")
        if placed.kind is Kind.LINK:
            raise _NotMountedError(f"`{placed.source}` is a link")
