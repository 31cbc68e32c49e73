"""Code actions: each fix, the safe ones all together, and what to do about a fix that nobody wants."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lsprotocol import types

from ...syntax.edit import Edit
from .diagnostics import SEVERITIES, diagnostic_of
from .messages import Analysis, Fix, Span
from .workspace_edits import Abilities, Versioned, workspace_edit

QUICK_FIX, REFACTORING, FIX_ALL = "quickfix", "refactor.rewrite", "source.fixAll.dockfix"
EXPLAIN = "dockfix.explain"


def asks_for(kind: str, wanted: Sequence[str] | None) -> bool:
    """Whether a client that wants these kinds (None: any) wants this one; a kind includes those below it."""
    return wanted is None or any(not one or kind == one or kind.startswith(one + ".") for one in wanted)


def asks_for_all(wanted: Sequence[str] | None) -> bool:
    """Whether it wants the fix of everything by name, as when a file is saved: then it is to be there at once."""
    return wanted is not None and asks_for(FIX_ALL, wanted)


def actions(
    of: Versioned, analysis: Analysis, span: Span, wanted: Sequence[str] | None, abilities: Abilities
) -> Iterator[types.CodeAction]:
    """What can be done about what is told, or stands, in the span."""
    met = [fix for fix in analysis.fixes if any(one.meets(span) for one in (fix.shown, *fix.spans))]
    for fix in met:
        action = _fix(of, fix, abilities)
        if action is not None and asks_for(_kind(fix), wanted):
            yield action
    if asks_for(QUICK_FIX, wanted):
        for fix in met:
            yield from _about(of, fix, abilities)
        yield from (_explain(note.code, None) for note in analysis.notes if note.code and note.shown.meets(span))


def _fix(of: Versioned, fix: Fix, abilities: Abilities) -> types.CodeAction | None:
    edit = workspace_edit(of, fix.edits, fix.beside, abilities)
    if edit is None:
        return None
    is_shown = fix.level in SEVERITIES
    return types.CodeAction(
        title=f"{fix.title[:1].upper()}{fix.title[1:]} ({fix.transform}, {fix.level})",
        kind=_kind(fix),
        diagnostics=[diagnostic_of(of, fix)] if is_shown else None,
        is_preferred=True if fix.level == "safe" else None,
        edit=edit,
    )


def _kind(fix: Fix) -> str:
    return QUICK_FIX if fix.level in SEVERITIES else REFACTORING


def _about(of: Versioned, fix: Fix, abilities: Abilities) -> Iterator[types.CodeAction]:
    diagnostic = [diagnostic_of(of, fix)] if fix.level in SEVERITIES else None
    if fix.edits:
        ending = b"\r\n" if b"\r\n" in of.document.data else b"\n"
        comment = Edit(fix.shown.start, fix.shown.start, b"# dockfix: ignore=" + fix.transform.encode() + ending)
        yield types.CodeAction(
            title=f"Ignore {fix.transform} here",
            kind=QUICK_FIX,
            diagnostics=diagnostic,
            edit=workspace_edit(of, [comment], (), abilities),
        )
    yield _explain(fix.transform, diagnostic)


def _explain(transform: str, diagnostic: list[types.Diagnostic] | None) -> types.CodeAction:
    title = f"Explain {transform}"
    command = types.Command(title, EXPLAIN, arguments=[transform])
    return types.CodeAction(title, kind=QUICK_FIX, diagnostics=diagnostic, command=command)


def fix_all(of: Versioned, edit: types.WorkspaceEdit | None) -> types.CodeAction:
    """The fix of everything that is safe; without an edit, that is asked for when somebody takes it."""
    return types.CodeAction(
        title="Apply all safe changes of dockfix",
        kind=FIX_ALL,
        edit=edit,
        data={"uri": of.uri, "version": of.version} if edit is None else None,
    )
