"""The build context as a port: what is in it, what its files hold, and how often each of them has changed.

Nothing here opens a file: a folder, a git tree and a plain dict are made into a context by `adapters.context`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple


class Kind(Enum):
    FILE = "file"
    FOLDER = "folder"
    LINK = "link"
    OTHER = "other"  # a socket, a pipe, a device: no builder sends it


class Entry(NamedTuple):
    """What stands at a path. `size` is in bytes, of files only; `mode` are the permission bits (0 where not known).

    `target` is what a link says, as it says it.
    """

    kind: Kind
    size: int = 0
    mode: int = 0
    target: str = ""


class Commit(NamedTuple):
    """A commit of the first-parent history: its short hash, and the paths of the context that it changed."""

    name: str
    paths: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Context:
    """A build context.

    `name` is how it is shown. `entries` are by path from its root, with `/` between the parts and without a leading
    one; a folder comes before what is in it, and the root itself is left out. `read` gives the contents of a file, None
    where there is none that can be read. `history` gives the last commits, newest first, at most so many; it is empty
    without a repository. `tracked` gives the files that the repository keeps; None where that is not known.
    """

    name: str
    entries: Mapping[str, Entry]
    read: Callable[[str], bytes | None]
    history: Callable[[int], Sequence[Commit]]
    tracked: Callable[[], frozenset[str] | None] = lambda: None
