"""What the README shows is what happens: `python tests/test_readme.py` puts in what is printed now."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from command import environment

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
SESSION = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
TARGET = re.compile(r"^make ([\w-]+)", re.MULTILINE)


def session() -> str:
    (only,) = SESSION.findall(README.read_text(encoding="utf-8"))
    return str(only)


def replayed(folder: Path) -> str:
    """The session as it runs now; the file that it shows first is the one that it is about."""
    (show, dockerfile), *commands = COMMAND.findall(session())
    (folder / show.removeprefix("cat ")).write_text(dockerfile, encoding="utf-8")
    return f"$ {show}\n{dockerfile}" + "".join(f"$ {command}\n{printed(command, folder)}" for command, _ in commands)


def printed(command: str, folder: Path) -> str:
    """What a command prints on both streams."""
    done = subprocess.run(
        ["sh", "-c", f'dockfix() {{ "{sys.executable}" -m dockfix "$@"; }}\n{command}'],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment(TERM="dumb", COLUMNS="100"),
        check=False,
    )
    return done.stdout.decode()


def test_the_session_prints_what_is_shown(tmp_path: Path) -> None:
    assert session() == replayed(tmp_path)


def test_the_session_is_about_a_file_of_six_lines() -> None:
    assert len(COMMAND.findall(session())[0][1].splitlines()) == 6


@pytest.mark.parametrize("target", sorted(set(TARGET.findall(README.read_text(encoding="utf-8")))))
def test_a_make_target_that_is_named_exists(target: str) -> None:
    assert f"\n{target}:" in (ROOT / "Makefile").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", ["README.md", "docs/design.md", "docs/writing-a-transform.md"])
def test_its_links_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert [link for link in LINK.findall(text) if not (ROOT / page).parent.joinpath(link).exists()] == []


def write() -> None:
    """Put what the session prints now into the README."""
    text = README.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        README.write_text(text.replace(session(), replayed(Path(folder)), 1), encoding="utf-8")


if __name__ == "__main__":
    write()
