"""A copy of what is installed from a checkout: installing leaves files where it installs from."""

from __future__ import annotations

import shutil
from pathlib import Path

ROOT = Path(__file__).parent.parent


def copied(folder: Path) -> Path:
    """The checkout as it is now, with what is not committed yet, in a new folder."""
    folder.mkdir()
    for name in ("rewriter", "transforms"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"):
        shutil.copy(ROOT / name, folder / name)
    return folder
