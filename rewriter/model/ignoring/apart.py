"""Ignore files of the Dockerfiles' own, where those of one context take different things.

BuildKit reads `<Dockerfile>.dockerignore`, beside the Dockerfile, in the place of the context's own file:
https://docs.docker.com/build/concepts/context/#filename-and-location. Of other builders that is not sure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ..context import Entry
from ..together import Together, problem, sent

BUILDER = "buildkit"


class Reach(NamedTuple):
    """The bytes that are sent with one file for all Dockerfiles, and for each with one of its own."""

    common: int
    own: tuple[int, ...]


def parts(together: Together) -> tuple[Together, ...]:
    """For each Dockerfile that takes something, a file of its own, which is not there yet; none where it cannot be."""
    from .losses import uses

    if not together.own or together.of(problem):
        return ()
    found = (
        together._replace(
            path=f"{path}.dockerignore",
            text=None,
            dockerfiles={path: text},
            own={},
            common=together,
            memo={},
        )
        for path, text in together.dockerfiles.items()
    )
    return tuple(one for one in found if one.of(uses))


def is_idle(together: Together, least: int) -> bool:
    """Whether other files will count in the place of this one.

    Those of the Dockerfiles' own take the place of a common one where all take by name, each of them keeps something
    out, and for one of them less than half as much is sent, and by more than `least` bytes, as with the common one.
    """
    common = together.common or together
    wanted = together.settings.get("own_files", False) and together.settings.get("builder", BUILDER) == BUILDER
    if not common.own or not wanted:
        return together.common is not None
    found = common.of(reach)
    is_parted = found is not None and any(found.common - own > max(least, found.common / 2) for own in found.own)
    return is_parted is (together.common is None)


def reach(common: Together) -> Reach | None:
    """How little could be sent; None where not each Dockerfile can have a file that keeps something out."""
    from ..ignore import Ignore
    from .losses import is_sure
    from .plan import only_named, takes_all

    ones = common.of(parts)
    if len(ones) < 2 or takes_all(common) or not common.of(is_sure):
        return None
    left: list[Mapping[str, Entry]] = []
    for one in ones:
        addition = one.of(only_named)
        if addition is None or not addition.gone:
            return None
        left.append(Ignore.parse(addition.text).left(common.of(sent)))
    together = {path: entry for entries in left for path, entry in entries.items()}
    return Reach(_size(together), tuple(map(_size, left)))


def _size(entries: Mapping[str, Entry]) -> int:
    return sum(entry.size for entry in entries.values())
