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
    """The diff and dockerfile fences without a build context, in order; raises ValueError on a line that no diff has."""
    prose = heading = ""
    in_context = False
    lines = iter(doc.strip().splitlines())
    for line in lines:
        if line.startswith("```"):
            body = list(_until_closed(lines))
            if line == "```context":
                in_context = True
                continue
            if in_context:
                in_context = False
            elif line == "```diff":
                yield Fence(_sentence(prose), heading, _side(body, 0), _side(body, 1))
            elif line == "```dockerfile":
                text = "".join(f"{row}\n" for row in body)
                yield Fence(_sentence(prose), heading, text, text)
            prose = ""
        elif line.startswith("#"):
            heading, prose = line, ""
        else:
            prose += f"{line}\n"


@dataclass(frozen=True)
class ContextFence:
    """An example with a build context: the `files` that a list above names, with their sizes; else as Fence.

    `texts` are what those hold of which the list says it.
    """

    says: str
    heading: str
    files: dict[str, int]
    texts: dict[str, str]
    before: dict[str, str]
    after: dict[str, str]

    @property
    def left_alone(self) -> bool:
        return self.heading == LEFT_ALONE


def context_fences(doc: str) -> Iterator[ContextFence]:
    """Each list of a context with the diff or Dockerfile below it; raises ValueError as `fences`."""
    prose = heading = ""
    files: dict[str, int] | None = None
    texts: dict[str, str] = {}
    lines = iter(doc.strip().splitlines())
    for line in lines:
        if line.startswith("```"):
            body = list(_until_closed(lines))
            if line == "```context":
                texts = {path: f"{text}\n" for path, colon, text in (row.partition(": ") for row in body) if colon}
                files = dict(_listed(row) for row in body if ": " not in row)
                continue  # The prose above it is that of the example below.
            if files is None:
                pass
            elif line == "```diff":
                parts = list(_files(body))
                before, after = ({name: _side(rows, side) for name, rows in parts} for side in (0, 1))
                yield ContextFence(_sentence(prose), heading, files, texts, before, after)
            elif line == "```dockerfile":
                text = "".join(f"{row}\n" for row in body)
                both = {"Dockerfile": text}
                yield ContextFence(_sentence(prose), heading, files, texts, both, both)
            prose, files = "", None
        elif line.startswith("#"):
            heading, prose = line, ""
        else:
            prose += f"{line}\n"


def _listed(row: str) -> tuple[str, int]:
    """`path`, or `path 12 kB`."""
    path, _, size = row.partition(" ")
    number, _, unit = size.partition(" ")
    return path, int(number or 100) * {"": 1, "kB": 1_000, "MB": 1_000_000}[unit]


def _files(body: list[str]) -> Iterator[tuple[str, list[str]]]:
    """The lines of each file, which begin behind `--- name`."""
    name, rows = "", []
    for line in body:
        if line.startswith("--- "):
            if name:
                yield name, rows
            name, rows = line[4:], []
        else:
            rows.append(line)
    yield name, rows


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


@dataclass(frozen=True)
class ReportFence:
    """An example of a report: the Dockerfile, what of its context a list above names, and what is said of it."""

    says: str
    sizes: dict[str, int]
    dockerfile: str
    lines: tuple[str, ...]


def report_fences(doc: str) -> Iterator[ReportFence]:
    """Each Dockerfile with the report below it; a line that begins with blanks goes on with the one above."""
    says = prose = dockerfile = ""
    sizes: dict[str, int] = {}
    lines = iter(doc.strip().splitlines())
    for line in lines:
        if line.startswith("```"):
            body = list(_until_closed(lines))
            if line == "```context":
                sizes = dict(_listed(row) for row in body)
            elif line == "```dockerfile":
                dockerfile = "".join(f"{row}\n" for row in body)
            elif line == "```report":
                text = "\n".join(body).replace("\n  ", " ")
                yield ReportFence(says, sizes, dockerfile, tuple(text.splitlines()))
                sizes = {}
            says, prose = (_sentence(prose) if prose.strip() else says), ""
        else:
            prose += f"{line}\n"
