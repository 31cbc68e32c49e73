"""Who works on the repositories: processes of this machine, or a Dask cluster."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import NamedTuple

from ..terminal import printable

PATIENCE = 3600.0
"""Seconds that one repository may take: far more than the bot itself allows, for what hangs beyond its reach."""
_MOST = 256
_HANDED = 256
"""Repositories that a cluster is given at once: it deals them out itself, also to workers that join later."""


class ExecutorError(Exception):
    """There is nobody to work; the text is a sentence for the user."""


class Crew(NamedTuple):
    """An executor, and how many repositories it is given at once."""

    executor: Executor
    width: int


@contextmanager
def crew(text: str, patience: float = PATIENCE) -> Iterator[Crew]:
    """Who `--executor` names: `processes`, `processes:N`, or `dask:` and the address of a scheduler.

    On leaving, what is still being done is broken off, within seconds. Raises ExecutorError.
    """
    made = _made(text, patience)
    try:
        yield made
    finally:
        made.executor.shutdown(wait=False, cancel_futures=True)


def _made(text: str, patience: float) -> Crew:
    kind, _, rest = text.partition(":")
    if kind == "dask" and rest:
        return _cluster(rest)
    if kind == "processes" and (text == kind or (rest.isascii() and rest.isdigit())):
        from .processes import Processes

        count = int(rest) if rest else _cores()
        if 1 <= count <= _MOST:
            return Crew(Processes(count, patience), count)
    raise ExecutorError(
        f"{printable(text)} is no executor: there are `processes:N`, with N from 1 to {_MOST}, and "
        "`dask:tcp://HOST:PORT`"
    )


def _cluster(address: str) -> Crew:
    from .cluster import Cluster, ClusterError

    try:
        return Crew(Cluster(address), _HANDED)
    except ClusterError as error:
        raise ExecutorError(str(error)) from error


def _cores() -> int:
    import os

    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
