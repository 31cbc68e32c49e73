"""A process of its own that tidies up behind builds, whatever ends the one that started them.

It waits on a pipe. When that closes (the work is done, Ctrl-C, an error, even SIGKILL) it ends all processes of its
group, in which every engine process is started, and then does what it was told, last thing first. So there is one
way of tidying up, and each run uses it.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from types import TracebackType
from typing import IO, Self, TypedDict

from . import docker_leftovers
from .process import quiet

_GRACE = 5.0  # seconds between asking a process to end and ending it
_LATEST = 90.0  # seconds that the whole may take; what is left then is named


class Task(TypedDict, total=False):
    """One thing to do: a folder to remove, or a command to run; see `Janitor`."""

    remove: str
    remove_with: list[str]
    run: list[str]
    forget: list[str]
    known: list[str]
    images: list[str]
    named: str


class Janitor:
    """Tidies up when it is left; use it as a context manager. `complaints` then holds what could not be done."""

    def __init__(self) -> None:
        """Nothing is started yet."""
        self.complaints: tuple[str, ...] = ()
        self._process: subprocess.Popen[bytes] | None = None
        self._tasks: list[Task] = []

    def __enter__(self) -> Self:
        # -P: a file json.py in the current folder is not to be run.
        command = [sys.executable, "-P", "-m", __spec__.name]
        # A group of its own in the same session: Ctrl-C in the terminal does not reach it.
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, process_group=0, cwd="/"
        )
        _pipe(self._process.stdout).readline()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        process = self._started()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
        try:
            said, _ = process.communicate()
            if process.returncode:
                said = "\n".join(tidy_up(self._tasks, process.pid)).encode()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        self.complaints = tuple(said.decode(errors="replace").splitlines())

    @property
    def group(self) -> int:
        """The process group in which engine processes are to be started."""
        return self._started().pid

    def remove(self, folder: str, unprivileged: Sequence[str] = ()) -> None:
        """Remove the folder in the end; `unprivileged` is a command that can when the user alone cannot."""
        self._owe({"remove": folder, "remove_with": list(unprivileged)})

    def run(self, *command: str) -> None:
        """Run the command in the end; that it fails is no matter, since there may be nothing to remove."""
        self._owe({"run": list(command)})

    def forget_build_cache(self, docker: Sequence[str], known: Sequence[str]) -> None:
        """Remove in the end the build cache records that are there then and not among `known`."""
        self._owe({"forget": list(docker), "known": list(known)})

    def remove_images(self, docker: Sequence[str], named: str) -> None:
        """Remove in the end docker's images of that name, whatever their tags; tell it before `forget_build_cache`.

        Where a build is cut off while it exports, docker may tag the image after its client has ended. Once the records
        of the build cache are no longer in use, that is over.
        """
        self._owe({"images": list(docker), "named": named})

    def _owe(self, task: Task) -> None:
        self._tasks.append(task)
        pipe = _pipe(self._started().stdin)
        # A janitor that is dead is stood in for at the end.
        with suppress(BrokenPipeError):
            pipe.write(json.dumps(task).encode() + b"\n")
            pipe.flush()

    def _started(self) -> subprocess.Popen[bytes]:
        assert self._process is not None  # noqa: S101
        return self._process


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None  # noqa: S101
    return pipe


def tidy_up(tasks: Sequence[Task], group: int) -> Sequence[str]:
    """End the processes of the group, do the tasks from the last to the first; gives what could not be done.

    Where one of them raises, the others are done all the same.
    """
    complaints: list[str] = []
    latest = time.monotonic() + _LATEST

    def do(task: Task) -> None:
        left = max(1.0, latest - time.monotonic())
        if "remove" in task:
            complaints.extend(_remove(task["remove"], task["remove_with"], left))
        elif "forget" in task:
            complaints.extend(docker_leftovers.forget_records(task["forget"], task["known"], latest))
        elif "images" in task:
            complaints.extend(docker_leftovers.remove_images(task["images"], task["named"], left))
        else:
            quiet(task["run"], left)

    with ExitStack() as stack:
        for task in tasks:
            stack.callback(do, task)
        end_group(group)
    return complaints


def end_group(group: int) -> None:
    """End all processes of the group but this one: first politely."""
    for how, patience in ((signal.SIGTERM, _GRACE), (signal.SIGKILL, _GRACE)):
        patient_until = time.monotonic() + patience
        asked: set[int] = set()
        while members := _members(group):
            for member in members:
                if member not in asked:
                    asked.add(member)
                    _signal(member, how)
            if time.monotonic() > patient_until:
                break
            time.sleep(0.02)


def _signal(process: int, how: signal.Signals) -> None:
    try:
        os.kill(process, how)
    except (ProcessLookupError, PermissionError):
        return


def _members(group: int) -> list[int]:
    """The living processes of the group, this one left out."""
    # ps knows them on every system, but slim systems have no ps.
    found = _members_by_proc(group) if os.path.exists("/proc/self/stat") else _members_by_ps(group)
    return [process for process in found if process != os.getpid()]


def _members_by_proc(group: int) -> list[int]:
    members = []
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", "rb") as file:
                # The name of the program stands in parentheses and may hold anything.
                state, _, of_group = file.read().rpartition(b")")[2].split()[:3]
        except OSError:
            continue
        if int(of_group) == group and state not in (b"Z", b"X"):
            members.append(int(name))
    return members


def _members_by_ps(group: int) -> list[int]:
    done = subprocess.run(["ps", "-A", "-o", "pid=,pgid=,stat="], capture_output=True, check=False)
    rows = (line.split() for line in done.stdout.splitlines())
    return [int(row[0]) for row in rows if len(row) > 2 and int(row[1]) == group and not row[2].startswith(b"Z")]


def _remove(folder: str, unprivileged: Sequence[str], seconds: float) -> Iterator[str]:
    if mounted := _unmounted(folder):
        # Never delete through a mount: it may be somebody's files.
        yield f"{folder} was left, since {mounted} is mounted there and cannot be unmounted; remove it by hand"
        return
    shutil.rmtree(folder, ignore_errors=True)
    if os.path.exists(folder) and unprivileged:
        quiet([*unprivileged, folder], seconds)
    if os.path.exists(folder):
        yield f"{folder} could not be removed; remove it by hand"


def _unmounted(folder: str) -> str:
    """Take away what is still mounted below the folder; returns what stays, or nothing."""
    stays = ""
    for point in reversed(_mounts(folder)):
        if quiet(["umount", "--lazy", "--", point], 10):
            stays = point
    return stays


def _mounts(folder: str) -> list[str]:
    try:
        with open("/proc/self/mountinfo", "rb") as file:
            points = [line.split()[4] for line in file]
    except FileNotFoundError:
        return []
    names = [os.fsdecode(point.decode("unicode_escape").encode("latin-1")) for point in points]
    real = os.path.realpath(folder)
    return [name for name in names if name == real or name.startswith(real + "/")]


def _read(lines: Iterable[str]) -> Iterator[Task]:
    for line in lines:
        # What has no end was being written when its writer was killed: nothing has been made yet that it is about.
        if line.endswith("\n"):
            yield json.loads(line)


def main() -> int:
    """Wait, then tidy up; prints what could not be done."""
    for how in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGPIPE):
        signal.signal(how, signal.SIG_IGN)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for complaint in tidy_up(list(_read(sys.stdin)), os.getpgid(0)):
        sys.stdout.write(f"{complaint}\n")
    try:
        sys.stdout.flush()
    except BrokenPipeError:  # Whoever started it is dead.
        os._exit(0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
