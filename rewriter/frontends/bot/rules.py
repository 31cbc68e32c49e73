"""The configuration of a base, kept for looking at pull requests: whoever proposes one does not decide on it."""

from __future__ import annotations

import os

from ...adapters.config import NAMES
from ...adapters.top import leaves
from .errors import CloneError

_FOLDER = "dockfix-rules"


def kept(folder: str) -> str:
    """Keep the configuration files of a work tree; gives the folder in which they are, by the same paths.

    They stay there when another commit is checked out. Raises CloneError.
    """
    rules = os.path.join(folder, ".git", _FOLDER)
    try:
        os.mkdir(rules)
        for above, folders, files in os.walk(folder):
            if above == folder:
                folders.remove(".git")
            for path in (os.path.join(above, name) for name in NAMES if name in files):
                if os.path.isfile(path) and not leaves(path, folder):
                    _keep(path, os.path.join(rules, os.path.relpath(path, folder)))
    except OSError as error:
        raise CloneError(f"its configuration cannot be kept: {error.strerror}") from error
    return rules


def _keep(path: str, kept_at: str) -> None:
    """As another name of the file that it is or leads to: git writes no file anew, but another in its place."""
    os.makedirs(os.path.dirname(kept_at), exist_ok=True)
    os.link(os.path.realpath(path), kept_at)
