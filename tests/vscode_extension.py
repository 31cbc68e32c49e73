"""Builds the extension for VS Code as a user does, in a copy of its folder."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from command import environment

FOLDER = Path(__file__).parent.parent / "editors" / "vscode"
_NPM = shutil.which("npm")


def npm(folder: Path, *arguments: str) -> tuple[bool, str]:
    """Whether `npm ARGUMENTS...` succeeds, and what it prints."""
    if _NPM is None:
        pytest.skip("npm is not installed")
    done = subprocess.run(
        [_NPM, *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment(),
        timeout=540,
        check=False,
    )
    return done.returncode == 0, done.stdout.decode()


def copied(folder: Path) -> Path:
    """A copy in `folder`, with the packages that the lock file names."""
    copy = folder / "vscode"
    shutil.copytree(FOLDER, copy, ignore=shutil.ignore_patterns("node_modules", "dist", "*.vsix"))
    succeeded, said = npm(copy, "ci")
    assert succeeded, said
    return copy


def packed(copy: Path) -> Path:
    """The package that the scripts of such a copy make."""
    succeeded, said = npm(copy, "run", "package")
    assert succeeded, said
    (package,) = copy.glob("*.vsix")
    return package
