"""What tests have workers do in a repository: the name says what, and files in a folder tell what was done.

The folder is named by `Place.api`. Each begin and each end is a file of its own, so that killed processes tell, too.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from dockfix.frontends.bot.report import Done, Report
from dockfix.frontends.bot.settings import Operator
from dockfix.frontends.bot.task import Place, Task


def task(folder: Path, name: str, *, dry_run: bool = False) -> Task:
    return Task(Place("local", str(folder)), name, Operator(dry_run=dry_run))


def work(task: Task) -> Report:
    """`ok-1` takes no time, `slow-1` 0.2 seconds, `gate-1` waits for a file called `open`; the others go wrong."""
    folder = Path(task.place.api)
    name = task.repository.rpartition("/")[2]
    _tell(folder, "begin", name)
    match name.split("-")[0]:
        case "slow":
            time.sleep(0.2)
        case "gate":
            _wait_for(folder / "open")
        case "raise":
            raise RuntimeError("a bug in a repository")
        case "child":
            # As git does: a program of its own, which ends with its parent only if somebody sees to it.
            child = subprocess.Popen(["sleep", "600"])
            (folder / "begin" / f"{name}~{child.pid}").touch()
            child.wait()
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "once" if len(told(folder, "begin", name)) == 1:
            os.kill(os.getpid(), signal.SIGKILL)
        case "error":
            return Report(task.repository, error="the token has no right to it")
        case "limited" if len(told(folder, "begin", name)) == 1:
            return Report(task.repository, error="there were too many requests", retry=True)
        case "exit":
            sys.exit(3)
        case "clone":
            with TemporaryDirectory(dir=folder, prefix="clone-"):
                _wait_for(folder / "open")
    _tell(folder, "end", name)
    done = (Done("opened", "safe", 7, title="Less \udcff\n"),)
    return Report(task.repository, done, files=1, seconds=0.5, base="develop")


def told(folder: Path, what: str, name: str = "") -> list[str]:
    """The repositories that were begun, or ended, as often as they were."""
    return sorted(path.name.split("~")[0] for path in folder.glob(f"{what}/{name}*"))


def until(condition: object, seconds: float = 60.0) -> None:
    """Wait for a callable to say yes."""
    assert callable(condition)
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it has not come to that"
        time.sleep(0.05)


def _tell(folder: Path, what: str, name: str) -> None:
    (folder / what).mkdir(exist_ok=True)
    (folder / what / f"{name}~{os.getpid()}~{uuid4().hex}").touch()


def _wait_for(path: Path) -> None:
    end = time.monotonic() + 120
    while not path.exists() and time.monotonic() < end:
        time.sleep(0.02)
