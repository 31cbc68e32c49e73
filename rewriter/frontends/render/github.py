"""Workflow commands of GitHub Actions: annotations on the lines of a pull request.

Form and escapes: "Workflow commands for GitHub Actions" in GitHub's documentation, and `command.ts` of
actions/toolkit, which writes them: `%`, CR and LF everywhere, `:` and `,` besides in properties.
"""

from __future__ import annotations

from .notices import Grade, Notice, notices
from .run import Run

_COMMANDS = {Grade.NOTE: "notice", Grade.WARNING: "warning", Grade.ERROR: "error"}


def document(run: Run) -> bytes:
    """One command a line."""
    return "".join(f"{_command(notice)}\n" for notice in notices(run)).encode()


def _command(notice: Notice) -> str:
    properties = {"file": notice.path}
    if notice.region is not None:
        properties |= {"line": str(notice.region.start.line), "endLine": str(notice.region.last_line)}
    properties["title"] = f"dockfix: {notice.rule}" + (f" ({notice.level}, {notice.proof})" if notice.level else "")
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{_COMMANDS[notice.grade]} {listed}::{_data(notice.text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
