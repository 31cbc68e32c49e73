"""What is told of a run: lines for a person, a document for programs, and the exit status."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from ...session import FAILED, NOTHING
from ...terminal import printable
from ..report import Done, Report
from .escaping import as_unicode
from .words import counted

VERSION = 1
# What is counted, in this order, and how it is called; the first ones are told without being asked.
_TOLD: Mapping[str, str] = {
    "opened": "opened",
    "updated": "updated",
    "closed": "closed",
    "reviewed": "reviewed",
    "deleted": "branch deleted",
}
_QUIET: Mapping[str, str] = {"left": "left alone", "held": "held back"}
_NO_WIDTH = "\N{ZERO WIDTH SPACE}"


def text(reports: Sequence[Report], verbose: bool = False, *, bodies: bool = False) -> str:
    """A line for each thing that was done, and one for all; empty where there is no repository.

    `verbose` also tells what was held back or left alone; with it, or with `bodies`, bodies are printed in full.
    """
    lines = [line for report in reports for line in _lines(report, verbose=verbose, bodies=bodies or verbose)]
    return "".join(f"{line}\n" for line in [*lines, _summary(reports)]) if reports else ""


def document(reports: Sequence[Report]) -> bytes:
    """The document that docs/json-schema.md describes; JSON with a line end behind it."""
    content = {
        "version": VERSION,
        "repositories": [_object(report) for report in reports],
        "summary": {
            "repositories": len(reports),
            "failed": sum(bool(report.error) for report in reports),
            "skipped": sum(bool(report.skipped) for report in reports),
            "files": sum(report.files for report in reports),
            "changes": sum(report.changes for report in reports),
            "done": dict(sorted(_counts(reports).items())),
        },
    }
    return json.dumps(content, indent=2).encode() + b"\n"


def status(reports: Sequence[Report]) -> int:
    """The exit status: 2 if a repository failed."""
    return FAILED if any(report.error for report in reports) else NOTHING


def _lines(report: Report, *, verbose: bool, bodies: bool) -> Iterator[str]:
    name = _shown(report.repository)
    for one in report.done:
        if one.what not in _QUIET or verbose:
            yield f"{name}: {_done(one, report.sign)}"
        if one.body and bodies:
            # The spaces are there for platforms, and a terminal shows them in one way or the other.
            yield from (
                f"    {_shown(line.expandtabs())}".rstrip() for line in one.body.replace(_NO_WIDTH, "").splitlines()
            )
    yield from (f"{name}: warning: {_shown(problem)}" for problem in report.problems)
    if report.skipped and verbose:
        yield f"{name}: skipped: {_shown(report.skipped)}"
    if report.error:
        later = " (the next run may have better luck)" if report.retry else ""
        yield f"{name}: error: {_shown(report.error)}{later}"


def _done(one: Done, sign: str) -> str:
    what = {**_TOLD, **_QUIET}.get(one.what, one.what)
    number = f"{sign}{one.number}" if one.number is not None else ""
    head = " ".join(_shown(part) for part in (what, one.group, number) if part)
    url = f" ({_shown(one.url)})" if one.url else ""
    return ": ".join([head, *(_shown(part) for part in (one.title, one.reason) if part)]) + url


def _summary(reports: Sequence[Report]) -> str:
    counts = _counts(reports)
    failed = sum(bool(report.error) for report in reports)
    skipped = sum(bool(report.skipped) for report in reports)
    several = "repository" if len(reports) == 1 else "repositories"
    parts = [f"{len(reports):,} {several}"]
    parts += [f"{counts[what]:,} {words}" for what, words in {**_TOLD, **_QUIET}.items() if counts[what]]
    parts += [f"{skipped:,} skipped"] if skipped else []
    parts += [f"{failed:,} failed"] if failed else []
    changes, files = sum(report.changes for report in reports), sum(report.files for report in reports)
    parts += [counted(changes, "change"), f"{counted(files, 'Dockerfile')} looked at"]
    return "; ".join(parts)


def _counts(reports: Sequence[Report]) -> Counter[str]:
    return Counter(one.what for report in reports for one in report.done)


def _object(report: Report) -> Mapping[str, object]:
    return {
        "repository": as_unicode(report.repository),
        "skipped": as_unicode(report.skipped),
        "error": as_unicode(report.error),
        "retry": report.retry,
        "problems": [as_unicode(problem) for problem in report.problems],
        "files": report.files,
        "changes": report.changes,
        "seconds": round(report.seconds, 3),
        "done": [
            {key: as_unicode(value) if isinstance(value, str) else value for key, value in one._asdict().items()}
            for one in report.done
        ],
    }


def _shown(text: str) -> str:
    return printable(as_unicode(text))
