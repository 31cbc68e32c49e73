"""The pages of the transforms and the README's table say what the docstrings say."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

TOOL = Path(__file__).parent.parent / "tools" / "render_docs.py"


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("render_docs", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_rendered_files_are_current() -> None:
    done = subprocess.run([sys.executable, TOOL, "--check"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_page_that_differs_and_one_without_a_transform_are_not_current(
    tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tool, "ROOT", tmp_path)
    pages = tmp_path / tool.PAGES
    pages.mkdir(parents=True)
    (pages / "gone.md").write_text("of a transform that is no more")
    (pages / "same.md").write_text("same")
    (pages / "other.md").write_text("other")
    files = {f"{tool.PAGES}/{name}.md": "same" for name in ("same", "other", "new")}
    assert tool.outdated(files) == [f"{tool.PAGES}/{name}.md" for name in ("gone", "new", "other")]


def test_a_readme_without_the_markers_is_an_error(tool: ModuleType) -> None:
    with pytest.raises(ValueError, match=r"README\.md must hold"):
        tool.with_table("# dockfix\n", {})


def test_only_what_stands_between_the_markers_is_replaced(tool: ModuleType) -> None:
    text = tool.with_table(f"before\n{tool.BEGIN}\nold\n{tool.END}\nafter\n", {})
    assert text.startswith(f"before\n{tool.BEGIN}\n| Transform |")
    assert text.endswith(f"|\n{tool.END}\nafter\n")
    assert "old" not in text
