"""A Dask cluster as an executor: other machines work on the repositories (docs.dask.org/en/stable/deploying.html)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, ParamSpec, TypeVar
from uuid import uuid4

from ..terminal import printable
from .processes import Lost

if TYPE_CHECKING:
    from distributed import Client

P = ParamSpec("P")
T = TypeVar("T")

_TIMEOUT = 10.0
"""Seconds for a scheduler to answer, and for it to have a worker."""

_GONE = "the cluster has gone while this was on it; run again with --resume"


class ClusterError(Exception):
    """The cluster cannot be used; the text is a sentence for the user."""


class Cluster(Executor):
    """Calls on the workers of a cluster.

    Dask calls again what was called on a worker that has died, and also what had come to its end there but whose result
    had not been fetched. So the scheduler itself keeps each result, and what it has is not called again. A worker that
    lives but lost its connection is given up by Dask, and may go on with what it had begun.
    """

    def __init__(self, address: str) -> None:
        """Connect to the scheduler. Raises ClusterError also where a worker is not fit for the work."""
        self._client = _connected(address)
        try:
            _check(self._client, address)
        except ClusterError:
            self._client.close()
            raise
        # Dask tells calls from each other by what is called with what; a second run is another call all the same.
        self._executor = self._client.get_executor(pure=False)
        self._run = uuid4().hex

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Call it on a worker. The future raises Lost where that has no result."""
        told: Future[T] = Future()
        if self._client.status != "running":
            told.set_exception(Lost(_GONE, retry=True))
            return told
        inner = self._executor.submit(_once, (self._run, uuid4().hex), fn, *args, **kwargs)
        inner.add_done_callback(lambda done: _tell(done, told))
        return told

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Without `wait`, what has not begun is dropped; what a worker is busy with comes to its end there."""
        self._executor.shutdown(wait=wait and not cancel_futures)
        if self._client.status == "running":
            self._client.set_metadata(["dockfix", self._run], {})
        self._client.close(timeout=_TIMEOUT)


def _connected(address: str) -> Client:
    try:
        from distributed import Client
    except ModuleNotFoundError as error:
        raise ClusterError(
            "`dask:` needs the package distributed, which is not installed: pip install 'dockfix[dask]'"
        ) from error
    try:
        return Client(address, timeout=_TIMEOUT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterError(
            f"no scheduler of Dask answers at {printable(address)}; start one with `dask scheduler`"
        ) from error


def _check(client: Client, address: str) -> None:
    from distributed import TimeoutError as DaskTimeout

    try:
        client.wait_for_workers(1, timeout=_TIMEOUT)
    except DaskTimeout as error:
        raise ClusterError(
            f"the scheduler at {printable(address)} has no workers; start one with `dask worker {printable(address)}`"
        ) from error
    # A function of the standard library: one of ours could not even be loaded where dockfix is missing.
    found = client.run(version, "dockfix", on_error="return")
    ours = version("dockfix")
    for worker, theirs in found.items():
        if isinstance(theirs, PackageNotFoundError):
            raise ClusterError(f"the worker at {printable(worker)} has no dockfix; install version {ours} there")
        if theirs != ours:
            raise ClusterError(
                f"the worker at {printable(worker)} has dockfix {printable(str(theirs))}, and this is {ours}; "
                "install the same version in both places"
            )


def _once(key: tuple[str, str], function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What a worker calls: nothing where the scheduler has the result."""
    import pickle

    from distributed import get_client

    client = get_client()
    kept = client.get_metadata(["dockfix", *key], default=None)
    if kept is not None:
        # What a worker has put there; whoever can put something there can have workers call anything.
        result: T = pickle.loads(kept)  # noqa: S301
        return result
    result = function(*args, **kwargs)
    client.set_metadata(["dockfix", *key], pickle.dumps(result))
    return result


def _tell(done: Future[T], told: Future[T]) -> None:
    """Hand on what a call came to, with the errors that are Dask's as sentences."""
    from distributed import KilledWorker

    if done.cancelled():
        told.set_exception(Lost(_GONE, retry=True))
        return
    error = done.exception()
    if error is None:
        told.set_result(done.result())
    elif isinstance(error, KilledWorker):
        told.set_exception(
            Lost("every worker that took it died, as happens where memory runs out; give them more, or leave it out")
        )
    else:
        told.set_exception(error)
