"""Reading and replacing files: whole or not at all, with one sentence for each way in which it can fail."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress

LIMIT = 5_000_000
"""The largest file, in bytes, that is read: what is larger was not written by a person."""


class StoreError(Exception):
    """A file that could not be read or replaced; its text is a sentence for the user."""


def read(path: str) -> bytes:
    """The bytes of a regular file; raises StoreError."""
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            raise StoreError(f"{_kind(status.st_mode)}, not a file; pipe its text into `dockfix -`")
        if status.st_size > LIMIT:
            raise StoreError(too_large())
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise StoreError(_reading(path, error)) from error


def too_large() -> str:
    """The sentence about a file above the limit."""
    return f"larger than {LIMIT // 1_000_000} MB, which no Dockerfile needs: take the data out of it"


def replace(path: str, before: bytes, after: bytes) -> None:
    """Put `after` in the place of `before`, all of it or nothing; raises StoreError.

    Mode, owner and extended attributes stay; of a symlink, the target is replaced. A file that is not
    `before` any more is somebody else's work in progress and is left alone.
    """
    target = os.path.realpath(path)
    try:
        status = os.stat(target)
        if read(target) != before:
            raise StoreError("left as it is: it was changed while dockfix looked at it; run dockfix again")
        if not os.access(target, os.W_OK):
            raise StoreError("left as it is: it is read-only; make it writable, then run dockfix again")
        with _undisturbed():
            _replace(target, after, status)
    except OSError as error:
        raise StoreError(_writing(path, os.path.dirname(target), error)) from error


def create(path: str, text: bytes) -> None:
    """Make a new file, all of it or nothing; raises StoreError, also where there is one by now."""
    folder = os.path.dirname(path) or "."
    try:
        with _undisturbed(), _beside(folder, 0o666) as (file, temporary):
            _write(file, text)
            os.fsync(file)
            # Unlike a rename, this fails where the name is taken.
            os.link(temporary, path, follow_symlinks=False)
    except FileExistsError as error:
        raise StoreError("left as it is: it was made while dockfix looked; run dockfix again") from error
    except OSError as error:
        raise StoreError(_writing(path, folder, error)) from error


def put(path: str, text: bytes) -> None:
    """Make a file, or take the place of what has its name, all of it or nothing; raises StoreError."""
    folder = os.path.dirname(path) or "."
    try:
        with _undisturbed(), _beside(folder, 0o666) as (file, temporary):
            _write(file, text)
            os.replace(temporary, path)
    except OSError as error:
        raise StoreError(_writing(path, folder, error)) from error


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ctrl-C waits for the few milliseconds: between making a file and seeing to its removal, it would leave it."""
    import signal

    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _beside(folder: str, mode: int) -> Iterator[tuple[int, str]]:
    """A new file in the folder, open, and its path; it is gone afterwards, unless it was renamed."""
    temporary = os.path.join(folder, f".dockfix-{os.urandom(6).hex()}.tmp")
    file = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    try:
        try:
            yield file, temporary
        finally:
            os.close(file)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(temporary)
    _flush_folder(folder)


def _replace(target: str, text: bytes, status: os.stat_result) -> None:
    # In the same folder, since a rename is atomic only inside one file system.
    with _beside(os.path.dirname(target), 0o600) as (file, temporary):
        _fill(file, text, target, status)
        os.replace(temporary, target)


def _write(file: int, text: bytes) -> None:
    rest = memoryview(text)
    while rest:
        rest = rest[os.write(file, rest) :]


def _fill(file: int, text: bytes, target: str, status: os.stat_result) -> None:
    _write(file, text)
    own = os.fstat(file)
    if (own.st_uid, own.st_gid) != (status.st_uid, status.st_gid):
        try:
            os.fchown(file, status.st_uid, status.st_gid)
        except PermissionError as error:
            raise StoreError("left as it is: its owner or group would change; run dockfix as its owner") from error
    _copy_attributes(target, file)
    # After chown and the attributes: both may take bits away.
    os.fchmod(file, stat.S_IMODE(status.st_mode))
    os.fsync(file)


def _copy_attributes(source: str, file: int) -> None:
    """Access lists and labels, where the system has them; those that only the kernel sets are left to it."""
    if not hasattr(os, "listxattr"):
        return
    try:
        for name in os.listxattr(source):
            os.setxattr(file, name, os.getxattr(source, name))
    except OSError as error:
        if error.errno not in (errno.ENOTSUP, errno.EPERM, errno.EACCES):
            raise


def _flush_folder(folder: str) -> None:
    """Make the new name last; some file systems cannot, and the text is in place already."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(handle)


def _kind(mode: int) -> str:
    kinds = {stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}
    return kinds.get(stat.S_IFMT(mode), "a device")


def _reading(path: str, error: OSError) -> str:
    if error.errno == errno.ENOENT and os.path.islink(path):
        return f"a link to {os.readlink(path)}, which does not exist"
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR:
            return "no such file or folder"
        case errno.EACCES | errno.EPERM:
            return "may not be read: check its permissions"
        case errno.ELOOP:
            return "a link that leads back to itself"
        case _:
            return f"cannot be read: {error.strerror}"


def _writing(path: str, folder: str, error: OSError) -> str:
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return "left as it is: the disk is full"
        case errno.EROFS:
            return "left as it is: the file system is read-only"
        case errno.EACCES | errno.EPERM:
            return f"left as it is: no new file can be made in {folder}; check its permissions"
        case errno.ENOENT if not os.path.exists(path):
            return "gone while dockfix looked at it"
        case _:
            return f"left as it is: {error.strerror}"
