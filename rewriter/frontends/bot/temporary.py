"""A folder that is gone afterwards, whatever ends the process that made it."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import IO

# It reads process groups from a pipe. The pipe ends when the bot closes it, and also when the bot is killed, by
# SIGKILL and for want of memory, too, where no handler and no `finally` of its own would run any more.
_WATCH = """
trap '' HUP INT TERM
group=
while read -r word; do group=$word; done
[ -z "$group" ] || kill -s KILL -- "-$group"
chmod -R u+rwX -- "$1"
rm -rf -- "$1"
"""


class Temporary:
    """A folder of mode 0700 and the program that removes it, with the process group that works in it now."""

    def __init__(self, folder: str, pipe: IO[bytes]) -> None:
        self.folder = folder
        self._pipe = pipe

    @contextmanager
    def working(self, group: int) -> Iterator[None]:
        """While the process group (its number) works in the folder: it is killed before the folder is removed."""
        self._tell(str(group))
        try:
            yield
        finally:
            self._tell("")

    def _tell(self, group: str) -> None:
        # Without its watcher the folder would stay, but that is no reason to fail.
        with suppress(BrokenPipeError):
            self._pipe.write(group.encode() + b"\n")
            self._pipe.flush()


@contextmanager
def temporary() -> Iterator[Temporary]:
    """A new folder, removed with all that is in it, also when this process is killed."""
    folder = os.path.realpath(tempfile.mkdtemp(prefix="dockfix-bot-"))
    with ExitStack() as unwatched:
        # Nobody watches over it yet, and nothing is in it.
        unwatched.callback(os.rmdir, folder)
        watcher = subprocess.Popen(
            ["sh", "-c", _WATCH, "sh", folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={"PATH": os.environ.get("PATH", os.defpath)},
            start_new_session=True,
        )
        unwatched.pop_all()
    assert watcher.stdin is not None  # noqa: S101
    try:
        yield Temporary(folder, watcher.stdin)
    finally:
        with suppress(BrokenPipeError):
            watcher.stdin.close()
        watcher.wait()
