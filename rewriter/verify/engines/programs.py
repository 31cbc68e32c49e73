"""What the engines' programs have in common: finding them, asking them, their flags."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .buildlog import BuildLog
from .process import follow
from .recipe import BuildOptions, EngineError, Failure, Image, Ran, Recipe, Watch

_MOST_OUTPUT = 1_000_000
"""Bytes of a smoke command's output that are compared."""


def in_shell(command: str) -> list[str]:
    """The arguments of `/bin/sh` that run the command with one output: of two, an engine may mix up the order."""
    return ["-c", f"exec 2>&1\n{command}"]


def find(program: str, needs: str) -> str:
    """The path of a program; raises EngineError."""
    found = shutil.which(program)
    if not found:
        raise EngineError(f"{program} is not installed; {needs}")
    return found


class Answer(NamedTuple):
    """What a short command said on both outputs."""

    status: int
    output: bytes


def answer(
    command: Sequence[str],
    group: int | None = None,
    *,
    seconds: float = 60,
    environment: Mapping[str, str] | None = None,
) -> Answer:
    """Run a command that takes no long time; in the process group, where it is given. Raises EngineError."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=seconds,
            check=False,
            process_group=group,
            env={**os.environ, **(environment or {})},
        )
    except subprocess.TimeoutExpired as error:
        raise EngineError(f"{command[0]} does not answer within {seconds:g} s") from error
    except OSError as error:
        raise EngineError(f"{command[0]} cannot be started: {error.strerror}") from error
    return Answer(done.returncode, done.stdout)


def first_line(output: bytes) -> str:
    """The first line that says something: for a sentence about what went wrong."""
    lines = [line.strip() for line in output.decode("utf-8", "replace").splitlines()]
    return next((line for line in lines if line and not line.startswith("time=")), "it says nothing")


def network_flags(options: BuildOptions) -> list[str]:
    """The network of a build or of a container."""
    return ["--network", options.network] if options.network else []


def build_flags(recipe: Recipe) -> list[str]:
    """The flags of a build that docker, podman and buildah share."""
    options = recipe.options
    flags = network_flags(options)
    for name, values in (("--build-arg", options.build_args), ("--secret", options.secrets)):
        for value in values:
            flags += [name, value]
    if options.target is not None:
        flags += ["--target", options.target]
    if options.platform is not None:
        flags += ["--platform", options.platform]
    return flags if recipe.cached else [*flags, "--no-cache"]


class Builder(NamedTuple):
    """One build, watched."""

    log: BuildLog
    recipe: Recipe
    watch: Watch
    environment: Mapping[str, str]

    def build(self, command: Sequence[str], reference: str, group: int) -> Image | Failure:
        """Run the command that builds the image called `reference`; raises EngineError."""
        seconds = self.recipe.options.seconds
        try:
            ended = follow(
                command,
                seconds=seconds,
                group=group,
                hear=self.log.hear,
                tick=self._tick,
                environment=self.environment,
            )
        except OSError as error:
            raise EngineError(f"{command[0]} cannot be started: {error.strerror}") from error
        if ended.status == 0:
            return Image(reference, ended.seconds, self.log.steps())
        step, reason, lines = self.log.failed()
        if ended.status is None:
            step, reason = step or self.log.current(), f"not done within {seconds:g} s (--timeout)"
        return Failure(step, reason, lines, ended.seconds)

    def _tick(self) -> None:
        self.watch(f"{self.recipe.name}: {self.log.current() or 'starting'}")


def captured(command: Sequence[str], seconds: float, group: int, environment: Mapping[str, str]) -> Ran:
    """Run a command for its status and the beginning of its output; raises EngineError."""
    kept = bytearray()

    def hear(line: str) -> None:
        if len(kept) < _MOST_OUTPUT:
            kept.extend(line.encode("utf-8", "replace") + b"\n")

    try:
        ended = follow(command, seconds=seconds, group=group, hear=hear, tick=lambda: None, environment=environment)
    except OSError as error:
        raise EngineError(f"{command[0]} cannot be started: {error.strerror}") from error
    return Ran(ended.status, bytes(kept).rstrip(b"\n"))
