"""The seconds that steps of a build took: from docker's log, or from what `dockfix verify` found out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from ..model.measured import heard
from ..verify.engines.buildlog import DockerLog
from .request import UsageError
from .terminal import printable

VERSION = 1  # of the document of verify
Step = tuple[str, float]


def read_seconds(paths: Iterable[str]) -> Mapping[str, float]:
    """The seconds of the steps in these files, by `model.measured`. Raises UsageError."""
    return heard(step for path in paths for step in _steps(path))


def _steps(path: str) -> list[Step]:
    try:
        with open(path, "rb") as file:
            text = file.read().decode("utf-8", "replace")
    except OSError as error:
        raise UsageError(f"{printable(path)} cannot be read: {error.strerror}") from error
    if text.lstrip().startswith("{"):
        return _of_document(path, text)
    found = list(_of_log(text))
    if not found:
        raise UsageError(
            f"{printable(path)} holds no seconds of steps, as `docker build --no-cache --progress=plain` prints them"
        )
    return found


def _of_log(text: str) -> Iterator[Step]:
    log = DockerLog()
    for line in text.splitlines():
        log.hear(line)
    return ((step.text, step.seconds) for step in log.steps() if step.seconds is not None)


def _of_document(path: str, text: str) -> list[Step]:
    """The steps that ran again, of the file as it is and as it becomes (docs/schema/verification-v1.json)."""
    try:
        told = json.loads(text)
    except ValueError:
        told = None
    if not isinstance(told, dict) or told.get("version") != VERSION or "rebuild" not in told:
        raise UsageError(f"{printable(path)} is no JSON of `dockfix verify`")
    rebuild = told["rebuild"]
    sides = [rebuild.get("before"), rebuild.get("after")] if isinstance(rebuild, dict) else []
    rows = [row for side in sides if isinstance(side, list) for row in side]
    found = [(row["step"], float(row["seconds"])) for row in rows if _is_step(row)]
    if not found:
        raise UsageError(f"{printable(path)} holds no seconds of steps, which verify tells with --rebuild-after")
    return found


def _is_step(row: object) -> bool:
    return isinstance(row, dict) and isinstance(row.get("step"), str) and isinstance(row.get("seconds"), int | float)
