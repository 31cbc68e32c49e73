"""The witness of MoveStep and CopyFirst: what is known of the steps says that each pair may change places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..model.facts import Facts
from ..model.stages import Layout, Stage, layout
from ..syntax.instruction import Instruction
from .licences import CopyFirst, Licence


def moved(
    facts: Facts, first: int | None, old: Sequence[Instruction], new: Sequence[Instruction], may: Sequence[Licence]
) -> Iterator[str]:
    """What is wrong with the new order of the instructions from the index `first` on, which were `old`."""
    from ..model.steps.order import refused_anyhow  # Most files come to no move.

    places: Layout = facts.of(layout)
    if first is None or places.stage_of[first] < 0 or any(i.keyword == "FROM" for i in (*old, *new)):
        yield "something before the first stage, or a FROM line, changes"
        return
    stage = places.stages[places.stage_of[first]]
    waiting: dict[tuple[object, ...], list[int]] = {}
    for index in range(first + len(old) - 1, first - 1, -1):
        waiting.setdefault(plain(facts.instructions[index]), []).append(index)
    moved_to = [waiting[key].pop() if waiting.get(key) else -1 for key in map(plain, new)]
    wanted = [*range(stage.first + 1, first), *moved_to, *range(first + len(old), stage.last)]
    added = [instruction for instruction, index in zip(new, moved_to, strict=True) if index < 0]
    why = _refused_first(facts, stage, wanted, added, may) if added else refused_anyhow(facts, stage.number, wanted)
    if why:
        yield f"a step changes places with one that it has to do with: {why}"


def _refused_first(
    facts: Facts, stage: Stage, wanted: Sequence[int], added: Sequence[Instruction], may: Sequence[Licence]
) -> str:
    """Why new instructions may not stand there: only CopyFirst lets any come, in a row."""
    from ..model.manifests.witness import refused_first

    at = wanted.index(-1)
    context = facts.context
    if context is None or list(wanted[at : at + len(added)]) != [-1] * len(added):
        return "instructions come or go"
    named = {path for licence in may if isinstance(licence, CopyFirst) for path in licence.paths}
    kept = [index for index in wanted if index >= 0]
    return refused_first(facts, stage, kept, added, at, named, context)


def plain(instruction: Instruction) -> tuple[object, ...]:
    """What an instruction says, wherever it stands."""
    return (instruction.keyword, instruction.flags, instruction.rest, instruction.bodies)
