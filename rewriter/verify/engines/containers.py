"""Buildah and Podman: one storage library, nearly the same flags.

All that a verification makes lies in a storage folder of its own, which is removed as a whole; the user's own
images are read from where they are (an additional image store, containers-storage.conf(5)) and never written to.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence

from . import programs
from .buildlog import BuildahLog
from .janitor import Janitor
from .programs import Answer, Builder, answer, build_flags, first_line
from .recipe import BuildOptions, EngineError, Failure, Image, Ran, Recipe, Watch

NEEDS = "install it: on Debian apt-get install {name}, on Fedora dnf install {name}"


class _Containers:
    """What buildah and podman have in common."""

    program = ""

    def __init__(self, janitor: Janitor, scratch: str) -> None:
        """Ask for the user's storage; raises EngineError where the program cannot be used."""
        self._program = programs.find(self.program, NEEDS.format(name=self.program))
        self._janitor = janitor
        version = answer([self._program, "--version"])
        self.name = first_line(version.output).replace(" version", "").partition(" (")[0]
        driver, images = self._users_storage()
        storage = os.path.join(scratch, "storage")
        janitor.remove(storage, [self._program, "unshare", "rm", "-rf", "--"])
        os.mkdir(storage)
        # What is killed leaves its temporary files: so they lie where all is removed.
        self._environment = {"NO_COLOR": "1", "TMPDIR": storage}
        self._command = [self._program, "--root", f"{storage}/root", "--runroot", f"{storage}/run"]
        self._command += ["--storage-driver", driver, "--storage-opt", f"additionalimagestore={images}"]
        self._made = 0

    def _users_storage(self) -> tuple[str, str]:
        """The driver and the folder of the images that the user has."""
        told = answer(
            [self._program, "info", "--format", "json"] if self.program == "podman" else [self._program, "info"]
        )
        try:
            store = json.loads(told.output[told.output.index(b"{") :])["store"]
            driver, folder = store.get("GraphDriverName") or store["graphDriverName"], store.get("GraphRoot")
            return str(driver), str(folder or store["graphRoot"])
        except (ValueError, KeyError, TypeError) as error:
            raise EngineError(f"{self.program} does not tell its storage ({first_line(told.output)})") from error

    def build(self, recipe: Recipe, watch: Watch) -> Image | Failure:
        """Build into the storage of our own, one layer for each step as docker does."""
        self._made += 1
        tag = f"localhost/dockfix-verify:{self._made}"
        # Docker's format: OCI's has no HEALTHCHECK, SHELL and ONBUILD, which would vanish unnoticed.
        command = [*self._command, "build", "--layers", "--format", "docker", "--tag", tag, *build_flags(recipe)]
        if recipe.ignorefile:
            command += ["--ignorefile", recipe.ignorefile]
        command += ["--file", recipe.dockerfile, recipe.options.context]
        return Builder(BuildahLog(), recipe, watch, self._environment).build(command, tag, self._janitor.group)

    def save(self, image: Image, path: str) -> None:
        """Push into an archive, layers as they are."""
        self._checked(["push", "--quiet", image.reference, f"docker-archive:{path}"])

    def remove(self, image: Image) -> None:
        """Remove the image; what that leaves is the janitor's."""
        self._ask(["rmi", "--force", image.reference])

    def _checked(self, arguments: Sequence[str]) -> bytes:
        done = self._ask(arguments)
        if done.status != 0:
            raise EngineError(f"{self.program} {arguments[0]} failed: {first_line(done.output)}")
        return done.output

    def _ask(self, arguments: Sequence[str]) -> Answer:
        command = [*self._command, *arguments]
        return answer(command, self._janitor.group, seconds=3600, environment=self._environment)


class Buildah(_Containers):
    """The `buildah` program."""

    program = "buildah"

    def run(self, image: Image, command: str, options: BuildOptions) -> Ran:
        """`buildah run` in a working container."""
        container = self._checked(["from", "--quiet", "--pull-never", image.reference]).decode().split()[-1]
        try:
            shell = ["/bin/sh", *programs.in_shell(command)]
            run = [*self._command, "run", *programs.network_flags(options), container, "--", *shell]
            return programs.captured(run, options.seconds, self._janitor.group, self._environment)
        finally:
            self._ask(["rm", container])


class Podman(_Containers):
    """The `podman` program, where it works on this machine's own storage."""

    program = "podman"

    def __init__(self, janitor: Janitor, scratch: str) -> None:
        """Refuses a remote Podman, whose storage is on another machine."""
        program = programs.find(self.program, NEEDS.format(name=self.program))
        if answer([program, "info", "--format", "{{.Host.ServiceIsRemote}}"]).output.strip() == b"true":
            raise EngineError("podman is remote here (as on macOS); use --engine docker, or run dockfix inside of it")
        super().__init__(janitor, scratch)

    def run(self, image: Image, command: str, options: BuildOptions) -> Ran:
        """`podman run`."""
        flags = ["--rm", "--pull=never", "--entrypoint", "/bin/sh", *programs.network_flags(options)]
        run = [*self._command, "run", *flags, image.reference, *programs.in_shell(command)]
        return programs.captured(run, options.seconds, self._janitor.group, self._environment)
