"""Cache mounts for apt, for real: only docker-clean differs in the image, and a later build needs no network."""

from __future__ import annotations

from pathlib import Path

import pytest
from command import dockfix
from rig.rig import Rig
from verified import verify, write

DOCKERFILE = """\
FROM debian:bookworm-slim
RUN apt-get update \\
    && apt-get install -y --no-install-recommends jq \\
    && apt-get clean \\
    && rm -rf /var/lib/apt/lists/*
"""
ONLY = ("--only", "cache-mounts")


@pytest.mark.parametrize("engine", ["docker", pytest.param("buildah", marks=pytest.mark.full)])
def test_apt_leaves_all_as_it_was_but_docker_clean(engine: str, rig: Rig, tmp_path: Path) -> None:
    write(tmp_path, {"Dockerfile": DOCKERFILE})
    found = verify(rig, engine, tmp_path, *ONLY, "--smoke", "jq --version")
    # It is no longer there, and the base has it still.
    assert [row[:2] for row in found.differences()] == [
        ("/etc/apt/apt.conf.d/docker-clean", "missing"),
        ("/etc/apt/apt.conf.d/docker-clean", "hidden"),
    ]
    assert found.ignored() <= {"package index lists", "download caches"}


def test_a_run_that_runs_again_takes_the_packages_from_the_mounts(rig: Rig, tmp_path: Path) -> None:
    write(tmp_path, {"Dockerfile": DOCKERFILE})
    dockfix(tmp_path, *ONLY, "--level", "review", "--write", "Dockerfile")
    build = ("build", "--progress", "plain", "--tag", "mine")
    rig.docker(*build, "--network", "host", str(tmp_path))
    text = (tmp_path / "Dockerfile").read_text()
    (tmp_path / "Dockerfile").write_text(text.replace("slim\n", "slim\nENV AGAIN=1\n"))
    done = rig.run("docker", *build, "--network", "none", str(tmp_path))
    assert "Need to get 0 B/" in done.stdout + done.stderr
    rig.docker("image", "rm", "mine")
    rig.docker("builder", "prune", "--all", "--force")
