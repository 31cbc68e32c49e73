"""Folders that get another mode, since only what is in them is copied.

Seen with docker 26 and buildah 1.28: a folder that COPY makes for its destination has mode 0755 and the owner of
--chown, whatever the context says of it; one that is in a folder that is copied keeps its mode.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from ..context import Context, Kind
from ..manifests.project import Copied

_MADE = 0o755
USUAL = 0o775
"""The mode that a umask of 002 gives: nobody has chosen it."""


def changed_modes(whole: Copied, named: Iterable[str], context: Context) -> dict[str, int]:
    """The folders that get mode 0755 when these paths are copied by name, with the mode that they had."""
    chosen = next((flag.partition(b"=")[2] for flag in whole.flags if flag.startswith(b"--chmod=")), None)
    folders: set[str] = set()
    for path in named:
        is_folder = context.entries[path].kind is Kind.FOLDER
        above = path if is_folder else posixpath.dirname(path)
        while above not in ("", whole.source):
            folders.add(above)
            above = posixpath.dirname(above)
    found = {}
    for folder in sorted(folders):
        mode = context.entries[folder].mode
        if chosen is not None:
            # A mode by letters, or from a variable, is taken for another one.
            mode = int(chosen, 8) if chosen.isdigit() and set(chosen) <= set(b"01234567") else 0o7777
        if mode not in (0, _MADE):
            found[folder] = mode
    return found


def refused_mode(changed: dict[str, int]) -> str:
    """Why folders may not get mode 0755; empty if they may."""
    chosen = next((item for item in changed.items() if item[1] != USUAL), None)
    return f"{chosen[0]} has mode {chosen[1]:o}, which a copy of what is in it makes 755" if chosen else ""
