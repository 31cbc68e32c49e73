"""What a process that reads a stranger's files may do from then on: read there, and run two programs.

It keeps our own code from being led astray by what stands in those files (a link, a path with `..`); it would not hold
code that is a stranger's own, which is never run.
"""

from __future__ import annotations

import errno
import os
import resource
import signal
import sys
from collections.abc import Callable, Collection, Sequence
from typing import NoReturn

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Jail:
    """An audit hook (https://docs.python.org/3/library/audit_events.html); nothing takes it away again."""

    def __init__(self, folders: Collection[str], programs: Collection[str]) -> None:
        """`folders` may be read; of `programs`, the absolute paths, each may be started."""
        self._folders = tuple(os.path.realpath(folder).rstrip(os.sep) + os.sep for folder in folders)
        self._programs = frozenset(programs)
        self._rules: dict[str, Callable[[Sequence[object]], None]] = {
            "open": self._opened,
            "os.listdir": self._listed,
            "os.scandir": self._listed,
            "os.getxattr": self._listed,
            "os.listxattr": self._listed,
            "subprocess.Popen": self._started,
            # The second parser is killed where it takes too long, and git.
            "os.kill": _free,
        }

    def close(self) -> None:
        """From here on, everything else is a PermissionError."""
        sys.addaudithook(self._heard)

    def _heard(self, event: str, arguments: tuple[object, ...]) -> None:
        rule = self._rules.get(event)
        if rule is not None:
            rule(arguments)
        elif event.startswith(_REFUSED):
            _refuse(event)

    def _opened(self, arguments: Sequence[object]) -> None:
        path, _, flags = arguments
        # A number is of something that is open already.
        if isinstance(path, int) or path == os.devnull:
            return
        if isinstance(flags, int) and flags & _WRITES:
            _refuse("writing", path)
        self._listed(arguments)

    def _listed(self, arguments: Sequence[object]) -> None:
        path = arguments[0]
        if isinstance(path, int):
            return
        where = os.path.realpath(os.fsdecode(path)) if isinstance(path, str | bytes) else os.path.realpath(os.curdir)
        if not (where + os.sep).startswith(self._folders):
            _refuse("reading", path)

    def _started(self, arguments: Sequence[object]) -> None:
        if arguments[0] not in self._programs:
            _refuse("starting", arguments[0])


# What events begin with that reach out of the process. Those of a name that is not known yet are refused, too.
_REFUSED = (
    "ctypes.",
    "ensurepip.",
    "ftplib.",
    "glob.",
    "http.",
    "imaplib.",
    "nntplib.",
    "os.",
    "poplib.",
    "pty.",
    "shutil.",
    "smtplib.",
    "socket.",
    "sqlite3.",
    "subprocess.",
    "syslog.",
    "telnetlib.",
    "tempfile.",
    "urllib.",
    "webbrowser.",
)


def _free(_: Sequence[object]) -> None:
    """Nothing is against it."""


def _refuse(what: str, about: object = None) -> NoReturn:
    told = what if about is None else f"{what} {about!r}"
    raise PermissionError(errno.EACCES, f"not done while looking at a stranger's files: {told}")


def limit(memory: int, seconds: float) -> None:
    """Bound this process, and those that it starts: bytes of memory, and seconds; it leaves no core behind."""
    whole = max(1, round(seconds))
    # Not RLIMIT_AS: the second parser, in Go, reserves a gigabyte that it never uses, and git maps files.
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (whole, whole + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # By itself, too: whoever has started it may be gone by then.
    signal.setitimer(signal.ITIMER_REAL, seconds)
