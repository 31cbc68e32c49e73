"""Neovim's own client with `dockfix lsp`: what it shows, what its code actions make of the buffer, fixing on save."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from command import dockfix, environment
from editor import SERVER

NVIM = shutil.which("nvim")
pytestmark = pytest.mark.skipif(NVIM is None, reason="Neovim is not installed (Debian: neovim)")

TEXT = "# 😀 é\r\nFROM debian:12\r\nRUN apt-get update\r\nRUN apt-get install -y curl # 😀\r\nCOPY app /app\r\n"
_START = """
vim.o.fileformats = 'unix'  -- what ends a line stays part of it
vim.cmd('edit Dockerfile')
vim.bo.filetype = 'dockerfile'
local id = vim.lsp.start_client({ name = 'dockfix', cmd = vim.json.decode(%s), root_dir = vim.fn.getcwd() })
vim.lsp.buf_attach_client(0, id)
local function await(what, condition)
  if not vim.wait(60000, condition, 20) then
    io.stderr:write('timed out: ' .. what)
    vim.cmd('cquit')
  end
end
local function told()
  local found = {}
  for _, one in ipairs(vim.diagnostic.get(0)) do
    table.insert(found, { line = one.lnum, severity = one.severity, code = one.code })
  end
  return found
end
await('diagnostics', function() return #told() > 0 end)
"""


def run(folder: Path, script: str) -> None:
    """Run a script in Neovim with nobody's settings; it ends with an error if the script does."""
    (folder / "script.lua").write_text(_START % json.dumps(json.dumps(SERVER)) + script)
    command = [str(NVIM), "--headless", "--clean", "-c", "luafile script.lua", "-c", "cquit 3"]
    settings = environment(HOME=str(folder), XDG_CACHE_HOME=str(folder / ".cache"), PATH=os.environ["PATH"])
    ended = subprocess.run(command, cwd=folder, capture_output=True, timeout=120, env=settings, check=False)
    assert ended.returncode == 0, (ended.stdout + ended.stderr).decode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a Dockerfile that can be better."""
    (tmp_path / "app").mkdir()
    (tmp_path / "Dockerfile").write_bytes(TEXT.encode())
    return tmp_path


def written(folder: Path, *arguments: str) -> str:
    """What the command line makes of it."""
    other = folder / "other"
    other.mkdir()
    (other / "app").mkdir()
    (other / "Dockerfile").write_bytes(TEXT.encode())
    dockfix(other, "--write", *arguments, "Dockerfile")
    return (other / "Dockerfile").read_bytes().decode()


def test_it_shows_each_change_at_its_line(folder: Path) -> None:
    run(folder, "vim.fn.writefile({vim.json.encode(told())}, 'told.json') vim.cmd('qa!')")
    told = json.loads((folder / "told.json").read_text())
    assert {"line": 2, "severity": 4, "code": "merge-runs"} in told
    assert {"line": 3, "severity": 3, "code": "no-install-recommends"} in told


def test_a_code_action_changes_the_buffer(folder: Path) -> None:
    run(
        folder,
        """
        vim.api.nvim_win_set_cursor(0, { 4, 2 })
        -- The menu shows what there is; the first that is safe is taken.
        vim.ui.select = function(items, _, choose)
          for _, item in ipairs(items) do
            if item[2].title:find('merge-runs, safe', 1, true) then return choose(item) end
          end
        end
        local tick = vim.api.nvim_buf_get_changedtick(0)
        vim.lsp.buf.code_action()
        await('the change', function() return vim.api.nvim_buf_get_changedtick(0) > tick end)
        vim.cmd('wqa')
        """,
    )
    text = (folder / "Dockerfile").read_bytes().decode()
    assert text == TEXT.replace("update\r\nRUN apt-get install", "update \\\r\n    && apt-get install")


def test_fixing_on_save_writes_what_the_command_line_writes(folder: Path) -> None:
    run(
        folder,
        """
        vim.api.nvim_create_autocmd('BufWritePre', { callback = function()
          local params = vim.lsp.util.make_range_params()
          params.context = { diagnostics = {}, only = { 'source.fixAll' } }
          local answers = vim.lsp.buf_request_sync(0, 'textDocument/codeAction', params, 60000)
          for _, answer in pairs(answers or {}) do
            for _, action in ipairs(answer.result or {}) do
              vim.lsp.util.apply_workspace_edit(action.edit, 'utf-16')
            end
          end
        end })
        vim.cmd('write | qa')
        """,
    )
    assert (folder / "Dockerfile").read_bytes().decode() == written(folder) != TEXT


def test_what_is_typed_is_looked_at(folder: Path) -> None:
    run(
        folder,
        """
        vim.api.nvim_buf_set_lines(0, 1, 1, false, { '# 😀\\r', '# x\\r' })
        await('the new line', function()
          for _, one in ipairs(told()) do
            if one.code == 'merge-runs' and one.line == 4 then return true end
          end
        end)
        vim.api.nvim_buf_set_lines(0, 4, 5, false, {})
        await('the end of it', function()
          for _, one in ipairs(told()) do
            if one.code == 'merge-runs' then return false end
          end
          return true
        end)
        vim.cmd('qa!')
        """,
    )
