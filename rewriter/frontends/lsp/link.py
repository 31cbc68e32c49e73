"""The server's end of the line to its worker: questions go out, answers come back as futures."""

from __future__ import annotations

import asyncio
import multiprocessing
import sys
import threading
from itertools import count
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from .messages import Answer, Question
from .worker import Answered, Asked, work

_MOST_STARTS = 5  # a worker that dies this often has met something that kills it each time


class WorkerGone(Exception):
    """The worker has died, and is not started any more; the text is a sentence for the user."""


class Link:
    """Starts the worker at once, while its caller loads the rest, and again where it has died."""

    def __init__(self) -> None:
        """Forks on Linux, since nothing else runs yet."""
        self._numbers = count()
        self._waiting: dict[int, asyncio.Future[Answered]] = {}
        self._starts = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._process, self._connection = self._start("fork" if sys.platform == "linux" else "spawn")

    def listen(self, loop: asyncio.AbstractEventLoop) -> None:
        """Hand the answers to this loop."""
        self._loop = loop
        threading.Thread(target=self._read, args=(loop, self._connection), daemon=True).start()

    async def ask(self, question: Question) -> Answer:
        """The answer. Raises WorkerGone, and RuntimeError where the worker has failed."""
        if self._loop is None:
            self.listen(asyncio.get_running_loop())
        number = next(self._numbers)
        future: asyncio.Future[Answered] = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        try:
            self._connection.send(Asked(number, question))
            answered = await future
        except BrokenPipeError as error:
            raise WorkerGone("the worker of dockfix has died; restart the language server") from error
        finally:
            self._waiting.pop(number, None)
        if answered.failed:
            raise RuntimeError(answered.failed)
        return answered.answer

    def close(self) -> None:
        """End the worker."""
        self._starts = _MOST_STARTS
        self._connection.close()
        self._process.terminate()

    def _start(self, method: str) -> tuple[BaseProcess, Connection]:
        self._starts += 1
        context = multiprocessing.get_context("fork") if method == "fork" else multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=work, args=(theirs, ours), daemon=True)
        process.start()
        theirs.close()
        return process, ours

    def _read(self, loop: asyncio.AbstractEventLoop, connection: Connection) -> None:
        """In a thread of its own: wait for answers until there is nobody to give any."""
        while True:
            try:
                answered: Answered = connection.recv()
            except (EOFError, OSError):
                loop.call_soon_threadsafe(self._restart)
                return
            loop.call_soon_threadsafe(self._settle, answered)

    def _settle(self, answered: Answered) -> None:
        future = self._waiting.get(answered.number)
        if future is not None and not future.done():
            future.set_result(answered)

    def _restart(self) -> None:
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(WorkerGone("the worker of dockfix has died while it looked at this file"))
        if self._starts < _MOST_STARTS and self._loop is not None:
            # By now there are threads, with which forking is not safe.
            self._process, self._connection = self._start("spawn")
            self.listen(self._loop)
