"""An executor of processes each of which may be killed, as where memory runs out, without harm to what others do.

`concurrent.futures.ProcessPoolExecutor` breaks as a whole when one of its processes dies, does not say which call it
was that killed it, and leaves its processes behind when it is killed itself.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from threading import Lock, Thread
from time import monotonic, sleep
from typing import TYPE_CHECKING, NamedTuple, NoReturn, ParamSpec, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from types import FrameType

P = ParamSpec("P")
T = TypeVar("T")

_GRACE = 3.0
"""Seconds in which a process may clean up before it is killed."""
_TRIES = 2


class Lost(Exception):
    """There is no result, and none to be had by waiting; the text is a sentence for the user.

    `retry`: it was not the call's own fault, and may go right next time.
    """

    def __init__(self, sentence: str, *, retry: bool = False) -> None:
        super().__init__(sentence)
        self.retry = retry


class _Broken(NamedTuple):
    """What the call raised, as a sentence."""

    sentence: str


class _Worker(NamedTuple):
    process: BaseProcess
    connection: Connection

    def kill(self) -> None:
        """End the process, and the programs that it has started."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid or 0, signal.SIGKILL)
        # Where it was not yet so far as to have a group of its own.
        self.process.kill()


class Processes(Executor):
    """Calls in processes of their own, `count` at once; a call gets `patience` seconds."""

    def __init__(self, count: int, patience: float) -> None:
        self._patience = patience
        self._threads = ThreadPoolExecutor(count)
        self._lock = Lock()
        self._idle: list[_Worker] = []
        self._all: list[_Worker] = []
        self._stopped = False

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Call it in a process. The future raises Lost where that has no result."""
        if kwargs:
            raise TypeError("only positional arguments are sent to a process")
        return self._threads.submit(self._called, fn, args)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End in seconds unless `wait`: what is being done is broken off, and cleans up."""
        self._threads.shutdown(wait=wait, cancel_futures=cancel_futures)
        with self._lock:
            self._stopped = True
        for worker in self._all:
            worker.process.terminate()
        end = monotonic() + _GRACE
        for worker in self._all:
            worker.process.join(max(0.0, end - monotonic()))
            worker.kill()
            worker.process.join()
        self._threads.shutdown()

    def _called(self, function: Callable[..., T], arguments: tuple[object, ...]) -> T:
        for _ in range(_TRIES):
            worker = self._worker()
            try:
                worker.connection.send((function, arguments))
                if not worker.connection.poll(self._patience):
                    self._end(worker)
                    raise Lost(f"not done within {self._patience:.0f} seconds, and broken off")
                answer: T | _Broken = worker.connection.recv()
            except (EOFError, BrokenPipeError, ConnectionResetError):
                self._end(worker)
                continue
            with self._lock:
                self._idle.append(worker)
            if isinstance(answer, _Broken):
                raise Lost(answer.sentence)
            return answer
        raise Lost(
            "its process was killed twice, as happens where memory runs out: let fewer work at once, or leave it out"
        )

    def _worker(self) -> _Worker:
        with self._lock:
            if self._stopped:
                raise Lost("broken off; run again with --resume", retry=True)
            if self._idle:
                return self._idle.pop()
            worker = _started()
            self._all.append(worker)
            return worker

    def _end(self, worker: _Worker) -> None:
        with self._lock:
            if self._stopped:
                return
            self._all.remove(worker)
        worker.kill()
        worker.process.join()
        worker.connection.close()


def _started() -> _Worker:
    from multiprocessing import get_context

    # A forked process would have our threads' locks, as they are at that moment, and the handles of the journal.
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    # No daemon: such a process may not have processes of its own, and rewriting many files takes some.
    process = context.Process(target=_work, args=(theirs,))
    process.start()
    theirs.close()
    return _Worker(process, ours)


def _work(connection: Connection) -> None:
    # A group of its own, so that Ctrl-C in a terminal reaches neither it nor its git: the parent alone answers.
    os.setpgid(0, 0)
    signal.signal(signal.SIGTERM, _unwind)
    Thread(target=_watch, daemon=True).start()
    while True:
        try:
            function, arguments = connection.recv()
        except EOFError:
            return
        connection.send(_answered(function, arguments))


def _answered(function: Callable[..., object], arguments: tuple[object, ...]) -> object:
    from ..bug import describe

    try:
        return function(*arguments)
    # As in `examine`: what fails here is our bug, and must not cost the other repositories.
    except Exception as error:  # noqa: BLE001
        return _Broken(describe(error))


def _unwind(_signal: int, _frame: FrameType | None) -> NoReturn:
    """Leave all `with` blocks: folders made for a while are removed."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(1)


def _watch() -> None:
    """End with the parent, also where that is killed: who starts dockfix anew must not meet what is left of it."""
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
        sleep(_GRACE)
        os.killpg(0, signal.SIGKILL)
