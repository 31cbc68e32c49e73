"""Git as a program."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from types import MappingProxyType

_TIMEOUT = 120  # seconds; git reads 1,000 commits of a large repository in about 2
# Nothing that a repository's own configuration names is run, or fetched: clones come as archives, too.
_SETTINGS = {
    "core.fsmonitor": "false",
    "core.hooksPath": "/dev/null",
    "core.quotePath": "false",
    "log.showSignature": "false",  # It runs `gpg.program`.
    # A folder of the work tree that looks like a bare repository would be one, with a configuration of its own.
    "safe.bareRepository": "explicit",
}
# What is missing in a partial clone would be fetched by what the configuration names; git asks for no password.
_VARIABLES = {
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "LC_ALL": "C",
}
_FILTERS = r"^filter\..*\.(clean|smudge|process|required)$"

HOOK_VARIABLES = frozenset({"GIT_COMMON_DIR", "GIT_DIR", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_WORK_TREE"})
"""What git sets for its hooks, about the repository that they are run for."""


def program() -> str:
    """The absolute path of git; its bare name where there is none, which nobody finds.

    A folder of PATH that is not absolute is passed over: it may be the very clone that is looked at.
    """
    paths = (os.path.join(folder, "git") for folder in os.get_exec_path() if os.path.isabs(folder))
    return next((path for path in paths if os.access(path, os.X_OK) and os.path.isfile(path)), "git")


def git(
    folder: str,
    *arguments: str,
    of_hook: bool = False,
    text: bytes = b"",
    fails: int = 0,
    settings: Mapping[str, str] = MappingProxyType({}),
) -> bytes:
    """What `git ARGUMENTS...` prints in a folder; raises OSError or subprocess.SubprocessError.

    `of_hook`: in the repository that a hook is run for, with the index that is being committed. Otherwise what a
    hook's variables say is about another repository. `text` is its standard input. Up to the status `fails`, nothing
    is wrong. `settings` count more than any configuration, and than those that are safe.
    """
    env = {name: value for name, value in os.environ.items() if of_hook or name not in HOOK_VARIABLES}
    done = subprocess.run(
        [program(), "--no-pager", "-C", folder, *arguments],
        capture_output=True,
        check=False,
        timeout=_TIMEOUT,
        env=env | _VARIABLES | _as_variables(env, {**_SETTINGS, **settings}),
        input=text,
    )
    if not 0 <= done.returncode <= fails:
        raise subprocess.CalledProcessError(done.returncode, done.args, done.stdout, done.stderr)
    return done.stdout


def _as_variables(env: Mapping[str, str], settings: Mapping[str, str]) -> dict[str, str]:
    """Settings for git's environment, behind what is there: as an option, a name with `=` in it would be another one.

    https://git-scm.com/docs/git-config, GIT_CONFIG_COUNT.
    """
    count = env.get("GIT_CONFIG_COUNT", "")
    first = int(count) if count.isdecimal() else 0
    told = {"GIT_CONFIG_COUNT": str(first + len(settings)), "GIT_CONFIG_PARAMETERS": ""}  # The latter would count more.
    for index, (name, value) in enumerate(settings.items(), first):
        told |= {f"GIT_CONFIG_KEY_{index}": name, f"GIT_CONFIG_VALUE_{index}": value}
    return told


def without_filters(folder: str) -> Mapping[str, str]:
    """Settings that switch off the filters of the repository: programs that its configuration names.

    Raises OSError or subprocess.SubprocessError.
    """
    found = git(folder, "config", "--null", "--name-only", "--get-regexp", _FILTERS, of_hook=True, fails=1)
    names = os.fsdecode(found).split("\0")[:-1]
    return {name: "false" if name.endswith(".required") else "" for name in names}


def complaint(error: OSError | subprocess.SubprocessError) -> str:
    """Why it failed, as the end of a sentence."""
    if isinstance(error, subprocess.CalledProcessError):
        told: str = error.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        return f": {told.removeprefix('fatal: ')}"
    if isinstance(error, OSError):
        return ": it is not installed" if isinstance(error, FileNotFoundError) else f": {error.strerror}"
    return ": it took too long"
