"""What is installed: the wheel, the program, and what a cold start may cost."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from command import dockfix, environment

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
FOLDERS = {"rewriter": "dockfix", "transforms": "dockfix.transforms"}


def modules() -> dict[str, Path]:
    """Every file of the package, by its path in a wheel."""
    found = {}
    for folder, package in FOLDERS.items():
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                found[f"{package.replace('.', '/')}/{path.relative_to(ROOT / folder)}"] = path
    return found


def test_every_folder_of_the_package_is_listed() -> None:
    assert sorted(PROJECT["tool"]["setuptools"]["packages"]) == sorted(
        {os.path.dirname(name).replace("/", ".") for name in modules() if name.endswith(".py")}
    )


def test_a_wheel_holds_every_file_of_the_package_and_the_licence(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for name in (*FOLDERS, "pyproject.toml", "README.md", "LICENSE"):
        if (ROOT / name).exists():  # built from links, so that nothing is left in the working tree
            (source / name).symlink_to(ROOT / name)
    done = subprocess.run(
        [sys.executable, "-c", "import setuptools.build_meta as b, sys; b.build_wheel(sys.argv[1])", str(tmp_path)],
        cwd=source,
        capture_output=True,
        env=environment(),
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    (wheel,) = tmp_path.glob("dockfix-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert set(modules()) <= names
    assert {name.rpartition("/")[2] for name in names if ".dist-info/" in name} >= {"LICENSE", "entry_points.txt"}


def test_the_program_is_the_entry_point(tmp_path: Path) -> None:
    assert PROJECT["project"]["scripts"] == {"dockfix": "dockfix.__main__:program"}
    program = Path(sys.executable).with_name("dockfix")
    if not program.exists():
        pytest.skip("dockfix is not installed here")
    done = subprocess.run([program, "--version"], cwd=tmp_path, capture_output=True, check=True)
    assert done.stdout == dockfix(tmp_path, "--version").out


HEAVY = {"asyncio", "concurrent.futures", "difflib", "email", "importlib.metadata", "jinja2", "multiprocessing", "tomllib", "unittest"}  # fmt: skip


def test_a_start_on_one_small_file_loads_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_bytes(b"FROM debian:12-slim\nRUN echo a\nRUN echo b\n")
    script = (
        "import sys; from dockfix.__main__ import main; sys.argv = ['dockfix', '--diff', 'Dockerfile']\n"
        "main(); print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, env=environment(), check=True
    )
    loaded = done.stderr.decode().splitlines()[-1].split()
    assert "dockfix.engine.run" in loaded
    assert sorted(HEAVY & set(loaded)) == []


def test_the_version_is_given_without_loading_the_engine(tmp_path: Path) -> None:
    script = (
        "import sys; from dockfix.frontends import cli; print('click' in sys.modules, 'tree_sitter' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, env=environment(), check=True)
    assert done.stdout == b"True False\n"
