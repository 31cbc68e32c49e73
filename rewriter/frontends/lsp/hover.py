"""What is said of an instruction under the pointer: what is in force there, what makes it run again, what it hides."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ...model.cache import STEPS, Change, reruns
from ...model.facts import Facts
from ...model.files.hidden import How, hidden
from ...model.files.hides import may_hide
from ...model.image import Configuration
from ...model.listed import listed
from ...model.sizes import size
from ...model.sources import Source, sample, sources
from ...model.stages import layout
from ...syntax.edit import line_of

_MOST = 100  # sources of the build context that are looked at, and variables that are shown
_ARGUMENT = re.compile(rb"<ARG [^>=]*(?:=(.*))?>", re.DOTALL)


def told_of(facts: Facts, offset: int) -> str:
    """Markdown about the instruction that holds the byte at the offset; empty where there is none."""
    index = next((i for i, one in enumerate(facts.instructions) if one.node.start <= offset < one.node.end), None)
    if index is None or facts.problems or facts.of(layout).stage_of[index] < 0:
        return ""
    stage = facts.of(layout).stages[facts.of(layout).stage_of[index]]
    name = f"`{stage.name}`" if stage.name else f"number {stage.number}"
    shipped = "part of the image" if stage.shipped else "not part of the image"
    lines = [f"**{facts.instructions[index].keyword}** in stage {name}, which is {shipped}", ""]
    lines += [f"- {told}" for told in (*_in_force(facts.of(layout).before[index]), *_again(facts, index))]
    lines += [f"- {told}" for told in _hides(facts, index)]
    return "\n".join(lines)


def _in_force(config: Configuration) -> Iterator[str]:
    yield f"user: {_code(config.user) if config.user else 'that of the base'}"
    yield f"working directory: {_code(config.workdir) if config.workdir else 'that of the base'}"
    if config.shell:
        yield f"shell: {_code(' '.join(config.shell).encode())}"
    if config.env:
        yield f"environment: {_named(config.env)}"
    arguments = {name: (found[1] or b"") if (found := _ARGUMENT.fullmatch(v)) else v for name, v in config.args.items()}
    if arguments:
        yield f"build arguments: {_named(arguments)}"


def _named(values: Mapping[bytes, bytes]) -> str:
    return listed([_code(name + b"=" + value) for name, value in values.items()], _MOST)


def _again(facts: Facts, index: int) -> Iterator[str]:
    """What of the build context makes a step run again, by the rules of BuildKit's cache."""
    if facts.instructions[index].keyword not in STEPS:
        return
    before = [source for source in facts.of(sources) if source.position <= index and not source.later][:_MOST]
    found = dict.fromkeys(_shown(one) for one in before if index in reruns(facts, Change([_path(one)]), None))
    told = listed(list(found), 6)
    yield f"runs again after a change of {told}" if found else "no change of the build context makes it run again"


def _path(source: Source) -> str:
    """A path that the source takes."""
    return sample(source) or "x"


def _shown(source: Source) -> str:
    return "anything in the build context" if source.whole else _code(source.pattern.encode("utf-8", "surrogateescape"))


def _hides(facts: Facts, index: int) -> Iterator[str]:
    """What the layer of the step holds that a later one hides, and what the step itself hides."""
    for one in facts.of(hidden) if facts.of(may_hide) else ():
        if index not in (one.position, one.by):
            continue
        paths = listed([_code(path.path) for path in one.paths], 4)
        weight = f" ({size(one.bytes)})" if one.bytes is not None else ""
        holder, hider = (line_of(facts.source.text, facts.instructions[i].node.start) for i in (one.position, one.by))
        how = "stored again" if one.how is How.STORED_AGAIN else str(one.how.value)
        if index == one.position:
            yield f"its layer keeps {paths}{weight}, {how} in line {hider}"
        else:
            yield f"{paths}{weight}, {how} here, stays in the layer of line {holder}"


def _code(text: bytes) -> str:
    """In backticks, however many the text has."""
    shown = text.decode("utf-8", "replace").replace("\n", " ")
    fence = "`" * (max(map(len, re.findall("`+", shown)), default=0) + 1)
    padding = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{padding}{shown}{padding}{fence}"
