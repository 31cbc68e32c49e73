"""Which shell runs a RUN: what SHELL names, or the base brings."""

import re
from functools import lru_cache
from typing import NamedTuple

from .bases import first_on_path, has_plain_shell, is_windows
from .image import Configuration
from .stages import Stage

_POSIX = {"sh", "bash", "dash", "ash", "ksh", "mksh"}
_WINDOWS = {"powershell": "PowerShell", "pwsh": "PowerShell", "cmd": "cmd"}
_START_UP = "li"  # options that make a shell read start-up files
_KNOWN_LETTERS = "euxofcvC" + _START_UP
_OPTIONS_FROM = (b"BASH_ENV", b"SHELLOPTS", b"BASHOPTS")
# The last option makes the next word, the RUN's text, the script.
_SCRIPT_COMES_NEXT = r"-[a-zA-Z]*c[a-zA-Z]*"
_NAMED = {"errexit", "nounset", "pipefail", "xtrace", "verbose", "noclobber", "posix"}


class RunShell(NamedTuple):
    """The shell of a RUN. `refused` says why its scripts are opaque to us; empty: a POSIX shell.

    `known`: the base is known to bring no shell of its own, or SHELL names one. `errexit`: `-e` is in force from the
    start. `start_up`: it reads start-up files, which an earlier RUN may have written. `settled`: the commands that
    stand first on PATH, so that nothing can come before them.
    """

    refused: str = ""
    known: bool = True
    bash: bool = False
    errexit: bool = False
    start_up: str = ""
    settled: frozenset[bytes] = frozenset()


def run_shell(stage: Stage, config: Configuration, root: Stage) -> RunShell:
    """The shell in force under `config` in `stage`, whose chain of FROM ends at the stage `root`."""
    names = tuple(name for name in _OPTIONS_FROM if name in config.env or name in config.args)
    return _shell(config.shell, root.base, stage.platform or root.platform, names, b"PATH" in config.env)


# Few of them differ in a file, and each RUN is asked about in every round.
@lru_cache(4096)
def _shell(
    argv: tuple[str, ...] | None, base: str, platform: str, names: tuple[bytes, ...], has_path: bool
) -> RunShell:
    """By what SHELL says, the image and its platform, the `names` that are set, and whether PATH is."""
    if argv is None:
        if is_windows(base, platform):
            return RunShell(refused="its shell is that of a Windows image (cmd)")
        shell = RunShell(known=has_plain_shell(base))
    else:
        shell = _named(argv)
    settled = first_on_path(base) if not has_path else frozenset()
    # Only bash called as bash reads BASH_ENV; a shell called `sh` reads nothing unless it is interactive.
    start_up = "BASH_ENV makes its shell read a file" if shell.bash and b"BASH_ENV" in names else ""
    if not shell.refused and any(name != b"BASH_ENV" for name in names):
        shell = shell._replace(refused="its shell takes options from SHELLOPTS or BASHOPTS")
    return shell._replace(start_up=shell.start_up or start_up, settled=settled)


def _named(argv: tuple[str, ...]) -> RunShell:
    name = argv[0].replace("\\", "/").rpartition("/")[2].lower().removesuffix(".exe") if argv else ""
    options = list(argv[1:])
    if name in ("busybox", "env") and options and options[0].rpartition("/")[2] in _POSIX:
        name = options.pop(0).rpartition("/")[2]
    if name in _WINDOWS:
        return RunShell(refused=f"its shell is {_WINDOWS[name]}")
    if name not in _POSIX:
        return RunShell(refused=f"its shell is {' '.join(argv)!r}, which is not understood")
    shell = RunShell(bash=name == "bash")
    if not options or not re.fullmatch(_SCRIPT_COMES_NEXT, options[-1]):
        return RunShell(refused=f"its shell is {' '.join(argv)!r}, which does not take a script")
    while options:
        shell = _with_option(shell, options)
        if shell.refused:
            return RunShell(refused=f"its shell is {' '.join(argv)!r}, whose options are not understood")
    return shell


def _with_option(shell: RunShell, options: list[str]) -> RunShell:
    """Take one option, and the value that it takes, off the front."""
    option = options.pop(0)
    if option == "--login":
        return shell._replace(start_up="its shell is a login one, which reads start-up files")
    letters = option[1:]
    if option[:1] not in ("-", "+") or not letters or letters.strip(_KNOWN_LETTERS):
        return shell._replace(refused=option)
    if letters.count("o") > 1 or ("o" in letters and not options):
        return shell._replace(refused=option)
    name = options.pop(0) if "o" in letters else ""
    if name and name not in _NAMED:
        return shell._replace(refused=name)
    if option[0] == "-" and ("e" in letters or name == "errexit"):
        shell = shell._replace(errexit=True)
    if option[0] == "-" and set(letters) & set(_START_UP):
        shell = shell._replace(start_up="its shell is a login or interactive one, which reads start-up files")
    return shell
