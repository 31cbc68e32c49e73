"""What builds may leave in docker's daemon: records of its build cache, and images."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from graphlib import TopologicalSorter

from .process import quiet

_ANSWER = 30.0  # seconds that docker gets to list something
_IN_USE = 15.0  # seconds that docker gets to end a build that nobody waits for any longer


def forget_records(docker: Sequence[str], known: Sequence[str], latest: float) -> Iterator[str]:
    """Remove records that are new, leaves before what they stand on: docker removes only what nothing stands on.

    What a build that was cut off still uses is not removed either, until docker has ended it.
    """
    until = min(latest, time.monotonic() + _IN_USE)
    while new := {name: above for name, above in (cache_records(docker) or {}).items() if name not in known}:
        for record in _leaves_first(new):
            if time.monotonic() < latest:
                quiet([*docker, "buildx", "prune", "--all", "--force", "--filter", f"id={record}"], 30)
        if time.monotonic() > until:
            left = len((cache_records(docker) or {}).keys() & new.keys())
            if left:
                yield f"{left} records of the build cache are in use and were left (`docker buildx du` lists them)"
            return


def remove_images(docker: Sequence[str], named: str, seconds: float) -> Iterator[str]:
    """Remove the images of that name; gives those that stay."""
    for image in _images(docker, named):
        quiet([*docker, "image", "rm", "--force", image], seconds)
    for image in _images(docker, named):
        yield f"{image} could not be removed; `docker image rm {image}` removes it"


def _images(docker: Sequence[str], named: str) -> list[str]:
    question = [*docker, "image", "ls", "--format", "{{.Repository}}:{{.Tag}}", "--filter", f"reference={named}"]
    try:
        done = subprocess.run(
            question, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=_ANSWER, check=True, text=True
        )
    except (OSError, subprocess.SubprocessError):
        return []
    return done.stdout.split()


def _leaves_first(records: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The records, each before those that it stands on."""
    below = TopologicalSorter(records)
    return reversed([name for name in below.static_order() if name in records])


def cache_records(docker: Sequence[str]) -> Mapping[str, Sequence[str]] | None:
    """The ids of all records in docker's build cache, with the ids of those that each stands on.

    None where docker does not tell: no list is not an empty one, against which all that there is would be new.
    """
    try:
        done = subprocess.run(
            [*docker, "buildx", "du", "--verbose"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_ANSWER,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    records: dict[str, list[str]] = {}
    name = ""
    for line in done.stdout.decode("utf-8", "replace").splitlines():
        field, _, value = line.partition(":")
        if field == "ID":
            name = value.strip()
            records[name] = []
        # `Parent:` before BuildKit 0.10, `Parents:` with several ids since.
        elif field in ("Parent", "Parents") and name:
            records[name] += value.replace(",", " ").split()
    return records
