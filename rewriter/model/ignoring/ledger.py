"""What a build context holds, and how much of it is sent, taken, and would be sent after a change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ..context import Entry, Kind
from ..ignore import Ignore
from ..sources import takes
from ..together import Together, sent
from .losses import Weight, uses


class Row(NamedTuple):
    """A top-level path: what it holds, how much of it is sent today, taken by an instruction, and sent afterwards."""

    path: str
    present: Weight
    sent: Weight
    taken: Weight
    after: Weight


def rows(together: Together, after: Ignore) -> tuple[Row, ...]:
    """The rows, the heaviest first; `after` are the rules of the ignore file as it could be."""
    entries = together.context.entries
    now = together.of(sent)
    later = after.left(entries)
    columns = [_by_top(part) for part in (entries, now, _taken(together, now), later)]
    found = (Row(path, *(column.get(path, Weight()) for column in columns)) for path in columns[0])
    return tuple(sorted(found, key=lambda row: (-row.present.size, row.path)))


def total(found: tuple[Row, ...]) -> Row:
    """The sum of rows."""
    columns = ([getattr(row, name) for row in found] for name in Row._fields[1:])
    return Row("", *(Weight(sum(w.size for w in column), sum(w.files for w in column)) for column in columns))


def _taken(together: Together, now: Mapping[str, Entry]) -> Mapping[str, Entry]:
    found = [use.source for use in together.of(uses)]
    if any(source.whole and not source.excluded for source in found):
        return now
    return {path: entry for path, entry in now.items() if any(takes(source, path) for source in found)}


def _by_top(entries: Mapping[str, Entry]) -> dict[str, Weight]:
    weights: dict[str, Weight] = {}
    for path, entry in entries.items():
        top = path.partition("/")[0]
        known = weights.get(top, Weight())
        weights[top] = known if entry.kind is Kind.FOLDER else Weight(known.size + entry.size, known.files + 1)
    return weights
