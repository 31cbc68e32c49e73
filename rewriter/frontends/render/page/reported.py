"""What the reports say of two versions, beside what was measured: a section of the page."""

from __future__ import annotations

from collections.abc import Sequence

from ....model.sizes import size
from ....verify.told import Measured, MeasuredHidden
from .shown import counted, shown
from .verify_views import ReportedRow, ReportedView


def reported(found: Sequence[Measured]) -> tuple[ReportedView, ...]:
    """The versions in their order; none where no image was measured."""
    return tuple(ReportedView(one.version, _layers(one), tuple(map(_row, one.hidden))) for one in found)


def _layers(one: Measured) -> str:
    there = "not measured" if one.layers is None else f"{one.layers:,} measured, {one.of_base} of the base"
    return f"{counted(one.counted, 'layer')} counted, {there}"


def _row(one: MeasuredHidden) -> ReportedRow:
    paths = ", ".join(tree.decode("utf-8", "surrogateescape") for tree in one.told.trees)
    return ReportedRow(str(one.told.line), _size(one.told.bytes), _size(one.bytes), shown(paths))


def _size(found: int | None) -> str:
    return "not known" if found is None else size(found)
