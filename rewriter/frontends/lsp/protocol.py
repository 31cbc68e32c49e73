"""The protocol of pygls with documents of our own: pygls ends lines where Python does, an editor does not."""

from __future__ import annotations

from lsprotocol import types
from pygls.capabilities import ServerCapabilitiesBuilder
from pygls.protocol import LanguageServerProtocol, lsp_method

from .document import Document
from .session import Session
from .workspace_edits import Versioned


class Protocol(LanguageServerProtocol):
    """Keeps the open documents as the client has them, and says which of them has changed."""

    session: Session

    def encoding(self) -> str:
        """What characters are counted in."""
        chosen = ServerCapabilitiesBuilder.choose_position_encoding(self.client_capabilities)
        return types.PositionEncodingKind(chosen).value

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: types.DidOpenTextDocumentParams) -> None:
        """The client is the one who has the text, from now on."""
        item = params.text_document
        document = Document.of(item.text, self.encoding())
        self.session.opened(Versioned(item.uri, item.version, document), item.language_id)

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> None:
        """Each part of a change is about the text behind the one before."""
        uri = params.text_document.uri
        known = self.session.documents.get(uri)
        if known is None:
            return
        document = known.document
        for change in params.content_changes:
            document = _changed(document, change, self.encoding())
        self.session.changed(Versioned(uri, params.text_document.version, document))

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: types.DidCloseTextDocumentParams) -> None:
        """The text is what is on the disk again."""
        self.session.closed(params.text_document.uri)


def _changed(document: Document, change: types.TextDocumentContentChangeEvent, encoding: str) -> Document:
    if isinstance(change, types.TextDocumentContentChangeWholeDocument):
        return Document.of(change.text, encoding)
    start, end = change.range.start, change.range.end
    first, last = (document.offset(place.line, place.character) for place in (start, end))
    return document.replaced(first, max(first, last), change.text)
