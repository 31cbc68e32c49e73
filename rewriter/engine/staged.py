"""The witness of FetchInStages: two stages do what RUNs have done, and hand over all that they have left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..model.facts import Facts
from ..model.stage_names import unnamed
from ..model.stages import layout
from ..syntax.instruction import Instruction
from .licences import FetchInStages, Licence
from .reordered import plain
from .undone import otherwise


def moved(facts: Facts, after: Facts, may: Sequence[Licence]) -> Iterator[str]:
    """What differs in the text `after` that the licence, the only one, does not allow."""
    from ..model.files.unpacked import Unpacked  # Few files come to this.

    licence = may[0]
    if len(may) != 1 or not isinstance(licence, FetchInStages):
        yield "RUNs become stages together with something else"
        return
    plan = _plan(facts, licence)
    if not isinstance(plan, Unpacked):
        yield "it is not known that nothing else stays of the fetch than a folder"
    else:
        count = len(plan.chain)
        yield from _with_stages(facts, after, licence, plan.chain[0].position, count, bool(plan.scripts[2]))


def _plan(facts: Facts, licence: FetchInStages) -> object:
    """What the licence speaks of, if it is known to leave nothing but the folder."""
    from ..model.files.one_run import OneRun, plans
    from ..model.files.unpacked import Unpacked, fetches_alone, unpacked

    chains = [one for one in facts.of(plans) if isinstance(one, OneRun)]
    for one in (*chains, *fetches_alone(facts)):
        plan = unpacked(facts, one)
        if isinstance(plan, Unpacked) and FetchInStages(plan.names, plan.folder, plan.removed) == licence:
            return plan
    return None


def _with_stages(facts: Facts, after: Facts, licence: FetchInStages, at: int, count: int, more: bool) -> Iterator[str]:
    """The two stages run what the chain ran, but for the deletions; all else is as before.

    `more`: the rest of the chain runs behind the copy.
    """
    stage = facts.of(layout).stages[facts.of(layout).stage_of[at]]
    beginning = facts.instructions[stage.first]
    base, download, expand = (name.encode() for name in licence.names)
    old, new = facts.instructions, after.instructions
    end = at + 6 + more
    if len(new) != len(old) - count + 6 + more:
        yield "instructions come or go"
        return
    from_base = beginning._replace(rest=unnamed(beginning.rest) + b" AS " + base)
    own = beginning.rest[len(unnamed(beginning.rest)) :]
    named = _froms(base + b" AS " + download, download + b" AS " + expand, base + own)
    wanted = [*map(plain, old[: stage.first]), plain(from_base), *map(plain, old[stage.first + 1 : at])]
    copied = ("COPY", (b"--from=" + expand,), licence.folder + b" " + licence.folder, ())
    if [plain(one) for one in new[:at]] != wanted or [plain(one) for one in new[end:]] != [
        plain(one) for one in old[at + count :]
    ]:
        yield "something else than the RUNs changes"
    if [plain(new[at + offset]) for offset in (0, 2, 4)] != named or plain(new[at + 5]) != copied:
        yield "the stages are others, or something else is copied from them"
    ran: list[Instruction] = [new[at + 1], new[at + 3], *new[at + 6 : end]]
    deletions: list[tuple[tuple[bytes, ...], tuple[bytes, ...]]] = [(words, ()) for words in licence.removed]
    yield from otherwise(facts, at, (facts.source, old[at : at + count]), (after.source, ran), deletions)


def _froms(*texts: bytes) -> list[tuple[object, ...]]:
    return [("FROM", (), b" ".join(text.split()), ()) for text in texts]
