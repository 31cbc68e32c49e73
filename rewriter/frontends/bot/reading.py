"""The process that looks at a clone: `python -m dockfix.frontends.bot.reading`, started by `inspecting`.

What is asked comes by standard input as a pickle, for whoever starts this is trusted. The answer goes to standard
output, as `wire` has it.
"""

from __future__ import annotations

# What reads schedules loads it, and it loads a library, which the jail does not allow any more.
import ctypes  # noqa: F401
import os
import pickle
import signal
import sys
import sysconfig
import zoneinfo
from collections.abc import Iterator
from threading import Thread
from types import TracebackType
from typing import BinaryIO, NamedTuple

from ... import transforms
from ...adapters import git, shfmt
from ...adapters.settings import ConfigError
from ..bug import describe
from ..terminal import printable
from .jail import Jail, limit
from .looking import Asked, NotLearnt, read
from .wire import Answer, packed

_PACKAGE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Order(NamedTuple):
    """What to look at, and what bounds the process: bytes of memory, and seconds."""

    asked: Asked
    memory: int
    timeout: float


def main() -> None:
    """Read what is asked, and answer."""
    order: Order = pickle.load(sys.stdin.buffer)  # noqa: S301 it comes from who has started this
    Thread(target=_end_with_parent, daemon=True).start()
    # What is printed by mistake is no part of the answer.
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def last_words(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        _say(out, Answer(_fault(error, order)))

    sys.excepthook = last_words
    limit(order.memory, order.timeout)
    os.chdir(order.asked.folder)
    Jail([order.asked.folder, *_readable()], [git.program(), shfmt.program()]).close()
    _say(out, _answer(order))


def _say(out: BinaryIO, answer: Answer) -> None:
    out.write(packed(answer))
    out.flush()
    # The thread that waits for the end of standard input has no say in how this ends.
    os._exit(0)


def _end_with_parent() -> None:
    """Standard input ends when whoever has started this is gone, however that came."""
    os.read(sys.stdin.fileno(), 1)
    os.killpg(0, signal.SIGKILL)


def _answer(order: Order) -> Answer:
    try:
        return read(order.asked)
    except (ConfigError, NotLearnt) as error:
        return Answer(printable(str(error)))


def _fault(error: BaseException, order: Order) -> str:
    if isinstance(error, MemoryError):
        return f"more than {order.memory:,} bytes of memory are needed to look at it"
    return printable(describe(error))


def _readable() -> Iterator[str]:
    """Where Python, the packages and time zones are."""
    paths = sysconfig.get_paths()
    yield from (paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib"))
    yield from (path for path in sys.path if os.path.isabs(path))
    yield from (_PACKAGE, *transforms.__path__, *zoneinfo.TZPATH)


if __name__ == "__main__":
    main()
