"""Where a path leads that is taken from a step's working directory."""

from __future__ import annotations

from ..image import Configuration
from .paths import canonical, is_plain


def rooted(path: bytes, config: Configuration) -> bytes:
    """The path from the root, as it is written; empty where it is not known."""
    if not path.startswith(b"/"):
        if config.workdir is None:
            return b""
        path = config.workdir + b"/" + path
    # The symbol of an ARG and an unknown variable have bytes in them that no plain path has.
    return path if is_plain(path) and path.startswith(b"/") else b""


def tree_at(path: bytes, config: Configuration) -> bytes:
    """The path from the root, as a tree; empty where it is not known."""
    found = rooted(path, config)
    return canonical(found) if found else b""


def workdir_of(config: Configuration) -> bytes:
    """The working directory, as a tree; empty where it is not known."""
    return tree_at(config.workdir, config) if config.workdir else b""
