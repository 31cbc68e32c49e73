"""Which files are Dockerfiles: in the folders that a user names, minus what nobody wants rewritten."""

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from ..engine.change import Problem
from .store import LIMIT

_TEMPLATES = (".j2", ".jinja", ".jinja2", ".tmpl", ".tpl", ".in", ".erb", ".mustache")
_VERSION_CONTROL = frozenset({".git", ".hg", ".svn", ".bzr", ".jj", ".sl", "_darcs", "CVS"})
_DEPENDENCIES = frozenset(
    {
        ".bundle",
        ".direnv",
        ".eggs",
        ".gradle",
        ".nox",
        ".terraform",
        ".tox",
        ".venv",
        ".yarn",
        "Pods",
        "__pycache__",
        "bower_components",
        "jspm_packages",
        "node_modules",
        "site-packages",
        "vendor",
    }
)
_EXCLUDED = _VERSION_CONTROL | _DEPENDENCIES


class Discovery(NamedTuple):
    """The files to look at, in a fixed order; `notes` say where less was known than wished."""

    files: tuple[str, ...]
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


def is_dockerfile(name: str) -> bool:
    """Whether a file of this name, found in a folder, is taken for a Dockerfile."""
    name = name.lower()
    if name.endswith((".dockerignore", *_TEMPLATES)):
        return False
    return (
        name in ("dockerfile", "containerfile")
        or name.startswith(("dockerfile.", "containerfile."))
        or name.endswith(".dockerfile")
    )


def discover(paths: Sequence[str], *, embedded: bool = False) -> Discovery:
    """The Dockerfiles in `paths`. A file that is named is taken whatever it is called; a folder is searched.

    With `embedded`, so are documents that may carry Dockerfiles, unless they are too large.
    """
    is_taken = _is_taken if embedded else _is_dockerfile
    files: dict[str, str] = {}
    problems: list[Problem] = []
    notes: list[str] = []
    for path in paths:
        found = _search(path, is_taken, problems, notes) if os.path.isdir(path) else [path]
        for file in found:
            files.setdefault(os.path.realpath(file), file)
    return Discovery(tuple(files.values()), tuple(problems), tuple(notes))


class _Found(NamedTuple):
    """A file, or a folder with a repository of its own, and the folder from which to ask git about it."""

    path: str
    root: str | None
    is_repository: bool = False


_Takes = Callable[["os.DirEntry[str]"], bool]


def _is_dockerfile(entry: os.DirEntry[str]) -> bool:
    return is_dockerfile(entry.name)


def _is_taken(entry: os.DirEntry[str]) -> bool:
    from .embedded import is_document

    return is_dockerfile(entry.name) or (is_document(entry.name) and _is_small(entry))


def _is_small(entry: os.DirEntry[str]) -> bool:
    """Whether it is a file that is read at all: what nobody has named is not worth an error."""
    try:
        status = entry.stat()
    except OSError:
        return False
    return stat.S_ISREG(status.st_mode) and status.st_size <= LIMIT


def _search(folder: str, is_taken: _Takes, problems: list[Problem], notes: list[str]) -> list[str]:
    found = list(_walk(folder, is_taken, problems))
    ignored: set[str] = set()
    # Outer repositories come first; what git ignores there hides the repositories inside of it.
    for root in dict.fromkeys(item.root for item in found):
        if root is not None:
            ignored.update(_ignored(root, [item.path for item in found if item.root == root], notes))
    hidden = tuple(item.path + os.sep for item in found if item.is_repository and item.path in ignored)
    files = [item.path for item in found if not item.is_repository]
    return [path for path in files if path not in ignored and not path.startswith(hidden)]


def _walk(top: str, is_taken: _Takes, problems: list[Problem]) -> Iterator[_Found]:
    """Files before folders, each by name. Links to folders are not followed: they may form a ring."""
    waiting = [(top, top if is_in_repository(top) else None)]
    while waiting:
        folder, root = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            problems.append(Problem(folder, None, f"this folder cannot be listed: {error.strerror}"))
            continue
        names = {entry.name for entry in found}
        if "pyvenv.cfg" in names:
            continue
        if ".git" in names and folder != top:
            yield _Found(folder, root, is_repository=True)
            root = folder
        folders: list[tuple[str, str | None]] = []
        for entry in found:
            path = entry.name if folder == "." else os.path.join(folder, entry.name)
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in _EXCLUDED:
                    folders.append((path, root))
            elif is_taken(entry) and not _leads_to_folder(entry):
                yield _Found(path, root)
        waiting += reversed(folders)


def _leads_to_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        # A link that leads back to itself is a file that cannot be read.
        return False


def is_in_repository(folder: str) -> bool:
    """Whether git would know this folder: starting git takes longer than this look."""
    at = os.path.realpath(folder)
    while not os.path.lexists(os.path.join(at, ".git")):
        above = os.path.dirname(at)
        if above == at:
            return False
        at = above
    return True


def _ignored(root: str, paths: Sequence[str], notes: list[str]) -> Iterable[str]:
    """Those of `paths` that git ignores, by one call; a tracked file is never ignored."""
    import subprocess

    from .git import git

    names = {os.path.relpath(path, root): path for path in paths}
    text = b"".join(os.fsencode(f"./{name}") + b"\0" for name in names)
    try:
        told = git(root, "check-ignore", "-z", "--stdin", text=b".\0" + text, fails=1)
    except FileNotFoundError:
        notes.append("git is not installed, so files that it ignores are looked at too")
        return ()
    except subprocess.SubprocessError as error:
        stderr = error.stderr if isinstance(error, subprocess.CalledProcessError) else b"it took too long"
        reason = os.fsdecode(stderr).strip().partition("\n")[0].removeprefix("fatal: ")
        notes.append(f"git cannot say what it ignores in {root} ({reason}); such files are looked at too")
        return ()
    answers = [os.fsdecode(name) for name in told.split(b"\0") if name]
    # Who names a folder that git ignores wants it searched.
    return () if "." in answers else [names[name.removeprefix("./")] for name in answers]
