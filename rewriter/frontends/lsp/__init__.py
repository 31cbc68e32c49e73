"""The language server, `dockfix lsp`."""
