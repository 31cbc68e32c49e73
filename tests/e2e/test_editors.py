"""Editors of Debian with the set-ups of docs/editors.md, as they are written there."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest
from command import dockfix, environment

PAGE = (Path(__file__).parent.parent.parent / "docs" / "editors.md").read_text()
DOCKERFILE = b"""\
FROM debian:12-slim
RUN apt-get update
# caf\xc3\xa9
RUN apt-get install -y curl
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


def test_the_set_ups_for_editors_that_are_not_to_be_had_here_can_be_read() -> None:
    helix = tomllib.loads(set_up("Helix", "toml"))
    assert helix["language-server"]["dockfix"] == {"command": "dockfix", "args": ["lsp"]}
    zed = json.loads(set_up("Zed", "json"))
    (server,) = zed["lsp"]
    assert zed["lsp"][server]["binary"] == {"path": "dockfix", "arguments": ["lsp"]}
    assert server in zed["languages"]["Dockerfile"]["language_servers"]
    sublime = json.loads(set_up("Sublime Text", "json"))
    assert sublime["clients"]["dockfix"]["command"] == ["dockfix", "lsp"]


USE_NEOVIM = """
local function await(what, condition)
  if not vim.wait(60000, condition, 20) then
    print('timed out: ' .. what)
    vim.cmd('cquit')
  end
end
await('diagnostics', function() return #vim.diagnostic.get(0) > 0 end)
for _, diagnostic in ipairs(vim.diagnostic.get(0)) do
  print(string.format('%d: %s', diagnostic.lnum + 1, diagnostic.message))
end
local tick = vim.api.nvim_buf_get_changedtick(0)
vim.cmd('Dockfix')
await('changes', function() return vim.api.nvim_buf_get_changedtick(0) > tick end)
vim.cmd('wqall')
"""


class TestNeovim:
    @pytest.mark.parametrize(
        ("program", "heading"),
        [
            pytest.param(NVIM, "Neovim 0.7 to 0.10", id="Debian's"),
            pytest.param(NEW_NVIM, "Neovim 0.11 and later", id="0.11"),
        ],
    )
    def test_it_shows_what_can_be_better_and_makes_what_is_safe(
        self, program: str | None, heading: str, tmp_path: Path
    ) -> None:
        if program is None:
            pytest.skip("this Neovim is not installed")
        (tmp_path / "init.lua").write_text(set_up(heading, "lua"))
        (tmp_path / "use.lua").write_text(USE_NEOVIM)
        (tmp_path / "Dockerfile").write_bytes(DOCKERFILE)
        ended = run(tmp_path, [program, "--headless", "-u", "init.lua", "-c", "luafile use.lua", "Dockerfile"])
        assert ended.returncode == 0, ended.stdout.decode()
        assert b"2: merge 3 RUN instructions" in ended.stdout
        assert (tmp_path / "Dockerfile").read_bytes() == written(tmp_path, DOCKERFILE)


USE_EMACS = """
(defun await (what condition)
  (let ((deadline (+ (float-time) 60)))
    (while (not (funcall condition))
      (when (> (float-time) deadline) (error "timed out: %s" what))
      (accept-process-output nil 0.02))))
(find-file "Dockerfile")
(run-hooks 'post-command-hook) ; eglot-ensure waits for the end of the command, and a batch has none
(await "server" #'eglot-current-server)
(flymake-start)
(await "diagnostics" #'flymake-diagnostics)
(dolist (diagnostic (flymake-diagnostics))
  (message "%d: %s" (line-number-at-pos (flymake-diagnostic-beg diagnostic)) (flymake-diagnostic-text diagnostic)))
(let ((tick (buffer-chars-modified-tick)))
  (dockfix-apply-all)
  (await "changes" (lambda () (/= tick (buffer-chars-modified-tick)))))
(save-buffer)
"""


@pytest.mark.skipif(EMACS is None, reason="emacs is not installed")
def test_emacs_shows_what_can_be_better_and_makes_what_is_safe(tmp_path: Path) -> None:
    (tmp_path / "init.el").write_text(set_up("Emacs", "elisp"))
    (tmp_path / "use.el").write_text(USE_EMACS)
    (tmp_path / "Dockerfile").write_bytes(DOCKERFILE)
    emacs = [EMACS or "", "--batch", "--funcall", "package-activate-all"]
    if run(tmp_path, [*emacs, "--eval", "(progn (require 'eglot) (require 'dockerfile-mode))"]).returncode:
        pytest.skip("this Emacs has no eglot or no dockerfile-mode (Debian: elpa-eglot, elpa-dockerfile-mode)")
    ended = run(tmp_path, [*emacs, "--load", "init.el", "--load", "use.el"])
    assert ended.returncode == 0, ended.stdout.decode()
    assert re.search(rb"^2: .*merge 3 RUN instructions", ended.stdout, re.MULTILINE)
    assert (tmp_path / "Dockerfile").read_bytes() == written(tmp_path, DOCKERFILE)
