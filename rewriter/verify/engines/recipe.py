"""What is to be built, what came of it, and the port behind which the engines stand: plain data."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol


class EngineError(Exception):
    """An engine that cannot be used; the text is a sentence for the user."""


class EngineFailed(Exception):
    """An engine that could be used and then failed at something else than a build; the text is a sentence."""


class BuildOptions(NamedTuple):
    """What the user passes on to the builds. `seconds` is the time limit of each."""

    context: str
    build_args: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    target: str | None = None
    network: str | None = None
    platform: str | None = None
    seconds: float = 1800.0


class Recipe(NamedTuple):
    """One build: the Dockerfile at path `dockerfile` in `options.context`, less what `ignorefile` lists, if given.

    `name` is what the user calls it ("before"). `cached`: whether steps may come from the engine's build cache.
    """

    name: str
    dockerfile: str
    ignorefile: str | None
    options: BuildOptions
    cached: bool = False


class StepRun(NamedTuple):
    """A step of a build: its instruction, and the seconds it took, or None where it came from the cache."""

    text: str
    seconds: float | None


class Image(NamedTuple):
    """A built image as its engine knows it; `steps` are those of its build."""

    reference: str
    seconds: float
    steps: tuple[StepRun, ...]


class Failure(NamedTuple):
    """A build that failed: the step (empty where it is none's fault), why, and the last lines that it printed."""

    step: str
    reason: str
    lines: tuple[str, ...]
    seconds: float


class Ran(NamedTuple):
    """What a command did in a container: its exit status (None: not in time), and its output."""

    status: int | None
    output: bytes


Watch = Callable[[str], None]
"""Gets a line about what is going on, several times a second."""


class Engine(Protocol):
    """A build engine. What it makes is gone when the janitor that it was given has tidied up."""

    @property
    def name(self) -> str:
        """As it is shown: `docker 26.1.5`."""
        ...

    def build(self, recipe: Recipe, watch: Watch) -> Image | Failure:
        """Build."""
        ...

    def save(self, image: Image, path: str) -> None:
        """Write the image as an archive to `path`; raises EngineError."""
        ...

    def run(self, image: Image, command: str, options: BuildOptions) -> Ran:
        """Run the command in a new container by the image's own /bin/sh; raises EngineError."""
        ...

    def remove(self, image: Image) -> None:
        """Remove the image, which nobody needs any more; the rest is left to the janitor."""
        ...
