"""Git as a program."""

from __future__ import annotations

import os
import subprocess

from .discovery import HOOK_VARIABLES

_TIMEOUT = 120  # seconds; git reads 1,000 commits of a large repository in about 2
# Nothing of a repository is run: no hooks, no monitors, no pager; and git asks for no password.
_COMMAND = (
    "git",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "core.quotePath=false",
    "--no-pager",
)


def git(folder: str, *arguments: str, of_hook: bool = False) -> bytes:
    """What `git ARGUMENTS...` prints in a folder; raises OSError or subprocess.SubprocessError.

    `of_hook`: in the repository that a hook is run for, with the index that is being committed. Otherwise what a
    hook's variables say is about another repository.
    """
    env = {name: value for name, value in os.environ.items() if of_hook or name not in HOOK_VARIABLES}
    env |= {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    done = subprocess.run(
        [*_COMMAND, "-C", folder, *arguments],
        capture_output=True,
        check=True,
        timeout=_TIMEOUT,
        env=env,
        stdin=subprocess.DEVNULL,
    )
    return done.stdout


def complaint(error: OSError | subprocess.SubprocessError) -> str:
    """Why it failed, as the end of a sentence."""
    if isinstance(error, subprocess.CalledProcessError):
        told: str = error.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        return f": {told.removeprefix('fatal: ')}"
    return ": it is not installed" if isinstance(error, FileNotFoundError) else ": it took too long"
