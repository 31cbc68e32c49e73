"""The lists of a comparison as the page shows them: what differs, what was ignored, what is hidden."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from ....model.sizes import size
from ....verify.images.comparison import Comparison, Difference, Ignored, Kind, Listed, Side
from ....verify.images.contents import Hidden
from .shown import clipped, counted, shown
from .tree import Node, tree
from .verify_views import DifferencesView, HiddenRow, HiddenView, IgnoredView, PackagesView

_FIELD = 300
"""Characters of a field of the configuration that was ignored: a history may be of any length."""


def differences(found: Listed[Difference]) -> DifferencesView:
    """What counts, by kind."""
    by_kind = {kind: [row for row in found.rows if row.kind is kind] for kind in Kind}
    return DifferencesView(
        _tree(by_kind[Kind.FILE]),
        counted(len(by_kind[Kind.FILE]), "difference"),
        tuple(_row(row) for row in by_kind[Kind.CONFIGURATION]),
        tuple(_packages(by_kind[Kind.PACKAGE])),
        _tree(by_kind[Kind.HIDDEN]),
        counted(len(by_kind[Kind.HIDDEN]), "file"),
        more(found),
    )


def kinds(found: Listed[Difference]) -> str:
    """How many of which kind: `3 differences of files, 1 of packages`."""
    names = {Kind.FILE: "files", Kind.CONFIGURATION: "the configuration", Kind.PACKAGE: "packages"}
    names |= {Kind.HIDDEN: "hidden files", Kind.SMOKE: "the smoke command"}
    counts = [(name, sum(row.kind is kind for row in found.rows)) for kind, name in names.items()]
    text = ", ".join(f"{count:,} of {name}" for name, count in counts if count)
    return f"{counted(found.total, 'difference')}: {text}" + (", ..." if found.total > len(found.rows) else "")


def ignored(found: Iterable[Ignored]) -> tuple[IgnoredView, ...]:
    """What each rule has excused."""
    return tuple(
        IgnoredView(
            shown(rule.name),
            shown(rule.reason),
            f"{listed.total:,}",
            _tree([row for row in listed.rows if row.kind in (Kind.FILE, Kind.HIDDEN)]),
            tuple(_field(row) for row in listed.rows if row.kind not in (Kind.FILE, Kind.HIDDEN)),
            more(listed),
        )
        for rule, listed in found
    )


def hidden(found: Comparison) -> tuple[HiddenView, ...]:
    """The hidden files of both images."""
    return tuple(_hidden(name, side) for name, side in (("before", found.before), ("after", found.after)))


def more(listed: Listed[Difference] | Listed[Hidden], most: int | None = None) -> str:
    """What to say of the rows that are not shown; empty where all are."""
    left = listed.total - len(listed.rows[:most])
    return f"and {left:,} more" if left > 0 else ""


def _hidden(name: str, side: Side) -> HiddenView:
    if not side.hidden.total:
        return HiddenView(name, "none", (), "")
    rows = tuple(
        HiddenRow(
            size(row.size),
            shown("/" + row.path.decode("utf-8", "surrogateescape")),
            f"in layer {row.layer + 1}, {row.how} in layer {row.gone_in + 1}",
        )
        for row in side.hidden.rows
    )
    return HiddenView(name, f"{counted(side.hidden.total, 'file')}, {size(side.hidden_bytes)}", rows, more(side.hidden))


def _tree(rows: Iterable[Difference]) -> tuple[Node, ...]:
    return tree((row.where, _note(row)) for row in rows)


def _note(row: Difference) -> str:
    """What differs, without the path: `mode 0755 → 0754`."""
    if row.what in ("missing", "added") or row.kind is Kind.HIDDEN:
        value = row.after or row.before
        return f"{row.what}: {value}" if value else row.what
    return f"{row.what} {clipped(row.before or 'none', _FIELD)} → {clipped(row.after or 'none', _FIELD)}"


def _row(row: Difference) -> tuple[str, str, str]:
    return shown(row.where), shown(row.before or "none"), shown(row.after or "none")


def _field(row: Difference) -> str:
    return shown(f"{row.where}: {clipped(row.before or 'none', _FIELD)} → {clipped(row.after or 'none', _FIELD)}")


def _packages(rows: Sequence[Difference]) -> Iterator[PackagesView]:
    for manager, group in groupby(sorted(rows, key=lambda row: (row.what, row.where)), key=lambda row: row.what):
        yield PackagesView(shown(manager), tuple(map(_row, group)))
