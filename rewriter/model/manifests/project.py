"""A project that a COPY brings as a whole, and what installs behind it read and write of it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ...syntax.script import Command, Word
from ...syntax.words import operands
from ..context import Context, Kind
from ..effect import unquoted
from ..image import value
from ..packages.call import call_of, unwrapped
from ..packages.manager import Does
from ..sources import from_root
from ..steps.gathering import Gathering, path_folders
from ..steps.paths import canonical, covers, is_plain, overlap, shown
from ..steps.places import SYSTEM, TEMPORARY, home, is_root
from ..steps.step import Step
from ..steps.touch import touched
from ..steps.touched import ALL_VARIABLES, Touched
from ..steps.workdir import tree_at
from . import reader_of
from .asked import Asked, Needs, NotTold

# What a COPY of the manifests can do just as the one of the whole folder does.
# A word that is a path of the image, or an option with one.
_PATH = re.compile(rb"(--?[\w-]+=)?(/[\w./@+-]*)")
# What emptying a cache writes: the caches of root.
_CACHES = (b"/root", b"/usr/local/share/.cache")
_FLAGS = frozenset({b"--chown", b"--chmod", b"--link"})


class Copied(NamedTuple):
    """What a COPY or ADD brings: `files` are those of the context, by where they come to lie (canonical).

    `source` is the one folder of the context that it takes, empty for its root; None where it takes files by name.
    `destination` is as written; `top` is what it means.
    """

    files: Mapping[bytes, str]
    source: str | None
    destination: bytes
    top: bytes
    flags: tuple[bytes, ...]


def copied(step: Step, context: Context) -> Copied | None:
    """What a COPY or ADD of one folder, or of files by name, brings; None for any other.

    The rules are Docker's: of a folder the contents are copied; a file comes to lie in a destination that ends in `/`.
    """
    config, instruction = step.config, step.instruction
    if instruction.keyword not in ("COPY", "ADD") or instruction.bodies:
        return None
    try:
        *sources, destination = operands(instruction.rest, step.escape)
    except ValueError:
        return None
    top = tree_at(value(config, destination, step.escape), config)
    if any(overlap(top, link) for link in step.links):
        return None
    if not top or not sources or not {flag.partition(b"=")[0] for flag in instruction.flags} <= _FLAGS:
        return None
    names = [_named(value(config, source, step.escape)) for source in sources]
    if len(names) == 1 and names[0] is not None and _is_folder(context, names[0]):
        files = {_joined(top, rest): path for rest, path in _below(context, names[0])}
        return Copied(files, names[0], destination, top, instruction.flags)
    if instruction.keyword == "ADD" or not destination.endswith(b"/"):
        return None
    found: dict[bytes, str] = {}
    for name in names:
        entry = context.entries.get(name) if name else None
        if name is None or entry is None or entry.kind is not Kind.FILE:
            return None
        found[_joined(top, name.rpartition("/")[2])] = name
    return Copied(found, None, destination, top, instruction.flags)


def _named(source: bytes) -> str | None:
    """The path of the context that a source names, if it names just one."""
    return from_root(source.decode("utf-8", "surrogateescape")) if is_plain(source) and b":" not in source else None


def _is_folder(context: Context, path: str) -> bool:
    entry = context.entries.get(path)
    return not path or (entry is not None and entry.kind is Kind.FOLDER)


def _below(context: Context, folder: str) -> Iterator[tuple[str, str]]:
    start = folder + "/" if folder else ""
    for path, entry in context.entries.items():
        if path.startswith(start) and entry.kind in (Kind.FILE, Kind.LINK):
            yield path[len(start) :], path


def _joined(top: bytes, path: str) -> bytes:
    return top.rstrip(b"/") + b"/" + path.encode("utf-8", "surrogateescape")


class Project:
    """Knows the installs of a project that has been copied as a whole; `needs` are those of what it was asked about."""

    def __init__(self, whole: Copied, context: Context) -> None:
        """`whole` is a copy of a folder."""
        self.needs: list[Needs] = []
        self.folders: list[bytes] = []
        self._whole = whole
        self._context = context

    def __call__(self, command: Command, gathering: Gathering) -> bool:
        """Gather what an install touches; False for any other command. Raises NotTold."""
        call = call_of(command)
        words = unwrapped(command)
        reader = reader_of(call.manager.name if call else words[0].decode("utf-8", "replace"))
        if reader is None:
            return False
        config = gathering.place.config
        if not is_root(config) or not home(config):
            raise NotTold("it is not known to run as root, and another user may not write there")
        if call is not None and call.does is Does.CLEAN:
            needs = Needs((), (), _CACHES)
        else:
            folder = self._folder(gathering.place.folder)
            told = self._from_folder(command, folder)
            if told == command and not covers(self._whole.top, gathering.place.folder or b"/"):
                raise NotTold("it is not known to run in the project")
            env = {**config.args, **config.env, **dict(_assigned(command))}
            lies = (self._whole.top.decode("utf-8", "surrogateescape"), self._whole.source or "")
            needs = reader(Asked(told, call_of(told), unwrapped(told), folder, self._context, env, lies))
            self.folders.append(gathering.place.folder)
        self.needs.append(needs)
        gathering.rely_on(words[0].rpartition(b"/")[2])
        gathering.heed(ALL_VARIABLES)
        gathering.use_folder()
        gathering.read_trees(*SYSTEM, *path_folders(config), *map(self._placed, needs.files))
        gathering.write_trees(*needs.elsewhere, TEMPORARY, *map(self._placed, needs.outputs))
        gathering.reach_out()
        return True

    def _folder(self, folder: bytes) -> str:
        """The folder of the context that lies there in the image; raises NotTold where it is not known which.

        Of a command that runs outside of the project, what it reads beside the paths that it names is not the
        project's; to take it for one that runs at the top of it only asks for more.
        """
        inside = posixpath.relpath(folder, self._whole.top).decode("utf-8", "surrogateescape") if folder else ".."
        inside = "." if inside.startswith("..") else inside
        return posixpath.normpath(posixpath.join(self._whole.source or "", inside)).removeprefix(".").lstrip("/")

    def _from_folder(self, command: Command, folder: str) -> Command:
        """The command with the paths of the image that lie in the project as paths from the folder."""
        first = len(command.words) - len(unwrapped(command)) + 1
        words = [self._word(word, folder) if at >= first else word for at, word in enumerate(command.words)]
        return command._replace(words=tuple(words))

    def _word(self, word: Word, folder: str) -> Word:
        match = _PATH.fullmatch(unquoted(word.text))
        if match is None or not canonical(match[2]).startswith(self._whole.top.rstrip(b"/") + b"/"):
            return word
        inside = posixpath.relpath(canonical(match[2]), self._whole.top).decode("utf-8", "surrogateescape")
        path = posixpath.relpath(posixpath.join(self._whole.source or "", inside), folder or ".")
        return word._replace(text=(match[1] or b"") + path.encode("utf-8", "surrogateescape"))

    def _placed(self, path: str) -> bytes:
        """Where a path of the context comes to lie."""
        return canonical(_joined(self._whole.top, posixpath.relpath(path, self._whole.source or ".")))


class Reading(NamedTuple):
    """What a RUN behind the copy of a whole folder touches, and what its installs need of that."""

    found: Touched
    project: Project


def reading(step: Step, whole: Copied, context: Context) -> Reading:
    """Read a RUN as one that installs for the project."""
    project = Project(whole, context)
    return Reading(touched(step._replace(known=project), context), project)


def refusal(read: Reading, whole: Copied, first: Mapping[bytes, str], context: Context) -> str:
    """Why a RUN may not go before the copy of a whole folder, but for the files `first`; empty if it may."""
    found, project = read
    if found.why:
        return found.why[0]
    for needs in project.needs:
        missing = next((path for path in needs.files if path not in first.values()), None)
        if missing is not None:
            return f"it needs {missing}"
        lies = next((path for path in needs.outputs if any(_is_in(path, name) for name in context.entries)), None)
        if lies is not None:
            return f"{lies} is in the build context, and would lie over what is installed: keep it out by .dockerignore"
    for folder in project.folders:
        made = folder == whole.top or any(path.startswith(folder + b"/") for path in first)
        if not made and folder.startswith(whole.top.rstrip(b"/") + b"/"):
            return f"nothing that it needs lies in {shown(folder)}, which would not be there yet"
    return collision(whole, first, found)


def _is_in(folder: str, path: str) -> bool:
    return path == folder or path.startswith(folder + "/")


def _assigned(command: Command) -> Iterator[tuple[bytes, bytes]]:
    for word in command.assigns:
        name, _, text = word.text.partition(b"=")
        yield name, unquoted(text)


def collision(whole: Copied, first: Mapping[bytes, str], found: Touched) -> str:
    """Why a step that touches this may not go before the copy of all but the files `first`; empty if it may."""
    for path in whole.files:
        # What is written in the place of one of the first files, the copy of all would take back.
        for verb, trees in (("writes", found.writes), ("reads", {} if path in first else found.reads)):
            tree = next((tree for tree in trees if overlap(tree, path)), None)
            if tree is not None:
                return f"{trees[tree]} {verb} {shown(tree)}, and {shown(path)} is copied"
    return ""
