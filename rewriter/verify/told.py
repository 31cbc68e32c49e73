"""What the reports say of the image of a version, and what was measured of it: plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..model.facts import Facts
from ..model.files.hidden import Hidden, hidden
from ..model.layer_budget import makers_of, steps_of
from ..model.stages import Stage, layout
from ..model.steps.paths import canonical, covers
from ..syntax.edit import line_of
from .images.comparison import Measures


class ToldHidden(NamedTuple):
    """What the layer of step `step` holds that step `by` hides, counted from the FROM of the first stage."""

    line: int
    step: int
    by: int
    trees: tuple[bytes, ...]
    bytes: int | None


class Told(NamedTuple):
    """What is said of a text: the keywords of the steps that make the image, and what they hide."""

    keywords: tuple[str, ...] = ()
    hidden: tuple[ToldHidden, ...] = ()

    @property
    def trees(self) -> tuple[bytes, ...]:
        """All that is named, as paths from the root, by each name that it may have in the image."""
        return tuple(dict.fromkeys(name for one in self.hidden for tree in one.trees for name in names_of(tree)))


class MeasuredHidden(NamedTuple):
    """What was named, and what was found; None where it could not be told which layers are meant."""

    told: ToldHidden
    bytes: int | None


class Measured(NamedTuple):
    """A version, `before` or `after`. Layers: those that the model counts, that are there, and that the base brings.

    The last two are None where the image's history does not say it.
    """

    version: str
    hidden: tuple[MeasuredHidden, ...]
    counted: int
    layers: int | None
    of_base: int | None


def told_of(facts: Facts, target: str | None) -> Told:
    """What the reports say of the image that a build of the target makes; nothing of a text that is not understood."""
    stage = None if facts.problems else _stage(facts, target)
    if stage is None:
        return Told()
    steps = steps_of(facts, stage)
    at = {index: step for step, index in enumerate(steps)}
    rows = [one for one in facts.of(hidden) if one.position in at and one.by in at]
    return Told(
        tuple(facts.instructions[index].keyword for index in steps),
        tuple(ToldHidden(_line(facts, one), at[one.position], at[one.by], _trees(one), one.bytes) for one in rows),
    )


def _stage(facts: Facts, target: str | None) -> Stage | None:
    stages = facts.of(layout).stages
    if target is None:
        return stages[-1] if stages else None
    if target.isdecimal():
        return stages[int(target)] if int(target) < len(stages) else None
    return next((one for one in reversed(stages) if one.name == target.lower()), None)


def _line(facts: Facts, one: Hidden) -> int:
    return line_of(facts.source.text, facts.instructions[one.position].node.start)


def _trees(one: Hidden) -> tuple[bytes, ...]:
    """The places, without those that lie in another one."""
    paths = [path.path for path in one.paths]
    return tuple(path for path in paths if not any(covers(other, path) for other in paths if other != path))


def names_of(tree: bytes) -> frozenset[bytes]:
    """A path as it may stand in an image, from the root: `/bin` is `/usr/bin` in many."""
    return frozenset((tree.strip(b"/"), canonical(tree).strip(b"/")))


def measured(
    version: str, told: Told, engine: str, history: Sequence[tuple[str, int | None]], found: Measures
) -> Measured:
    """Hold against an image, of the engine of that name, what is told; `history` has a row a step, with its layer."""
    is_docker = engine.startswith("docker")
    makers = makers_of("buildkit" if is_docker else "buildah")
    counted = sum(keyword in makers for keyword in told.keywords)
    # BuildKit's history has no row for this one (dispatchOnbuild of its dockerfile2llb).
    rows = [step for step, keyword in enumerate(told.keywords) if keyword != "ONBUILD" or not is_docker]
    own = history[len(history) - len(rows) :]
    if len(history) < len(rows) or not all(map(_is_of, own, (told.keywords[step] for step in rows))):
        return Measured(version, tuple(MeasuredHidden(one, None) for one in told.hidden), counted, None, None)
    layers = {step: layer for step, (_, layer) in zip(rows, own, strict=True)}
    found_hidden = tuple(MeasuredHidden(one, _bytes(one, layers, found)) for one in told.hidden)
    made = sum(layer is not None for layer in layers.values())
    every = sum(layer is not None for _, layer in history)
    return Measured(version, found_hidden, counted, made, every - made)


def _is_of(row: tuple[str, int | None], keyword: str) -> bool:
    """Whether a row of the history is that of such an instruction; that of a RUN begins as its shell does."""
    return keyword == "RUN" or keyword in row[0]


def _bytes(one: ToldHidden, layers: Mapping[int, int | None], found: Measures) -> int | None:
    holds, hides = layers[one.step], layers[one.by]
    if holds is None or hides is None:
        return None
    return sum(found.get(name, {}).get((holds, hides), 0) for tree in one.trees for name in names_of(tree))
