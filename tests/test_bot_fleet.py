"""Many repositories at once: what one of them does harms no other, and whatever happens can be gone on with."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from bot_work import task, told, until, work

from dockfix.frontends.bot import executors
from dockfix.frontends.bot.executors import Crew, ExecutorError, crew
from dockfix.frontends.bot.fleet import run
from dockfix.frontends.bot.journal import Journal, JournalError, Repository
from dockfix.frontends.bot.report import Report


@pytest.fixture(scope="module")
def two() -> Iterator[Crew]:
    with crew("processes:2") as made:
        yield made


def reports(folder: Path, names: list[str], crew: Crew, journal: Journal, *, resume: bool = False) -> dict[str, Report]:
    found = run([task(folder, name) for name in names], work, crew, journal, tell=lambda _: None, resume=resume)
    assert [one.repository for one in found] == names
    return {one.repository: one for one in found}


def test_each_repository_is_done_once_and_reported_in_order(tmp_path: Path, two: Crew) -> None:
    names = [f"ok-{number}" for number in range(20)]
    heard: list[str] = []
    with Journal() as journal:
        found = run(
            [task(tmp_path, n) for n in names], work, two, journal, tell=lambda one: heard.append(one.repository)
        )
    assert [one.repository for one in found] == names
    assert sorted(heard) == sorted(names)
    assert told(tmp_path, "end") == sorted(names)
    assert found[0] == Report("ok-0", found[0].done, files=1, seconds=0.5, base="develop")


def test_a_repository_that_is_named_twice_is_done_once(tmp_path: Path, two: Crew) -> None:
    with Journal() as journal:
        found = run([task(tmp_path, "ok-1")] * 2, work, two, journal, tell=lambda _: None)
    assert len(found) == 1
    assert told(tmp_path, "end") == ["ok-1"]


def test_a_process_that_dies_costs_only_the_repository_it_was_busy_with(tmp_path: Path, two: Crew) -> None:
    names = ["slow-1", "die-1", "slow-2", "ok-1", "die-2", "slow-3"]
    with Journal() as journal:
        found = reports(tmp_path, names, two, journal)
    for name in names:
        assert ("its process was killed twice" in found[name].error) is name.startswith("die")
    # Nobody else was begun anew because of it.
    assert told(tmp_path, "begin") == ["die-1", "die-1", "die-2", "die-2", "ok-1", "slow-1", "slow-2", "slow-3"]


def test_what_died_once_is_begun_anew(tmp_path: Path, two: Crew) -> None:
    with Journal() as journal:
        assert reports(tmp_path, ["once-1", "ok-1"], two, journal)["once-1"].error == ""
    assert told(tmp_path, "begin", "once") == ["once-1", "once-1"]
    assert told(tmp_path, "end", "once") == ["once-1"]


def test_a_bug_in_one_repository_is_told_and_the_others_go_on(tmp_path: Path, two: Crew) -> None:
    with Journal() as journal:
        found = reports(tmp_path, ["raise-1", "exit-1", "error-1", "ok-1"], two, journal)
    assert "internal error (RuntimeError at bot_work.py:" in found["raise-1"].error
    assert not found["raise-1"].retry
    assert "killed twice" in found["exit-1"].error
    assert found["error-1"].error == "the token has no right to it"
    assert found["ok-1"].error == ""


def test_what_hangs_is_broken_off(tmp_path: Path) -> None:
    with Journal() as journal, crew("processes:2", patience=5) as impatient:
        found = reports(tmp_path, ["child-1", "ok-1"], impatient, journal)
    assert found["child-1"].error == "not done within 5 seconds, and broken off"
    assert found["ok-1"].error == ""
    # So are the programs that it had started.
    until(lambda: living(pids(tmp_path)) == set())


def test_what_is_done_is_not_done_again(tmp_path: Path, two: Crew) -> None:
    names = ["ok-1", "error-1", "ok-2"]
    path = str(tmp_path / "journal")
    with Journal(path) as journal:
        first = reports(tmp_path, names, two, journal)
    with Journal(path) as journal:
        second = reports(tmp_path, [*names, "ok-3"], two, journal, resume=True)
    assert {name: second[name] for name in names} == first
    assert second["ok-1"].done[0].title == "Less \udcff\n"
    # What had failed is tried once more, and what is new is done.
    assert told(tmp_path, "begin") == ["error-1", "error-1", "ok-1", "ok-2", "ok-3"]


def test_without_resume_all_is_done_again(tmp_path: Path, two: Crew) -> None:
    with Journal(str(tmp_path / "journal")) as journal:
        reports(tmp_path, ["ok-1"], two, journal)
        reports(tmp_path, ["ok-1"], two, journal)
    assert told(tmp_path, "end") == ["ok-1", "ok-1"]


def test_a_dry_run_leaves_everything_to_be_done(tmp_path: Path, two: Crew) -> None:
    with Journal(str(tmp_path / "journal")) as journal:
        run([task(tmp_path, "ok-1", dry_run=True)], work, two, journal, tell=lambda _: None)
        reports(tmp_path, ["ok-1"], two, journal, resume=True)
    assert told(tmp_path, "end") == ["ok-1", "ok-1"]


def test_two_runs_do_not_share_a_journal_at_once(tmp_path: Path, two: Crew) -> None:
    path = str(tmp_path / "journal")
    told_so = pytest.raises(JournalError, match="is used by another `dockfix bot run`")
    with Journal(path) as journal, Journal(path) as other, other.alone("run"), told_so:
        reports(tmp_path, ["ok-1"], two, journal)
    assert told(tmp_path, "begin") == []


@pytest.mark.parametrize(
    "text", ["", "process", "processes:0", "processes:x", "processes:-1", "processes:999", "dask:"]
)
def test_what_is_no_executor_is_told(text: str) -> None:
    with pytest.raises(ExecutorError, match="is no executor: there are `processes:N`"), crew(text):
        pass


def test_there_are_as_many_processes_as_cores_where_no_number_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "_cores", lambda: 7)
    with crew("processes") as made:
        assert made.width == 7


_RUN = """
import sys
from bot_work import task, work
from dockfix.frontends.bot.executors import crew
from dockfix.frontends.bot.fleet import run
from dockfix.frontends.bot.journal import Journal
from pathlib import Path

