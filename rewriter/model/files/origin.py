"""Whether nothing but given steps puts something into a tree, and whether its folder is there without them."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from ..facts import Facts
from ..stages import Stage, layout
from ..steps import step_at, touched_at
from ..steps.paths import EVERYTHING, ancestors, canonical, covers, folder_of
from ..steps.places import STANDING, SYSTEM, is_known_base, stands
from .between import stranger
from .deleted import deletions_of


class Origin(NamedTuple):
    """What speaks against that: `refused` for sure, `unsure` if nobody knows better."""

    refused: str = ""
    unsure: str = ""


def origin(facts: Facts, stage: Stage, root: bytes, by: Collection[int]) -> Origin:
    """What may be in the tree `root` besides what the steps `by` put there, and whether its folder is there anyhow."""
    first = min(by)
    held = of_base(facts, root, first)
    others = held.refused or by_others(facts, stage, root, by)
    if others:
        return Origin(others)
    config = step_at(facts, first).config
    folder = folder_of(root)
    if folder == EVERYTHING or stands(folder, config) or _is_made(facts, stage, folder, first):
        return held
    if folder in STANDING and held.unsure and config.base != b"scratch":
        return held
    return Origin(f"the COPY makes the folder {folder.decode('utf-8', 'replace')}, too, which would be missing")


def of_base(facts: Facts, root: bytes, first: int) -> Origin:
    """Whether the base may hold something in the tree, by what is in force at the index `first`."""
    config = step_at(facts, first).config
    shown = root.decode("utf-8", "replace")
    if root == EVERYTHING or root in STANDING or any(covers(tree, root) for tree in SYSTEM):
        return Origin(f"the base may hold {shown}, too")
    base = config.base.decode("utf-8", "replace")
    return Origin() if is_known_base(config) else Origin(unsure=f"{base} may itself hold {shown}")


def by_others(facts: Facts, stage: Stage, tree: bytes, by: Collection[int]) -> str:
    """Which step may put something into the tree before the last of `by`; RUNs between them do not count."""
    first = min(by)
    for index in range(_emptied(facts, stage, tree, first), max(by)):
        is_between = facts.instructions[index].keyword == "RUN" and index > first
        why = "" if index in by or is_between else stranger(facts, index, tree)
        if why:
            return f"{tree.decode('utf-8', 'replace')} may be another step's, too: {why}"
    return ""


def _emptied(facts: Facts, stage: Stage, root: bytes, first: int) -> int:
    """The index behind the last step before `first` that has deleted the tree; else where the stage begins."""
    for index in range(first - 1, stage.first, -1):
        instruction = facts.instructions[index]
        if instruction.keyword == "RUN" and b"rm" in instruction.rest:
            operands = (operand for deletion in deletions_of(facts, index) for operand in deletion.operands)
            if any(operand.deletes(root) for operand in operands):
                return index + 1
    return stage.first + 1


def _is_made(facts: Facts, stage: Stage, folder: bytes, before: int) -> bool:
    """Whether an earlier step has made the folder."""
    return any(folder in _folders(facts, index) for index in range(stage.first + 1, before))


def _folders(facts: Facts, index: int) -> frozenset[bytes]:
    """The folders that are there behind a step because it makes them."""
    found = facts.of(layout)
    if facts.instructions[index].keyword == "WORKDIR" and index + 1 < len(facts.instructions):
        workdir = found.before[index + 1].workdir
        folder = canonical(workdir) if workdir is not None and workdir.startswith(b"/") else b""
        return frozenset((folder, *ancestors(folder))) if folder else frozenset()
    found_here = touched_at(facts, index)
    return frozenset(found_here.makes) if not found_here.why else frozenset()
