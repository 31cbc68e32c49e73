"""How many layers the image of each stage has.

Tried with Docker 26.1 (BuildKit) and buildah 1.28, `--layers`: RUN, COPY and ADD make a layer each, be it an empty one;
so does WORKDIR with BuildKit, also where the folder is there already, and never with buildah; nothing else does. (An
engine may leave out a layer that is empty: then there are fewer.)
"""

from typing import NamedTuple

from .facts import Facts
from .stages import Stage, ancestors, layout

_MAKE = frozenset({"RUN", "COPY", "ADD"})
# Their engines make the folder with the next step that runs.
_NONE_BY_WORKDIR = frozenset({"buildah"})


class LayerCount(NamedTuple):
    """The layers that the file adds to the `base` of the stage `stage`, and those of the base (None: not known)."""

    stage: int
    layers: int
    base: str
    of_base: int | None

    @property
    def known(self) -> int:
        """As many there are at least."""
        return self.layers + (self.of_base or 0)


def layer_count(facts: Facts, stage: Stage, builder: str = "buildkit") -> LayerCount:
    """The layers of a stage, with those of the stages that it is built FROM."""
    makers = makers_of(builder)
    line = lineage(facts, stage)
    layers = sum(facts.instructions[index].keyword in makers for index in steps_of(facts, stage))
    base = line[0].base
    return LayerCount(stage.number, layers, base, 0 if base == "scratch" else None)


def makers_of(builder: str) -> frozenset[str]:
    """The instructions that make a layer."""
    return _MAKE if builder in _NONE_BY_WORKDIR else _MAKE | {"WORKDIR"}


def lineage(facts: Facts, stage: Stage) -> tuple[Stage, ...]:
    """The stages that it is built FROM, the first one of all in front, and itself."""
    return (*reversed(list(ancestors(facts.of(layout).stages, stage))), stage)


def steps_of(facts: Facts, stage: Stage) -> tuple[int, ...]:
    """The instructions that its image is made by, but for FROM."""
    return tuple(index for one in lineage(facts, stage) for index in range(one.first + 1, one.last))
