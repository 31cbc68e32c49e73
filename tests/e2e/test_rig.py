"""The rig does what the other tests take for granted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rig.rig import ENGINES, Rig

SLIM = "debian:bookworm-slim"
HERE = Path(__file__).parent


def build(rig: Rig, engine: str, context: Path, text: str, *options: str) -> str:
    """What a build of the Dockerfile prints."""
    (context / "Dockerfile").write_text(text)
    network = ["--network", "host"] if engine == "docker" else []
    done = rig.run(engine, "build", "--no-cache", *network, *options, str(context))
    return done.stdout + done.stderr


class TestBuilding:
    @pytest.mark.parametrize("engine", ENGINES)
    def test_each_engine_copies_and_runs(self, rig: Rig, context: Path, engine: str) -> None:
        (context / "greeting").write_text("good morning\n")
        said = build(rig, engine, context, f"FROM {SLIM}\nCOPY greeting /\nRUN cat /greeting /etc/debian_version\n")
        assert "good morning" in said
        assert "12." in said

    @pytest.mark.parametrize("engine", ENGINES)
    def test_each_engine_knows_heredocs(self, rig: Rig, context: Path, engine: str) -> None:
        assert "good evening" in build(rig, engine, context, f"FROM {SLIM}\nRUN <<EOF\necho good evening\nEOF\n")

    def test_buildah_copies_all_but_some(self, rig: Rig, context: Path) -> None:
        for name in ("kept", "left"):
            (context / name).touch()
        said = build(rig, "buildah", context, f"FROM {SLIM}\nCOPY --exclude=left . /seen/\nRUN ls /seen\n")
        assert "kept" in said
        assert "left\n" not in said

    @pytest.mark.parametrize("engine", ["docker", "buildah"])
    def test_the_other_bases_have_their_programs(self, rig: Rig, context: Path, engine: str) -> None:
        assert "python 3.11" in build(rig, engine, context, "FROM python:3.11-slim\nRUN pip --version\n")
        assert "v20." in build(rig, engine, context, "FROM node:20-slim\nRUN node --version && npm --version\n")

    @pytest.mark.parametrize("engine", ["docker", "buildah"])
    def test_the_registries_are_reached(self, rig: Rig, context: Path, engine: str) -> None:
        build(rig, engine, context, "FROM python:3.11-slim\nRUN pip install --no-deps six && python -c 'import six'\n")
        build(rig, engine, context, "FROM node:20-slim\nWORKDIR /work\nRUN npm install ms && test -d node_modules/ms\n")

    def test_the_second_build_gets_its_packages_from_the_cache(self, rig: Rig, context: Path) -> None:
        text = f"FROM {SLIM}\nRUN apt-get update && cd /tmp && apt-get download hello\n"
        build(rig, "docker", context, text)
        before = rig.packages.fetched()
        assert any("hello" in path for path in before)
        build(rig, "buildah", context, text)
        assert rig.packages.fetched() == before


class TestRunning:
    @pytest.mark.parametrize("engine", ["docker", "podman"])
    def test_a_container_runs_and_is_gone(self, rig: Rig, engine: str) -> None:
        before = rig.leftovers()
        assert rig.run(engine, "run", "--rm", "--network", "host", SLIM, "echo", "good night").stdout == "good night\n"
        # podman does not wait for its monitor, which ends a moment later.
        until = time.monotonic() + 10
        while rig.leftovers() != before and time.monotonic() < until:
            time.sleep(0.1)
        assert rig.leftovers() == before


class TestWrappers:
    @pytest.mark.parametrize("engine", ENGINES)
    def test_only_the_engines_that_were_asked_for_are_found(self, rig: Rig, engine: str) -> None:
        found = {name for name in ENGINES if rig.which(name, engine)}
        assert found == {engine}
        assert rig.which("git", engine)

    @pytest.mark.parametrize("engine", ENGINES)
    def test_names_are_taken_from_the_current_folder(self, rig: Rig, context: Path, engine: str) -> None:
        (context / "Dockerfile").write_text(f"FROM {SLIM}\n")
        command = [engine, "build", "--iidfile", "id", "."]
        subprocess.run(
            command, cwd=context, env={**os.environ, **rig.environment(engine)}, check=True, capture_output=True
        )
        assert len((context / "id").read_text().removeprefix("sha256:").strip()) == 64

    @pytest.mark.parametrize("engine", ENGINES)
    def test_standard_input_arrives(self, rig: Rig, engine: str) -> None:
        assert rig.run(engine, "build", "-f", "-", ".", text=f"FROM {SLIM}\n").returncode == 0

    @pytest.mark.parametrize("engine", ENGINES)
    def test_a_signal_ends_the_build(self, rig: Rig, context: Path, engine: str) -> None:
        (context / "Dockerfile").write_text(f"FROM {SLIM}\nRUN sleep 1234\n")
        command = [engine, "build", "--network", "host", "."]
        environment = {**os.environ, **rig.environment(engine)}
        with subprocess.Popen(
            command, cwd=context, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as running:
            while not any(name.startswith("sleep") for name in rig.leftovers()["processes"]):
                assert running.poll() is None
                time.sleep(0.1)
            running.send_signal(signal.SIGTERM)
            running.wait(timeout=20)


class TestEnding:
    def test_leftovers_are_seen(self, rig: Rig, context: Path) -> None:
        before = rig.leftovers()
        build(rig, "docker", context, f"FROM {SLIM}\nRUN echo {time.time()}\n", "--tag", "left")
        build(rig, "buildah", context, f"FROM {SLIM}\nRUN echo {time.time()}\n", "--tag", "left")
        after = rig.leftovers()
        assert {kind for kind in after if after[kind] != before[kind]} == {
            "docker images",
            "docker cache",
            "other images",
        }

    @pytest.mark.full
    def test_everything_ends_when_the_process_that_started_it_is_killed(self, rig: Rig) -> None:
        program = "from rig.rig import Rig; rig = Rig.start(); print(rig.state, rig.docker('images', '-q'), flush=True); input()"
        command = [sys.executable, "-c", program]
        with subprocess.Popen(command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
            assert other.stdout is not None
            state, _image = other.stdout.readline().split()
            assert state != str(rig.state)
            other.kill()
        end = time.monotonic() + 20
        while Path(state).exists() or any(state in path.read_text() for path in Path("/proc").glob("[0-9]*/cmdline")):
            assert time.monotonic() < end
            time.sleep(0.1)
