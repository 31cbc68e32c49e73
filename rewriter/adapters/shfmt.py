"""mvdan/sh as the second opinion on shell text, through the `shfmt` program of the shfmt-py wheel."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Sequence as Items

from ..syntax.glue import glued
from ..syntax.script import Skeleton

_TIMEOUT = 30  # seconds; one call takes 2-4 ms
_PIPE = 1 << 20  # bytes that shfmt can print before it waits for its reader, where the system lets us choose (Linux)
_ERROR_LINE = rb"(?:^|:)(\d+):\d+: "
_REJECTS = 1  # its exit status where a script is none
SILENT = "not examined: shfmt, the second shell parser, gives no answer here; it needs more memory, or time"
_EASY = b"true"  # a script that it reads wherever it works


class ShfmtError(Exception):
    """Nothing vouches for shell: the shfmt program is not installed, or does not work. The text is a sentence."""


class Shfmt:
    """Answers for each script with its skeleton, None where shfmt does not parse it; answers are remembered."""

    def __init__(self) -> None:
        self._program: str | None = None
        self._known: dict[bytes, Skeleton | None] = {}

    def __call__(self, scripts: Iterable[bytes]) -> list[Skeleton | None]:
        """The answers for these scripts. Raises ShfmtError."""
        return self.ask(scripts)()

    def ask(self, scripts: Iterable[bytes]) -> Callable[[], list[Skeleton | None]]:
        """Start shfmt on all scripts not seen before; call what comes back for the answers. Both raise ShfmtError."""
        scripts = list(scripts)
        unknown = [script for script in dict.fromkeys(scripts) if script not in self._known]
        process = self._start(unknown) if unknown else None

        def answers() -> list[Skeleton | None]:
            if process is not None:
                self._learn(unknown, process)
            return [self._known[script] for script in scripts]

        return answers

    def _learn(self, scripts: list[bytes], process: subprocess.Popen[bytes]) -> None:
        """Note the answers; shfmt runs again only after a script that it rejects."""
        while (rejected := self._finish(scripts, process)) is not None:
            self._known[scripts.pop(rejected)] = None
            if not scripts:
                return
            process = self._start(scripts)

    def _start(self, scripts: Items[bytes]) -> subprocess.Popen[bytes]:
        self._program = self._program or program()
        process = subprocess.Popen(
            [self._program, "-ln", "bash", "--to-json"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pipesize=_PIPE,
            env={**os.environ, "GOGC": "off"},  # It ends before collecting garbage would pay.
        )
        if process.stdin is not None:
            # It reads to the end before it writes; what it makes of that is seen when it ends.
            with contextlib.suppress(BrokenPipeError), process.stdin as script:
                script.write(glued(_joined(scripts)))
            process.stdin = None
        return process

    def _finish(self, scripts: Items[bytes], process: subprocess.Popen[bytes]) -> int | None:
        """Note what shfmt reads in the scripts, or give the index of one that it rejects."""
        # Loaded while shfmt is at work.
        from .shfmt_tree import skeletons

        # A timeout of `communicate` makes it look for the end of the process in steps of a millisecond.
        timer = threading.Timer(_TIMEOUT, process.kill)
        timer.start()
        try:
            output, errors = process.communicate()
        finally:
            timer.cancel()
        if process.returncode == 0:
            self._read(scripts, skeletons(output, _joined(scripts), len(scripts)))
            return None
        if process.returncode != _REJECTS:
            self._one_by_one(scripts)
            return None
        match = re.search(_ERROR_LINE, errors)
        line = int(match[1]) if match else 1
        for index, script in enumerate(scripts):
            line -= script.count(b"\n") + 3
            if line <= 0:
                return index
        return len(scripts) - 1

    def _read(self, scripts: Items[bytes], found: Items[Skeleton] | None) -> None:
        if found is not None:
            self._known.update(zip(scripts, found, strict=True))
        else:
            # One of them ends the function that it stands in: `a; }; b() { c`.
            self._one_by_one(scripts)

    def _one_by_one(self, scripts: Items[bytes]) -> None:
        """Ask about each script alone, for there is one of which shfmt says nothing: it is to blame, or the machine.

        Nested a hundred thousand times, a script makes it crash; with too little memory it does so of any.
        """
        if len(scripts) > 1:
            for script in scripts:
                self._learn([script], self._start([script]))
        elif scripts[0] == _EASY:
            raise ShfmtError(SILENT)
        else:
            # Not as it was remembered: as it is now.
            self._learn([_EASY], self._start([_EASY]))
            self._known[scripts[0]] = None


def program() -> str:
    """The path of shfmt; raises ShfmtError."""
    beside = os.path.join(os.path.dirname(sys.executable), "shfmt")
    if os.access(beside, os.X_OK):
        return beside
    from shutil import which

    found = which("shfmt")
    if not found:
        raise ShfmtError("shfmt is not installed; reinstall dockfix with pip, which brings it")
    return found


def _joined(scripts: Items[bytes]) -> bytes:
    return b"".join(b"f%d() {\n%s\n}\n" % (index, script) for index, script in enumerate(scripts))
