"""Works off the queue: as many repositories at once as the executor takes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from ...terminal import printable
from ..executors import Crew
from ..fleet import Work, report_of
from ..journal import JournalError
from ..task import Task
from .desk import Desk
from .queue import Queue

T = TypeVar("T")

_LOOK = 5.0
"""Seconds after which it looks whether a repository's pause is over, or a journal can be written again."""


class Worker:
    """Takes repositories from the queue until it is stopped."""

    def __init__(
        self, desk: Desk, crew: Crew, work: Work, task: Callable[[str], Task], tell: Callable[[str], None]
    ) -> None:
        self._desk = desk
        self._crew = crew
        self._work = work
        self._task = task
        self._tell = tell
        self._wake = asyncio.Event()
        self._going: dict[str, asyncio.Task[None]] = {}
        self._bases: dict[str, str] = {}

    def wake(self) -> None:
        """There is something new in the queue."""
        self._wake.set()

    def base(self, name: str) -> str | None:
        """The branch that was looked at last in a repository; None: none was since this has been begun.

        Only its configuration says which one it is. Not in the journal: to look once too often after a start does no
        harm.
        """
        return self._bases.get(name)

    async def run(self) -> None:
        """Work until cancelled."""
        waiting = await self._surely(Queue.recover)
        self._tell(f"repositories waiting from before: {waiting}")
        while True:
            self._wake.clear()
            name = None
            if len(self._going) < self._crew.width:
                name = await self._surely(Queue.take)
            if name is None:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), _LOOK)
            else:
                self._going[name] = asyncio.create_task(self._one(name))

    async def stop(self, grace: float) -> None:
        """Wait so many seconds for what was begun, and give the rest back; `run` has been cancelled before."""
        if self._going:
            await asyncio.wait(self._going.values(), timeout=grace)
        for name, task in list(self._going.items()):
            task.cancel()
            self._tell(f"{printable(name)}: broken off, and given back")
            with suppress(JournalError):
                await self._give_back(name)

    async def _one(self, name: str) -> None:
        task = self._task(name)
        future = self._crew.executor.submit(self._work, task)
        await asyncio.wait([asyncio.wrap_future(future)])
        report = report_of(task, future)
        if report.base:
            self._bases[name] = report.base
        await self._surely(lambda queue: queue.end(name, failed=bool(report.error), retry=report.retry))
        self._tell(f"{printable(name)}: {printable(report.error) if report.error else 'done'}")
        del self._going[name]
        self._wake.set()

    async def _give_back(self, name: str) -> None:
        await self._desk.ask(lambda queue: queue.give_back(name))

    async def _surely(self, question: Callable[[Queue], T]) -> T:
        """Ask until the journal can be used: what was done must be told there, or it would be taken for begun."""
        while True:
            try:
                return await self._desk.ask(question)
            except JournalError as error:
                self._tell(str(error))
                await asyncio.sleep(_LOOK)
