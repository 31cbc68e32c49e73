"""GitLab's Code Quality report: "Import code quality results from a CI/CD job" in GitLab's documentation.

An array of objects with `description`, `check_name`, `fingerprint`, `severity`, `location.path` and
`location.lines.begin`; severities are info, minor, major, critical and blocker.
"""

from __future__ import annotations

import json
from typing import TypedDict

from ...engine.change import Level
from .notices import UNREADABLE, Grade, Notice, notices
from .run import Run

# A change that is safe is an offer; what nobody could read hides everything else.
_BY_LEVEL = {Level.SAFE: "info", Level.REVIEW: "minor", Level.UNSAFE: "minor"}
_BY_GRADE = {Grade.NOTE: "info", Grade.WARNING: "major", Grade.ERROR: "critical"}


class Lines(TypedDict):
    """Where an issue begins."""

    begin: int


class Location(TypedDict):
    """The file from the root of the repository."""

    path: str
    lines: Lines


class Issue(TypedDict):
    """One row of the report."""

    description: str
    check_name: str
    fingerprint: str
    severity: str
    location: Location


def document(run: Run) -> bytes:
    """The whole report."""
    return json.dumps([_issue(notice) for notice in notices(run)], indent=2).encode() + b"\n"


def _issue(notice: Notice) -> Issue:
    return {
        "description": f"{notice.text} ({notice.level}, {notice.proof})" if notice.level else notice.text,
        "check_name": notice.rule,
        "fingerprint": notice.fingerprint,
        "severity": _severity(notice),
        "location": {
            # "The path relative to the repository, without `./` in front".
            "path": notice.path.removeprefix("./"),
            "lines": {"begin": notice.region.start.line if notice.region else 1},
        },
    }


def _severity(notice: Notice) -> str:
    if notice.rule == UNREADABLE:
        return "blocker"
    return _BY_LEVEL[notice.level] if notice.level else _BY_GRADE[notice.grade]
