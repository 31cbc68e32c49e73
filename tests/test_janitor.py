"""Whatever ends a verification, what it made is removed: by a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dockfix.verify.engines.janitor import Janitor, Task, tidy_up
from dockfix.verify.engines.process import follow

HOLDS = """
import os, subprocess, sys, time
from dockfix.verify.engines.janitor import Janitor
with Janitor() as janitor:
    folder = sys.argv[1]
    janitor.remove(folder)
    os.mkdir(folder)
    janitor.run("touch", sys.argv[2])
    # What it starts, starts another; both ignore being asked to end.
    script = "trap '' TERM INT; (trap '' TERM INT; sleep 1000) & sleep 1000"
    child = subprocess.Popen(["sh", "-c", script], process_group=janitor.group)
    print(child.pid, flush=True)
    time.sleep(1000)
"""


def is_alive(group_of: int) -> list[str]:
    """The command lines of what still sleeps in the group."""
    done = subprocess.run(["ps", "-A", "-o", "pgid=,stat=,args="], capture_output=True, text=True, check=True)
    rows = (line.split(None, 2) for line in done.stdout.splitlines())
    return [row[2] for row in rows if len(row) == 3 and row[0] == str(group_of) and not row[1].startswith("Z")]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL, signal.SIGHUP])
def test_a_verification_that_is_killed_leaves_no_process_and_no_folder(how: signal.Signals, tmp_path: Path) -> None:
    folder, mark = tmp_path / "made", tmp_path / "mark"
    command = [sys.executable, "-c", HOLDS, str(folder), str(mark)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        group = os.getpgid(child)
        assert folder.is_dir()
        assert is_alive(group)
        process.send_signal(how)
    until = time.monotonic() + 30
    while (is_alive(group) or folder.exists()) and time.monotonic() < until:
        time.sleep(0.05)
    assert (is_alive(group), folder.exists(), mark.exists()) == ([], False, True)


def test_tasks_are_done_from_the_last_to_the_first(tmp_path: Path) -> None:
    with Janitor() as janitor:
        for name in ("first", "second"):
            janitor.run("sh", "-c", f"echo {name} >> {tmp_path}/order")
    assert (tmp_path / "order").read_text() == "second\nfirst\n"


def test_a_janitor_that_is_killed_is_stood_in_for(tmp_path: Path) -> None:
    folder = tmp_path / "made"
    folder.mkdir()
    with Janitor() as janitor:
        janitor.remove(str(folder))
        os.kill(janitor.group, signal.SIGKILL)
        time.sleep(0.2)
        janitor.run("touch", str(tmp_path / "told later"))
    assert not folder.exists()
    assert (tmp_path / "told later").exists()


def test_what_fails_does_not_keep_the_rest_from_being_done(tmp_path: Path) -> None:
    folder = tmp_path / "made"
    folder.mkdir()
    tasks: list[Task] = [{"remove": str(folder), "remove_with": []}, {"run": ["no\0name"]}]
    with pytest.raises(ValueError, match="null byte"):
        tidy_up(tasks, group=2**30)  # No process is in it.
    assert not folder.exists()


def test_what_cannot_be_removed_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "mounted"
    (folder / "inner").mkdir(parents=True)
    script = f"""
import os, subprocess, sys
from dockfix.verify.engines import janitor
os.environ["PATH"] = ""  # umount cannot be had
print(list(janitor.tidy_up([{{"remove": {str(folder)!r}, "remove_with": []}}], os.getpid())))
"""
    mount = ["unshare", "--mount", "sh", "-c", f'mount --bind / "{folder}/inner" && exec "$0" -c "$1"']
    done = subprocess.run([*mount, sys.executable, script], capture_output=True, text=True, check=False)
    if "Operation not permitted" in done.stderr or "unshare" in done.stderr:
        pytest.skip("mounting is not permitted here")
    assert f"{folder} was left, since {folder}/inner is mounted there" in done.stdout
    assert folder.exists()
    assert Path("/usr").exists()


def test_a_program_that_takes_too_long_is_ended() -> None:
    lines: list[str] = []
    with Janitor() as janitor:
        ended = follow(
            ["sh", "-c", "echo one; sleep 100"], seconds=0.5, group=janitor.group, hear=lines.append, tick=lambda: None
        )
    assert (ended.status, lines) == (None, ["one"])
    assert ended.seconds < 10


def test_lines_come_as_they_are_printed_and_the_last_one_needs_no_end() -> None:
    lines: list[str] = []
    with Janitor() as janitor:
        ended = follow(
            ["printf", "one\\n\\r\\ntwo\\rthree"], seconds=9, group=janitor.group, hear=lines.append, tick=lambda: None
        )
    assert ended.status == 0
    assert [line for line in lines if line] == ["one", "two", "three"]


def test_a_line_without_end_does_not_fill_the_memory() -> None:
    lines: list[str] = []
    with Janitor() as janitor:
        script = "import sys\nfor _ in range(200): sys.stdout.write('x' * 100_000)"
        command = [sys.executable, "-c", script]
        follow(command, seconds=60, group=janitor.group, hear=lines.append, tick=lambda: None)
    assert sum(map(len, lines)) < 200_000
