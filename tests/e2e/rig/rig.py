"""Real engines for one session of tests: Docker, buildah and podman in a world of their own, with base images and no registry."""

from __future__ import annotations

import io
import itertools
import os
import shutil
import signal
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from rig import cacher, machine, made
from rig.cacher import Cacher

ENGINES = ("docker", "buildah", "podman")
SEARCHED = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# By the names of their files: what the images are called, and what they say of themselves.
BASES = {
    "debian": ("debian:bookworm-slim", 'CMD ["bash"]'),
    "python": ("python:3.11-slim", "ENV LANG=C.UTF-8", 'CMD ["python3"]'),
    "node": ("node:20-slim", 'CMD ["node"]'),
}
# Each engine's process is the wrapper's own, so that signals reach it. `env` goes to the folder by its name inside; the PATH is not passed
# on, since the wrappers are on it.
WRAPPER = """\
#!/bin/sh
export BUILDAH_ISOLATION="${{BUILDAH_ISOLATION-chroot}}" PODMAN_IGNORE_CGROUPSV1_WARNING=1
exec {nsenter} --target {pid} --mount --root -- /usr/bin/env --chdir="$PWD" PATH={searched} /usr/bin/{engine} "$@"
"""


class EngineError(Exception):
    """An engine ended with a failure, or the rig itself did."""


