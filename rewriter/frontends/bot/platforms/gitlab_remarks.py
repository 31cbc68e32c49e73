"""Remarks as GitLab's threads have them."""

from __future__ import annotations

from ..platform import Suggestion
from .gitlab_answers import Note, Refs, inert
from .remarks import fenced, shown

_LONGEST = 100
"""Lines below the one that a suggestion is at: https://docs.gitlab.com/user/project/merge_requests/reviews/suggestions/"""


Place = tuple[str, int | None]
"""A file and a line."""


def suggested(suggestion: Suggestion) -> str:
    """The text of a thread at the first line, with a block to be applied."""
    more = suggestion.last - suggestion.first
    harmless = suggestion._replace(message=inert(suggestion.message))
    if suggestion.text is None or more > _LONGEST:
        return shown(harmless)
    return f"{harmless.message}\n\n{fenced(suggestion.text, f'suggestion:-0+{more}')}"


def elsewhere(suggestion: Suggestion) -> str:
    """The text of a comment, where there can be no thread at the lines."""
    harmless = suggestion._replace(message=inert(suggestion.message))
    return f"`{suggestion.path}`, line {suggestion.first}: {shown(harmless)}"


def position_of(suggestion: Suggestion, refs: Refs) -> dict[str, str | int]:
    """https://docs.gitlab.com/api/discussions/#create-new-merge-request-thread"""
    return {
        "position_type": "text",
        "base_sha": refs["base_sha"],
        "start_sha": refs["start_sha"],
        "head_sha": refs["head_sha"],
        "old_path": suggestion.path,
        "new_path": suggestion.path,
        "new_line": suggestion.first,
    }


def place_of(note: Note) -> Place | None:
    """The file and line that a note is at."""
    position = note.get("position")
    return (position["new_path"], position["new_line"]) if position else None


def saying(text: str, at: Suggestion | None = None) -> set[tuple[Place | None, str]]:
    """What there is once a text is said, one way or the other."""
    if at is None:
        return {(None, text.strip())}
    return {((at.path, at.first), text.strip()), (None, elsewhere(at).strip())}
