"""Files that are copied, used by RUNs, and deleted: as mounts of these RUNs, they are in no layer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from ..builders import lacks
from ..context import Kind
from ..facts import Facts
from ..runs import runs
from ..stages import Stage, layout
from ..steps.paths import canonical
from ..steps.places import is_root
from .between import named_by, stranger
from .deleted import Deleted, Deletion, Operand, Words, deletions_of, is_emptied, words_of
from .located import Located, LocatedRun, located
from .mounted import fit, is_mountable, mount_of
from .names import redirected
from .origin import Origin, origin
from .placed import Copied, Placed, as_folder, copied
from .shelf import Shelf
from .unneeded import NotMountedError, unneeded

_FEW = 3  # files that are mounted singly where patterns name them
_MOST = 6  # mounts of a RUN; more of them, nobody would want to read


class Passing(NamedTuple):
    """COPYs whose files only pass through: the RUNs that get mounts, with these, and what goes of the deletions.

    There are no mounts where nobody uses them. `unsure` says what a person must know; empty where all is known.
    """

    copies: tuple[Copied, ...]
    mounts: Mapping[int, tuple[bytes, ...]]
    deleted: tuple[Deleted, ...]
    unsure: str

    def told(self, facts: Facts) -> tuple[tuple[bytes, ...], tuple[bytes, ...], tuple[tuple[Words, Words], ...]]:
        """The texts of the COPYs, of the mounts, and the words of each deletion before and after."""
        copies = tuple(facts.instructions[copy.position].rest for copy in self.copies)
        mounts = tuple(mount for index in self.mounts for mount in self.mounts[index])
        return copies, mounts, words_of(self.deleted)

    def emptied(self, facts: Facts) -> tuple[int, ...]:
        """The RUNs of which nothing is left."""
        if not self.deleted:
            return ()
        index = self.deleted[0].deletion.position
        return (index,) if is_emptied(facts.of(runs)[index], self.deleted) else ()


class NotPassing(NamedTuple):
    """The COPY at `position`, whose files are deleted, and why they can't be mounts; `copies`: those of its group."""

    position: int
    why: str
    copies: tuple[int, ...]


def passing(facts: Facts) -> tuple[Passing | NotPassing, ...]:
    """Those of shipped stages, together where one RUN deletes them."""
    return tuple(one for stage in facts.of(layout).stages if stage.shipped for one in _of_stage(facts, stage))


def deleted_later(facts: Facts) -> frozenset[int]:
    """The COPYs of shipped stages whose files a later RUN deletes, all of them."""
    found = facts.of(passing)
    groups = ([c.position for c in one.copies] if isinstance(one, Passing) else one.copies for one in found)
    return frozenset(position for group in groups for position in group)


def _of_stage(facts: Facts, stage: Stage) -> Iterator[Passing | NotPassing]:
    there: Shelf[Copied] = Shelf()
    told: set[int] = set()
    for index in range(stage.first + 1, stage.last):
        copy = copied(facts, index) if facts.instructions[index].keyword == "COPY" else None
        if copy is not None and copy.destination:
            there.put(_place(copy), copy)
        found = deletions_of(facts, index)
        operands = _operands(found)
        near = {copy.position: copy for operand in operands for copy in there.near(operand.tree)}
        above = [near[position] for position in sorted(near)]
        group = [copy for copy in above if _are_deleted(copy, operands)]
        for copy in above:
            if copy not in group and copy.position not in told and (why := _pattern(copy, operands)):
                told.add(copy.position)
                yield NotPassing(copy.position, why, (copy.position,))
        if not group:
            continue
        for copy in group:
            there.take(_place(copy), copy)
        try:
            yield _Plan(facts, stage, group, found).made()
        except NotMountedError as refused:
            yield NotPassing(group[0].position, str(refused), tuple(copy.position for copy in group))


def _operands(found: Sequence[Deletion]) -> list[Operand]:
    """All that these delete."""
    return [operand for deletion in found for operand in deletion.operands]


def _place(copy: Copied) -> bytes:
    """The tree that all its files are in, or that is the one file."""
    return canonical(copy.folder or copy.destination)


def _are_deleted(copy: Copied, operands: Sequence[Operand]) -> bool:
    """Whether all that the COPY places is deleted, or all that is in the folder that it goes to."""
    trees = [placed.tree for placed in copy.placed] or ([canonical(copy.folder)] if copy.folder else [])
    return bool(trees) and all(any(operand.deletes(tree) for operand in operands) for tree in trees)


def _pattern(copy: Copied, operands: Sequence[Operand]) -> str:
    """Why a COPY of single files stays that a pattern deletes: it may delete other files, too."""
    for operand in operands:
        files = [placed.path for placed in copy.placed if placed.kind is not Kind.FOLDER]
        if not operand.exact and files and all(fnmatchcase(path, operand.path) for path in files):
            return f"`rm {operand.word.text.decode('utf-8', 'replace')}` may delete other files, too"
    return ""


