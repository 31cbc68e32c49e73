"""Editors of Debian with the set-ups of docs/editors.md, as they are written there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from command import dockfix, environment

PAGE = (Path(__file__).parent.parent.parent / "docs" / "editors.md").read_text()
DOCKERFILE = b"""\
FROM debian:12-slim
RUN apt-get update
RUN apt-get install -y curl # caf\xc3\xa9
RUN cd /opt && mkdir app
"""
HERE = Path(sys.executable).parent
VIM, NVIM, EMACS = map(shutil.which, ("vim", "nvim", "emacs"))
NEW_NVIM = shutil.which("nvim", path=str(HERE))


def set_up(heading: str, language: str) -> str:
    """The first block of that language below a heading of the page."""
    found = re.search(rf"^#+ {re.escape(heading)}\n.*?^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    assert found is not None, f"the page has no {heading} with {language}"
    return found[1]


def run(folder: Path, command: Sequence[str | Path]) -> subprocess.CompletedProcess[bytes]:
    """The editor with no files of its user and with `dockfix` in PATH, as the set-ups expect it."""
    program = HERE / "dockfix"
    if not program.exists():
        pytest.skip("dockfix is not installed here")
    return subprocess.run(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment(
            HOME=str(folder), PATH=f"{HERE}{os.pathsep}{os.environ['PATH']}", TERM="dumb", LC_ALL="C.UTF-8"
        ),
        timeout=120,
        check=False,
    )


def written(folder: Path, before: bytes) -> bytes:
    """What `dockfix --write` makes of the text."""
    path = folder / "written" / "Dockerfile"
    path.parent.mkdir()
    path.write_bytes(before)
    dockfix(path.parent, "--write", "Dockerfile")
    return path.read_bytes()


@pytest.mark.skipif(VIM is None, reason="vim is not installed")
class TestVim:
    """Vim in a terminal takes standard error for text, too; `vim -es` does not: it would prove nothing."""

    def edited(self, folder: Path, text: bytes, *commands: str) -> bytes:
        """What Vim leaves in the file after the commands."""
        (folder / "vimrc").write_text(set_up("Vim", "vim"))
        (folder / "Dockerfile").write_bytes(text)
        arguments = [part for command in (*commands, "wq") for part in ("-c", command)]
        ended = run(folder, [VIM or "", "--not-a-term", "-N", "-u", "vimrc", *arguments, "Dockerfile"])
        assert ended.returncode == 0, ended.stdout.decode()
        return (folder / "Dockerfile").read_bytes()

    def test_the_command_makes_what_dockfix_write_makes(self, tmp_path: Path) -> None:
        after = self.edited(tmp_path, DOCKERFILE, "Dockfix")
        assert after != DOCKERFILE
        assert after == written(tmp_path, DOCKERFILE)

    def test_the_filter_without_the_command_does_the_same(self, tmp_path: Path) -> None:
        typed = re.search(r"it is `:(%!dockfix [^`]*)`", PAGE)
        assert typed is not None
        assert self.edited(tmp_path, DOCKERFILE, typed[1]) == written(tmp_path, DOCKERFILE)

    def test_u_takes_it_back(self, tmp_path: Path) -> None:
        assert self.edited(tmp_path, DOCKERFILE, "Dockfix", "normal u") == DOCKERFILE

    @pytest.mark.parametrize(
        "text",
        [b"FROM debian:12-slim\nCMD true\n", b"FROM debian:12-slim\nRUN echo a\nRUN <<END\n"],
        ids=["with nothing to do", "that cannot be read"],
    )
    def test_a_text_stays_as_it_is(self, text: bytes, tmp_path: Path) -> None:
        assert self.edited(tmp_path, text, "Dockfix") == text
