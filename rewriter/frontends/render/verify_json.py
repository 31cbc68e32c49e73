"""A verification as JSON, version 1 (docs/json-schema.md)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TypedDict

from ...engine.change import Outcome
from ...verify.engines.recipe import Failure, Ran, StepRun
from ...verify.images.comparison import Comparison, Difference, Listed, Side
from ...verify.verification import Build, Pair, Verification
from ..terminal import encoded
from .json import ChangeObject, change_objects
from .trail import lines
from .verify_measured import MeasuredObject, measured_object
from .verify_text import verdict

VERSION = 1


class FailureObject(TypedDict):
    """Why a build failed: the step (empty where no one step is to blame), the reason, what it printed last."""

    step: str
    reason: str
    lines: list[str]


class BuildObject(TypedDict):
    """A build."""

    seconds: float
    failure: FailureObject | None


class LayerObject(TypedDict):
    """A layer; bytes of its files, and how many of them a later layer hides."""

    created_by: str
    bytes: int
    entries: int
    hidden_bytes: int
    shared: bool


class HiddenObject(TypedDict):
    """A file that layer `layer` holds (from 0) and layer `gone_in` deleted or replaced."""

    path: str
    bytes: int
    layer: int
    gone_in: int
    how: str


class SideObject(TypedDict):
    """An image."""

    bytes: int
    visible_bytes: int
    hidden_bytes: int
    files: int
    layers: list[LayerObject]
    hidden: list[HiddenObject]
    hidden_total: int
    packages: Mapping[str, int]
    packages_unknown: list[str]


class DifferenceObject(TypedDict):
    """One difference; null where there is nothing on that side."""

    kind: str
    where: str
    what: str
    before: str | None
    after: str | None


class IgnoredObject(TypedDict):
    """Differences that do not count, and why."""

    name: str
    reason: str
    total: int
    differences: list[DifferenceObject]


class ComparisonObject(TypedDict):
    """Two images; lists may be shorter than their totals."""

    before: SideObject
    after: SideObject
    total: int
    differences: list[DifferenceObject]
    ignored: list[IgnoredObject]


class PairObject(TypedDict):
    """Two builds."""

    verdict: str
    summary: str
    before: BuildObject
    after: BuildObject | None
    comparison: ComparisonObject | None


class StepObject(TypedDict):
    """A step that ran again."""

    step: str
    seconds: float


class RerunObject(TypedDict):
    """What a change of a file of the context makes run again; a failure where that build failed."""

    path: str
    before: list[StepObject] | FailureObject
    after: list[StepObject] | FailureObject


class RanObject(TypedDict):
    """A command in an image; the status is null where it did not end in time."""

    status: int | None
    output: str


class SmokeObject(TypedDict):
    """A command that ran in both images."""

    command: str
    before: RanObject
    after: RanObject


class VerifiedChange(ChangeObject):
    """A change, with its own pair of builds where each was verified."""

    pair: PairObject | None


class Document(TypedDict):
    """The whole."""

    version: int
    path: str
    engine: str
    pair: PairObject
    changes: list[VerifiedChange]
    smoke: SmokeObject | None
    rebuild: RerunObject | None
    reports: list[MeasuredObject]


def document(found: Verification, outcome: Outcome | None) -> bytes:
    """The document."""
    whole: Document = {
        "version": VERSION,
        "path": _clean(found.path),
        "engine": found.engine,
        "pair": _pair(found.whole),
        "changes": _changes(found, outcome),
        "smoke": None,
        "rebuild": None,
        "reports": [measured_object(one) for one in found.measured],
    }
    if smoke := found.smoke:
        whole["smoke"] = {"command": smoke.command, "before": _ran(smoke.before), "after": _ran(smoke.after)}
    if rerun := found.rerun:
        whole["rebuild"] = {"path": rerun.path, "before": _steps(rerun.before), "after": _steps(rerun.after)}
    return json.dumps(whole, indent=2).encode() + b"\n"


def _changes(found: Verification, outcome: Outcome | None) -> list[VerifiedChange]:
    objects: list[VerifiedChange] = []
    told = change_objects(outcome, lines(outcome)) if outcome else []
    for index, (change, row) in enumerate(zip(found.changes, told, strict=True)):
        pair = _pair(found.each[index]) if index < len(found.each) else None
        objects.append({**row, "proof": str(change.proof), "pair": pair})
    return objects


def _pair(pair: Pair) -> PairObject:
    return {
        "verdict": pair.verdict.value,
        "summary": _clean(verdict(pair)),
        "before": _build(pair.before),
        "after": _build(pair.after) if pair.after else None,
        "comparison": _comparison(pair.comparison) if pair.comparison else None,
    }


def _build(build: Build) -> BuildObject:
    return {"seconds": round(build.seconds, 3), "failure": _failure(build.failure) if build.failure else None}


def _failure(failure: Failure) -> FailureObject:
    return {"step": failure.step, "reason": failure.reason, "lines": list(failure.lines)}


def _comparison(found: Comparison) -> ComparisonObject:
    return {
        "before": _side(found.before),
        "after": _side(found.after),
        "total": found.differences.total,
        "differences": _differences(found.differences),
        "ignored": [
            {
                "name": ignored.rule.name,
                "reason": ignored.rule.reason,
                "total": ignored.differences.total,
                "differences": _differences(ignored.differences),
            }
            for ignored in found.ignored
        ],
    }


def _side(side: Side) -> SideObject:
    return {
        "bytes": side.bytes,
        "visible_bytes": side.visible,
        "hidden_bytes": side.hidden_bytes,
        "files": side.files,
        "layers": [
            {
                "created_by": layer.created_by,
                "bytes": layer.bytes,
                "entries": layer.entries,
                "hidden_bytes": layer.hidden,
                "shared": layer.is_shared,
            }
            for layer in side.layers
        ],
        "hidden": [
            {
                "path": "/" + row.path.decode("utf-8", "replace"),
                "bytes": row.size,
                "layer": row.layer,
                "gone_in": row.gone_in,
                "how": row.how,
            }
            for row in side.hidden.rows
        ],
        "hidden_total": side.hidden.total,
        "packages": side.packages,
        "packages_unknown": list(side.unread),
    }


def _differences(listed: Listed[Difference]) -> list[DifferenceObject]:
    return [
        {
            "kind": str(row.kind),
            "where": _clean(row.where),
            "what": row.what,
            "before": _clean(row.before) or None,
            "after": _clean(row.after) or None,
        }
        for row in listed.rows
    ]


def _steps(steps: tuple[StepRun, ...] | Failure) -> list[StepObject] | FailureObject:
    if isinstance(steps, Failure):
        return _failure(steps)
    return [{"step": step.text, "seconds": round(step.seconds or 0.0, 3)} for step in steps]


def _ran(ran: Ran) -> RanObject:
    return {"status": ran.status, "output": ran.output.decode("utf-8", "replace")}


def _clean(text: str) -> str:
    """JSON is Unicode; bytes of paths that are not UTF-8 become U+FFFD."""
    return encoded(text).decode("utf-8", "replace")
