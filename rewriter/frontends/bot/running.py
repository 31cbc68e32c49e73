"""Puts the bot together: who is worked for, by whom, and what is said of it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ...adapters.plugins import installed
from ...adapters.settings import ConfigError
from ..request import UsageError
from ..terminal import Terminal, printable
from .executors import ExecutorError, crew
from .fleet import run as run_fleet
from .journal import Journal, JournalError
from .operator import operator_of
from .platform import PlatformError
from .platforms.chosen import platform_at
from .report import Report
from .settings import Operator
from .task import Place, Task
from .texts import report
from .token import warning
from .working import work

if TYPE_CHECKING:
    from .commands import GivenPlace, GivenRun, GivenServe

_FAILED, _INTERRUPTED = 2, 130


def run(given: GivenRun, terminal: Terminal) -> int:
    """Look at all repositories once; returns the exit status. Raises UsageError."""
    if given["resume"] and given["journal"] is None:
        raise UsageError("--resume goes on with what --journal has kept: name that, too")
    operator = _operator(given)._replace(dry_run=given["dry_run"])
    _check_platform(given, terminal)
    try:
        names = list(dict.fromkeys([*given["repositories"], *_named(given)]))
        if not names:
            several = given["repos"] is not None or given["org"] is not None
            empty = "there is no repository in what --repos or --org names"
            raise UsageError(empty if several else "no repository is named: name some, or give --repos or --org")
        tasks = [Task(_place(given), name, operator) for name in names]
        with Journal(given["journal"] or ":memory:") as journal, crew(given["executor"]) as workers:
            told = _Told(terminal, len(tasks))
            reports = run_fleet(tasks, work, workers, journal, tell=told.tell, resume=given["resume"])
    except (ExecutorError, JournalError) as error:
        raise UsageError(str(error)) from error
    except PlatformError as error:
        terminal.err(f"dockfix: {printable(str(error))}")
        return _FAILED
    except KeyboardInterrupt:
        rest = "run again with --resume to go on" if given["journal"] else "run again, and it comes to the same end"
        terminal.err(f"dockfix: interrupted; {rest}")
        return _INTERRUPTED
    terminal.out(_printed(given, reports))
    terminal.flush()
    return report.status(reports)


def _printed(given: GivenRun, reports: Sequence[Report]) -> bytes:
    if given["form"] == "json":
        return report.document(reports)
    # On this disk, nothing else shows them.
    bodies = given["platform"] == "local"
    return report.text(reports, given["verbose"] or given["dry_run"], bodies=bodies).encode()


class _Told:
    """Shows how far the run is, where a person looks."""

    def __init__(self, terminal: Terminal, total: int) -> None:
        self._terminal = terminal
        self._total = total
        self._count = 0
        terminal.status(f"0 of {total} repositories")

    def tell(self, one: Report) -> None:
        """One more is done."""
        self._count += 1
        self._terminal.status(f"{self._count} of {self._total} repositories, the last one was {one.repository}")


def _operator(given: GivenPlace) -> Operator:
    """Raises UsageError."""
    known = {name: transform.settings for name, transform in installed().items()}
    try:
        operator = operator_of(given["operator"], known)
    except ConfigError as error:
        raise UsageError(str(error)) from error
    return operator._replace(
        forks=operator.forks or given["forks"], onboarding=operator.onboarding and not given["no_onboarding"]
    )


def _check_platform(given: GivenPlace, terminal: Terminal) -> None:
    """Say what is unsafe about the token. Raises UsageError where there is none, or a package is missing.

    The workers of a cluster have their own packages and tokens, also where there are none here.
    """
    place = _place(given)
    is_here = not given["executor"].startswith("dask:")
    try:
        if is_here:
            platform_at(place)
        if (is_here or os.path.exists(place.token_file)) and (unsafe := warning(place)):
            terminal.err(f"dockfix: warning: {printable(unsafe)}")
    except PlatformError as error:
        raise UsageError(printable(str(error))) from error


def _place(given: GivenPlace) -> Place:
    return Place(given["platform"], given["api"], given["token_file"])


def _named(given: GivenPlace) -> Iterator[str]:
    """The repositories that a file names, and those of an organisation. Raises UsageError and PlatformError."""
    if given["repos"] is not None:
        yield from _listed(given["repos"])
    if given["org"] is not None:
        yield from platform_at(_place(given)).repositories(given["org"])


def _listed(path: str) -> Sequence[str]:
    """The names in a file, one a line; `#` begins a comment."""
    try:
        with open(path, encoding="utf-8") as file:
            lines = [line.partition("#")[0].strip() for line in file]
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(f"{path}: cannot be read: {why}") from error
    return [line for line in lines if line]


def serve(given: GivenServe, terminal: Terminal) -> int:
    """Take webhooks until it is told to end; returns the exit status. Raises UsageError."""
    from .service.allowed import PatternError
    from .service.serve import Service, ServiceError, serve as serve_webhooks
    from .service.signatures import SecretError, secrets_from

    if given["journal"] is None:
        raise UsageError("the service keeps what it is asked for in a file: name one by --journal")
    operator = _operator(given)
    patterns = _listed(given["repos"]) if given["repos"] is not None else []
    patterns = [*patterns, *([f"{given['org']}/**"] if given["org"] is not None else [])]
    try:
        service = Service(
            _place(given),
            patterns,
            secrets_from(os.environ, given["secret_file"]),
            given["journal"],
            work,
            operator,
            given["executor"],
            given["host"],
            given["port"],
            given["limit"],
            tell=lambda line: terminal.err(f"dockfix: {line}"),
        )
        _check_platform(given, terminal)
        return serve_webhooks(service)
    except (ServiceError, PatternError, SecretError, JournalError, ExecutorError) as error:
        raise UsageError(str(error)) from error
