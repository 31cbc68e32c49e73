"""Diffs: one for each change, or one for each file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...engine.change import Change, Outcome
from ...syntax.edit import Edit, Place, unified_diff
from ..terminal import Painter, encoded, printable
from .trail import Trail


def heading(change: Change) -> bytes:
    """What the change is, in lines that `git apply` and `patch` pass over."""
    text = f"# {change.transform} ({change.level}, {change.proof}): {printable(change.title)}\n"
    if change.why:
        text += f"# {printable(change.why)}\n"
    return encoded(text)


def edits_diff(edits: Mapping[str, tuple[Edit, ...]], before: Mapping[str, bytes]) -> bytes:
    """The diff of one change against the texts that its edits are about."""
    return b"".join(unified_diff(path, before.get(path, b""), edits[path]) for path in sorted(edits))


def step_diffs(outcome: Outcome) -> Iterator[tuple[Change, bytes]]:
    """Each change with its diff, in the order in which they apply."""
    known: dict[str, Place] = {}
    for step, before in outcome.replay():
        parts = []
        for path, edits in sorted(step.edits.items()):
            text = before.get(path, b"")
            place = known.get(path, Place())
            # Edits from here on leave the lines before as they are, so the next step may count on.
            start = text.rfind(b"\n", 0, min(edits).start) + 1
            known[path] = Place(start, place.line_of(text, start))
            parts.append(unified_diff(path, text, edits, known=place))
        yield step.change, b"".join(parts)


def net_diff(outcome: Outcome) -> bytes:
    """One diff a file, from first to last."""
    paths = sorted({*outcome.originals, *(path for step in outcome.steps for path in step.edits)})
    return b"".join(unified_diff(path, outcome.originals.get(path, b""), net_edits(outcome, path)) for path in paths)


def net_edits(outcome: Outcome, path: str) -> tuple[Edit, ...]:
    """The edits that make the new text of a file from its original."""
    trail = Trail(outcome.originals.get(path, b""))
    for step in outcome.steps:
        trail.follow(step.edits.get(path, ()))
    return tuple(trail.net())


def painted(diff: bytes, painter: Painter) -> bytes:
    """The diff in the colours that git gives it."""
    if not painter.on:
        return diff
    return b"".join(_painted_line(line, painter) for line in diff.splitlines(keepends=True))


def _painted_line(line: bytes, painter: Painter) -> bytes:
    text = line.rstrip(b"\r\n")
    end = line[len(text) :]
    if text.startswith((b"--- ", b"+++ ")):
        return painter.paint(text, "bold") + end
    style = {b"-": "red", b"+": "green", b"@": "cyan", b"#": "yellow"}.get(text[:1])
    return (painter.paint(text, style) if style else text) + end
