"""The documents that a run can be printed as: each is loaded where it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .render.run import Run

FORMATS = ("text", "json", "sarif", "github", "gitlab", "markdown", "junit")
"""What `--format` takes; the first one is no document."""


def renderer(form: str) -> Callable[[Run], bytes]:
    """What makes a document of a run; `form` is one of the formats but `text`."""
    match form:
        case "json":
            from .render.json import document
        case "sarif":
            from .render.sarif import document
        case "github":
            from .render.github import document
        case "gitlab":
            from .render.gitlab import document
        case "markdown":
            from .render.markdown import document
        case _:
            from .render.junit import document
    return document
