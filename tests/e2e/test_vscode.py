"""The extension in VS Code itself: its server runs here, as it does on a remote machine, and its window in a browser."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import browser
import pytest
from command import dockfix, environment
from vscode_extension import copied, npm, packed

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(browser.PROGRAM is None, reason="chromium is not installed"),
]
HERE = Path(sys.executable).parent
PROGRAMS = Path(__file__).parent / "vscode"
DOCKERFILE = b"FROM debian:12-slim\nRUN echo a\nRUN echo b\n"
NODE = shutil.which("node") or ""
NOT_STARTED = (
    'dockfix could not be started: run "pip install --upgrade dockfix", or say in the setting dockfix.path where it is.'
)


class VSCode(NamedTuple):
    """VS Code with the extension, in a folder."""

    folder: Path

    def command(self, *arguments: str) -> list[str]:
        """How its server is started."""
        main = self.folder / "node_modules" / "code-server" / "lib" / "vscode" / "out" / "server-main.js"
        kept = (f"--extensions-dir={self.folder}/extensions", f"--server-data-dir={self.folder}/data")
        return [NODE, str(main), "--accept-server-license-terms", *kept, *arguments]

    @contextmanager
    def serving(self, path: str) -> Iterator[str]:
        """Its address, while the server runs with that PATH."""
        arguments = ("--host=127.0.0.1", "--port=0", "--without-connection-token")
        with subprocess.Popen(
            self.command(*arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            # VSCODE_CLI: it takes its PATH from here, and asks no login shell.
            env=environment(HOME=str(self.folder), PATH=path, VSCODE_CLI="1"),
        ) as process:
            assert process.stdout is not None
            said = (re.search(r"http://localhost:(\d+)", line) for line in process.stdout)
            port = next(found[1] for found in said if found)
            yield f"http://127.0.0.1:{port}"
            process.terminate()

    def used(self, work: Path, path: str) -> dict[str, object]:
        """What use.mjs sees of the Dockerfile in a folder."""
        with self.serving(path) as address:
            file = f"vscode-remote://{address.removeprefix('http://')}{work}/Dockerfile"
            url = f'{address}/?folder={work}&payload=[["openFile","{file}"]]'
            done = subprocess.run(
                [NODE, str(self.folder / "use.mjs"), browser.PROGRAM or "", url],
                capture_output=True,
                timeout=300,
                check=False,
            )
        assert done.returncode == 0, done.stderr.decode()
        seen: dict[str, object] = json.loads(done.stdout)
        return seen


@pytest.fixture(scope="module")
def code(tmp_path_factory: pytest.TempPathFactory) -> VSCode:
    folder = tmp_path_factory.mktemp("code")
    for file in PROGRAMS.iterdir():
        shutil.copy(file, folder)
    for where in (folder, folder / "node_modules" / "code-server" / "lib" / "vscode"):
        shutil.copy(PROGRAMS / ".npmrc", where)
        succeeded, said = npm(where, "install", "--omit=dev")
        assert succeeded, said
    found = VSCode(folder)
    package = packed(copied(tmp_path_factory.mktemp("extension")))
    subprocess.run(found.command("--install-extension", str(package)), capture_output=True, check=True)
    return found


def path_without_dockfix() -> str:
    """PATH but for the folders with a `dockfix`."""
    folders = os.environ["PATH"].split(os.pathsep)
    return os.pathsep.join(each for each in folders if not (Path(each) / "dockfix").exists())


@pytest.fixture
def work(tmp_path: Path) -> Path:
    (tmp_path / "Dockerfile").write_bytes(DOCKERFILE)
    return tmp_path


def test_without_the_program_one_sentence_says_what_to_do(code: VSCode, work: Path) -> None:
    assert code.used(work, path_without_dockfix())["told"] == [NOT_STARTED]


def test_a_program_that_is_no_language_server_is_told_the_same(code: VSCode, work: Path) -> None:
    program = work / "bin" / "dockfix"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho 'Error: No such command'\nexit 3\n")
    program.chmod(0o755)
    seen = code.used(work, f"{program.parent}{os.pathsep}{path_without_dockfix()}")
    assert seen["told"] == [NOT_STARTED]


def test_the_diff_is_shown_and_what_is_safe_is_made(code: VSCode, work: Path) -> None:
    diff = dockfix(work, "--diff").out.decode()
    seen = code.used(work, f"{HERE}{os.pathsep}{path_without_dockfix()}")
    assert seen == {"told": [], "marked": 1, "diff": diff}
    assert (work / "Dockerfile").read_bytes() == b"FROM debian:12-slim\nRUN echo a \\\n    && echo b\n"
