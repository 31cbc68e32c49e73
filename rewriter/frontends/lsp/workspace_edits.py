"""Edits of byte offsets as edits of an editor's documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from lsprotocol import types

from ...syntax.edit import Edit
from .document import Document, decoded
from .messages import Beside, Span


class Abilities(NamedTuple):
    """What a client can do with a workspace edit, and with a code action that has none yet."""

    has_versions: bool = False
    makes_files: bool = False
    resolves: bool = False

    @classmethod
    def of(cls, client: types.ClientCapabilities) -> Abilities:
        """As it says of itself."""
        workspace = client.workspace.workspace_edit if client.workspace else None
        operations = (workspace.resource_operations if workspace else None) or ()
        action = client.text_document.code_action if client.text_document else None
        resolved = action.resolve_support.properties if action and action.resolve_support else ()
        has_versions = bool(workspace and workspace.document_changes)
        makes_files = has_versions and types.ResourceOperationKind.Create in operations
        return cls(has_versions, makes_files, "edit" in resolved and bool(action and action.data_support))


class Versioned(NamedTuple):
    """An open document, and the number that the client gave this state of it."""

    uri: str
    version: int
    document: Document


def range_of(document: Document, span: Span) -> types.Range:
    """The range of a span."""
    start, end = document.place(span.start), document.place(span.end)
    return types.Range(types.Position(*start), types.Position(*end))


def text_edits(document: Document, edits: Iterable[Edit]) -> list[types.TextEdit]:
    """The edits of one document."""
    return [types.TextEdit(range_of(document, Span(edit.start, edit.end)), decoded(edit.new)) for edit in edits]


def workspace_edit(
    of: Versioned, edits: Sequence[Edit], beside: Sequence[Beside], abilities: Abilities
) -> types.WorkspaceEdit | None:
    """One edit of the document and the files beside it; None where the client cannot make a file that is to come."""
    own = text_edits(of.document, edits)
    if not abilities.has_versions:
        if any(file.before is None for file in beside):
            return None
        changes = {of.uri: own} if own else {}
        return types.WorkspaceEdit(changes={**changes, **{_uri(file): _replaced(file) for file in beside}})
    if not abilities.makes_files and any(file.before is None for file in beside):
        return None
    versioned = types.OptionalVersionedTextDocumentIdentifier(of.uri, of.version)
    parts: list[types.TextDocumentEdit | types.CreateFile | types.RenameFile | types.DeleteFile] = []
    parts += [types.TextDocumentEdit(versioned, list(own))] if own else []
    for file in beside:
        parts += _made(file)
    return types.WorkspaceEdit(document_changes=parts)


def _made(file: Beside) -> Iterator[types.TextDocumentEdit | types.CreateFile]:
    if file.before is None:
        yield types.CreateFile(uri=_uri(file), options=types.CreateFileOptions(ignore_if_exists=True))
    identifier = types.OptionalVersionedTextDocumentIdentifier(_uri(file))
    yield types.TextDocumentEdit(identifier, list(_replaced(file)))


def _replaced(file: Beside) -> list[types.TextEdit]:
    """What is put at the end of the file, or all of it: ignore files only grow."""
    before = file.before or b""
    document = Document(before)
    added = Edit(len(before), len(before), file.after[len(before) :])
    edit = added if file.after.startswith(before) else Edit(0, len(before), file.after)
    return text_edits(document, [edit])


def _uri(file: Beside) -> str:
    return Path(file.path).as_uri()
