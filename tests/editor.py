"""An editor's side of the protocol: a text in UTF-16, as most editors hold it, and a server in a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

from lsprotocol import types
from pygls.protocol import default_converter
from pytest_lsp import LanguageClient, client_capabilities
from pytest_lsp.client import DEFAULT_CLIENT_FEATURES, register_lsp_features

_PUBLISHED = types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS
SERVER = (sys.executable, "-m", "dockfix", "lsp")
_UNIT = 2  # bytes


class Buffer:
    """A text as an editor holds it, with nothing in common with how the server holds it."""

    def __init__(self, text: str) -> None:
        self._units = text.encode("utf-16-le", "surrogatepass")

    @property
    def text(self) -> str:
        return self._units.decode("utf-16-le", "surrogatepass")

    def lines(self) -> list[tuple[int, int]]:
        """Where each line starts and where its content ends, in code units."""
        found, start, at = [], 0, 0
        units = [self._units[i : i + _UNIT].decode("utf-16-le", "replace") for i in range(0, len(self._units), _UNIT)]
        while at < len(units):
            if units[at] in ("\r", "\n"):
                found.append((start, at))
                at += 2 if units[at : at + 2] == ["\r", "\n"] else 1
                start = at
            else:
                at += 1
        return [*found, (start, at)]

    def position(self, unit: int) -> types.Position:
        line, (start, end) = next(
            (number, bounds) for number, bounds in reversed(list(enumerate(self.lines()))) if bounds[0] <= unit
        )
        return types.Position(line, min(unit, end) - start)

    def _at(self, position: types.Position) -> int:
        start, end = self.lines()[position.line]
        assert position.character <= end - start, "a position behind the end of its line"
        return start + position.character

    def replaced(self, edits: Iterable[types.TextEdit]) -> Buffer:
        """The text with the edits made, which are all about the text as it is."""
        units = self._units
        places = [(self._at(edit.range.start), self._at(edit.range.end), edit.new_text) for edit in edits]
        assert all(one[1] <= other[0] for one, other in zip(sorted(places), sorted(places)[1:], strict=False))
        for start, end, text in sorted(places, reverse=True):
            units = units[: start * _UNIT] + text.encode("utf-16-le", "surrogatepass") + units[end * _UNIT :]
        return Buffer(units.decode("utf-16-le", "surrogatepass"))

    def __len__(self) -> int:
        return len(self._units) // _UNIT

    @property
    def everything(self) -> types.Range:
        return types.Range(types.Position(0, 0), self.position(len(self)))


class Editor:
    """A client with a running server; opens documents, and waits for what is said of them."""

    def __init__(self, client: LanguageClient) -> None:
        self.client = client
        self.buffers: dict[str, Buffer] = {}
        self._versions: dict[str, int] = {}
        self._published: dict[str, types.PublishDiagnosticsParams] = {}
        self._arrived = asyncio.Event()
        self.registered: list[types.Registration] = []

        @client.feature(_PUBLISHED)
        def publish(params: types.PublishDiagnosticsParams) -> None:
            self._published[params.uri] = params
            self._arrived.set()

        @client.feature(types.CLIENT_REGISTER_CAPABILITY)
        def register(params: types.RegistrationParams) -> None:
            self.registered += params.registrations

    def open(self, path: Path, text: str, language: str = "dockerfile") -> str:
        uri = path.as_uri()
        self.buffers[uri], self._versions[uri] = Buffer(text), 1
        item = types.TextDocumentItem(uri, language, 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return uri

    def type(self, uri: str, edit: types.TextEdit) -> None:
        """Replace a range, as when somebody types."""
        self.buffers[uri] = self.buffers[uri].replaced([edit])
        self._versions[uri] += 1
        change = types.TextDocumentContentChangePartial(edit.range, edit.new_text)
        identifier = types.VersionedTextDocumentIdentifier(self._versions[uri], uri)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(identifier, [change]))

    def close(self, uri: str) -> None:
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))

    async def diagnostics(self, uri: str) -> list[types.Diagnostic]:
        """What is said of the document as it is now."""
        while True:
            found = self._published.get(uri)
            if found is not None and found.version == self._versions[uri]:
                return list(found.diagnostics)
            self._arrived.clear()
            await asyncio.wait_for(self._arrived.wait(), 60)

    async def actions(
        self, uri: str, only: list[str] | None = None, at: types.Range | None = None
    ) -> list[types.CodeAction]:
        """What can be done at a range, or anywhere."""
        at = at or self.buffers[uri].everything
        kinds: list[types.CodeActionKind | str] = [*only] if only is not None else []
        context = types.CodeActionContext([], kinds if only is not None else None)
        params = types.CodeActionParams(types.TextDocumentIdentifier(uri), at, context)
        found = await self.client.text_document_code_action_async(params)
        return [one for one in found or [] if isinstance(one, types.CodeAction)]

    async def fixed(self, uri: str) -> str:
        """The text once everything is fixed that is safe, as when it is saved."""
        for action in await self.actions(uri, ["source.fixAll"]):
            return self.made(uri, action.edit)
        return self.buffers[uri].text

    def made(self, uri: str, edit: types.WorkspaceEdit | None) -> str:
        """The text of the document with what the workspace edit says of it."""
        assert edit is not None
        mine: list[types.TextEdit] = [
            one
            for change in edit.document_changes or []
            if isinstance(change, types.TextDocumentEdit) and change.text_document.uri == uri
            for one in change.edits
            if isinstance(one, types.TextEdit)
        ]
        mine += (edit.changes or {}).get(uri, [])
        return self.buffers[uri].replaced(mine).text


@contextlib.asynccontextmanager
async def editor(
    folder: Path, capabilities: types.ClientCapabilities | None = None, **settings: object
) -> AsyncIterator[Editor]:
    """A client in the folder, with what Visual Studio Code can do unless said otherwise; the server ends with it."""
    client = LanguageClient(converter_factory=default_converter)
    # What is published is kept with its version.
    others = {name: one for name, one in DEFAULT_CLIENT_FEATURES.items() if name != _PUBLISHED}
    register_lsp_features(client, others)
    await client.start_io(*SERVER)
    edit = Editor(client)
    params = types.InitializeParams(
        capabilities or client_capabilities("visual_studio_code"),
        root_uri=folder.as_uri(),
        initialization_options=dict(settings),
    )
    await client.initialize_session(params)
    try:
        yield edit
    finally:
        await client.shutdown_session()
        await client.stop()
