"""Has a clone looked at by a process of its own, which can do little else, and takes too long or too much at most once.

What a parser could be made to do by a stranger's file is done there: without tokens, in a jail, within bounds.
"""

from __future__ import annotations

import os
import pickle
import signal
import site
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from threading import Event, Timer

from ...adapters.changed import Lines
from ...adapters.config import NOTHING
from ...adapters.plugins import installed
from ...adapters.settings import ConfigError
from .inspection import Inspection
from .looking import Asked
from .reading import Order
from .settings import Operator
from .table import bot_settings
from .wire import BadAnswer, unpacked

_LARGEST = 500_000_000  # bytes of an answer
_GRACE = 10.0  # seconds that it has beyond its own limit, to start and to end


class InspectionError(Exception):
    """A clone of which nothing can be learnt; the text is a sentence for the user."""


def inspect(
    folder: str, operator: Operator, lines: Mapping[str, Lines] | None = None, rules: str | None = None
) -> Inspection:
    """What the clone in a folder holds.

    With `lines`, of a pull request of a person's: what is to be said of these lines of these files, in one group, by
    the settings of the operator alone. `rules` is the folder within the clone with the configuration files for it;
    None: the clone itself. Raises InspectionError, also for a configuration that cannot be followed: with no changes
    instead, all that is open would be closed.
    """
    top = os.path.realpath(folder)
    asked = Asked(top, operator.defaults, lines, top if rules is None else os.path.realpath(rules))
    text = _answered(Order(asked, operator.memory, operator.timeout))
    known = {name: one.settings for name, one in installed().items()}
    try:
        answer = unpacked(text)
        if answer.error:
            raise InspectionError(answer.error)
        settings = bot_settings(answer.said or NOTHING, known, operator.defaults)
    except (BadAnswer, ConfigError) as error:
        raise InspectionError(f"what looks at it has answered what it cannot have ({error})") from error
    return Inspection(settings, answer.said is not None, answer.groups, answer.problems, answer.files)


def _answered(order: Order) -> bytes:
    """What the process says. Raises InspectionError."""
    process = subprocess.Popen(
        # -P: what lies in the current folder is no module of ours.
        [sys.executable, "-P", "-B", "-m", "dockfix.frontends.bot.reading"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=os.sep,
        env=_environment(order.asked.folder),
        start_new_session=True,
    )
    late = Event()

    def end_late() -> None:
        late.set()
        _kill(process)

    timer = Timer(order.timeout + _GRACE, end_late)
    timer.start()
    try:
        text = _exchanged(process, pickle.dumps(order))
        if len(text) <= _LARGEST:
            # Not reaped yet: as long as it is not, nobody else gets its number.
            os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    finally:
        _kill(process)
        _close(process)
        timer.cancel()
        process.wait()
    if len(text) > _LARGEST:
        raise InspectionError("there is more to say of it than anybody reads")
    if process.returncode != 0 or not text:
        raise InspectionError(_ended(process.returncode, order, late.is_set()))
    return text


def _exchanged(process: subprocess.Popen[bytes], asked: bytes) -> bytes:
    """What it answers. Its standard input stays open: where that ends, it ends."""
    if process.stdin is None or process.stdout is None:
        raise ValueError("both are pipes")
    with suppress(BrokenPipeError):
        process.stdin.write(asked)
        process.stdin.flush()
    return process.stdout.read(_LARGEST + 1)


def _close(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(BrokenPipeError):
                pipe.close()


def _kill(process: subprocess.Popen[bytes]) -> None:
    """The process and all that it has started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _ended(status: int, order: Order, is_late: bool) -> str:
    if is_late or -status in (signal.SIGALRM, signal.SIGXCPU):
        return f"looking at it has taken more than {order.timeout:g} seconds"
    if -status == signal.SIGKILL:
        return "looking at it was killed, as happens where memory runs out: let fewer work at once, or leave it out"
    memory = f"more memory may be needed than {order.memory:,} bytes"
    return f"looking at it has ended in the middle (status {status}): {memory}"


def _environment(folder: str) -> dict[str, str]:
    """What the process has to know, and nothing else: no token, nothing that leads git astray."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "PYTHONPATH", "TZ")}
    if site.ENABLE_USER_SITE:
        kept["PYTHONUSERBASE"] = site.getuserbase()
    return {
        **kept,
        "LC_ALL": "C.UTF-8",
        "PYTHONUTF8": "1",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CEILING_DIRECTORIES": os.path.dirname(folder),
    }