if __name__ == "__main__":
    tasks = [task(Path(sys.argv[1]), name) for name in sys.argv[3:]]
    try:
        with Journal(sys.argv[2]) as journal, crew("processes:2") as made:
            run(tasks, work, made, journal, tell=lambda report: print(report.repository, flush=True))
    except KeyboardInterrupt:
        sys.exit(130)
"""


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts a run in a process group of its own, as a shell does."""
    script = tmp_path / "script.py"
    script.write_text(_RUN)
    running: list[subprocess.Popen[bytes]] = []

    def start(*names: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, str(script), str(tmp_path), str(tmp_path / "journal"), *names]
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
        running.append(subprocess.Popen(command, env=environment, process_group=0, stdout=subprocess.PIPE))
        return running[-1]

    yield start
    for process in running:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def pids(folder: Path) -> set[int]:
    return {int(path.name.split("~")[1]) for path in folder.glob("begin/*")}


def living(numbers: set[int]) -> set[int]:
    """Those of the processes that have not ended; one that nobody has asked for its status has."""

    def lives(number: int) -> bool:
        with suppress(FileNotFoundError, ProcessLookupError):
            return ") Z" not in Path(f"/proc/{number}/stat").read_text()
        return False

    return set(filter(lives, numbers))


def test_ctrl_c_ends_in_seconds_with_what_is_done_in_the_journal(
    tmp_path: Path, started: Callable[..., subprocess.Popen[bytes]]
) -> None:
    process = started("ok-1", "ok-2", "clone-1", "clone-2", "ok-3")
    until(lambda: len(told(tmp_path, "begin", "clone")) == 2)
    assert len(list(tmp_path.glob("clone-*"))) == 2
    before = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert time.monotonic() - before < 10
    assert process.returncode == 130
    assert sorted(out.decode().split()) == ["ok-1", "ok-2"]
    # The workers are gone, after they had removed their clones.
    assert living(pids(tmp_path)) == set()
    assert list(tmp_path.glob("clone-*")) == []
    with Journal(str(tmp_path / "journal")) as journal:
        states = {one.name: state for one, state in journal.states(1).items()}
    assert states == {"ok-1": "done", "ok-2": "done", "clone-1": "begun", "clone-2": "begun", "ok-3": "waiting"}


def test_a_run_that_was_killed_leaves_no_workers_and_is_gone_on_with(
    tmp_path: Path, two: Crew, started: Callable[..., subprocess.Popen[bytes]]
) -> None:
    names = ["ok-1", "clone-1", "clone-2", "ok-2"]
    process = started(*names)
    until(lambda: len(told(tmp_path, "begin", "clone")) == 2)
    process.kill()
    until(lambda: living(pids(tmp_path)) == set(), 30)
    assert list(tmp_path.glob("clone-*")) == []
    (tmp_path / "open").touch()
    with Journal(str(tmp_path / "journal")) as journal:
        found = reports(tmp_path, names, two, journal, resume=True)
        assert set(journal.states(1).values()) == {"done"}
        assert Repository(f"local {tmp_path}", "ok-2") in journal.done(1)
    assert [one.error for one in found.values()] == [""] * 4
    assert told(tmp_path, "end") == ["clone-1", "clone-2", "ok-1", "ok-2"]
