"""The witness of AddMount, PrependCommand and DropCleanup: the tables say that this RUN can have just these mounts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ..model.facts import Facts
from ..syntax.instruction import Instruction
from ..syntax.script import texts
from .licences import AddMount, DropCleanup, Licence, PrependCommand


def moved(
    facts: Facts, index: int | None, old: Sequence[Instruction], new: Sequence[Instruction], may: Sequence[Licence]
) -> Iterator[str]:
    """What is wrong with the mounts that the licences give to the instruction `index`, which was `old` and is `new`."""
    mounts = [licence.mount for licence in may if isinstance(licence, AddMount)]
    first = [licence.command for licence in may if isinstance(licence, PrependCommand)]
    dropped = {licence.words for licence in may if isinstance(licence, DropCleanup)}
    if not (mounts or first or dropped):
        return
    from ..model.mounting import offers, unfit  # Most files come to no mount.

    if len(old) != 1 or [instruction.keyword for instruction in (*old, *new)] != ["RUN", "RUN"]:
        yield "something else than a RUN gets mounts"
        return
    if Counter(new[0].flags) != Counter([*old[0].flags, *(b"--mount=" + mount for mount in mounts)]):
        yield "its flags are not those from before with the mounts"
    if unfit(facts):
        yield unfit(facts)
    offer = facts.of(offers).offers.get(-1 if index is None else index)
    if offer is None or sorted(mounts) != sorted(offer.texts):
        yield "the tables have other mounts for it, or none"
    elif first != [command for command in (offer.first,) if command]:
        yield "its mounts need another command at its start, or none"
    elif dropped != {texts(cleared.command) for cleared in offer.cleared}:
        yield "its mounts want other cleanups to go, or none"
