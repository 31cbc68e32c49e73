"""The outcome of a run as JSON, version 1 (docs/json-schema.md)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NotRequired, TypedDict

from ...engine.change import Change, Outcome, Problem, Skip
from ...engine.findings import Finding
from ..terminal import encoded
from .diff import edits_diff, step_diffs
from .run import Run
from .text import problem_line_number
from .trail import Lines, lines

if TYPE_CHECKING:
    from ..stats import Stats

VERSION = 1


class ChangeObject(TypedDict):
    """A change that is proposed, made or held back."""

    transform: str
    level: str
    proof: str
    title: str
    why: str
    line: int
    diff: str
    diff_base64: NotRequired[str]


class SkipObject(TypedDict):
    """A place left alone; `warning` is there, and true, where everyone is told."""

    transform: str
    line: int
    reason: str
    warning: NotRequired[bool]


class HiddenPathObject(TypedDict):
    """A file, or a folder with all that is in it; bytes are null where they are not known."""

    path: str
    bytes: int | None
    secret: bool


class HiddenObject(TypedDict):
    """What the layer of one instruction holds that another one hides; lines as everywhere."""

    how: str
    stored_line: int
    hidden_line: int
    bytes: int | None
    paths: list[HiddenPathObject]


class LayersObject(TypedDict):
    """The layers that the file makes, and those of its base, null where they are not known."""

    layers: int
    base: str
    base_layers: int | None


class FindingObject(TypedDict):
    """What a report says; one of `hidden` and `layers` where the report is one of ours."""

    report: str
    severity: str
    line: int
    message: str
    hidden: NotRequired[HiddenObject]
    layers: NotRequired[LayersObject]


class ErrorObject(TypedDict):
    """What went wrong; the line is null where it concerns a file as a whole."""

    path: str
    line: int | None
    message: str


class FileObject(TypedDict):
    """One Dockerfile."""

    path: str
    written: bool
    changes: list[ChangeObject]
    held_back: list[ChangeObject]
    skipped: list[SkipObject]
    findings: list[FindingObject]
    errors: list[ErrorObject]


class TransformStats(TypedDict):
    """How many changes one transform has at one level, in how many files."""

    transform: str
    level: str
    changes: int
    files: int


class LayersStats(TypedDict):
    """The layers that the files of all changes make, before and after."""

    before: int
    after: int


class StatsObject(TypedDict):
    """A run in numbers."""

    seconds: float
    files: int
    hidden_bytes: int
    layers: LayersStats
    changes: list[TransformStats]


def file_object(path: str, outcome: Outcome, *, written: bool) -> FileObject:
    """What there is to say about one Dockerfile."""
    where = lines(outcome)
    return {
        "path": _clean(path),
        "written": written,
        "changes": change_objects(outcome, where),
        "held_back": [
            _change(change, line, edits_diff(change.edits, outcome.files))
            for line, change in zip(where.held_back, outcome.held_back, strict=True)
        ],
        "skipped": [_skip(skip, line) for line, skip in zip(where.skipped, outcome.skipped, strict=True)],
        "findings": finding_objects(outcome, where),
        "errors": error_objects(outcome.errors, outcome),
    }


def change_objects(outcome: Outcome, where: Lines) -> list[ChangeObject]:
    """The changes, in the order in which they apply; `where` are the outcome's lines."""
    rows = zip(where.steps, step_diffs(outcome), strict=True)
    return [_change(change, line, diff) for line, (change, diff) in rows]


def finding_objects(outcome: Outcome, where: Lines) -> list[FindingObject]:
    """What the reports say, with lines in place of offsets; `where` are the outcome's lines."""
    rows = zip(where.findings, where.also, outcome.findings, strict=True)
    return [_finding(finding, line, also) for line, also, finding in rows]


def error_objects(problems: Iterable[Problem], outcome: Outcome | None = None) -> list[ErrorObject]:
    """Errors with lines in place of offsets."""
    return [
        {
            "path": _clean(problem.path),
            "line": problem_line_number(problem, outcome),
            "message": _clean(problem.message),
        }
        for problem in problems
    ]


def document(run: Run) -> bytes:
    """The whole document."""
    import json

    tally = run.tally
    content: dict[str, object] = {
        "version": VERSION,
        "files": [file_object(looked.path, looked.outcome, written=looked.written) for looked in run.files],
        "errors": error_objects(run.errors),
        "summary": {
            "files": tally.files,
            "changed": tally.changed,
            "failed": tally.failed,
            "changes": tally.changes,
            "held_back": dict(tally.held_back),
            "skipped": tally.skipped,
            "findings": {"error": tally.found_errors, "warning": tally.found_warnings},
            "errors": tally.errors,
            "baseline": tally.known,
        },
    }
    if run.stats is not None:
        content["stats"] = stats_object(run.stats)
    return json.dumps(content, indent=2).encode() + b"\n"


def stats_object(stats: Stats) -> StatsObject:
    """What a run comes to in numbers."""
    return {
        "seconds": round(stats.seconds, 3),
        "files": stats.files,
        "hidden_bytes": stats.hidden_bytes,
        "layers": {"before": stats.layers_before, "after": stats.layers_after},
        "changes": [
            {"transform": name, "level": level, "changes": count, "files": files}
            for (name, level), (count, files) in sorted(stats.by_transform.items())
        ],
    }


def _change(change: Change, line: int, diff: bytes) -> ChangeObject:
    result: ChangeObject = {
        "transform": change.transform,
        "level": str(change.level),
        "proof": str(change.proof),
        "title": _clean(change.title),
        "why": _clean(change.why),
        "line": line,
        "diff": _text(diff),
    }
    if result["diff"].encode() != diff:
        from base64 import b64encode

        result["diff_base64"] = b64encode(diff).decode()
    return result


def _skip(skip: Skip, line: int) -> SkipObject:
    result: SkipObject = {"transform": skip.transform, "line": line, "reason": _clean(skip.reason)}
    return {**result, "warning": True} if skip.warns else result


def _finding(finding: Finding, line: int, also: Sequence[int]) -> FindingObject:
    from ...model.files.hidden import Hidden
    from ...model.layer_budget import LayerCount

    result: FindingObject = {
        "report": finding.report,
        "severity": str(finding.severity),
        "line": line,
        "message": _clean(finding.message),
    }
    about = finding.about
    if isinstance(about, Hidden):
        paths: list[HiddenPathObject] = [
            {"path": _text(path.path), "bytes": path.bytes, "secret": path.is_secret} for path in about.paths
        ]
        result["hidden"] = {
            "how": about.how.value,
            "stored_line": line,
            "hidden_line": also[0],
            "bytes": about.bytes,
            "paths": paths,
        }
    elif isinstance(about, LayerCount):
        result["layers"] = {"layers": about.layers, "base": _clean(about.base), "base_layers": about.of_base}
    return result


def _text(text: bytes) -> str:
    """JSON is Unicode; what is not UTF-8 becomes U+FFFD."""
    return text.decode("utf-8", "replace")


def _clean(text: str) -> str:
    return _text(encoded(text))
