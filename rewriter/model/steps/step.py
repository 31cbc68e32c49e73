"""A step: an instruction with what is in force before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ...syntax.instruction import Instruction
from ...syntax.script import Command, commands
from ..facts import Facts
from ..image import Configuration
from ..packages.call import unwrapped
from ..runs import Run, runs
from ..stages import layout
from .paths import canonical, folder_of, is_plain

if TYPE_CHECKING:
    from .gathering import Gathering

Links = tuple[bytes, ...]


Known = Callable[[Command, "Gathering"], bool]
"""Gathers what a command touches, if it knows it; raises NotTold."""


class Step(NamedTuple):
    """What is needed of one instruction.

    `run` is set for a RUN. `links` are the paths at which earlier RUNs of the stage have made symbolic links: what is
    named by way of one of them lies elsewhere. `stage` is the number of the stage, -1 before the first FROM. `known`
    knows commands of a RUN of which the tables here do not tell.
    """

    instruction: Instruction
    config: Configuration
    run: Run | None
    escape: bytes
    stage: int
    links: Links = ()
    known: Known | None = None

    @property
    def name(self) -> str:
        """The instruction's keyword, for a person."""
        return f"`{self.instruction.keyword}`"


def step_at(facts: Facts, index: int) -> Step:
    """The step that the `index`-th instruction of the file is."""
    found = facts.of(layout)
    return Step(
        facts.instructions[index],
        found.before[index],
        facts.of(runs).get(index),
        facts.source.escape,
        found.stage_of[index],
        facts.of(links_before)[index],
    )


def links_before(facts: Facts) -> Sequence[Links]:
    """For each instruction, the links that RUNs before it have made in its stage and those that it is built from."""
    found = facts.of(layout)
    ends: dict[int, Links] = {}
    result: list[Links] = []
    links: Links = ()
    for index in range(len(facts.instructions)):
        number = found.stage_of[index]
        if number >= 0 and found.stages[number].first == index:
            ends[number - 1] = links
            parent = found.stages[number].parent
            links = ends[parent] if parent is not None else ()
        result.append(links)
        links = links_behind(links, facts.of(runs).get(index))
    return result


def links_behind(links: Links, run: Run | None) -> Links:
    """The links that are there behind a step; `run` is set where it is a RUN."""
    if run is None or run.script is None or b"ln" not in run.instruction.rest:
        return links
    new = [link for link in _made_by(run) if link not in links]
    return (*links, *new) if new else links


def _made_by(run: Run) -> Iterator[bytes]:
    """Where the RUN's `ln -s` put links; a relative path is one in the working directory, however it may be called."""
    assert run.script is not None  # noqa: S101
    for command in commands(run.script):
        words = unwrapped(command)
        if not words or words[0].rpartition(b"/")[2] != b"ln":
            continue
        if not any(word.startswith(b"-") and (b"s" in word) for word in words[1:]):
            continue
        operands = [word for word in words[1:] if not word.startswith(b"-")]
        path = operands[-1] if len(operands) > 1 else b"."
        if not path.startswith(b"/"):
            path = (run.config.workdir or b"/") + b"/" + path
        at = next((at for at in range(len(path)) if not is_plain(path[at : at + 1])), -1)
        yield canonical(path if at < 0 else folder_of(path[:at] + b"x"))
