"""Where a COPY or ADD puts what it takes, file by file, with the modes that those get.

Sources: Docker's reference of COPY and ADD; what the builders do was tried (`tests/e2e/test_folded.py`).
"""

from __future__ import annotations

import posixpath
import re
from typing import NamedTuple

from ...syntax.instruction import Instruction
from ...syntax.words import operands
from ..context import Context, Entry, Kind
from ..facts import Facts
from ..image import Configuration, value
from ..sources import from_root
from ..stages import layout
from ..steps.paths import is_plain

COPIES = ("COPY", "ADD")
# Of the mode that a heredoc gets, and of what ADD fetches: Docker's reference.
HEREDOC, FETCHED = 0o644, 0o600
# The mode of each folder that a copy makes on its way.
MADE = 0o755
_BASE = b"<workdir of the base>"
_HEREDOC = re.compile(rb"<<-?['\"]?([\w.+-]+)['\"]?")
_ADDRESS = re.compile(rb"https?://[^?#\s]+/([\w.+-]+)", re.IGNORECASE)
_ARGUMENT = re.compile(rb"<ARG [^>]*>")
_REMOTE = re.compile(rb"[\w+.-]+://|git@|[\w.-]+@[\w.-]+:", re.IGNORECASE)
_OWN = (b"--chown", b"--chmod", b"--checksum")
_OCTAL = re.compile(rb"0?[0-7]{3}")
_OWNER = re.compile(rb"([\w.-]+):([\w.-]+)")
_WILD = re.compile(rb"[*?\[\\]")


class File(NamedTuple):
    """A file that is copied: its name in the destination, its mode (None: not known), and its bytes.

    `settled`: whoever checks the context out gets that mode. (Git keeps one bit; the rest is the umask's.)
    """

    name: bytes
    mode: int | None
    size: int
    settled: bool = True


class Landing(NamedTuple):
    """What the copy, the `position`-th instruction, puts where.

    `destination` is an absolute path, or one in the working directory of the base. `into`: that is known to be a
    folder. `folder` is the one of the context whose contents are copied, if any; its files are only known `filled`.
    `folders` are the modes of the folders below it then. `mode` and `owner` are those that the flags give.
    """

    position: int
    destination: bytes
    into: bool
    files: tuple[File, ...]
    folder: str | None
    mode: int | None
    owner: tuple[bytes, bytes] | None
    flags: tuple[bytes, ...]
    folders: tuple[int, ...] = ()

    @property
    def tree(self) -> bool:
        """Whether it is a folder that is copied."""
        return self.folder is not None

    def paths(self, file: File) -> tuple[bytes, ...]:
        """Where a file may come to lie: one place, or two where it is not known whether the destination is a folder."""
        inside = joined(self.destination, file.name)
        return (inside,) if self.into or self.tree else (self.destination, inside)


def joined(folder: bytes, name: bytes) -> bytes:
    """The path of a name in a folder."""
    return folder.rstrip(b"/") + b"/" + name


def absolute(path: bytes, config: Configuration) -> bytes:
    """The path from the root, or from the working directory of the base; empty where it is not known."""
    workdir = _BASE if config.workdir is None else config.workdir
    if not is_plain(path) or not is_plain(workdir.removeprefix(_BASE)) or b".." in path.split(b"/"):
        return b""
    whole = path if path.startswith(b"/") else workdir + b"/" + path
    return posixpath.normpath(whole).replace(b"//", b"/")


def landing(facts: Facts, index: int) -> Landing | str:
    """What the COPY or ADD puts where, or why that is not known."""
    instruction = facts.instructions[index]
    config, escape = facts.of(layout).before[index], facts.source.escape
    strange = next((flag for flag in instruction.flags if flag.partition(b"=")[0] not in _OWN), None)
    if strange is not None:
        name = strange.partition(b"=")[0]
        return "it copies from another stage or image" if name == b"--from" else f"the copy has {name.decode()}"
    try:
        *given, last = (value(config, word, escape) for word in operands(instruction.rest, escape))
    except ValueError:
        return "the words of the copy are not understood"
    destination = absolute(last, config)
    if not destination or not given:
        return "where it is copied to is not known"
    found = [_taken(facts, index, source) for source in given]
    why = next((one for one in found if isinstance(one, str)), "")
    if why:
        return why
    taken = [one for one in found if isinstance(one, _Taken)]
    folder = next((one.folder for one in taken if one.folder is not None), None)
    if folder is not None and len(taken) > 1:
        return "it copies a folder beside others"
    owned = _owned(instruction)
    if isinstance(owned, str):
        return owned
    into = last.endswith((b"/", b"/.")) or last == b"." or len(given) > 1 or destination == absolute(b"", config)
    files = tuple(one.file for one in taken if one.file is not None)
    return Landing(index, destination, into, files, folder, *owned, instruction.flags)


