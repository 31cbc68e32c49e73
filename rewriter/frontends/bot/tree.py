"""The files of a commit: counted, fetched and measured before any of them is written."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import IO, NamedTuple

from .errors import CloneError
from .git import Git
from .links import link
from .origin import Origin
from .settings import Operator

BASE = "refs/dockfix/base"
"""What the clone calls the base's last commit."""

_MEAN_NAME = 256  # bytes of an entry in the list of files; Linux has 90
_LONGEST_NAME = 4200  # bytes of an entry: PATH_MAX, and what stands in front
_DEEPEST = 200  # folders within each other: Python follows a thousand, and not to their end
_BLOCK = 1 << 16
_LINK = "120000"
_MODULE = "160000"
# Files are what is in the repository, byte by byte: what is written there is what is read here. This is the first of
# all attributes, https://git-scm.com/docs/gitattributes; `!` says that there is none.
_ATTRIBUTES = "* -text -ident !eol !filter !working-tree-encoding\n"


class Listing(NamedTuple):
    """What a commit holds: how often each blob is there, and the modes of what is no plain file, by path."""

    blobs: Mapping[str, int]
    modes: Mapping[str, str]


def prepare(git: Git, folder: str) -> None:
    """Make an empty repository in a new folder, of which no file is changed on its way into the work tree."""
    git.run(git.home, "init", "--quiet", "--template=", "--end-of-options", folder)
    os.makedirs(os.path.join(folder, ".git/info"), exist_ok=True)
    with open(os.path.join(folder, ".git/info/attributes"), "w", encoding="ascii") as file:
        file.write(_ATTRIBUTES)


def checked_out(git: Git, folder: str, commit: str, origin: Origin, operator: Operator) -> Listing:
    """Fill the work tree with what a commit holds, and nothing else, and make HEAD it.

    Raises CloneError where that are more files, or more bytes, than the operator allows.
    """
    listing = _listed(git, folder, commit, operator)
    fetch_blobs(git, folder, listing.blobs, origin)
    total = sum(size * listing.blobs[blob] for blob, size in _sizes(git, folder, listing.blobs))
    if total > operator.largest:
        has, most = f"{total / 1_000_000:,.1f} MB", f"{operator.largest / 1_000_000:,.1f} MB"
        raise CloneError(f"its files have {has}, and at most {most} are looked at")
    _empty(folder)
    git.run(folder, "update-ref", "--no-deref", "HEAD", commit)
    git.run(folder, "read-tree", "--reset", "-u", commit)
    link(folder, [path for path, mode in listing.modes.items() if mode == _LINK])
    return listing


def fetch_blobs(git: Git, folder: str, blobs: Collection[str], origin: Origin) -> None:
    """Fetch those of these blobs that are not there yet, by one request."""
    missing = _missing(git, folder, blobs)
    if not missing:
        return
    fetch(git, folder, origin, "--filter=blob:none", "--stdin", given="".join(f"{blob}\n" for blob in missing))
    if _missing(git, folder, missing):
        raise CloneError("the server does not give all of its files")


def fetch(git: Git, folder: str, origin: Origin, *arguments: str, refs: tuple[str, ...] = (), given: str = "") -> None:
    """`git fetch` of the origin."""
    git.run(
        folder,
        "fetch",
        "--quiet",
        "--no-tags",
        "--no-write-fetch-head",
        "--no-auto-maintenance",
        "--no-recurse-submodules",
        *arguments,
        "--end-of-options",
        "origin",
        *refs,
        given=given.encode(),
        origin=origin,
        # What is asked for by name is not there, so there is nothing to negotiate.
        settings=(("fetch.negotiationAlgorithm", "noop"),) if given else (),
    )


def _entries(stream: IO[bytes]) -> Iterator[bytes]:
    """The parts of a stream that end in NUL."""
    rest = b""
    while block := stream.read(_BLOCK):
        *whole, rest = (rest + block).split(b"\0")
        if max(map(len, (*whole, rest))) > _LONGEST_NAME:
            raise CloneError("it has a file with a longer name than any file can have")
        yield from whole


def _listed(git: Git, folder: str, commit: str, operator: Operator) -> Listing:
    """Read as a stream: ten trees within each other can name 10^10 files, and a name can be of a GB."""
    blobs: Counter[str] = Counter()
    modes = {}
    count = size = 0
    with git.reading(folder, "ls-tree", "-r", "-z", "--full-tree", commit) as out:
        for entry in _entries(out):
            count += 1
            size += len(entry)
            if count > operator.most_files or size > operator.most_files * _MEAN_NAME:
                raise CloneError(f"it has more files, or longer names, than {operator.most_files} files may have")
            head, _, path = entry.partition(b"\t")
            if path.count(b"/") > _DEEPEST:
                raise CloneError(f"it has more than {_DEEPEST} folders within each other")
            mode, _, name = os.fsdecode(head).split(" ")
            if mode != _MODULE:
                blobs[name] += 1
            if mode != "100644":
                modes[os.fsdecode(path)] = mode
    return Listing(blobs, modes)


def _missing(git: Git, folder: str, blobs: Collection[str]) -> list[str]:
    return [name for name, size in _asked(git, folder, blobs) if size is None]


def _sizes(git: Git, folder: str, blobs: Collection[str]) -> Iterator[tuple[str, int]]:
    return ((name, size) for name, size in _asked(git, folder, blobs) if size is not None)


def _asked(git: Git, folder: str, blobs: Collection[str]) -> Iterator[tuple[str, int | None]]:
    """Each blob's size; None where it is missing."""
    asked = "".join(f"{blob}\n" for blob in blobs).encode()
    said = git.run(folder, "cat-file", "--batch-check=%(objectname) %(objectsize)", "--buffer", given=asked)
    for line in said.decode().splitlines():
        name, size = line.split(" ")
        yield name, None if size == "missing" else int(size)


def _empty(folder: str) -> None:
    """Remove all files, and the list of them, of what was checked out before."""
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            if entry.name != ".git":
                shutil.rmtree(entry.path)
        else:
            os.unlink(entry.path)
    index = os.path.join(folder, ".git/index")
    if os.path.lexists(index):
        os.unlink(index)
