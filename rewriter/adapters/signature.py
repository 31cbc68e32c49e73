"""Whether anything below a folder has changed: one short text that is the same as long as nothing has.

As make and git do, a file is taken for the same while its size, mode and time of change are.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from hashlib import sha256

# Of a repository's own folder, what tells of commits and of what is tracked; the rest is large, and says no more.
_OF_GIT = ("HEAD", "index", "packed-refs", os.path.join("logs", "HEAD"))


def signature(*folders: str) -> bytes | None:
    """The signature of these folders with all that is below them; None where something cannot be looked at.

    That is so of a work tree, or a submodule, whose repository is elsewhere.
    """
    found = sha256()
    try:
        for folder in folders:
            for line in _lines(folder):
                found.update(line)
    except OSError:
        return None
    return found.digest()


def of_files(*paths: str) -> bytes:
    """The signature of these files, there or not."""
    return sha256(b"".join(map(_line, paths))).digest()


def _lines(folder: str) -> Iterator[bytes]:
    waiting = [folder]
    while waiting:
        at = waiting.pop()
        with os.scandir(at) as items:
            for item in sorted(items, key=lambda item: item.name):
                if item.name == ".git":
                    if not item.is_dir(follow_symlinks=False):
                        raise NotADirectoryError(item.path)
                    yield from (_line(os.path.join(item.path, name)) for name in _OF_GIT)
                    continue
                status = item.stat(follow_symlinks=False)
                yield _told(item.path, status)
                if stat.S_ISDIR(status.st_mode):
                    waiting.append(item.path)


def _line(path: str) -> bytes:
    try:
        return _told(path, os.lstat(path))
    except OSError:
        return os.fsencode(path) + b"\0"


def _told(path: str, status: os.stat_result) -> bytes:
    # A folder's own time changes with what is in it, which is looked at anyhow.
    when = 0 if stat.S_ISDIR(status.st_mode) else status.st_mtime_ns
    size = 0 if stat.S_ISDIR(status.st_mode) else status.st_size
    return os.fsencode(path) + b"\0%d %d %d %d\n" % (status.st_mode, size, when, status.st_nlink)
