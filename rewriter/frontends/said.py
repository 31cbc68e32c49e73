"""What a run prints of one file."""

from __future__ import annotations

import json
from typing import NamedTuple

from ..engine.change import Outcome
from .render.diff import heading, net_diff, painted, step_diffs
from .render.text import Tally, change_lines, detail_lines, is_shown, problem_line
from .request import Request, Show
from .terminal import Painter


class Said(NamedTuple):
    """`out` is for standard output, `err` are lines for standard error, `tally` is that of this file alone.

    `after` is what becomes of the text; None where it stays.
    """

    out: bytes
    err: tuple[str, ...]
    tally: Tally
    after: bytes | None

    def packed(self) -> bytes:
        """The same as a text."""
        after = self.after.decode("latin-1") if self.after is not None else None
        return json.dumps([self.out.decode("latin-1"), self.err, self.tally, after]).encode()

    @classmethod
    def unpacked(cls, text: bytes) -> Said:
        """What was packed."""
        out, err, tally, after = json.loads(text)
        told = Tally(*tally)
        told = told._replace(held_back=tuple((level, count) for level, count in told.held_back))
        return cls(out.encode("latin-1"), tuple(err), told, after.encode("latin-1") if after is not None else None)


def said_of(path: str, outcome: Outcome, request: Request, painter: Painter) -> Said:
    """What is said of the outcome for one file, in a run that prints no document."""
    tally = Tally().plus(outcome)
    after = outcome.files.get(path) if outcome.files.get(path) != outcome.originals.get(path) else None
    errors = [problem_line(problem, outcome) for problem in outcome.errors]
    told = any(is_shown(finding, verbose=request.verbose) for finding in outcome.findings)
    warns = any(skip.warns for skip in outcome.skipped)
    if not request.is_filter and (request.verbose or told or warns):
        errors += detail_lines(outcome, verbose=request.verbose)
    return Said(_out(path, outcome, request, painter), tuple(errors), tally, after)


def _out(path: str, outcome: Outcome, request: Request, painter: Painter) -> bytes:
    if request.prints_text:
        return outcome.files[path]
    if request.interactive:
        return b""
    match request.show:
        case Show.DIFF:
            return b"".join(painted(heading(change) + diff, painter) for change, diff in step_diffs(outcome))
        case Show.NET:
            return painted(net_diff(outcome), painter)
        case _:
            return change_lines(outcome, painter)
