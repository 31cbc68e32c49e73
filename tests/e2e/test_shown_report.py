"""What docs/verify.md shows is what a build gives: all but the figures, which move with Debian's packages.

With DOCKFIX_WRITE in the environment, what is printed now is put into the page.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from rig.rig import Rig
from verified import run

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs/verify.md"
REPORT = re.compile(r"(?<=```text\n).*?(?=```\n<!-- end of report -->)", re.DOTALL)
DOCKERFILE = re.compile(r"^\$ cat Dockerfile\n(.*?)^\$ ", re.DOTALL | re.MULTILINE)


def without_figures(text: str) -> list[list[str]]:
    """The words of each line: numbers, bars and units of bytes stand for any."""
    text = re.sub(r"[+-]?\d[\d,.]*( [kMG]?B)?", "0", re.sub("[█░]+", "", text))
    return [line.split() for line in text.splitlines()]


def test_the_report_in_the_documentation_is_what_a_build_gives(rig: Rig, tmp_path: Path) -> None:
    found = DOCKERFILE.search((ROOT / "README.md").read_text(encoding="utf-8"))
    assert found is not None
    (tmp_path / "Dockerfile").write_text(found[1], encoding="utf-8")
    ended = run(rig, "docker", tmp_path, "--level", "safe", "--smoke", "curl --version | head -n 1")
    command = "$ dockfix verify --level safe --smoke 'curl --version | head -n 1'"
    # The names of package lists begin with that of the mirror, which is not the same everywhere.
    lists = r"/var/lib/apt/lists/\S+?(_dists_\S+?)(?=[, \n])"
    printed = re.sub(lists, r"/var/lib/apt/lists/mirror\1", f"{command}\n{ended.out.decode()}")
    page = PAGE.read_text(encoding="utf-8")
    if os.environ.get("DOCKFIX_WRITE"):
        PAGE.write_text(REPORT.sub(lambda _: printed, page), encoding="utf-8")
        pytest.skip("written")
    (shown,) = REPORT.findall(page)
    assert without_figures(shown) == without_figures(printed)
