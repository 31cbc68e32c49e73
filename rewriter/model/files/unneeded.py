"""The deletions that nobody needs once what they delete is a mount."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from .deleted import Deleted, Deletion
from .names import named


class NotMountedError(Exception):
    """Why files can't be mounts."""


def unneeded(found: Sequence[Deletion], roots: Collection[bytes]) -> Iterator[Deleted]:
    """What goes where mounts stand at the roots; raises NotMountedError where what stays would meet one."""
    for deletion in found:
        words = tuple(operand.word for operand in deletion.operands if operand.exact and operand.tree in roots)
        rest = [operand.word.text for operand in deletion.operands if operand.word not in words]
        met = next((word for word in rest for root in roots if named(word, deletion.one.place, root)), None)
        if met is not None:
            raise NotMountedError(f"`rm {met.decode('utf-8', 'replace')}` would meet the mount")
        if words:
            yield Deleted(deletion, words)
