"""What a verification found out, as a table for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ...engine.change import Change
from ...model.sizes import size
from ...verify.engines.recipe import Failure, StepRun
from ...verify.images.comparison import Comparison, Difference, Kind, Listed, Side
from ...verify.verification import Build, Pair, Rerun, Smoke, Verdict, Verification
from ..terminal import Painter, encoded, printable
from .verify_measured import measured_lines

_BAR = 40  # characters
_MOST = 20
"""Rows of a list that a person reads; the rest is counted, and JSON has more."""


def report(found: Verification, painter: Painter) -> bytes:
    """The whole report; the verdict comes last."""
    lines = [f"{found.path}: {found.engine}, {_builds(found.whole)}"]
    if found.whole.comparison:
        lines += ["", *_table(found.whole.comparison), "", *_bars(found.whole.comparison)]
    lines += [*_changes(found), *measured_lines(found.measured), *_smoke(found.smoke), *_rerun(found.rerun)]
    if found.whole.comparison:
        lines += _differences(found.whole.comparison.differences)
        lines += _ignored(found.whole.comparison)
        lines += _unread(found.whole.comparison)
    lines += _failures(found.whole)
    style = "green" if found.whole.verdict.is_good else "red"
    text = encoded("\n".join(printable(line) for line in lines) + "\n\n")
    return text + painter.paint(encoded(printable(verdict(found.whole))), style) + b"\n"


def verdict(pair: Pair) -> str:
    """The verdict in one line."""
    if pair.comparison is None:
        return str(pair.verdict.value)
    if pair.verdict is Verdict.DIFFERENT:
        differences = pair.comparison.differences
        first = "; ".join(difference_line(row) for row in differences.rows[:3])
        more = differences.total - min(3, len(differences.rows))
        return f"different: {first}" + (f"; {more:,} more" if more else "")
    if pair.verdict is Verdict.IDENTICAL_BUT:
        return "identical but for: " + ", ".join(
            f"{ignored.rule.name} ({ignored.differences.total:,})" for ignored in pair.comparison.ignored
        )
    return str(pair.verdict.value)


def difference_line(row: Difference) -> str:
    """One difference: `mode of /bin/x: 0755 -> 0754`."""
    if row.what == "missing":
        return f"missing: {row.where} ({row.before})"
    if row.what == "added":
        return f"added: {row.where} ({row.after})"
    if row.kind is Kind.HIDDEN:
        return f"{row.what}: {row.where} ({row.after or row.before})"
    if row.kind is Kind.PACKAGE:
        return f"{row.what} package {row.where}: {row.before or 'none'} -> {row.after or 'none'}"
    subject = row.where if row.kind is Kind.CONFIGURATION else f"{row.what} of {row.where}"
    return f"{subject}: {row.before or 'none'} -> {row.after or 'none'}"


def _builds(pair: Pair) -> str:
    sides = [("before", pair.before)] + ([("after", pair.after)] if pair.after else [])
    return ", ".join(
        f"{name} {'failed' if build.failure else 'built'} in {build.seconds:.1f} s" for name, build in sides
    )


def _table(found: Comparison) -> Iterator[str]:
    before, after = found.before, found.after
    rows = [("", "before", "after", "change")]
    rows += [_size_row("size", before.bytes, after.bytes), _size_row("visible", before.visible, after.visible)]
    rows += [_size_row("hidden", before.hidden_bytes, after.hidden_bytes)]
    rows += [
        _count_row("layers", len(before.layers), len(after.layers)),
        _count_row("files", before.files, after.files),
    ]
    for manager in sorted(before.packages.keys() | after.packages.keys()):
        rows.append(_count_row(f"{manager} packages", before.packages.get(manager, 0), after.packages.get(manager, 0)))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for name, *cells in rows:
        yield f"{name:<{widths[0]}}  " + "  ".join(
            f"{cell:>{width}}" for cell, width in zip(cells, widths[1:], strict=True)
        )


def _size_row(name: str, before: int, after: int) -> tuple[str, str, str, str]:
    change = size(after - before) if after != before else "0 B"
    return name, size(before), size(after), f"+{change}" if after > before else change


def _count_row(name: str, before: int, after: int) -> tuple[str, str, str, str]:
    return name, f"{before:,}", f"{after:,}", f"{after - before:+,}" if after != before else "0"


def _bars(found: Comparison) -> Iterator[str]:
    """A bar a side, as long as its size: what a container sees, and what is hidden below."""
    longest = max(found.before.bytes, found.after.bytes, 1)
    for name, side in (("before", found.before), ("after", found.after)):
        whole = round(_BAR * side.bytes / longest)
        hidden = min(whole, -(-_BAR * side.hidden_bytes // longest))
        bar = "█" * (whole - hidden) + "░" * hidden
        yield f"{name:<6}  {bar:<{_BAR}}  {_bar_text(side)}"


def _bar_text(side: Side) -> str:
    hidden = f", {size(side.hidden_bytes)} of it hidden" if side.hidden_bytes else ""
    return size(side.bytes) + hidden


def _changes(found: Verification) -> Iterator[str]:
    if not found.changes:
        return
    yield ""
    yield "changes:"
    for change, pair in _with_pairs(found):
        yield f"  {change.transform} ({change.level}, {change.proof}): {change.title}"
        if pair is not None:
            yield f"    {verdict(pair)}"
            yield from (f"  {line}" for line in _failures(pair)[1:])


def _with_pairs(found: Verification) -> Iterator[tuple[Change, Pair | None]]:
    pairs: Sequence[Pair | None] = found.each or (None,) * len(found.changes)
    for index, change in enumerate(found.changes):
        yield change, pairs[index] if index < len(pairs) else None


def _smoke(smoke: Smoke | None) -> Iterator[str]:
    if smoke is None:
        return
    statuses = ["not in time" if ran.status is None else f"status {ran.status}" for ran in (smoke.before, smoke.after)]
    same = "same output" if smoke.before.output == smoke.after.output else "another output"
    yield ""
    yield f"smoke: {smoke.command}: {statuses[0]} before, {statuses[1]} after, {same}"
    if smoke.before.status != 0:
        yield "  it does not succeed before the change either, so it tests little; its output then:"
        yield from (f"  | {line}" for line in smoke.before.output.decode("utf-8", "replace").splitlines()[:5])


def _rerun(rerun: Rerun | None) -> Iterator[str]:
    if rerun is None:
        return
    for name, steps in (("before", rerun.before), ("after", rerun.after)):
        yield ""
        if isinstance(steps, Failure):
            yield f"after a change of {rerun.path}, {name} does not build: {steps.reason}"
            continue
        yield f"after a change of {rerun.path}, {name} runs {_again(steps)}"
        yield from (f"  {step.seconds or 0:6.1f} s  {step.text}" for step in steps)


def _again(steps: Sequence[StepRun]) -> str:
    count = f"{len(steps)} step" + ("" if len(steps) == 1 else "s")
    return f"{count} again, {sum(step.seconds or 0 for step in steps):.1f} s"


def _differences(found: Listed[Difference]) -> Iterator[str]:
    if not found.total:
        return
    yield ""
    yield f"different ({found.total:,}):"
    yield from (f"  {difference_line(row)}" for row in found.rows[:_MOST])
    if found.total > _MOST:
        kinds = Counter(row.kind.value for row in found.rows)
        yield f"  ... {found.total - _MOST:,} more ({', '.join(f'{kind}: {n:,}' for kind, n in kinds.items())})"


def _ignored(found: Comparison) -> Iterator[str]:
    if not found.ignored:
        return
    yield ""
    yield "ignored:"
    for ignored in found.ignored:
        yield f"  {ignored.rule.name} ({ignored.differences.total:,}): {ignored.rule.reason}"
        examples = ", ".join(dict.fromkeys(row.where for row in ignored.differences.rows[:3]))
        yield f"    {examples}" + (", ..." if ignored.differences.total > 3 else "")


def _unread(found: Comparison) -> Iterator[str]:
    sentences = dict.fromkeys((*found.before.unread, *found.after.unread))
    if sentences:
        yield ""
        yield from (f"packages not known: {sentence}" for sentence in sentences)


def _failures(pair: Pair) -> list[str]:
    lines: list[str] = []
    for name, build in (("before", pair.before), ("after", pair.after)):
        if build and build.failure:
            lines += ["", *_failure(name, build)]
    return lines


def _failure(name: str, build: Build) -> Iterator[str]:
    failure = build.failure
    if failure:
        yield f"{name}: {failure.step + ': ' if failure.step else ''}{failure.reason}"
        yield from (f"  | {line}" for line in failure.lines)
