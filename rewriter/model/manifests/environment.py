"""Variables that installs of all languages heed, besides those of `reading`: they are in no table of a tool."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .asked import Asked, NotTold
from .reading import check_variables

# Version managers that stand before a program and choose one by files of the project.
_MANAGERS = r"(?:PYENV|ASDF|MISE|RTX|NODENV)_\w+"
# Flags of a compiler that name a folder of headers or libraries (gcc(1)); those of the system are no part of a project.
_NAMES_FOLDER = re.compile(r"-(?:I|L|B|include|isystem|iquote|idirafter|imacros)[\s=]*(?!/(?:usr|opt)/)\S")


def check_environment(env: Mapping[str, str]) -> None:
    """Raises NotTold where a variable makes a program read files of the project, or may do so."""
    check_variables(env, _MANAGERS, ())
    odd = next((name for name, value in env.items() if name.endswith("FLAGS") and _NAMES_FOLDER.search(value)), None)
    if odd is not None:
        raise NotTold(f"{odd} names a folder that a compiler looks into")


def with_known_path(asked: Asked) -> Asked:
    """The same, without those folders of PATH that are in the project and made by steps alone (`node_modules/.bin`).

    What is in them is no file of the context, and the same whenever the context is copied.
    """
    folders = asked.env.get(b"PATH", b"").split(b":")
    left = [folder for folder in folders if not _is_made(asked, folder.decode("utf-8", "replace"))]
    return asked if left == folders else asked._replace(env={**asked.env, b"PATH": b":".join(left)})


def _is_made(asked: Asked, folder: str) -> bool:
    if not folder.startswith("/"):
        return False
    path = asked.at(folder)
    return path != "." and not path.startswith("..") and path not in asked.context.entries
