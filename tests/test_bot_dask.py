"""A real cluster of Dask: a scheduler and its workers, each a process of its own, of which some are killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from bot_work import task, told, until, work

from dockfix.frontends.bot import cluster
from dockfix.frontends.bot.executors import ExecutorError, crew
from dockfix.frontends.bot.fleet import run
from dockfix.frontends.bot.journal import Journal
from dockfix.frontends.bot.report import Report

pytest.importorskip("distributed")


class Rig:
    """A scheduler, and workers that a test adds."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: list[subprocess.Popen[bytes]] = []
        file = folder / "scheduler.json"
        self.scheduler = self._start(
            sys.executable, "scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)
        )
        until(lambda: file.exists() and file.read_text().rstrip().endswith("}"))
        self.address: str = json.loads(file.read_text())["address"]

    def has(self, count: int) -> None:
        """Wait for the workers."""
        from distributed import Client

        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(count, timeout=60)

    def worker(self, name: str, python: str = sys.executable, **environment: str) -> subprocess.Popen[bytes]:
        """A worker without a nanny: nothing starts it anew when it is killed."""
        return self._start(
            python, "worker", self.address, "--no-nanny", "--nthreads", "1", "--no-dashboard", "--name", name,
            "--local-directory", str(self._folder), **environment,
        )  # fmt: skip

    def end(self) -> None:
        for process in reversed(self._running):
            process.kill()
            process.wait()

    def _start(self, python: str, program: str, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        command = [python, "-m", f"distributed.cli.dask_{program}", *arguments, "--host", "127.0.0.1"]
        surroundings = {
            **os.environ,
            "PYTHONPATH": str(Path(__file__).parent),
            **environment,
        }
        with (self._folder / "log").open("ab") as log:
            process = subprocess.Popen(command, env=surroundings, stdout=log, stderr=log, cwd=self._folder)
        self._running.append(process)
        return process


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = Rig(tmp_path)
    yield made
    made.end()


def test_no_repository_is_lost_or_done_twice_where_a_worker_is_killed(tmp_path: Path, rig: Rig) -> None:
    workers = [rig.worker("one"), rig.worker("two")]
    rig.has(2)
    names = [f"{'gate' if number == 7 else 'slow'}-{number}" for number in range(20)]
    heard: list[str] = []

    def kill() -> int:
        """Kill the worker that is in the middle of a repository, while the other one is at work."""
        until(lambda: told(tmp_path, "begin", "gate"))
        [path] = tmp_path.glob("begin/gate*")
        pid = int(path.name.split("~")[1])
        os.kill(pid, signal.SIGKILL)
        (tmp_path / "open").touch()
        return pid

    with crew(f"dask:{rig.address}") as made, Journal() as journal, ThreadPoolExecutor(1) as killer:
        killed = killer.submit(kill)
        tasks = [task(tmp_path, name) for name in names]
        found = run(tasks, work, made, journal, tell=lambda report: heard.append(report.repository))
        assert set(journal.states(1).values()) == {"done"}
    assert killed.result() in [worker.pid for worker in workers]
    assert [report.repository for report in found] == names
    assert [report.error for report in found] == [""] * 20
    assert sorted(heard) == sorted(names)
    # Each has come to its end once, although what the killed one was busy with was begun twice.
    assert told(tmp_path, "end") == sorted(names)
    assert told(tmp_path, "begin") == sorted([*names, "gate-7"])
    assert len({path.name.split("~")[1] for path in tmp_path.glob("begin/*")}) == 2


def test_what_had_ended_on_a_worker_that_died_before_it_was_asked_is_not_done_again(tmp_path: Path, rig: Rig) -> None:
    from distributed import Client

    from dockfix.frontends.bot.cluster import _once

    victim = rig.worker("one")
    with Client(rig.address, set_as_default=False) as client:
        future = client.submit(_once, ("run", "call"), work, task(tmp_path, "ok-1"), pure=False)
        until(lambda: future.done() and told(tmp_path, "end"))
        # Dask has the result on this worker alone, and calls the function again on the next one.
        os.kill(victim.pid, signal.SIGKILL)
        rig.worker("two")
        assert future.result(timeout=60).repository == "ok-1"
    assert told(tmp_path, "begin") == ["ok-1"]


def test_what_kills_every_worker_is_told_and_a_bug_too(tmp_path: Path, rig: Rig) -> None:
    workers = [rig.worker(str(number)) for number in range(5)]
    rig.has(5)
    with crew(f"dask:{rig.address}") as made, Journal() as journal:
        found = run([task(tmp_path, n) for n in ("die-1", "raise-1", "ok-1")], work, made, journal, tell=lambda _: None)
    assert "every worker that took it died" in found[0].error
    assert "internal error (RuntimeError" in found[1].error
    assert found[2].error == ""
    assert sum(worker.poll() is None for worker in workers) == 1


def test_a_scheduler_that_goes_in_the_middle_is_told(tmp_path: Path, rig: Rig) -> None:
    rig.worker("one")
    rig.has(1)

    def tell(_report: Report) -> None:
        rig.scheduler.kill()

    with crew(f"dask:{rig.address}") as made, Journal() as journal:
        found = run([task(tmp_path, n) for n in ("ok-1", "gate-1", "gate-2")], work, made, journal, tell=tell)
        assert list(journal.states(1).values()) == ["failed", "failed", "done"]
    assert [one.error for one in found[1:]] == [
        "the cluster has gone while this was on it; run again with --resume"
    ] * 2


def test_ctrl_c_ends_in_seconds_while_a_worker_is_busy(tmp_path: Path, rig: Rig) -> None:
    rig.worker("one")
    rig.has(1)

    def tell(_report: Report) -> None:
        until(lambda: told(tmp_path, "begin", "gate"))
        raise KeyboardInterrupt

    with Journal() as journal:
        before = time.monotonic()
        with pytest.raises(KeyboardInterrupt), crew(f"dask:{rig.address}") as made:
            run([task(tmp_path, n) for n in ("ok-1", "gate-1", "ok-2")], work, made, journal, tell=tell)
        assert time.monotonic() - before < 20
        assert list(journal.states(1).values()) == ["begun", "done", "begun"]
    (tmp_path / "open").touch()
    # What it was busy with comes to its end there, and what had not begun is dropped.
    until(lambda: told(tmp_path, "end") == ["gate-1", "ok-1"])
    assert told(tmp_path, "begin", "ok-2") == []


def test_a_scheduler_that_nobody_reaches_is_told_within_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cluster, "_TIMEOUT", 2.0)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    before = time.monotonic()
    with (
        pytest.raises(ExecutorError, match="no scheduler of Dask answers at tcp://127"),
        crew(f"dask:tcp://127.0.0.1:{port}"),
    ):
        pass
    assert time.monotonic() - before < 15


