"""Runs the program as a user does: in a process of its own, in a folder, on real files."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import NamedTuple


class Ended(NamedTuple):
    """How a run of the program ended."""

    status: int
    out: bytes
    err: str


@cache
def _cache() -> str:
    """Nobody's own cache: one for this process, gone with it."""
    folder = tempfile.mkdtemp(prefix="dockfix-tests-cache-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


PROGRAM = (sys.executable, "-m", "dockfix")


def environment(**changes: str) -> dict[str, str]:
    """The environment without what would colour the output or lead git astray."""
    changes.setdefault("DOCKFIX_CACHE_DIR", _cache())
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "NO_COLOR", "FORCE_"))}
    return {**kept, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", **changes}


def dockfix(folder: Path, *arguments: str | bytes, text: bytes = b"", **changes: str) -> Ended:
    """`dockfix ARGUMENTS...` in `folder`, with `text` on standard input."""
    done = subprocess.run(
        [*PROGRAM, *arguments],
        cwd=folder,
        input=text,
        capture_output=True,
        env=environment(**changes),
        timeout=120,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr.decode())


def git(folder: Path, *arguments: str, text: bytes | None = None) -> bytes:
    """`git ARGUMENTS...` in `folder`."""
    identity = ("-c", "user.name=test", "-c", "user.email=test@example.org")
    command = ["git", *identity, *arguments]
    return subprocess.run(command, cwd=folder, input=text, capture_output=True, env=environment(), check=True).stdout


def files_below(folder: Path) -> dict[str, bytes]:
    """Every file, by its path in the folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
