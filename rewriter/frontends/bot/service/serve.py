"""`dockfix bot serve`: takes webhooks until it is told to end."""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from ...terminal import printable
from ..executors import Crew, crew
from ..fleet import Work
from ..settings import Operator
from ..task import Place, Task
from .allowed import Allowed
from .desk import Desk
from .signatures import HEADERS, Secrets

if TYPE_CHECKING:
    from uvicorn import Config

LIMIT = 1_000_000
"""Bytes of a webhook. GitHub's may have 25 MB, but those of the events that matter stay far below."""
_PATIENCE = 10.0
_CONNECTIONS = 512
"""Connections at once, below the 1024 files that a process may usually open; what is above gets a 503."""


class ServiceError(Exception):
    """It cannot be served; the text is a sentence for the user."""


def to_stderr(line: str) -> None:
    """Say a line to who runs the service."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


class Service(NamedTuple):
    """What is served: webhooks of a platform about `repositories`, which are patterns as of `Allowed`.

    `journal` is a file, `executor` as of `executors.crew`; a body may have `limit` bytes; at the end, what is being
    worked on gets `grace` seconds before it is given back. With port 0 the system picks one, which is told.
    """

    place: Place
    repositories: Sequence[str]
    secrets: Secrets
    journal: str
    work: Work
    operator: Operator = Operator()
    executor: str = "processes"
    host: str = "127.0.0.1"
    port: int = 8080
    limit: int = LIMIT
    grace: float = 20.0
    tell: Callable[[str], None] = to_stderr


def serve(service: Service) -> int:
    """Serve until SIGTERM or Ctrl-C; gives the exit status.

    Raises ServiceError, PatternError, JournalError and ExecutorError where it cannot begin.
    """
    try:
        import starlette  # noqa: F401
        import uvicorn
    except ModuleNotFoundError as error:
        raise ServiceError(
            "`serve` needs starlette and uvicorn, which are not installed: pip install 'dockfix[bot]'"
        ) from error
    if service.place.kind not in HEADERS:
        raise ServiceError(f"{printable(service.place.kind)} sends no webhooks; these do: {', '.join(HEADERS)}")
    allowed = Allowed(service.repositories)
    with (
        _listening(service.host, service.port) as listener,
        Desk(service.journal) as desk,
        crew(service.executor) as made,
    ):
        server = uvicorn.Server(_config(service, allowed, desk, made))
        service.tell(f"listening at http://{service.host}:{listener.getsockname()[1]}")
        with _told_to_end():
            server.run(sockets=[listener])
        service.tell("ended")
        # Where the application did not start, uvicorn has only said so.
        return 0 if server.started else 1


def _config(service: Service, allowed: Allowed, desk: Desk, made: Crew) -> Config:
    from uvicorn import Config

    from .app import Settings, application
    from .connection import Connection
    from .worker import Worker

    def task(name: str) -> Task:
        return Task(service.place, name, service.operator)

    settings = Settings(service.place.kind, allowed, service.secrets, service.limit, _PATIENCE, service.grace)
    worker = Worker(desk, made, service.work, task, service.tell)
    return Config(
        application(settings, desk, worker, service.tell),
        http=Connection,
        ws="none",
        lifespan="on",
        # Its log has what was asked for, as it came.
        access_log=False,
        log_config=None,
        log_level="error",
        proxy_headers=False,
        server_header=False,
        # One request a connection: the next one could come as slowly as it likes.
        headers=[("connection", "close")],
        limit_concurrency=_CONNECTIONS,
        timeout_graceful_shutdown=5,
    )


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=1024)
    except (OSError, OverflowError) as error:
        raise ServiceError(
            f"nothing can listen at {printable(host)}, port {port}: {error}; name another port"
        ) from error
    with listener:
        yield listener


@contextmanager
def _told_to_end() -> Iterator[None]:
    """Once it has ended in good order, uvicorn sends itself the signal again, which would end us in bad order."""
    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(one, lambda _signal, _frame: None) for one in signals]
    try:
        yield
    finally:
        for one, handler in zip(signals, before, strict=True):
            signal.signal(one, handler)
