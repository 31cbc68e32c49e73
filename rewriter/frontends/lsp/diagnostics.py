"""Fixes and notes as diagnostics."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types

from .messages import Analysis, Fix, Note
from .workspace_edits import Versioned, range_of

SOURCE = "dockfix"
# What is unsafe is no remark of ours: whoever wants it finds it among the refactorings.
SEVERITIES = {"safe": types.DiagnosticSeverity.Hint, "review": types.DiagnosticSeverity.Information}
_NOTES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "info": types.DiagnosticSeverity.Information,
}


def diagnostics(of: Versioned, analysis: Analysis) -> Iterator[types.Diagnostic]:
    """What is shown of an analysis of the document."""
    yield from (diagnostic_of(of, fix) for fix in analysis.fixes if fix.level in SEVERITIES)
    yield from (_told(of, note) for note in analysis.notes)


def diagnostic_of(of: Versioned, fix: Fix) -> types.Diagnostic:
    """The diagnostic of a change; it tells each instruction that the change touches besides the first."""
    return types.Diagnostic(
        range_of(of.document, fix.shown),
        message=f"{fix.title}\n{fix.why}" if fix.why else fix.title,
        severity=SEVERITIES.get(fix.level),
        code=fix.transform,
        code_description=types.CodeDescription(fix.page) if fix.page else None,
        source=SOURCE,
        related_information=list(_related(of, fix)) or None,
    )


def _related(of: Versioned, fix: Fix) -> Iterator[types.DiagnosticRelatedInformation]:
    for span in fix.spans:
        if not span.meets(fix.shown):
            location = types.Location(of.uri, range_of(of.document, span))
            yield types.DiagnosticRelatedInformation(location, "this is part of the change")


def _told(of: Versioned, note: Note) -> types.Diagnostic:
    return types.Diagnostic(
        range_of(of.document, note.shown),
        message=note.message,
        severity=_NOTES[note.severity],
        code=note.code or None,
        code_description=types.CodeDescription(note.page) if note.page else None,
        source=SOURCE,
    )
