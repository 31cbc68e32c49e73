"""What is asked about an install that reads a project's manifests, and what is answered: plain data."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from ...syntax.script import Command
from ..context import Context, Kind
from ..packages.call import Call


class Asked(NamedTuple):
    """A command of a RUN that runs where the folder `folder` of the context is copied to (empty: its root).

    `copied` says what lies where in the image: the folder `copied[1]` of the context has been copied to the absolute
    path `copied[0]`, so that a path from there may be named, too. `context` is what the builder gets of it. `call` is
    the command as a call of a package manager, None where no table knows it (mix); `words` are its words, quotes and
    what runs it (`sudo`) taken off. `env` are the variables of ENV and ARG in force, and those before the command.
    """

    command: Command
    call: Call | None
    words: tuple[bytes, ...]
    folder: str
    context: Context
    env: Mapping[bytes, bytes]
    copied: tuple[str, str] = ("", "")

    def at(self, path: str) -> str:
        """The path of the context for one from the folder, or for one of the image.

        One that leads elsewhere begins with `../`.
        """
        if path.startswith("/"):
            top, source = self.copied
            inside = posixpath.relpath(path, top) if top else ".."
            return inside if inside.startswith("..") else posixpath.normpath(posixpath.join(source, inside))
        return posixpath.normpath(posixpath.join(self.folder, path)).removeprefix("./")

    def files_below(self, folder: str = "") -> Iterator[str]:
        """The files below a folder, by their paths from `folder` of the context; `folder` itself is from there, too."""
        start = self.at(folder)
        start = "" if start in (".", "") else start + "/"
        own = "" if self.folder in ("", ".") else self.folder + "/"
        for path, entry in self.context.entries.items():
            if entry.kind is Kind.FILE and path.startswith(start):
                yield path[len(own) :]


class Needs(NamedTuple):
    """What the install reads of the context: these files and no other.

    `files` are paths of the context, from its root, each of them there. `outputs` are the folders, from the context's
    root, that it makes or fills inside of what is copied (`node_modules`); `elsewhere` the trees that it writes besides
    (absolute, in the image; `/` for anywhere). `unsure` says what makes it a change for review; empty for an install
    that gives the same whatever else is there.
    """

    files: tuple[str, ...]
    outputs: tuple[str, ...] = ()
    elsewhere: tuple[bytes, ...] = ()
    unsure: str = ""


class NotTold(Exception):
    """The manifests cannot be told completely; the text says why, for a person."""


Reader = Callable[[Asked], Needs]
"""Gives what the command needs; raises NotTold."""
