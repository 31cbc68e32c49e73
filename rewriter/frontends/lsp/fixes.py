"""Changes, findings and problems as an editor shows them: with the lines where they are told."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence

from ...engine.change import Change, Outcome, Problem
from ...engine.findings import Finding, Severity
from ...engine.validate import touched
from ...model.facts import Facts
from ...syntax.edit import apply
from .messages import Beside, Fix, Note, Span

PageOf = Callable[[str], str]
"""Gives the URI of a transform's manual page, by its name."""


def fix_of(facts: Facts, change: Change, page_of: PageOf) -> Fix:
    """A change of the Dockerfile."""
    edits = change.edits[facts.path]
    spans = tuple(_code(facts, index) for index in touched(facts, edits))
    return _fix(change, first_line(facts.source.text, change.at), page_of)._replace(spans=spans, edits=edits)


def beside_fixes(at: Span, outcome: Outcome, page_of: PageOf) -> Iterator[Fix]:
    """The changes of a file beside the Dockerfile, told at `at`; each brings those before it along."""
    for step, texts in outcome.replay():
        for path, edits in step.edits.items():
            after = apply(texts.get(path, b""), edits)
            beside = Beside(os.path.abspath(path), outcome.originals.get(path), after)
            yield _fix(step.change, at, page_of)._replace(beside=(beside,))


def _fix(change: Change, shown: Span, page_of: PageOf) -> Fix:
    level, proof = str(change.level), str(change.proof)
    page = page_of(change.transform)
    return Fix(change.transform, change.title, change.why, level, proof, shown, (shown,), (), (), page)


def notes_of(facts: Facts, problems: Sequence[Problem], findings: Sequence[Finding], page_of: PageOf) -> Iterator[Note]:
    """What is told and not changed."""
    text = facts.source.text
    for problem in problems:
        yield Note("", problem.message, "error", first_line(text, problem.at or 0), "")
    for finding in findings:
        if finding.severity < Severity.WARNING:
            continue  # As on the command line: whoever wants to know asks.
        place = first_line(text, finding.at)
        yield Note(finding.report, finding.message, str(finding.severity), place, page_of(finding.report))


def first_line(text: bytes, at: int) -> Span:
    """From an offset to the end of its line, without what ends it."""
    end = text.find(b"\n", at)
    end = len(text) if end < 0 else end
    return Span(at, max(at, end - text.endswith(b"\r", at, end)))


def _code(facts: Facts, index: int) -> Span:
    """The instruction, without the end of its last line."""
    node = facts.instructions[index].node
    text = facts.source.text[node.start : node.end]
    return Span(node.start, node.start + len(text.rstrip(b"\r\n")))
