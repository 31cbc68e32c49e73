"""Running an engine's program: its lines as they come, no longer than a time limit."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from time import monotonic
from typing import NamedTuple

_TICK = 0.2  # seconds between two looks at the clock
_CHUNK = 1 << 16
_LONGEST_LINE = 1 << 14
"""Bytes of one line that are kept: a progress bar that never ends its line must not fill the memory."""


class Ended(NamedTuple):
    """How a program ended: `status` is None where the time limit ended it."""

    status: int | None
    seconds: float


def quiet(command: Sequence[str], seconds: float) -> int:
    """The status of a command whose output nobody needs; 1 where it cannot be started or takes too long."""
    try:
        return subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
        ).returncode
    except (OSError, subprocess.TimeoutExpired):
        return 1


def follow(
    command: Sequence[str],
    *,
    seconds: float,
    group: int,
    hear: Callable[[str], None],
    tick: Callable[[], None],
    environment: Mapping[str, str] | None = None,
) -> Ended:
    """Run the command in the process group; `hear` gets each line of both its outputs, `tick` is called in between.

    Raises OSError where the program cannot be started.
    """
    started = monotonic()
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, **(environment or {})},
        process_group=group,
    ) as process:
        assert process.stdout is not None  # noqa: S101
        in_time = False
        try:
            in_time = _read(process.stdout.fileno(), started + seconds, hear, tick)
            if in_time:
                process.wait()
        finally:
            if process.poll() is None:
                _end(process)
    return Ended(process.returncode if in_time else None, monotonic() - started)


def _read(pipe: int, until: float, hear: Callable[[str], None], tick: Callable[[], None]) -> bool:
    """Read lines until the pipe closes (true) or the time is up (false)."""
    rest = b""
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while monotonic() < until:
            if selector.select(_TICK):
                read = os.read(pipe, _CHUNK)
                *lines, rest = (rest + read).replace(b"\r", b"\n").split(b"\n")
                for line in lines if read else [*lines, rest]:
                    hear(line.decode("utf-8", "replace"))
                rest = rest[-_LONGEST_LINE:]
                if not read:
                    return True
            tick()
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the program, politely first: docker tells its daemon, buildah unmounts."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(10)
        return
    process.send_signal(signal.SIGKILL)
