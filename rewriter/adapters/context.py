"""Build contexts from outside: a folder, a git tree, and texts by path."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from operator import attrgetter
from types import MappingProxyType

from ..model.context import HEAD, Commit, Context, Details, Entry, Kind
from .discovery import is_in_repository
from .git import complaint, git

_LARGEST = 10_000_000  # bytes of a file that is read for what it says: manifests and ignore files are smaller
_MOST = 1_000_000  # entries: no build sends more
_EVERY = 5_000  # entries between two reports of progress
_KINDS = {"160000": Kind.FOLDER, "120000": Kind.LINK, "040000": Kind.FOLDER}


class ContextError(Exception):
    """A context that cannot be read; the text is a sentence for the user."""


def folder(path: str, progress: Callable[[int], None] | None = None) -> Context:
    """The context that a folder is, walked once; links are not followed. Raises ContextError.

    `progress` is told now and then how many entries there are so far. Folders that may not be opened are there, empty.
    """
    root = os.path.abspath(path)
    if not os.path.isdir(root):
        raise ContextError(f"{path}: it is no folder, so it cannot be a build context")
    entries = _walk(root, progress)

    def read(name: str) -> bytes | None:
        return _text(os.path.join(root, name)) if entries.get(name, _NO_FILE).kind is Kind.FILE else None

    def begins(name: str) -> bytes | None:
        return _head(os.path.join(root, name)) if entries.get(name, _NO_FILE).kind is Kind.FILE else None

    # Git is asked once.
    history = cache(lambda most: _history(root, "HEAD", most))
    return Context(path, entries, read, history, cache(lambda: _tracked(root, entries)), begins=begins)


def _tracked(root: str, entries: Mapping[str, Entry]) -> frozenset[str] | None:
    """What git keeps; all files, where there is a repository of which git does not tell."""
    try:
        return frozenset(os.fsdecode(git(root, "ls-files", "-z")).split("\0")[:-1])
    except (OSError, subprocess.SubprocessError):
        return frozenset(entries) if is_in_repository(root) else None


_NO_FILE = Entry(Kind.OTHER)


class _Seen(Entry):
    """An entry of a folder: the system is asked about it when somebody wants to know."""

    __slots__ = ("_item",)

    def __init__(self, kind: Kind, item: os.DirEntry[str]) -> None:
        self.kind = kind
        self._item = item

    @property
    def details(self) -> Details:
        """What the system says; nothing where it went away since."""
        try:
            if self.kind is Kind.LINK:
                return Details(target=os.readlink(self._item.path))
            status = self._item.stat(follow_symlinks=False)
        except OSError:
            return Details()
        return Details(status.st_size, status.st_mode & 0o7777, names=status.st_nlink)


class _SeenFolder(_Seen):
    """A folder of that: its own size is nobody's business, so that sums over all ask the system for files alone."""

    __slots__ = ()

    @property
    def size(self) -> int:
        """Of files only."""
        return 0

    @property
    def details(self) -> Details:
        """Its mode."""
        return super().details._replace(size=0, names=1)


def _walk(root: str, progress: Callable[[int], None] | None) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    waiting = [("", root)]
    told = _EVERY
    while waiting:
        prefix, path = waiting.pop()
        try:
            with os.scandir(path) as found:
                here = sorted(found, key=_name)
        except OSError:
            continue
        below = []
        for item in here:
            name = prefix + item.name
            if item.is_dir(follow_symlinks=False):
                below.append((name + "/", item.path))
                entries[name] = _SeenFolder(Kind.FOLDER, item)
            elif item.is_file(follow_symlinks=False):
                entries[name] = _Seen(Kind.FILE, item)
            else:
                entries[name] = _Seen(Kind.LINK, item) if item.is_symlink() else _NO_FILE
        below.reverse()
        waiting += below
        if len(entries) > _MOST:
            raise ContextError(
                f"more than {_MOST:,} files in {root}: name another folder by --context, or --no-context"
            )
        if progress is not None and len(entries) >= told:
            progress(len(entries))
            told = len(entries) + _EVERY
    return entries


def of_fresh_clone(context: Context) -> Context:
    """The context without what is in its `.git`: git packs that otherwise in each clone, and a shallow one has less."""
    if context.entries.get(_HISTORY, _NO_FILE).kind is not Kind.FOLDER:
        return context
    entries = {path: entry for path, entry in context.entries.items() if not path.startswith(_HISTORY + "/")}
    return context._replace(entries=entries, unweighed=frozenset({_HISTORY}))


_HISTORY = ".git"
_name = attrgetter("name")
# As git makes it, which keeps no mode of a folder.
_FOLDER = Entry(Kind.FOLDER, mode=0o755)


def _text(path: str) -> bytes | None:
    text = _head(path, _LARGEST + 1)
    return text if text is not None and len(text) <= _LARGEST else None


