"""The fewest copies that bring what is used: a folder as a whole where all of it is, else its files by name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ...syntax.edit import Edit
from ...syntax.join import line_end
from ...syntax.source import PieceKind
from ..context import Context
from ..facts import Facts
from ..manifests.asked import NotTold
from ..pragmas import barred
from .modes import changed_modes, refused_mode
from .used import Used

_MOST = 8  # names and lines for one folder; a folder that needs more is copied as a whole
_MOST_AT_TOP = 16
_PLAIN = re.compile(r"[\w./@+-]+")


class Lines(NamedTuple):
    """The copies without line ends; what of the context they name; and what is no longer copied, heaviest first.

    `modes` are folders that get mode 755, with their old one.
    """

    copies: tuple[bytes, ...]
    paths: tuple[str, ...]
    gone: tuple[tuple[str, int], ...]
    modes: Mapping[str, int]


class _Folder:
    """A folder of the context: what is in it, and whether all of that is used."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.is_used = True  # Set for an empty one.
        self.files: dict[str, bool] = {}
        self.folders: dict[str, _Folder] = {}

    @property
    def whole(self) -> bool:
        return self.is_used and all(self.files.values()) and all(folder.whole for folder in self.folders.values())

    @property
    def any(self) -> bool:
        if not self.files and not self.folders:
            return self.is_used
        return any(self.files.values()) or any(folder.any for folder in self.folders.values())


def lines(facts: Facts, index: int, found: Used, context: Context) -> Lines:
    """The copies in the place of the one at `index`; raises NotTold where names have blanks or there are too many."""
    source = found.whole.source or ""
    top = _tree(found, source)
    parts = list(_parts(top))
    if not parts:
        raise NotTold("nothing of it is used")
    if len(parts) > _MOST_AT_TOP or any(len(names) > _MOST_AT_TOP for _, names in parts):
        raise NotTold("what is used would be a list too long to keep")
    named = tuple(path for _, names in parts for path in names)
    if not all(map(_PLAIN.fullmatch, named)) or not re.fullmatch(rb"[\w./@+-]+", found.whole.destination):
        raise NotTold("names have blanks or signs in them")
    modes = changed_modes(found.whole, named, context)
    if why := refused_mode(modes):
        raise NotTold(why)
    is_lower = facts.source.text[facts.instructions[index].node.start :][:1].islower()
    head = [b"copy" if is_lower else b"COPY", *found.whole.flags]
    copies = tuple(b" ".join([*head, *(n.encode() for n in names), _into(found, to)]) for to, names in parts)
    sizes = {path: entry.size for path, entry in context.entries.items()}
    gone = sorted(_gone(top, named, sizes), key=lambda item: (-item[1], item[0]))
    return Lines(copies, named, tuple(gone), modes)


def replaced(facts: Facts, index: int, copies: Sequence[bytes]) -> Edit:
    """The edit that writes these in the place of the copy at `index`; raises NotTold where comments would go."""
    node, text = facts.instructions[index].node, facts.source.text
    if any(piece.kind is PieceKind.COMMENT for piece in node.pieces):
        raise NotTold("there are comments between its lines")
    if index in facts.of(barred):
        raise NotTold("a pragma above it speaks of this copy alone")
    end = node.start + len(text[node.start : node.end].rstrip())
    return Edit(node.start, end, line_end(text, node.start).join(copies))


def _tree(found: Used, source: str) -> _Folder:
    root = _Folder(source)
    for path in sorted(found.all):
        inside = path.removeprefix(source).lstrip("/").split("/")
        folder = root
        for part in inside[:-1]:
            inner = f"{folder.path}/{part}".lstrip("/")
            folder = folder.folders.setdefault(part, _Folder(inner))
        if path in found.empty:
            empty = folder.folders.setdefault(inside[-1], _Folder(path))
            empty.is_used = path in found.paths
        else:
            folder.files[inside[-1]] = path in found.paths
    return root


_Part = tuple[str, list[str]]


def _parts(folder: _Folder) -> Iterator[_Part]:
    """For each copy: the folder of the context that its destination stands for, and the sources."""
    names = [f"{folder.path}/{name}".lstrip("/") for name, is_used in folder.files.items() if is_used]
    below: list[_Part] = []
    for inner in folder.folders.values():
        if not inner.any:
            continue
        own = [] if inner.whole else list(_parts(inner))
        if not own or sum(len(each) for _, each in own) > _MOST:
            own = [(inner.path, [inner.path])]
        below += own
    if names:
        yield folder.path, names
    yield from below


def _into(found: Used, folder: str) -> bytes:
    """The destination for what lies in a folder of the context."""
    inside = folder.removeprefix(found.whole.source or "").strip("/").encode()
    base = found.whole.destination.rstrip(b"/")
    base = b"." if not base and not found.whole.destination.startswith(b"/") else base
    return base + b"/" + inside + b"/" if inside else base + b"/"


def _gone(folder: _Folder, named: tuple[str, ...], sizes: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """What no copy brings any longer, whole folders as such, with its bytes."""
    for name, is_used in folder.files.items():
        path = f"{folder.path}/{name}".lstrip("/")
        if not is_used:
            yield path, sizes.get(path, 0)
    for inner in folder.folders.values():
        if inner.path in named:
            continue
        if inner.any:
            yield from _gone(inner, named, sizes)
        else:
            yield f"{inner.path}/", _weight(inner, sizes)


def _weight(folder: _Folder, sizes: Mapping[str, int]) -> int:
    own = sum(sizes.get(f"{folder.path}/{name}", 0) for name in folder.files)
    return own + sum(_weight(inner, sizes) for inner in folder.folders.values())
