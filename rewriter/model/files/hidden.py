"""What layers hold although nobody sees it: deleted, replaced, moved or stored again by a later step.

A layer is never changed by a later one (OCI image-spec, layer.md): a file that is deleted there is covered by a
whiteout, one whose mode or owner changes is stored again, with all its bytes.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from ..facts import Facts
from ..stages import layout


class How(Enum):
    """What became of it."""

    DELETED = "deleted"
    REPLACED = "replaced"
    MOVED = "moved"
    STORED_AGAIN = "stored again"


class HiddenPath(NamedTuple):
    """A file, or a folder with all that is in it. `bytes` is None where they are not known."""

    path: bytes
    bytes: int | None
    is_secret: bool = False


class Hidden(NamedTuple):
    """What the layer of one step holds that the step `by` hides, by these `words`.

    `origin` is the step that brought it into the image, which may be an earlier one than `position`. `is_one_file`: a
    COPY of the build context names it, and no folder.
    """

    position: int
    origin: int
    by: int
    how: How
    words: bytes
    is_one_file: bool
    paths: tuple[HiddenPath, ...]

    @property
    def bytes(self) -> int | None:
        """All of them; None where some are not known."""
        sizes = [one.bytes for one in self.paths if one.bytes is not None]
        return sum(sizes) if len(sizes) == len(self.paths) else None


def hidden(facts: Facts) -> tuple[Hidden, ...]:
    """What is hidden in the layers of shipped stages, in the order in which it is hidden."""
    from .sight import Sight

    ends: dict[int, Sight] = {}
    for stage in facts.of(layout).stages:
        if stage.shipped:
            ends[stage.number] = Sight(facts, ends[stage.parent].stored if stage.parent is not None else ())
            ends[stage.number].see(stage)
    return tuple(one for sight in ends.values() for one in sight.found)
