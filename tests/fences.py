"""The examples in a transform's docstring."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

LEFT_ALONE = "## Left alone"
_MARKS = {" ": (True, True), "-": (True, False), "+": (False, True), "": (True, True)}


@dataclass(frozen=True)
class Fence:
    """An example: `before` becomes `after`. `says` is the sentence above it, `heading` the section it stands in."""

    says: str
    heading: str
    before: str
    after: str

    @property
    def left_alone(self) -> bool:
        return self.heading == LEFT_ALONE


def fences(doc: str) -> Iterator[Fence]:
    """The diff and dockerfile fences, in order; raises ValueError on a line that no diff has."""
    prose = heading = ""
    lines = iter(doc.strip().splitlines())
    for line in lines:
        if line.startswith("```"):
            body = list(_until_closed(lines))
            if line == "```diff":
                yield Fence(_sentence(prose), heading, _side(body, 0), _side(body, 1))
            elif line == "```dockerfile":
                text = "".join(f"{row}\n" for row in body)
                yield Fence(_sentence(prose), heading, text, text)
            prose = ""
        elif line.startswith("#"):
            heading, prose = line, ""
        else:
            prose += f"{line}\n"


def _until_closed(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        if line == "```":
            return
        yield line
    raise ValueError("a fence is not closed")


def _side(body: list[str], side: int) -> str:
    """The text before (0) or after (1) a diff. An empty line is an empty line of context."""
    if unknown := [line for line in body if line[:1] not in _MARKS]:
        raise ValueError(f"no line of a diff: {unknown[0]!r}")
    return "".join(f"{line[1:]}\n" for line in body if _MARKS[line[:1]][side])


def _sentence(text: str) -> str:
    """The first sentence of the last paragraph."""
    paragraph = " ".join(text.strip().split("\n\n")[-1].split())
    return re.split(r"(?<=\.) ", paragraph)[0] or "an example"
