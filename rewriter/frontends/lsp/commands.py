"""The commands of the server, which an editor can put on a key or into a menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from ...adapters.settings import LEVELS
from .actions import EXPLAIN
from .workspace_edits import workspace_edit

if TYPE_CHECKING:
    from .server import Server

APPLY_ALL, SHOW_DIFF = "dockfix.applyAll", "dockfix.showDiff"


def add_commands(server: Server) -> None:
    """Apply everything, show it as a diff, and explain a transform."""

    @server.command(APPLY_ALL)
    async def apply_all(uri: str, *levels: str) -> bool:
        """Apply all changes of a level (else: safe) to a document; whether the client has made them."""
        level = next(iter(levels), "safe")
        of = server.session.documents.get(uri)
        if of is None or level not in LEVELS:
            server.complain(f"{uri} is no Dockerfile that is open" if of is None else f"{level} is no level")
            return False
        done = await server.session.rewritten(of, level)
        if done is not None and not (done.edits or done.beside):
            told = f"dockfix: there is nothing to change at level {level}"
            server.window_show_message(types.ShowMessageParams(types.MessageType.Info, told))
            return False
        edit = workspace_edit(of, done.edits, done.beside, server.abilities) if done is not None else None
        if edit is None:
            return False
        params = types.ApplyWorkspaceEditParams(edit, f"dockfix: apply all {level} changes")
        return (await server.workspace_apply_edit_async(params)).applied

    @server.command(SHOW_DIFF)
    async def show_diff(uri: str, *levels: str) -> str:
        """The diff of each change, one behind the other, as `dockfix --diff` prints it."""
        of = server.session.documents.get(uri)
        done = await server.session.rewritten(of, next(iter(levels), None)) if of is not None else None
        return done.diff.decode("utf-8", "replace") if done is not None else ""

    @server.command(EXPLAIN)
    async def explain(transform: str) -> str:
        """The URI of a transform's manual page, which is shown where the client can do that."""
        uri = await server.session.page(transform)
        window = server.client_capabilities.window
        if uri and window and window.show_document and window.show_document.support:
            await server.window_show_document_async(types.ShowDocumentParams(uri, take_focus=True))
        elif uri:
            server.window_show_message(types.ShowMessageParams(types.MessageType.Info, f"{transform}: {uri}"))
        return uri
