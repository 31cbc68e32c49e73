"""Which cache mounts the RUNs of a file can have, each with a view to the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from .builders import lacks
from .cleared import Cleared
from .facts import Facts
from .missed import cannot_fetch, family
from .mountable import Mount, Mountable, managers_of, mountable
from .packages.mounts import MOUNTS
from .packages.places import mount_of
from .packages.use import mentions
from .runs import Run, runs

# Without it, a file that the official images bring makes apt delete what it has fetched:
# https://docs.docker.com/reference/dockerfile/#example-cache-apt-packages
KEEP_ARCHIVES = b"rm -f /etc/apt/apt.conf.d/docker-clean"
_CLEANER = b"docker-clean"


class Offer(NamedTuple):
    """The mounts that a RUN can have, the command `first` that they need, and the cleanups that go for them."""

    run: Run
    mounts: tuple[Mount, ...]
    first: bytes
    cleared: tuple[Cleared, ...]

    @property
    def texts(self) -> tuple[bytes, ...]:
        """The mounts, as they stand behind `--mount=`."""
        return tuple(mount_of(mount.row, mount.place) for mount in self.mounts)


class Offers(NamedTuple):
    """What RUNs can have, by the index of their instruction; and why others can't: an index with a reason."""

    offers: Mapping[int, Offer]
    refused: tuple[tuple[int, str], ...]


def unfit(facts: Facts) -> str:
    """Why no RUN of this file can have a cache mount: the builder, or the syntax that the file asks for."""
    return lacks(facts, "cache mounts")


def offers(facts: Facts) -> Offers:
    """The mounts that the RUNs can have."""
    singles = {index: mountable(facts, run) for index, run in facts.of(runs).items()}
    found: dict[int, Offer] = {}
    refused: list[tuple[int, str]] = []
    cleaned: set[int] = set()
    for index, single in singles.items():
        if single.run.script is None:
            refused += [(index, single.run.refused)] if _mentions_a_manager(single.run) else []
            continue
        named = ((manager, _by_others(facts, single, manager, singles)) for manager in managers_of(single.mounts))
        left = single.without({manager: reason for manager, reason in named if reason})
        refused += [(index, reason) for reason in dict.fromkeys(left.refused.values())]
        if left.mounts:
            found[index] = Offer(left.run, left.mounts, _first(facts, left, cleaned), left.cleared)
    return Offers(found, tuple(refused))


def _mentions_a_manager(run: Run) -> bool:
    text = b"\n".join((run.instruction.rest, *run.instruction.bodies))
    return any(mentions(row.store, text) for row in MOUNTS)


def _by_others(facts: Facts, single: Mountable, manager: str, singles: Mapping[int, Mountable]) -> str:
    """Why the mounts of other RUNs, or that they have none, are against those of this one."""
    run = single.run
    above, below = family(facts, run.stage)
    numbers = {stage.number for stage in (run.stage, *above, *below)}
    members = [one for one in singles.values() if one.run.stage.number in numbers and one.fetches_for(manager)]
    if manager == "apt-get":
        later = (one for one in members if one.run.position > run.position and one.run.stage.shipped)
        reason = next((one.refused[manager] for one in later if manager in one.refused), "")
        return (
            f"a later RUN would leave what it fetches in the image, as it can have no mount: {reason}" if reason else ""
        )
    if not any(mount.row.ahead for mount in single.mounts if mount.row.manager == manager):
        return ""
    reason = next((one.refused[manager] for one in members if manager in one.refused), "")
    return (
        f"another RUN of {manager} can have no mount: {reason}"
        if reason
        else cannot_fetch([one.run for one in members])
    )


def _first(facts: Facts, single: Mountable, cleaned: set[int]) -> bytes:
    """The command that apt's mounts need at the start, unless it runs before; `cleaned`: the stages where it does."""
    run = single.run
    above, _ = family(facts, run.stage)
    numbers = {run.stage.number, *(stage.number for stage in above)}
    before = (one for one in facts.of(runs).values() if one.stage.number in numbers and one.position <= run.position)
    if "apt-get" not in managers_of(single.mounts) or not cleaned.isdisjoint(numbers):
        return b""
    if any(_CLEANER in one.instruction.rest for one in before):
        return b""
    cleaned.add(run.stage.number)
    return KEEP_ARCHIVES
