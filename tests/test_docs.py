"""The commands in docs/ print what is shown there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from command import environment

ROOT = Path(__file__).parent.parent
FENCE = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)


def sessions() -> list[tuple[str, list[tuple[str, str]]]]:
    """The console sessions by page and number: commands, each with what it prints."""
    return [
        (f"{page.name} {number}", COMMAND.findall(fence))
        for page in sorted((ROOT / "docs").glob("*.md"))
        for number, fence in enumerate(FENCE.findall(page.read_text()), 1)
    ]


def printed(command: str, folder: Path) -> str:
    """What a command prints on both streams."""
    shell = f'dockfix() {{ "{sys.executable}" -m dockfix "$@"; }}\n{command}'
    done = subprocess.run(
        ["sh", "-c", shell],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment(TERM="dumb", COLUMNS="100"),
        check=False,
    )
    return done.stdout.decode()


@pytest.mark.parametrize(("name", "session"), sessions(), ids=lambda value: value if isinstance(value, str) else "")
def test_a_session_prints_what_the_page_shows(name: str, session: list[tuple[str, str]], tmp_path: Path) -> None:
    folder = tmp_path / "examples"
    shutil.copytree(ROOT / "examples", folder)
    for command, expected in session:
        assert printed(command, folder) == expected


def write() -> None:
    """Put what the commands print now into the pages: `python tests/test_docs.py`."""
    import tempfile

    for page in sorted((ROOT / "docs").glob("*.md")):
        text = page.read_text()
        for fence in FENCE.findall(text):
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name) / "examples"
                shutil.copytree(ROOT / "examples", folder)
                new = "".join(f"$ {command}\n{printed(command, folder)}" for command, _ in COMMAND.findall(fence))
            text = text.replace(fence, new, 1)
        page.write_text(text)


if __name__ == "__main__":
    os.chdir(ROOT)
    write()
