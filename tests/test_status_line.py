"""On a terminal, a line says what is going on; elsewhere there is none."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

from command import environment

SCRIPT = """
import time
from dockfix.frontends.terminal import Terminal
terminal = Terminal()
terminal.status("before: RUN apt-get update")
for _ in range(12):
    time.sleep(0.1)
    terminal.status("before: RUN apt-get update")
terminal.status("after: RUN " + "x" * 500 + "\\x1b[31m")
terminal.err("done")
"""


def on_a_terminal(**changes: str) -> str:
    """What the script writes to a terminal of 80 columns."""
    leader, follower = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT], stderr=follower, stdout=follower, env=environment(COLUMNS="80", **changes)
    ) as process:
        os.close(follower)
        written = b""
        while True:
            try:
                read = os.read(leader, 1 << 16)
            except OSError:  # how Linux says that nobody writes any more
                break
            if not read:
                break
            written += read
        process.wait()
    os.close(leader)
    return written.decode()


def test_a_line_tells_what_goes_on_and_for_how_long_and_is_gone_in_the_end() -> None:
    lines = on_a_terminal(TERM="xterm").split("\r\x1b[2K")
    assert lines[1] == "before: RUN apt-get update"
    assert "before: RUN apt-get update (1 s)" in lines
    assert lines[-2].startswith("after: RUN xxx")
    assert lines[-2].endswith("...")
    assert len(lines[-2]) < 80
    assert lines[-1] == "done\r\n"


def test_a_terminal_that_knows_no_control_sequences_gets_no_line() -> None:
    assert on_a_terminal(TERM="dumb") == "done\r\n"
