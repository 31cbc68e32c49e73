"""What engines print while they build, read as steps: which one runs, how long each took, which one failed."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import NamedTuple, Protocol

from .recipe import StepRun

_LAST_LINES = 20
_OPENS = re.compile(r"#(\d+) (\[(?!internal\]).+)$")
_ENDS = re.compile(r"#(\d+) (DONE ([\d.]+)s|CACHED|ERROR:? ?(.*)|CANCELED)$")
_PRINTS = re.compile(r"#(\d+) \d+\.\d+ ?(.*)$")
_STEP = re.compile(r"(?:\[[^\]]+\] )?STEP \d+(?:/\d+)?: (.*)$")
_PLACE = re.compile(r"\[[^\]]*\] ")
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class BuildLog(Protocol):
    """Takes the lines of a build one after the other."""

    def hear(self, line: str) -> None:
        """One more line."""
        ...

    def steps(self) -> tuple[StepRun, ...]:
        """The steps that have ended, in the order in which they began."""
        ...

    def current(self) -> str:
        """The step that runs, or nothing."""
        ...

    def failed(self) -> tuple[str, str, tuple[str, ...]]:
        """Of a build that failed: the step, the reason, the last lines."""
        ...


class _Vertex:
    """A step of BuildKit's, which runs beside others."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines: deque[str] = deque(maxlen=_LAST_LINES)
        self.seconds: float | None = None
        self.is_running = True
        self.is_cached = False
        self.error = ""


class DockerLog:
    """BuildKit's `--progress=plain`: `#7 [stage 2/3] RUN ...`, `#7 0.52 what it prints`, `#7 DONE 1.2s`."""

    def __init__(self) -> None:
        """Nothing is heard yet."""
        self._vertices: dict[str, _Vertex] = {}
        self._tail: deque[str] = deque(maxlen=_LAST_LINES)

    def hear(self, line: str) -> None:
        """One more line."""
        line = _CONTROL.sub("", line).rstrip()
        if match := _ENDS.match(line):
            self._end(match)
        elif match := _PRINTS.match(line):
            if vertex := self._vertices.get(match[1]):
                vertex.lines.append(match[2])
        elif match := _OPENS.match(line):
            # Said again each time its output goes on after that of another step.
            self._vertices.setdefault(match[1], _Vertex(_PLACE.sub("", match[2], count=1)))
        elif line and not line.startswith("#"):
            self._tail.append(line)

    def _end(self, match: re.Match[str]) -> None:
        vertex = self._vertices.get(match[1])
        if vertex is None:
            return
        vertex.is_running = False
        if match[3]:
            vertex.seconds = float(match[3])
        elif match[2] == "CACHED":
            vertex.is_cached = True
        elif match[2].startswith("ERROR"):
            vertex.error = match[4] or "failed"

    def steps(self) -> tuple[StepRun, ...]:
        """The steps that have ended; FROM is none, since it only names what is there."""
        return tuple(
            StepRun(vertex.text, vertex.seconds)
            for vertex in self._vertices.values()
            if (vertex.is_cached or vertex.seconds is not None) and not vertex.text.startswith("FROM ")
        )

    def current(self) -> str:
        """The latest of the steps that run."""
        running = [vertex.text for vertex in self._vertices.values() if vertex.is_running]
        return running[-1] if running else ""

    def failed(self) -> tuple[str, str, tuple[str, ...]]:
        """The first step that failed; without one, what docker said last."""
        for vertex in self._vertices.values():
            if vertex.error:
                return vertex.text, vertex.error, tuple(vertex.lines)
        errors = [line for line in self._tail if line.startswith("ERROR: ")]
        reason = errors[-1].removeprefix("ERROR: ") if errors else "docker says why in its last lines"
        return "", reason, tuple(self._tail)


class _Timed(NamedTuple):
    text: str
    began: float


class BuildahLog:
    """buildah's and podman's: `STEP 2/3: RUN ...`, and what it prints, up to the next one."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        """Nothing is heard yet."""
        self._clock = clock
        self._steps: list[StepRun] = []
        self._running: _Timed | None = None
        self._is_cached = False
        self._lines: deque[str] = deque(maxlen=_LAST_LINES)

    def hear(self, line: str) -> None:
        """One more line."""
        line = _CONTROL.sub("", line).rstrip()
        if match := _STEP.match(line):
            self._close()
            self._running = _Timed(match[1], self._clock())
            self._lines.clear()
        elif line.startswith("--> Using cache"):
            self._is_cached = True
        elif line.startswith("COMMIT"):
            self._close()
        elif line:
            self._lines.append(line)

    def _close(self) -> None:
        if self._running and not self._running.text.startswith("FROM "):
            took = None if self._is_cached else self._clock() - self._running.began
            self._steps.append(StepRun(self._running.text, took))
        self._running, self._is_cached = None, False

    def steps(self) -> tuple[StepRun, ...]:
        """The steps that have ended; FROM is none, since it only names what is there."""
        return tuple(self._steps)

    def current(self) -> str:
        """The step that runs."""
        return self._running.text if self._running else ""

    def failed(self) -> tuple[str, str, tuple[str, ...]]:
        """The step that ran when the build ended; the reason is the last line that says `Error:`."""
        errors = [line for line in self._lines if line.startswith(("Error: ", "error "))]
        reason = errors[-1].removeprefix("Error: ") if errors else "it says why in its last lines"
        lines = tuple(line for line in self._lines if line not in errors)
        return self.current(), reason, lines
