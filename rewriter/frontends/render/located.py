"""Where each change stands in the files as they were read, and which can be made there on their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ...engine.change import Change, Outcome, Step
from ...syntax.edit import Edit, shifted
from .trail import Trail

Edits = Mapping[str, tuple[Edit, ...]]


class Located(NamedTuple):
    """A change, from where to where it reaches in the original of its file, and its edits there.

    `edits` are None where the instructions that the change is about were changed by an earlier one, or are not there
    yet.
    """

    change: Change
    start: int
    end: int
    edits: Edits | None


def located(outcome: Outcome) -> list[Located]:
    """The changes of an outcome, in the order in which they apply."""
    trails = {path: Trail(text) for path, text in outcome.originals.items()}
    found: list[Located] = []
    for step, before in outcome.replay():
        found.append(_located(step, before, trails))
        for path, edits in step.edits.items():
            trails.setdefault(path, Trail(b"")).follow(edits)
    return found


def _located(step: Step, before: Mapping[str, bytes], trails: Mapping[str, Trail]) -> Located:
    change = step.change
    trail, edits = trails.get(change.path), step.edits.get(change.path, ())
    if trail is None or not edits:
        return Located(change, 0, 0, None)
    first = min(step.at, *(edit.start for edit in edits))
    last = max(first, *(edit.end for edit in edits))
    own = {path: _in_original(step, path, before, trails) for path in step.edits}
    known = {path: edits for path, edits in own.items() if edits is not None}
    start = trail.origin(first)
    return Located(change, start, max(start, trail.origin(last)), known if len(known) == len(own) else None)


def _in_original(
    step: Step, path: str, before: Mapping[str, bytes], trails: Mapping[str, Trail]
) -> tuple[Edit, ...] | None:
    """The same edits in offsets of the original, if all of the instructions that they are about stands there, too."""
    if path not in trails:
        return None
    edits = step.edits[path]
    first, last = min(edit.start for edit in edits), max(edit.end for edit in edits)
    if path == step.change.path and step.change.was:
        size = len(step.change.was)
        start = before[path].find(step.change.was, max(0, last - size), first + size)
        first, last = min(first, start), max(last, start + size)
    moved = trails[path].untouched(first, last) if first >= 0 else None
    return None if moved is None else shifted(edits, -moved)
