"""The cache of Debian's packages: what two builds fetch one after the other is the same, and the second gets it at once."""

from __future__ import annotations

import fcntl
import itertools
import random
import socket
from pathlib import Path
from typing import IO, NamedTuple

from rig import machine, made

SETTINGS = """\
CacheDir: {folder}
LogDir: {folder}
Port: {port}
BindAddress: 127.0.0.1
ReportPage:
ExThreshold: 30
AllowUserPorts: 0
CAfile: /etc/ssl/certs/ca-certificates.crt
PidFile: {state}/cacher.pid
"""


class Cacher(NamedTuple):
    """Where apt-cacher-ng keeps what it fetched, and where it listens; `lock` keeps other rigs from the folder."""

    folder: Path
    port: int
    lock: IO[str]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def listens(self) -> bool:
        return _answers(self.port)

    def fetched(self) -> list[str]:
        """The packages that came from the archive, ever, by path and in order."""
        # One line for what comes in or goes out: the time, I or O, the size, the path.
        lines = (line.split("|") for line in (self.folder / "apt-cacher.log").read_text().splitlines())
        return [fields[-1] for fields in lines if fields[1] == "I" and fields[-1].endswith(".deb")]


def prepare(state: Path) -> Cacher:
    """Chooses a port and a folder, and writes the settings into the rig's state."""
    lock = _free_folder()
    cacher = Cacher(Path(lock.name).parent, _free_port(), lock)
    settings = state / "cacher" / "acng.conf"
    settings.parent.mkdir()
    proxy = machine.proxy()
    text = SETTINGS.format(folder=cacher.folder, port=cacher.port, state=state)
    settings.write_text(text + (f"Proxy: {proxy}\n" if proxy else ""))
    return cacher


def _free_folder() -> IO[str]:
    """The lock in a folder of packages that no other rig uses: they stay for later sessions."""
    for number in itertools.count():
        folder = made.CACHE / "packages" / str(number)
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / ".lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
        else:
            return lock
    raise AssertionError


def _free_port() -> int:
    """A port below those that the kernel gives away and below 32768: apt-cacher-ng takes higher ones for negative."""
    return next(port for port in iter(lambda: random.randrange(20000, 32000), None) if not _answers(port))


def _answers(port: int) -> bool:
    """Whether somebody listens."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