def test_what_is_no_address_is_told() -> None:
    with pytest.raises(ExecutorError, match="no scheduler of Dask answers at nothing://x"), crew("dask:nothing://x"):
        pass


def test_a_cluster_without_workers_is_told(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_TIMEOUT", 2.0)
    with (
        pytest.raises(ExecutorError, match="has no workers; start one with `dask worker tcp://"),
        crew(f"dask:{rig.address}"),
    ):
        pass


@pytest.mark.parametrize(
    ("metadata", "sentence"),
    [("", "has no dockfix; install version"), ("Name: dockfix\nVersion: 0.0.7\n", "has dockfix 0.0.7, and this is")],
)
def test_a_worker_without_dockfix_or_with_another_one_is_told(
    tmp_path: Path, rig: Rig, metadata: str, sentence: str
) -> None:
    # All that is installed here, but dockfix, for the Python that our own environment was made with.
    packages = tmp_path / "packages"
    packages.mkdir()
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if "dockfix" not in path.name:
            (packages / path.name).symlink_to(path)
    if metadata:
        (packages / "dockfix-0.0.7.dist-info").mkdir()
        (packages / "dockfix-0.0.7.dist-info" / "METADATA").write_text(metadata)
    rig.worker("one", python=os.path.realpath(sys.executable), PYTHONPATH=str(packages))
    rig.has(1)
    with pytest.raises(ExecutorError, match=sentence), crew(f"dask:{rig.address}"):
        pass
