"""The queue in a thread of its own: SQLite waits for the disk, and the event loop must not."""

from __future__ import annotations

from asyncio import get_running_loop
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from types import TracebackType
from typing import Self, TypeVar

from ..journal import Journal
from .queue import Queue

T = TypeVar("T")


class Desk:
    """A queue that is asked one thing after the other."""

    def __init__(self, journal: str) -> None:
        """Open the journal, for this service alone; raises JournalError."""
        self._thread = ThreadPoolExecutor(1)
        self._stack = ExitStack()
        opened = self._thread.submit(self._open, journal)
        if opened.exception() is not None:
            self.close()
        self._queue = opened.result()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    async def ask(self, question: Callable[[Queue], T]) -> T:
        """What the queue answers; raises JournalError."""
        return await get_running_loop().run_in_executor(self._thread, question, self._queue)

    def close(self) -> None:
        """Close the journal."""
        self._thread.submit(self._stack.close).result()
        self._thread.shutdown()

    def _open(self, path: str) -> Queue:
        journal = self._stack.enter_context(Journal(path))
        self._stack.enter_context(journal.alone("serve"))
        return Queue(journal)
