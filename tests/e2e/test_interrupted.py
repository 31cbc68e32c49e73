"""Whenever a verification is killed, and however: it leaves nothing behind."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest
from command import PROGRAM, environment
from rig.rig import Rig
from verified import scratch, temporary, write

from dockfix.verify.engines.janitor import Janitor

DOCKERFILE = """\
FROM debian:bookworm-slim AS first
RUN head -c 30000000 /dev/urandom > /one && sleep 0.3
RUN head -c 30000000 /dev/urandom > /two && sleep 0.3
FROM debian:bookworm-slim
COPY --from=first /one /two /
RUN sleep 0.3; sha256sum /one > /sum
RUN sleep 0.3; sha256sum /two >> /sum
"""
HOW = [signal.SIGINT, signal.SIGTERM, signal.SIGKILL, signal.SIGHUP]


def start(rig: Rig, engine: str, folder: Path) -> subprocess.Popen[bytes]:
    changes = {**rig.environment(engine), "TMPDIR": str(temporary())}
    command = [*PROGRAM, "verify", "--engine", engine, "--network", "host", "--smoke", "sleep 0.5"]
    return subprocess.Popen(
        command, cwd=folder, env=environment(**changes), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


@pytest.mark.parametrize("engine", ["docker", "buildah"])
def test_killed_at_random_ten_times_it_leaves_nothing(engine: str, rig: Rig, tmp_path: Path) -> None:
    write(tmp_path, {"Dockerfile": DOCKERFILE})
    before = rig.leftovers()
    chance = random.Random(f"{engine} {os.environ.get('DOCKFIX_SEED', '')}")
    for number in range(10):
        process = start(rig, engine, tmp_path)
        # From before the first step until about the end of the second build.
        time.sleep(chance.uniform(0.1, 6))
        process.send_signal(HOW[number % len(HOW)])
        process.wait(timeout=60)
        until = time.monotonic() + 60
        while (scratch() or rig.leftovers() != before) and time.monotonic() < until:
            time.sleep(0.2)
        assert scratch() == []
        assert rig.leftovers() == before


def test_ctrl_c_is_one_sentence_and_its_exit_status(rig: Rig, tmp_path: Path) -> None:
    write(tmp_path, {"Dockerfile": DOCKERFILE})
    changes = {**rig.environment("docker"), "TMPDIR": str(temporary())}
    command = [*PROGRAM, "verify", "--engine", "docker", "--network", "host"]
    process = subprocess.Popen(
        command, cwd=tmp_path, env=environment(**changes), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, b"")
    assert err == b"dockfix: interrupted; files that were not written yet are as they were\n"
    assert scratch() == []


def test_an_image_that_docker_tags_when_its_build_was_cut_off_is_removed_as_well(rig: Rig) -> None:
    """The tag comes after what was told to remove it: in the daemon, an export may end after its client has."""
    docker = str(rig.state / "bin/docker/docker")
    before = rig.leftovers()
    with Janitor() as janitor:
        janitor.remove_images([docker], "dockfix-verify/late")
        janitor.run(docker, "tag", "debian:bookworm-slim", "dockfix-verify/late:2")
        janitor.run(docker, "image", "rm", "--force", "dockfix-verify/late:2")
    assert janitor.complaints == ()
    assert rig.leftovers() == before