@dataclass(frozen=True)
class Rig:
    """The running engines. `state` is their folder; `pid` is a process in their world; `shared` are the folders they see;
    `packages` is the cache of what they fetched."""

    state: Path
    pid: int
    shared: tuple[Path, ...]
    packages: Cacher
    _holder: subprocess.Popen[bytes]
    _lock: IO[str]

    @staticmethod
    def start(*folders: Path) -> Rig:
        """Engines that see the repository, the folder for temporary files, and `folders`, all by the names they have outside."""
        lock = made.hold()
        state = _state()
        packages = cacher.prepare(state)
        shared = _outermost(made.REPOSITORY, Path(tempfile.gettempdir()), *folders)
        holder = subprocess.Popen(
            ["bash", str(made.HERE / "hold.sh"), str(made.ROOT), str(state), *map(str, shared)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=(state / "hold.log").open("w"),
            start_new_session=True,
        )
        _wait_for(holder, state, (state / "pid").exists)
        rig = Rig(state, int((state / "pid").read_text()), shared, packages, holder, lock)
        try:
            rig._write_wrappers()
            _wait_for(holder, state, lambda: rig.run("docker", "version", check=False).returncode == 0)
            _wait_for(holder, state, packages.listens)
            rig._import_bases()
        except BaseException:
            rig.stop()
            raise
        return rig

    def stop(self) -> None:
        """Ends the daemons and everything that builds left; removes the state."""
        if self._holder.stdin:
            self._holder.stdin.close()
        try:
            self._holder.wait(timeout=60)
        except subprocess.TimeoutExpired:
            os.killpg(self._holder.pid, signal.SIGKILL)
        self.packages.lock.close()
        self._lock.close()

    def path(self, *engines: str) -> str:
        """A PATH with just these engines and the ordinary tools."""
        return ":".join([*(str(self.state / "bin" / engine) for engine in engines), *self._ordinary()])

    def environment(self, *engines: str) -> dict[str, str]:
        """What a process has to have in its environment in order to find just these engines."""
        return {"PATH": self.path(*engines)}

    def which(self, program: str, *engines: str) -> str | None:
        """Where `program` is found on the PATH for some engines."""
        return shutil.which(program, path=self.path(*engines))

    def run(
        self, engine: str, *arguments: str, check: bool = True, text: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Runs an engine with `text` on its input; a failure is an EngineError unless `check` is off."""
        command = [str(self.state / "bin" / engine / engine), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, input=text or "", check=False)
        if check and done.returncode != 0:
            raise EngineError(f"{engine} {' '.join(arguments)}:\n{done.stdout}{done.stderr}")
        return done

    def docker(self, *arguments: str) -> str:
        """What `docker ARGUMENTS...` prints."""
        return self.run("docker", *arguments).stdout

    def buildah(self, *arguments: str) -> str:
        """What `buildah ARGUMENTS...` prints."""
        return self.run("buildah", *arguments).stdout

    def podman(self, *arguments: str) -> str:
        """What `podman ARGUMENTS...` prints."""
        return self.run("podman", *arguments).stdout

    def leftovers(self) -> dict[str, list[str]]:
        """Everything that builds may leave, to be compared before and after: by kind, in order."""
        image = "{{.ID}} {{.Repository}}:{{.Tag}}"
        questions = {
            "docker images": ["docker", "image", "ls", "--all", "--no-trunc", "--format", image],
            "docker containers": ["docker", "container", "ls", "--all", "--no-trunc", "--quiet"],
            "docker volumes": ["docker", "volume", "ls", "--quiet"],
            "docker cache": ["docker", "buildx", "du", "--verbose"],
            "other images": ["podman", "image", "ls", "--all", "--no-trunc", "--format", image],
            "other containers": ["podman", "container", "ls", "--all", "--external", "--no-trunc", "--quiet"],
            "other volumes": ["podman", "volume", "ls", "--quiet"],
        }
        with ThreadPoolExecutor(4) as pool:
            answers = pool.map(lambda command: self.run(*command).stdout.splitlines(), questions.values())
        found = dict(zip(questions, map(sorted, answers), strict=True))
        found["docker cache"] = [line.split()[1] for line in found["docker cache"] if line.startswith("ID:")]
        processes = list(self._processes())
        found["processes"] = sorted(f"{name} {pid}" for pid, name in processes)
        found["mounts"] = sorted({point for pid, _ in processes for point in self._mounts(pid)})
        return found

    def _ordinary(self) -> Iterator[str]:
        """The machine's folders of programs; those that hold an engine are stood in for by links to the rest of them."""
        for number, name in enumerate(os.environ["PATH"].split(":")):
            folder = Path(name)
            if not any((folder / engine).exists() for engine in ENGINES):
                yield name
                continue
            links = self.state / "tools" / str(number)
            if not links.exists():
                links.mkdir(parents=True)
                for program in folder.iterdir():
                    if program.name not in ENGINES:
                        (links / program.name).symlink_to(program)
            yield str(links)

    def _processes(self) -> Iterator[tuple[int, str]]:
        """What runs in this world and in worlds made inside it, daemons included."""
        outside = Path("/proc/self/ns/mnt").readlink()
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if (folder / "ns/mnt").readlink() != outside and str(self.state) in (folder / "mountinfo").read_text():
                    yield int(folder.name), (folder / "comm").read_text().strip()
            except OSError:
                continue  # it has ended

    def _mounts(self, pid: int) -> Iterator[str]:
        """What is mounted below the shared folders, as a process sees it."""
        try:
            lines = Path(f"/proc/{pid}/mountinfo").read_text().splitlines()
        except OSError:
            return
        for point in (line.split()[4] for line in lines):
            if any(Path(point).is_relative_to(folder) for folder in self.shared):
                yield point

    def _write_wrappers(self) -> None:
        for engine in ENGINES:
            file = self.state / "bin" / engine / engine
            file.parent.mkdir(parents=True)
            nsenter = shutil.which("nsenter", path=SEARCHED)
            file.write_text(WRAPPER.format(nsenter=nsenter, pid=self.pid, engine=engine, searched=SEARCHED))
            file.chmod(0o755)

    def _import_bases(self) -> None:
        """Each engine reads the tar file of a base and, in the same stream, the files of this machine."""

        def feed(engine: str) -> None:
            for kind, (name, *changes) in BASES.items():
                options = itertools.chain.from_iterable(
                    ("--change", change) for change in (f"ENV PATH={SEARCHED}", *changes)
                )
                command = [
                    str(self.state / "bin" / engine / engine),
                    "import",
                    *options,
                    "-",
                    f"docker.io/library/{name}",
                ]
                with subprocess.Popen(
                    command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
                ) as done:
                    assert done.stdin is not None
                    assert done.stderr is not None
                    with done.stdin, (made.BASES / f"{kind}.tar").open("rb") as base:
                        shutil.copyfileobj(base, done.stdin, 1 << 20)
                        done.stdin.write(_tar(machine.files(kind, self.packages.address, made.ROOT)))
                    said = done.stderr.read().decode()
                if done.returncode != 0:
                    raise EngineError(f"{engine} import {name}: {said}")

        # buildah and podman have one store.
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(feed, ("docker", "podman")))


def _tar(files: dict[str, bytes]) -> bytes:
    """An archive of files."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, text in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text)
            tar.addfile(entry, io.BytesIO(text))
    return out.getvalue()


def _state() -> Path:
    """A new folder for a rig. Its short name has our process in it: those of processes long gone are removed."""
    folder = made.CACHE / "run"
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        if not Path("/proc", old.name.split("-")[0]).exists():
            shutil.rmtree(old, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=folder))


def _outermost(*folders: Path) -> tuple[Path, ...]:
    """The folders without those that lie in others."""
    real = {folder.resolve() for folder in folders}
    return tuple(sorted(folder for folder in real if not real & set(folder.parents)))


def _wait_for(holder: subprocess.Popen[bytes], state: Path, condition: Callable[[], bool]) -> None:
    """Waits while the rig comes up; says what its logs say where it does not."""
    end = time.monotonic() + 60
    while not condition():
        if holder.poll() is not None or time.monotonic() > end:
            logs = [log.read_text()[-2000:] for log in state.glob("*.log")]
            raise EngineError("the engines do not start:\n" + "\n".join(logs))
        time.sleep(0.05)
