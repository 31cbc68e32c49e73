"""The server: what a client asks for, and who answers it."""

from __future__ import annotations

from importlib.metadata import version

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from .actions import FIX_ALL, QUICK_FIX, REFACTORING, actions, asks_for, asks_for_all, fix_all
from .commands import add_commands
from .diagnostics import diagnostics
from .link import Link
from .messages import Span
from .protocol import Protocol
from .session import Known, Session, path_of
from .settings import SECTION, BadSettings, settings_of
from .workspace_edits import Abilities, Versioned, workspace_edit

_WATCHED = (
    "**/*.dockerignore",
    "**/.dockfix.toml",
    "**/pyproject.toml",
    "**/*compose*.yml",
    "**/*compose*.yaml",
    "**/*bake*.hcl",
    "**/*bake*.json",
)


class Server(LanguageServer):
    """A language server with the session of its one client."""

    protocol: Protocol

    def __init__(self, link: Link) -> None:
        """`link` leads to the worker."""
        super().__init__("dockfix", version("dockfix"), protocol_cls=Protocol)
        self.session = self.protocol.session = Session(link, self._publish, self.complain)
        self.abilities = Abilities()

    def complain(self, message: str) -> None:
        """Show a sentence to the user."""
        self.window_show_message(types.ShowMessageParams(types.MessageType.Error, f"dockfix: {message}"))

    def configure(self, sent: object) -> None:
        """Take settings as the client sends them; what makes no sense is told, and changes nothing."""
        root = path_of(self.workspace.root_uri) if self.workspace.root_uri else None
        try:
            self.session.settings = settings_of(sent)._replace(root=root)
        except BadSettings as error:
            self.complain(str(error))

    async def safe_edit(self, of: Versioned) -> types.WorkspaceEdit | None:
        """The edit that does all that is safe; None where there is nothing to do, or the client cannot do it."""
        done = await self.session.rewritten(of, "safe")
        if done is None or not (done.edits or done.beside):
            return None
        beside = done.beside if self.abilities.makes_files else ()
        return workspace_edit(of, done.edits, beside, self.abilities)

    def _publish(self, known: Known) -> None:
        of = known.of
        found = list(diagnostics(of, known.analysis))
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(of.uri, found, of.version))


def made(link: Link) -> Server:
    """The server with all that it can do."""
    server = Server(link)
    _add_lifecycle(server)
    _add_actions(server)
    _add_hover(server)
    add_commands(server)
    return server


def _add_lifecycle(server: Server) -> None:
    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        server.abilities = Abilities.of(params.capabilities)
        server.configure(params.initialization_options)

    @server.feature(types.INITIALIZED)
    def initialized(_: types.InitializedParams) -> None:
        workspace = server.client_capabilities.workspace
        watching = workspace.did_change_watched_files if workspace else None
        if watching and watching.dynamic_registration:
            watchers = [types.FileSystemWatcher(pattern) for pattern in _WATCHED]
            options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
            registration = types.Registration("files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
            # A client that does not know how looks again when a document is saved.
            server.client_register_capability(types.RegistrationParams([registration]))

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def configured(params: types.DidChangeConfigurationParams) -> None:
        sent = params.settings
        workspace = server.client_capabilities.workspace
        if not sent and workspace and workspace.configuration:
            items = [types.ConfigurationItem(section=SECTION)]
            (sent,) = await server.workspace_configuration_async(types.ConfigurationParams(items))
        server.configure(sent)
        server.session.refresh()

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(_: types.DidSaveTextDocumentParams) -> None:
        server.session.refresh()

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def watched(_: types.DidChangeWatchedFilesParams) -> None:
        server.session.refresh()


def _add_actions(server: Server) -> None:
    options = types.CodeActionOptions([QUICK_FIX, REFACTORING, FIX_ALL], resolve_provider=True)

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)
    async def code_action(params: types.CodeActionParams) -> list[types.CodeAction] | None:
        known = await server.session.known(params.text_document.uri)
        if known is None:
            return None
        of, wanted = known.of, params.context.only
        span = Span(*(of.document.offset(at.line, at.character) for at in (params.range.start, params.range.end)))
        found = list(actions(of, known.analysis, span, wanted, server.abilities))
        if asks_for_all(wanted) or (asks_for(FIX_ALL, wanted) and not server.abilities.resolves):
            edit = await server.safe_edit(of)
            found += [fix_all(of, edit)] if edit is not None else []
        elif asks_for(FIX_ALL, wanted) and any(fix.level == "safe" for fix in known.analysis.fixes):
            found.append(fix_all(of, None))
        return found

    @server.feature(types.CODE_ACTION_RESOLVE)
    async def resolve(action: types.CodeAction) -> types.CodeAction:
        uri = action.data.get("uri") if isinstance(action.data, dict) else None
        of = server.session.documents.get(str(uri))
        if of is not None:
            action.edit = await server.safe_edit(of)
        return action


def _add_hover(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        of = server.session.documents.get(params.text_document.uri)
        if of is None:
            return None
        offset = of.document.offset(params.position.line, params.position.character)
        told = await server.session.hover(of, offset)
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, told)) if told else None