class _Plan:
    """What becomes of the COPYs of one group, all of which the RUN at `last` deletes."""

    def __init__(self, facts: Facts, stage: Stage, group: Sequence[Copied], found: Sequence[Deletion]) -> None:
        self._facts = facts
        self._stage = stage
        self._group = [_whole(facts, copy, found) for copy in group]
        self._found = found
        self._last = found[0].position
        self._unsure: list[str] = []

    def made(self) -> Passing:
        """The plan; raises NotMountedError."""
        why = lacks(self._facts, "mounts")
        if why:
            raise NotMountedError(why)
        for copy in self._group:
            _check(copy)
            self._unsure += [copy.more] if copy.more else []
        roots = self._roots()
        for root in roots:
            self._take(origin(self._facts, self._stage, root, [copy.position for copy in self._group]))
        deleted = tuple(unneeded(self._found, roots))
        users = {index: run for index, run in self._runs() if self._is_used(index, run, roots)}
        mounts = {index: self._mounts(index, run, roots, len(users) == 1) for index, run in users.items()}
        self._bears(mounts)
        return Passing(tuple(self._group), mounts, deleted, "; ".join(dict.fromkeys(self._unsure)))

    def _bears(self, mounts: Mapping[int, Sequence[bytes]]) -> None:
        """Whether the builder and the users of the RUNs get along with the mounts."""
        if mounts and self._facts.settings.get("builder") == "buildah":
            # Measured with 1.39 and --layers: what stands at the mount's target is committed with the step.
            raise NotMountedError("buildah leaves an empty file or folder where the mount has been")
        folders = [one for copy in self._group for one in copy.placed if one.kind is Kind.FOLDER]
        users = [self._facts.of(runs)[index].config for index in mounts]
        for one in folders if any(config.user is not None and not is_root(config) for config in users) else ():
            entry = self._facts.context.entries.get(one.source) if self._facts.context is not None else None
            if entry is None or entry.mode & 0o5 != 0o5:
                # COPY makes the folder that it copies to with mode 0755; a mount has the mode of its source.
                self._unsure.append(f"USER may not look into {one.source or 'the build context'} as a mount")

    def _take(self, found: Origin) -> None:
        if found.refused:
            raise NotMountedError(found.refused)
        self._unsure += [found.unsure] if found.unsure else []

    def _roots(self) -> dict[bytes, list[Placed]]:
        """The trees that are deleted, each with what is placed there."""
        operands = [operand for deletion in self._found for operand in deletion.operands]
        roots: dict[bytes, list[Placed]] = {}
        for placed in (placed for copy in self._group for placed in copy.placed):
            tree = next(operand.tree for operand in operands if operand.deletes(placed.tree))
            roots.setdefault(tree, []).append(placed)
        return roots

    def _runs(self) -> Iterator[tuple[int, LocatedRun]]:
        """The RUNs behind the first COPY of the group, up to the last."""
        for index in range(self._group[0].position + 1, self._last + 1):
            if self._facts.instructions[index].keyword == "RUN":
                run = located(self._facts, index)
                if run is None:
                    raise NotMountedError("a RUN in between is opaque, and may use it")
                yield index, run

    def _is_used(self, index: int, run: LocatedRun, roots: Mapping[bytes, Sequence[Placed]]) -> bool:
        """Whether the RUN uses what lies in the trees; raises NotMountedError where that is not known."""
        for root in roots:
            if any(not self._goes(one) for one in named_by(run, root)) or redirected(run, root):
                return True
        return any(self._may_use(index, root) for root in roots)

    def _may_use(self, index: int, root: bytes) -> bool:
        why = stranger(self._facts, index, root, frozenset(deletion.one.command for deletion in self._found))
        if why:
            raise NotMountedError(f"in between, {why}")
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
            raise NotMountedError(f"it would take {len(placed)} mounts")
        written = {root for root in roots if self._is_written(run, root, placed)}
        if written and not alone:
            raise NotMountedError("what one RUN changes there, another one needs")
        trees = {one.tree for root in written for one in roots[root]}
        return tuple(mount_of(one, one.tree in trees) for one in placed)

    def _is_written(self, run: LocatedRun, root: bytes, placed: Sequence[Placed]) -> bool:
        """Whether something is written to the mounts in the tree; raises NotMountedError where they don't fit."""
        inside = [one for one in placed if one.tree == root or one.tree.startswith(root + b"/")]
        writes = redirected(run, root, writing=True)
        for one in named_by(run, root):
            if self._goes(one):
                continue
            found = fit(one, root, inside, self._facts.context)
            if found.refused:
                raise NotMountedError(found.refused)
            self._unsure += [found.unsure] if found.unsure else []
            writes = writes or found.writes
        return writes


def _whole(facts: Facts, copy: Copied, found: Sequence[Deletion]) -> Copied:
    """Where patterns are not settled, or take more than one would mount singly, the folder that they look into."""
    if not copy.refused and len(copy.placed) <= _FEW:
        return copy
    folder = as_folder(facts, copy)
    return folder if folder is not None and _are_deleted(folder, _operands(found)) else copy


def _check(copy: Copied) -> None:
    """A mount brings files as they are in the build context, and root owns them, as behind a plain COPY."""
    if copy.refused:
        raise NotMountedError(copy.refused)
    flag = next((flag for flag in copy.flags if flag != b"--link"), None)
    if flag is not None:
        raise NotMountedError(f"a mount has no `{flag.decode('utf-8', 'replace')}`")
    for placed in copy.placed:
        if not is_mountable(placed):
            raise NotMountedError(f"the name `{placed.source}` would have to be quoted in a mount")
        if placed.kind is Kind.LINK:
            raise NotMountedError(f"`{placed.source}` is a link")