def filled(facts: Facts, found: Landing) -> Landing | str:
    """The copy with the files of its folder; or why what it brings is not known."""
    context = facts.context
    if found.folder is None or context is None:
        return found
    start = found.folder + "/" if found.folder else ""
    below = [(name[len(start) :], entry) for name, entry in context.entries.items() if name.startswith(start)]
    shown = found.folder or "."
    if any(entry.kind not in (Kind.FILE, Kind.FOLDER) for _, entry in below):
        return f"there are links in `{shown}`"
    # A copy keeps them together; a change of one of them, in a layer of its own, takes it apart.
    if any(entry.kind is Kind.FILE and entry.names > 1 for _, entry in below):
        return f"there are hard links in `{shown}`"
    if not any(entry.kind is Kind.FILE for _, entry in below):
        return f"there is no file in `{shown}`"
    folders = tuple(entry.mode for _, entry in below if entry.kind is Kind.FOLDER)
    files = tuple(_file(name, entry) for name, entry in below if entry.kind is Kind.FILE)
    return found._replace(files=files, folders=folders)


class _Owned(NamedTuple):
    mode: int | None
    owner: tuple[bytes, bytes] | None


def _owned(instruction: Instruction) -> _Owned | str:
    """What its flags say of mode and owner."""
    mode: int | None = None
    owner: tuple[bytes, bytes] | None = None
    for flag in instruction.flags:
        name, _, text = flag.partition(b"=")
        if name == b"--chmod":
            if not _OCTAL.fullmatch(text):
                return f"the copy has {flag.decode('utf-8', 'replace')}"
            mode = int(text, 8)
        elif name == b"--chown":
            match = _OWNER.fullmatch(text)
            # Without a group, builders do not agree on which it is.
            owner = (match[1], match[2]) if match else (text.partition(b":")[0], b"")
    return _Owned(mode, owner)


class _Taken(NamedTuple):
    """What one source brings: a file, or a folder of the context."""

    file: File | None
    folder: str | None = None


def _taken(facts: Facts, index: int, source: bytes) -> _Taken | str:
    instruction = facts.instructions[index]
    heredoc = _HEREDOC.fullmatch(source) if instruction.bodies else None
    if heredoc:
        return _Taken(File(heredoc[1], HEREDOC, sum(map(len, instruction.bodies))))
    if instruction.keyword == "ADD" and _REMOTE.match(source):
        fetched = _ADDRESS.fullmatch(_ARGUMENT.sub(b"$", source))
        if fetched is None or source.lower().endswith(b".git"):
            return "it adds a repository, or an address that is not understood"
        return _Taken(File(fetched[1], FETCHED, 0))
    shown = source.decode("utf-8", "replace")
    if _WILD.search(source):
        return f"`{shown}` may match other files tomorrow"
    if not is_plain(source):
        return f"what `{shown}` is depends on a variable"
    context = facts.context
    if context is None:
        return "what it copies, the build context tells, which is not known here (--context)"
    if instruction.keyword == "ADD":
        from ..unpacking import beyond_copy

        why = beyond_copy(facts, index)
        if why:
            return f"ADD may unpack what it takes: {why}"
    return _in_context(context, from_root(source.decode("utf-8", "surrogateescape")), shown)


def _in_context(context: Context, path: str, shown: str) -> _Taken | str:
    entry = context.entries.get(path) if path else Entry(Kind.FOLDER)
    if entry is None:
        return f"nothing of the build context is `{shown}`"
    if entry.kind is Kind.FILE:
        return _Taken(_file(path.rpartition("/")[2], entry))
    return _Taken(None, path) if entry.kind is Kind.FOLDER else f"`{shown}` is a link"


def _file(name: str, entry: Entry) -> File:
    mode = entry.mode
    return File(name.encode("utf-8", "surrogateescape"), mode or None, entry.size, mode in (0o644, 0o755))
