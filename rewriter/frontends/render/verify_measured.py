"""What the reports say of two versions, beside what was measured: as lines, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypedDict

from ...model.listed import listed
from ...model.sizes import size
from ...verify.told import Measured, MeasuredHidden

_MOST = 20  # rows that a person reads; JSON has all


class MeasuredHiddenObject(TypedDict):
    """What hidden-bytes names, and what was measured of it; null where it is not known."""

    line: int
    paths: list[str]
    bytes: int | None
    measured_bytes: int | None


class MeasuredObject(TypedDict):
    """What the reports say of a version, and what was measured; `line` is one of that version."""

    version: str
    hidden: list[MeasuredHiddenObject]
    layers_counted: int
    layers: int | None
    base_layers: int | None


def measured_lines(found: Sequence[Measured]) -> Iterator[str]:
    """What the reports say, beside what was measured."""
    if any(one.hidden or one.counted for one in found):
        yield ""
        yield "reports:"
    for one in found:
        for row in one.hidden[:_MOST]:
            yield f"  hidden-bytes, {one.version}, line {row.told.line}: {_hidden(row)}"
        if len(one.hidden) > _MOST:
            yield f"  ... {len(one.hidden) - _MOST:,} more"
        there = "not known" if one.layers is None else f"{one.layers} measured, on {one.of_base} of the base"
        yield f"  layer-budget, {one.version}: {one.counted} counted, {there}"


def _hidden(row: MeasuredHidden) -> str:
    names = listed([tree.decode("utf-8", "surrogateescape") for tree in row.told.trees], 3)
    named = "size not known" if row.told.bytes is None else f"{size(row.told.bytes)} named"
    return f"{names}: {named}, {'not' if row.bytes is None else size(row.bytes)} measured"


def measured_object(found: Measured) -> MeasuredObject:
    """One version."""
    return {
        "version": found.version,
        "hidden": [
            {
                "line": row.told.line,
                "paths": [tree.decode("utf-8", "replace") for tree in row.told.trees],
                "bytes": row.told.bytes,
                "measured_bytes": row.bytes,
            }
            for row in found.hidden
        ],
        "layers_counted": found.counted,
        "layers": found.layers,
        "base_layers": found.of_base,
    }
