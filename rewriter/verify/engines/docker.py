"""Docker with BuildKit, through the `docker` program."""

from __future__ import annotations

import os
from collections.abc import Sequence

from . import programs
from .buildlog import DockerLog
from .docker_leftovers import cache_records
from .janitor import Janitor
from .programs import Builder, answer, build_flags, first_line
from .recipe import BuildOptions, EngineError, Failure, Image, Ran, Recipe, Watch

NEEDS = "install Docker (docs.docker.com/engine/install), or on Debian trixie: apt-get install docker.io docker-buildx"
# Attestations are images of their own beside the one that is wanted.
_ENVIRONMENT = {"DOCKER_BUILDKIT": "1", "BUILDX_NO_DEFAULT_ATTESTATIONS": "1", "BUILDKIT_COLORS": "", "NO_COLOR": "1"}


class Docker:
    """Images get names of our own and are removed by them; records of the build cache that are new go too."""

    def __init__(self, janitor: Janitor, scratch: str) -> None:
        """Ask the daemon; raises EngineError where docker cannot be used."""
        self._docker = programs.find("docker", NEEDS)
        version = answer([self._docker, "version", "--format", "{{.Server.Version}}"])
        if version.status != 0:
            raise EngineError(f"docker's daemon does not answer ({first_line(version.output)}); start it")
        if answer([self._docker, "buildx", "version"]).status != 0:
            raise EngineError("docker has no buildx, and so no BuildKit; install docker-buildx (or -plugin)")
        self.name = f"docker {first_line(version.output)}"
        self._janitor = janitor
        # What is killed leaves its temporary files: so they lie where all is removed.
        self._environment = {**_ENVIRONMENT, "TMPDIR": scratch}
        self._mark = f"dockfix-verify/{os.urandom(8).hex()}"
        self._made = 0
        known = cache_records([self._docker])
        if known is None:
            raise EngineError(
                "docker does not list its build cache (`docker buildx du` fails), which is to stay as it is"
            )
        janitor.remove_images([self._docker], self._mark)
        janitor.forget_build_cache([self._docker], sorted(known))

    def build(self, recipe: Recipe, watch: Watch) -> Image | Failure:
        """Build into the daemon's images."""
        self._made += 1
        tag = f"{self._mark}:{self._made}"
        self._janitor.run(self._docker, "image", "rm", "--force", tag)
        command = [self._docker, "buildx", "build", "--progress=plain", "--load", "--tag", tag, *build_flags(recipe)]
        builder = Builder(DockerLog(), recipe, watch, self._environment)
        return builder.build([*command, "--file", recipe.dockerfile, recipe.options.context], tag, self._janitor.group)

    def save(self, image: Image, path: str) -> None:
        """`docker save`, which since Docker 25 gives an OCI layout."""
        self._checked(["image", "save", "--output", path, image.reference])

    def run(self, image: Image, command: str, options: BuildOptions) -> Ran:
        """`docker run`, then its log: what an attached command says may be lost where it ends at once (moby #29285)."""
        name = f"dockfix-verify-{os.urandom(8).hex()}"
        self._janitor.run(self._docker, "rm", "--force", "--volumes", name)
        flags = ["--name", name, "--entrypoint", "/bin/sh", "--log-driver", "json-file"]
        detached = ["run", "--detach", "--pull=never", *flags, *programs.network_flags(options), image.reference]
        started = self._captured([*detached, *programs.in_shell(command)], options.seconds)
        if started.status != 0:
            return started
        ended = self._captured(["wait", name], options.seconds)
        if ended.status:
            raise EngineError(f"docker wait failed: {first_line(ended.output)}")
        said = self._captured(["logs", name], options.seconds)
        answer([self._docker, "rm", "--force", "--volumes", name], self._janitor.group)
        return Ran(None if ended.status is None else int(ended.output), said.output)

    def remove(self, image: Image) -> None:
        """`docker image rm`; what it leaves is the janitor's."""
        answer([self._docker, "image", "rm", "--force", image.reference], self._janitor.group)

    def _captured(self, arguments: Sequence[str], seconds: float) -> Ran:
        return programs.captured([self._docker, *arguments], seconds, self._janitor.group, self._environment)

    def _checked(self, arguments: Sequence[str]) -> None:
        done = answer([self._docker, *arguments], self._janitor.group, seconds=3600, environment=self._environment)
        if done.status != 0:
            raise EngineError(f"docker {' '.join(arguments[:2])} failed: {first_line(done.output)}")