def _head(path: str, size: int = HEAD) -> bytes | None:
    try:
        with open(
            os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)), "rb"
        ) as file:
            return file.read(size)
    except OSError:
        return None


def git_tree(repository: str, commit: str = "HEAD", below: str = "") -> Context:
    """The context that a folder of a repository was at a commit, also in a bare clone. Raises ContextError."""
    tree = f"{commit}:{below.strip('/')}"
    try:
        listed = git(repository, "ls-tree", "-r", "-t", "-l", "-z", "--end-of-options", tree, settings=_ALSO_BARE)
    except (OSError, subprocess.SubprocessError) as error:
        raise ContextError(f"{repository}: git cannot list {tree}{complaint(error)}") from error
    entries: dict[str, Entry] = {}
    for line in os.fsdecode(listed).split("\0")[:-1]:
        told, _, name = line.partition("\t")
        mode, _, _, size = told.split()
        kind = _KINDS.get(mode, Kind.FILE)
        if kind is Kind.FOLDER:
            entries[name] = _FOLDER
        else:
            entries[name] = Entry(kind, int(size), int(mode[-3:], 8)) if kind is Kind.FILE else Entry(kind)
    where = f"{tree.rstrip('/')}{'/' if below else ''}"
    for name in [name for name, entry in entries.items() if entry.kind is Kind.LINK]:
        entries[name] = Entry(Kind.LINK, target=os.fsdecode(_blob(repository, where + name)))

    def read(name: str) -> bytes | None:
        entry = entries.get(name, _NO_FILE)
        if entry.kind is not Kind.FILE or entry.size > _LARGEST:
            return None
        try:
            return _blob(repository, where + name)
        except (OSError, subprocess.SubprocessError):
            return None

    history = cache(lambda most: _history(repository, commit, most, below, _ALSO_BARE))
    return Context(tree, entries, read, history, lambda: frozenset(entries))


_ALSO_BARE = {"safe.bareRepository": "all"}  # Who names a repository means it.


def _blob(repository: str, name: str) -> bytes:
    return git(repository, "cat-file", "blob", name, settings=_ALSO_BARE)


def _history(
    folder: str, commit: str, most: int, below: str = ".", settings: Mapping[str, str] = MappingProxyType({})
) -> Sequence[Commit]:
    """The last commits that changed something below the folder, newest first; none where git does not know it."""
    limits = (f"--max-count={most}", "--first-parent", "--diff-merges=first-parent", "--no-renames", "--relative")
    relative = f"--relative={below}" if below not in ("", ".") else limits[-1]
    try:
        found = git(
            folder,
            "log",
            *limits[:-1],
            relative,
            "--name-only",
            "-z",
            "--format=%x01%h",
            "--end-of-options",
            commit,
            "--",
            below or ".",
            settings=settings,
        )
    except (OSError, subprocess.SubprocessError):
        return ()
    commits = []
    for block in os.fsdecode(found).split("\x01")[1:]:
        name, _, paths = block.partition("\0")
        commits.append(Commit(name.strip(), tuple(path.lstrip("\n") for path in paths.split("\0") if path.strip("\n"))))
    return tuple(commits)


def part(whole: Context, below: str, name: str) -> Context:
    """A folder of a context as a context of its own."""
    prefix = below.replace(os.sep, "/") + "/"
    entries = {path[len(prefix) :]: entry for path, entry in whole.entries.items() if path.startswith(prefix)}

    def history(most: int) -> list[Commit]:
        commits = whole.history(most)
        inside = (Commit(c.name, tuple(p[len(prefix) :] for p in c.paths if p.startswith(prefix))) for c in commits)
        return [commit for commit in inside if commit.paths]

    def tracked() -> frozenset[str] | None:
        known = whole.tracked()
        return known and frozenset(path[len(prefix) :] for path in known if path.startswith(prefix))

    read, head = whole.read, whole.head
    return Context(
        name, entries, lambda path: read(prefix + path), history, tracked, begins=lambda path: head(prefix + path)
    )


def texts(
    files: Mapping[str, bytes],
    sizes: Mapping[str, int] | None = None,
    history: Sequence[Commit] = (),
    links: Mapping[str, str] | None = None,
    tracked: frozenset[str] | None = None,
) -> Context:
    """A context of texts by path, of files of which only the size is known (bytes), and of links with what they say.

    Folders are implied.
    """
    entries: dict[str, Entry] = {}
    known = {name: Entry(Kind.FILE, len(text), 0o644) for name, text in files.items()}
    known |= {name: Entry(Kind.FILE, size, 0o644) for name, size in (sizes or {}).items()}
    known |= {name: Entry(Kind.LINK, target=target) for name, target in (links or {}).items()}
    for name in sorted(known, key=lambda path: path.split("/")):
        parts = name.split("/")
        for end in range(1, len(parts)):
            entries.setdefault("/".join(parts[:end]), _FOLDER)
        entries[name] = known[name]
    return Context("given texts", entries, files.get, lambda most: history[:most], lambda: tracked)
