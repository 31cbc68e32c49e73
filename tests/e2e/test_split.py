"""Small programs of many languages, cut into builder and runtime stage and built for real: they still do their work.

The programs lie in `programs`, each with a Dockerfile of one stage on Debian's base, as people write it.
"""

from __future__ import annotations

import json
import os
import shutil
from functools import cache
from pathlib import Path
from statistics import mean, median
from typing import NamedTuple

import pytest
from command import dockfix
from rig.rig import Rig
from verified import temporary

PROGRAMS = Path(__file__).parent / "programs"
# What shows that a program works: a script for bash, or nothing where what the image starts by itself ends.
SMOKE = {
    "c_make": "",
    "c_cmake_shared": "",
    "cpp_curl": "",
    "go_server": "./server -check && test -w /app",
    "rust_cargo": "",
    "java_jar": "",
    "node_bundle": "node dist/server.js --once",
    "python_extension": "",
    "static_site": "nginx -t 2>&1 && cat /var/www/html/*",
    "ruby_gem": "",
    "perl_xs": "",
}
LEAST = 52  # percent by which the images must be smaller on average


class Measured(NamedTuple):
    """The bytes of an image, and what its smoke command answers."""

    bytes: int
    status: int
    output: str


def build(rig: Rig, name: str, file: Path, folder: Path) -> Measured:
    """Build an image, and try it."""
    tag = f"{name.replace('_', '-')}:{file.name.lower()}"
    rig.docker("build", "--quiet", "--network", "host", "--tag", tag, "--file", str(file), str(folder))
    smoke = (("--entrypoint", "bash"), ("-c", SMOKE[name])) if SMOKE[name] else ((), ())
    ran = rig.run("docker", "run", "--rm", "--network", "none", *smoke[0], tag, *smoke[1], check=False)
    size = int(rig.docker("image", "inspect", "--format", "{{.Size}}", tag))
    return Measured(size, ran.returncode, ran.stdout + ran.stderr)


@cache
def measured(rig: Rig, name: str) -> tuple[Measured, Measured]:
    """The program's image before and after."""
    folder = temporary() / name
    shutil.copytree(PROGRAMS / name, folder)
    try:
        arguments = ("--level", "unsafe", "--only", "split-build-stage")
        (folder / "Dockerfile.after").write_bytes((folder / "Dockerfile").read_bytes())
        changed = dockfix(folder, *arguments, "--write", "Dockerfile.after")
        assert changed.status in (0, 1), changed.err
        assert (folder / "Dockerfile.after").read_bytes().count(b"FROM ") == 2, changed.out
        return build(rig, name, folder / "Dockerfile", folder), build(rig, name, folder / "Dockerfile.after", folder)
    finally:
        shutil.rmtree(folder)


def smaller(rig: Rig, name: str) -> float:
    """By how many percent the image is smaller."""
    before, after = measured(rig, name)
    return 100 * (1 - after.bytes / before.bytes)


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name == "c_make" else pytest.mark.full) for name in SMOKE]
)
def test_a_program_that_is_cut_does_what_it_did(name: str, rig: Rig, request: pytest.FixtureRequest) -> None:
    before, after = measured(rig, name)
    assert before.status == 0, before.output
    assert before.output
    assert (after.status, after.output) == (before.status, before.output)
    assert after.bytes < before.bytes
    path = os.environ.get("DOCKFIX_E2E_TABLE")
    if path:
        with Path(path).open("a") as table:
            table.write(json.dumps([request.node.callspec.id, before.bytes, after.bytes]) + "\n")


@pytest.mark.full
def test_the_images_are_half_as_large_on_average(rig: Rig) -> None:
    found = {name: smaller(rig, name) for name in SMOKE}
    told = (
        f"mean {mean(found.values()):.1f} %, median {median(found.values()):.1f} %, worst {min(found.values()):.1f} %"
    )
    print(told, found)
    assert mean(found.values()) >= LEAST, (told, found)


def test_each_program_is_tried() -> None:
    assert {path.name for path in PROGRAMS.iterdir()} == SMOKE.keys()
