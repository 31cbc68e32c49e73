"""Changes as suggestions at lines of a pull request that a person has opened."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ...adapters.changed import Lines
from .groups import Made
from .platform import Suggestion
from .texts.comments import remark

_HUNK = re.compile(r"^@@ -(\d+)(?:,(\d+))? \+\d+(?:,\d+)? @@", re.MULTILINE)


class Part(NamedTuple):
    """A part of a diff: the lines, from 1 and both included, that become the text; nothing is lost for an insertion,
    which takes in the line before or behind it."""

    first: int
    last: int
    text: str


def suggestions(made: Sequence[Made], lines: Mapping[str, Lines]) -> list[Suggestion]:
    """Those changes that can be told at lines that the pull request itself changes.

    A change behind others in the same file can only where it touches none of their lines: a reader applies each alone.
    https://docs.github.com/en/rest/pulls/reviews wants all lines of a remark within the diff.
    """
    told: list[Suggestion] = []
    before: dict[str, list[tuple[Part, int]]] = {}
    for one in made:
        parts = list(parts_of(one.diff))
        shifts = before.setdefault(one.path, [])
        placed = [_back(part, shifts) for part in parts]
        shifts += [(part, part.text.count("\n") + 1 - (part.last - part.first + 1)) for part in parts]
        part = placed[0] if len(placed) == 1 and len(one.files) == 1 else None
        if part is not None and _are_within(part, lines.get(one.path, ())):
            told.append(Suggestion(one.path, part.first, part.last, remark(one), part.text))
    return told


def parts_of(diff: str) -> Iterator[Part]:
    """The parts of a unified diff of one file, without the unchanged lines around them."""
    found = list(_HUNK.finditer(diff))
    for at, hunk in enumerate(found):
        end = found[at + 1].start() if at + 1 < len(found) else len(diff)
        rows = [row for row in diff[hunk.end() : end].split("\n")[1:] if row and not row.startswith("\\")]
        lead = next((n for n, row in enumerate(rows) if row[0] != " "), 0)
        tail = next((n for n, row in enumerate(reversed(rows)) if row[0] != " "), 0)
        if not any(row[0] == "-" for row in rows[lead : len(rows) - tail]):
            lead, tail = (lead - 1, tail) if lead else (lead, max(tail - 1, 0))
        inner = rows[lead : len(rows) - tail]
        old = sum(row[0] != "+" for row in inner)
        first = int(hunk[1]) + lead
        yield Part(first, first + max(old, 1) - 1, "\n".join(row[1:] for row in inner if row[0] != "-"))


def _back(part: Part, shifts: Sequence[tuple[Part, int]]) -> Part | None:
    """Where the lines stood before earlier changes; None where these have touched them."""
    first, last = part.first, part.last
    for earlier, growth in reversed(shifts):
        end = earlier.last + growth
        if first <= end and earlier.first <= last:
            return None
        if first > end:
            first, last = first - growth, last - growth
    return part._replace(first=first, last=last)


def _are_within(part: Part, lines: Lines) -> bool:
    return any(first <= part.first and part.last <= last for first, last in lines)
