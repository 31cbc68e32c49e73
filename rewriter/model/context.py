"""The build context as a port: what is in it, what its files hold, and how often each of them has changed.

Nothing here opens a file: a folder, a git tree and a plain dict are made into a context by `adapters.context`.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from enum import Enum
from typing import NamedTuple

HEAD = 512
"""Bytes at the start of a file that tell what it is: those of a tar header."""


class Kind(Enum):
    FILE = "file"
    FOLDER = "folder"
    LINK = "link"
    OTHER = "other"  # a socket, a pipe, a device: no builder sends it


class Details(NamedTuple):
    """What is known of an entry besides its kind: as there."""

    size: int = 0
    mode: int = 0
    target: str = ""
    names: int = 1


class Entry:
    """What stands at a path. `size` is in bytes, of files only; `mode` are the permission bits (0 where not known).

    `target` is what a link says, as it says it; `names` is how many a file has (hard links), wherever they are. An
    adapter may find out all but the kind when it is asked for: in most folders, nobody asks for most of it.
    """

    __slots__ = ("_details", "kind")

    def __init__(self, kind: Kind, size: int = 0, mode: int = 0, target: str = "", names: int = 1) -> None:
        """What is known already."""
        self.kind = kind
        self._details = Details(size, mode, target, names)

    @property
    def details(self) -> Details:
        """All but the kind."""
        return self._details

    @property
    def size(self) -> int:
        """Bytes."""
        return self.details.size

    @property
    def mode(self) -> int:
        """Permission bits."""
        return self.details.mode

    @property
    def target(self) -> str:
        """What a link says."""
        return self.details.target

    @property
    def names(self) -> int:
        """How many names it has."""
        return self.details.names

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Entry) and (self.kind, self.details) == (other.kind, other.details)

    def __hash__(self) -> int:
        return hash((self.kind, self.details))

    def __repr__(self) -> str:
        return f"Entry({self.kind}, {self.details})"


class Commit(NamedTuple):
    """A commit of the first-parent history: its short hash, and the paths of the context that it changed."""

    name: str
    paths: tuple[str, ...]


class Context(NamedTuple):
    """A build context.

    `name` is how it is shown. `entries` are by path from its root, with `/` between the parts and without a leading
    one; a folder comes before what is in it, and the root itself is left out. `read` gives the contents of a file, None
    where there is none that can be read. `history` gives the last commits, newest first, at most so many; it is empty
    without a repository. `tracked` gives the files that the repository keeps; None where that is not known. `ignores`
    says of a path, there or not, whether an ignore file keeps it from the builder. `begins` gives the first HEAD bytes
    of a file, also of one that is too large to be read. `narrows` says of some paths whether this run writes an ignore
    file that keeps them from the builder. `unweighed` are folders that hold something, which says nothing of what they
    hold elsewhere: it is left out of `entries`.
    """

    name: str
    entries: Mapping[str, Entry]
    read: Callable[[str], bytes | None]
    history: Callable[[int], Sequence[Commit]]
    tracked: Callable[[], frozenset[str] | None] = lambda: None
    ignores: Callable[[str], bool] = lambda _: False
    begins: Callable[[str], bytes | None] | None = None
    narrows: Callable[[Collection[str]], bool] = lambda _: False
    unweighed: frozenset[str] = frozenset()

    def head(self, path: str) -> bytes | None:
        """The first HEAD bytes of a file; None where there is none that can be read."""
        if self.begins is not None:
            return self.begins(path)
        text = self.read(path)
        return None if text is None else text[:HEAD]
