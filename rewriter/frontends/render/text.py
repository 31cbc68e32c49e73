"""Lines for a person: one a change, one a place left alone, and what it comes to."""

from collections import Counter
from typing import NamedTuple

from ...engine.change import Change, Outcome, Problem, Skip
from ...engine.findings import Finding, Severity
from ...syntax.edit import line_of
from ..terminal import Painter, encoded, printable
from .trail import lines


class Tally(NamedTuple):
    """What a run came to."""

    files: int = 0
    failed: int = 0
    changed: int = 0
    changes: int = 0
    held_back: tuple[tuple[str, int], ...] = ()
    skipped: int = 0
    errors: int = 0
    warnings: int = 0
    found_errors: int = 0
    found_warnings: int = 0
    known: int = 0

    def plus(self, outcome: Outcome) -> "Tally":
        """With the outcome for one more file."""
        levels = Counter(dict(self.held_back)) + Counter(str(change.level) for change in outcome.held_back)
        return Tally(
            self.files + 1,
            self.failed + bool(outcome.errors),
            self.changed + bool(outcome.steps),
            self.changes + len(outcome.steps),
            tuple(sorted(levels.items())),
            self.skipped + len(outcome.skipped),
            self.errors + len(outcome.errors),
            self.warnings + sum(skip.warns for skip in outcome.skipped),
            self.found_errors + sum(one.severity is Severity.ERROR for one in outcome.findings),
            self.found_warnings + sum(one.severity is Severity.WARNING for one in outcome.findings),
            self.known + len(outcome.known),
        )

    def joined(self, other: "Tally") -> "Tally":
        """That of both."""
        levels = Counter(dict(self.held_back)) + Counter(dict(other.held_back))
        return Tally(
            self.files + other.files,
            self.failed + other.failed,
            self.changed + other.changed,
            self.changes + other.changes,
            tuple(sorted(levels.items())),
            self.skipped + other.skipped,
            self.errors + other.errors,
            self.warnings + other.warnings,
            self.found_errors + other.found_errors,
            self.found_warnings + other.found_warnings,
            self.known + other.known,
        )


def change_lines(outcome: Outcome, painter: Painter) -> bytes:
    """`path:line: transform (level, proof): title` for each change, by line."""
    found = zip(lines(outcome).steps, outcome.steps, strict=True)
    rows = sorted(((line, step.change) for line, step in found), key=lambda row: (row[1].path, row[0]))
    return b"".join(_place(change.path, line, painter) + encoded(f"{_change(change)}\n") for line, change in rows)


def detail_lines(outcome: Outcome, *, verbose: bool = True) -> list[str]:
    """What was held back, left alone and found, by line; only warnings and errors among that if not `verbose`."""
    where = lines(outcome)
    rows = [
        (change.path, line, f"held back: {_change(change)}")
        for line, change in zip(where.held_back, outcome.held_back, strict=True)
        if verbose
    ]
    rows += [
        (skip.path, line, _skip(skip))
        for line, skip in zip(where.skipped, outcome.skipped, strict=True)
        if verbose or skip.warns
    ]
    rows += [
        (finding.path, line, f"{finding.severity}: {finding.report}: {printable(finding.message)}")
        for line, finding in zip(where.findings, outcome.findings, strict=True)
        if is_shown(finding, verbose=verbose)
    ]
    return [f"{printable(path)}:{line}: {text}" for path, line, text in sorted(rows, key=lambda row: row[:2])]


def is_shown(finding: Finding, *, verbose: bool) -> bool:
    """Whether a person is told of the finding."""
    return verbose or finding.severity is not Severity.INFO


def problem_line(problem: Problem, outcome: Outcome | None = None) -> str:
    """`path:line: error: message`."""
    line = problem_line_number(problem, outcome)
    place = printable(problem.path) + (f":{line}" if line else "")
    return f"{place}: error: {printable(problem.message)}"


def problem_line_number(problem: Problem, outcome: Outcome | None) -> int | None:
    """The line of the original; None for what concerns the file as a whole."""
    if problem.at is None or outcome is None:
        return None
    return line_of(outcome.originals.get(problem.path, b""), problem.at)


def summary(tally: Tally, *, made: bool, verbose: bool) -> str:
    """One line about the whole run."""
    parts: list[str] = []
    if tally.changes:
        done = " made" if made else ""
        parts.append(f"{_count(tally.changes, 'change')}{done} ({_count(tally.changed, 'file')})")
    elif tally.files > tally.failed:
        parts.append(f"nothing to do ({_count(tally.files - tally.failed, 'file')})")
    if tally.held_back:
        levels = ", ".join(f"{level}: {count}" for level, count in tally.held_back)
        parts.append(f"{sum(count for _, count in tally.held_back)} held back ({levels})")
    if tally.known:
        parts.append(f"{tally.known} in the baseline")
    if left_alone := tally.skipped - tally.warnings:
        parts.append(f"{_count(left_alone, 'place')} left alone" + ("" if verbose else " (-v names them)"))
    if warnings := tally.warnings + tally.found_warnings:
        parts.append(_count(warnings, "warning"))
    if errors := tally.errors + tally.found_errors:
        parts.append(_count(errors, "error"))
    return "; ".join(parts)


def _place(path: str, line: int, painter: Painter) -> bytes:
    return painter.paint(encoded(f"{printable(path)}:{line}:"), "bold") + b" "


def _change(change: Change) -> str:
    return f"{change.transform} ({change.level}, {change.proof}): {printable(change.title)}"


def _skip(skip: Skip) -> str:
    name = f"{skip.transform}: " if skip.transform else ""
    return f"{'warning' if skip.warns else 'left alone'}: {name}{printable(skip.reason)}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
