"""What `verify.html.jinja` is given. All texts are ready to be read, and not yet escaped."""

from __future__ import annotations

from typing import NamedTuple

from .aligned import Block
from .bars import Bar
from .shown import Span
from .tree import Node


class VerdictView(NamedTuple):
    """`tone`: good, different or failed."""

    tone: str
    symbol: str
    heading: str
    meaning: str
    details: tuple[str, ...]


class Term(NamedTuple):
    """A word and what it is here."""

    name: str
    value: str


class Entry(NamedTuple):
    """A line of the table of contents; `total` may be empty."""

    anchor: str
    title: str
    total: str


class LengthView(NamedTuple):
    """A bar with the name before it and the numbers after it."""

    name: str
    bar: Bar
    numbers: str


class LayerView(NamedTuple):
    """A layer; `number` from 1, as a person counts."""

    number: int
    step: str
    size: str
    hidden: str
    is_shared: bool


class LayersView(NamedTuple):
    """The layers of one image."""

    length: LengthView
    rows: tuple[LayerView, ...]


class NumberView(NamedTuple):
    """A line of the table of numbers; `tone`: less, more or empty."""

    name: str
    before: str
    after: str
    change: str
    tone: str


class DiffLine(NamedTuple):
    """A line of a diff; `kind`: added, removed, place, file or empty."""

    kind: str
    text: str


class FailureView(NamedTuple):
    """A build that failed."""

    name: str
    step: str
    reason: str
    seconds: str
    lines: tuple[str, ...]


class PairView(NamedTuple):
    """What came of a change alone."""

    tone: str
    verdict: str
    sizes: str
    lines: tuple[str, ...]
    failure: FailureView | None


class ChangeView(NamedTuple):
    """A change."""

    number: int
    transform: str
    level: str
    proof: str
    title: tuple[Span, ...]
    why: tuple[Span, ...]
    diff: tuple[DiffLine, ...]
    pair: PairView | None


class PackagesView(NamedTuple):
    """Packages of one manager that differ; the `value` of a row is a pair of versions."""

    manager: str
    rows: tuple[tuple[str, str, str], ...]


class DifferencesView(NamedTuple):
    """What differs and counts, by kind; a row is (where, before, after)."""

    files: tuple[Node, ...]
    file_count: str
    configuration: tuple[tuple[str, str, str], ...]
    packages: tuple[PackagesView, ...]
    hidden: tuple[Node, ...]
    hidden_count: str
    more: str


class IgnoredView(NamedTuple):
    """What a rule has excused: files as a tree, fields of the configuration as lines."""

    name: str
    reason: str
    total: str
    files: tuple[Node, ...]
    lines: tuple[str, ...]
    more: str


class HiddenRow(NamedTuple):
    """A hidden file; `fate`: in which layer it is, and what became of it."""

    size: str
    path: str
    fate: str


class HiddenView(NamedTuple):
    """The hidden files of one image."""

    name: str
    summary: str
    rows: tuple[HiddenRow, ...]
    more: str


class ReportedRow(NamedTuple):
    """What hidden-bytes names in a line of the Dockerfile: the bytes that it names, and those that were measured."""

    line: str
    named: str
    measured: str
    paths: str


class ReportedView(NamedTuple):
    """What the reports say of one version, and what was measured; `layers` is what layer-budget counts."""

    name: str
    layers: str
    rows: tuple[ReportedRow, ...]


class RanView(NamedTuple):
    """A command in one image."""

    name: str
    status: str
    lines: tuple[str, ...]


class SmokeView(NamedTuple):
    """A command in both images; `runs` has one where both did the same."""

    command: str
    summary: str
    is_same: bool
    runs: tuple[RanView, ...]


class StepView(NamedTuple):
    """A step that ran again."""

    seconds: str
    text: str
    bar: Bar


class RerunView(NamedTuple):
    """What runs again in one version."""

    name: str
    summary: str
    steps: tuple[StepView, ...]
    failure: FailureView | None


class RebuildView(NamedTuple):
    """What a change of a file makes run again."""

    path: str
    sides: tuple[RerunView, ...]


class Page(NamedTuple):
    """The page. What is None or empty was not found out, and its section is missing."""

    title: str
    path: str
    verdict: VerdictView
    facts: tuple[Term, ...]
    contents: tuple[Entry, ...]
    saving: str
    sizes: tuple[LengthView, ...]
    layers: tuple[LayersView, ...]
    numbers: tuple[NumberView, ...]
    remarks: tuple[str, ...]
    changes: tuple[ChangeView, ...]
    dockerfile: tuple[Block, ...]
    differences: DifferencesView | None
    smoke: SmokeView | None
    ignored: tuple[IgnoredView, ...] | None
    hidden: tuple[HiddenView, ...]
    reports: tuple[ReportedView, ...]
    rebuild: RebuildView | None
    failures: tuple[FailureView, ...]
