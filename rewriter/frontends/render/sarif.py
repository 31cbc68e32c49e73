"""SARIF 2.1.0, the OASIS standard for what static analysis finds: one run, a result a change or finding.

Regions are those of section 3.30, in UTF-16 code units (3.14.27); a fix (3.55) is about the file as it was read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from ...syntax.edit import Edit
from .columns import Columns, Point
from .notices import UNREADABLE, Grade, Notice, by_file, clean
from .run import Looked, Run
from .sarif_form import (
    ArtifactChange,
    ArtifactLocation,
    Content,
    Document,
    Fix,
    Invocation,
    Location,
    Notification,
    Region,
    Result,
    ResultProperties,
)
from .sarif_rules import rules

_LEVELS = {Grade.NOTE: "note", Grade.WARNING: "warning", Grade.ERROR: "error"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
MADE, DEPENDS = "made", "depends on changes before it, or makes a file"
"""Why a result of a change has no fix: the property `fix`."""


def document(run: Run) -> bytes:
    """The whole document."""
    told = list(by_file(run))
    described = rules(run.known)
    index = {rule["id"]: at for at, rule in enumerate(described)}
    by_path = {looked.path: looked for looked in run.files}
    results = [
        _result(notice, index, by_path.get(path)) for path, mine in told for notice in mine if notice.rule != UNREADABLE
    ]
    errors = [notice for _, mine in told for notice in mine if notice.rule == UNREADABLE]
    content: Document = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "dockfix", "version": _version(), "rules": described}},
                "invocations": [_invocation(errors)],
                "columnKind": "utf16CodeUnits",
                "results": results,
            }
        ],
    }
    return json.dumps(content, indent=2).encode() + b"\n"


def _version() -> str:
    from importlib.metadata import version

    return version("dockfix")


def _invocation(errors: Iterable[Notice]) -> Invocation:
    """A run in which some file could not be read has failed, although the others were done."""
    told: list[Notification] = [
        {"level": "error", "message": {"text": notice.text}, "locations": [_location(notice)]} for notice in errors
    ]
    return {"executionSuccessful": not told, "toolExecutionNotifications": told}


def _result(notice: Notice, index: dict[str, int], looked: Looked | None) -> Result:
    result: Result = {
        "ruleId": notice.rule,
        "ruleIndex": index[notice.rule],
        "level": _LEVELS[notice.grade],
        "message": {"text": notice.text},
        "locations": [_location(notice)],
        "partialFingerprints": {"dockfix/v1": notice.fingerprint},
    }
    if notice.level is None:
        return result
    properties: ResultProperties = {"level": str(notice.level), "proof": str(notice.proof)}
    if looked is not None and not looked.written and notice.edits is not None:
        result["fixes"] = [_fix(notice, looked)]
    else:
        properties["fix"] = MADE if looked is not None and looked.written else DEPENDS
    result["properties"] = properties
    return result


def _location(notice: Notice) -> Location:
    place: Location = {"physicalLocation": {"artifactLocation": _artifact(notice.path)}}
    if notice.region is not None:
        place["physicalLocation"]["region"] = _region(notice.region.start, notice.region.end)
    return place


def _artifact(path: str) -> ArtifactLocation:
    if path.startswith("/"):
        return {"uri": f"file://{quote(path)}"}
    return {"uri": quote(path), "uriBaseId": "%SRCROOT%"}


def _region(start: Point, end: Point) -> Region:
    if start == end:
        return {"startLine": start.line, "startColumn": start.column}
    return {"startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column}


def _fix(notice: Notice, looked: Looked) -> Fix:
    originals = looked.outcome.originals
    edits = notice.edits or {}
    changes = [_artifact_change(path, edits[path], originals[path]) for path in sorted(edits)]
    return {"description": {"text": notice.text}, "artifactChanges": changes}


def _artifact_change(path: str, edits: Sequence[Edit], text: bytes) -> ArtifactChange:
    columns = Columns(text)
    return {
        "artifactLocation": _artifact(clean(path)),
        "replacements": [
            {
                # An insertion is told by an end that is the start: without one, a region reaches to the line's end.
                "deletedRegion": _whole(columns.point(edit.start), columns.point(edit.end)),
                "insertedContent": _content(edit.new),
            }
            for edit in edits
        ],
    }


def _whole(start: Point, end: Point) -> Region:
    return {"startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column}


def _content(text: bytes) -> Content:
    try:
        return {"text": text.decode()}
    except UnicodeDecodeError:
        from base64 import b64encode

        return {"binary": b64encode(text).decode()}
