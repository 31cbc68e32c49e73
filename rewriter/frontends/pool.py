"""Many files in several processes: the same outcomes in the same order, sooner."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..adapters.shfmt import Shfmt
from ..engine.change import Outcome
from .examine import Examination, Job, failed

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

_BATCH = 32  # files at a time, at most: fewer messages and runs of shfmt, and no process without work at the end
_POOL_PAYS = 50_000
"""Bytes above which several processes are faster: starting them takes as long as rewriting that much."""


def examine_all(
    jobs: Sequence[Job], processes: int | None, meanwhile: Callable[[], None] = lambda: None
) -> Iterator[Outcome]:
    """The outcomes in the order of the jobs, whatever the number of processes (None: as many as pay).

    `meanwhile` is called while the second parser, or another process, is at work.
    """
    count = min(processes or _cores(), len(jobs))
    if count > 1 and (processes is not None or _size(jobs) > _POOL_PAYS):
        yield from _in_pool(jobs, count, meanwhile)
        return
    for outcomes in _examined([jobs[at : at + _BATCH] for at in range(0, len(jobs), _BATCH)], meanwhile):
        yield from outcomes


def _examined(batches: Sequence[Sequence[Job]], meanwhile: Callable[[], None]) -> Iterator[list[Outcome]]:
    """The outcomes of each batch; the second parser reads one batch while we are busy with the next."""
    second_opinion = Shfmt()
    before: Examination | None = None
    for batch in batches:
        examination = Examination(batch, second_opinion)
        if before is not None:
            yield before.outcomes()
        before = examination
    if before is not None:
        meanwhile()
        yield before.outcomes()


class _Worker(NamedTuple):
    process: BaseProcess
    outcomes: Connection


def _in_pool(jobs: Sequence[Job], count: int, meanwhile: Callable[[], None]) -> Iterator[Outcome]:
    """Each process takes every `count`th batch and sends its outcomes by a pipe of its own.

    So there is no queue, no thread and no lock that a process could die with, and Ctrl-C always ends.
    """
    size = max(1, min(_BATCH, len(jobs) // (4 * count)))
    batches = [jobs[at : at + size] for at in range(0, len(jobs), size)]
    workers: list[_Worker] = []
    try:
        _start(workers, [batches[first::count] for first in range(count)])
        meanwhile()
        for number, batch in enumerate(batches):
            yield from _received(workers[number % count], batch)
    finally:
        for worker in workers:
            worker.process.terminate()
        for worker in workers:
            worker.process.join()


def _start(workers: list[_Worker], shares: Sequence[Sequence[Sequence[Job]]]) -> None:
    import multiprocessing
    import signal
    import sys

    # Forking hands the loaded program over; elsewhere than on Linux it is not safe.
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else None)
    # Ctrl-C reaches every process of a terminal. The parent alone answers, once it knows all of its children.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        for share in shares:
            reader, writer = context.Pipe(duplex=False)
            process = context.Process(target=_work, args=(share, writer), daemon=True)
            process.start()
            writer.close()
            workers.append(_Worker(process, reader))
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(batches: Sequence[Sequence[Job]], outcomes: Connection) -> None:
    import signal

    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    for found in _examined(batches, lambda: None):
        try:
            outcomes.send(found)
        except BrokenPipeError:
            return


def _received(worker: _Worker, batch: Sequence[Job]) -> Sequence[Outcome]:
    try:
        outcomes: list[Outcome] = worker.outcomes.recv()
    except EOFError:
        message = "not examined: a process that dockfix had started died; `-j 1` finds the file that kills it"
        return [failed(job, message, job.text) for job in batch]
    return outcomes


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _size(jobs: Sequence[Job]) -> int:
    return sum(os.path.getsize(job.path) for job in jobs if os.path.isfile(job.path))
