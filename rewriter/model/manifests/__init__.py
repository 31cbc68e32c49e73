"""What an install reads of a project: one module for each package manager, asked by its name."""

from __future__ import annotations

import importlib

from .asked import Reader

# The module of each manager, by the name of its row in `packages/managers.py`, else by that of its program. A module
# has one reader, of its own name.
_MODULES = {
    **{name: name for name in ("npm", "yarn", "pnpm", "pip", "uv", "poetry", "pipenv")},
    **{name: name for name in ("go", "cargo", "maven", "gradle", "composer", "dotnet", "mix")},
    "bundle": "bundler",
}


def is_known(asked_name: str) -> bool:
    """Whether there is a reader for a manager or a program."""
    return asked_name.rpartition("/")[2] in _MODULES


def reader_of(asked_name: str) -> Reader | None:
    """The reader for a manager, or for a program that no table of managers has; None where its manifests are unknown.

    The module is loaded only then: most files ask for one or two of them.
    """
    module = _MODULES.get(asked_name.rpartition("/")[2])
    if module is None:
        return None
    reader: Reader = getattr(importlib.import_module(f".{module}", __name__), module)
    return reader
