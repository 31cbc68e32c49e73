"""Fleets of real Dockerfiles: one run proposes what `dockfix --write` does, and another one finds nothing to do."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from bot_repositories import branches, git
from command import environment
from corpus import needs_corpus
from corpus_fleet import fleet

from dockfix.syntax.source import parse

_DIFF = re.compile(r"^(````*)diff\n(.*?)^\1$", re.DOTALL | re.MULTILINE)
# A process begins with the peak of whoever has started it: a small one does, and tells the peak of those below it.
_MEASURED = """
import resource, subprocess, sys
status = subprocess.run(sys.argv[2:]).returncode
with open(sys.argv[1], "w") as memory:
    memory.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(status)
"""
_LEVELS = {"safe": "safe", "all": "review"}
"""The groups that hold all that `--write` does at a level."""


class Done(NamedTuple):
    """What a run has told, how many seconds it took, and the most memory that a process of it had, in KiB."""

    repositories: list[dict[str, object]]
    summary: dict[str, object]
    seconds: float
    memory: int


def run(folder: Path) -> Done:
    begin = time.monotonic()
    command = [sys.executable, "-m", "dockfix", "bot", "run", "--platform", "local", "--org", "org", "--format", "json"]
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, "memory", *command, "--no-onboarding", "--journal", "journal"],
        cwd=folder,
        env=environment(),
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    told = json.loads(done.stdout)
    memory = int((folder / "memory").read_text())
    return Done(told["repositories"], told["summary"], time.monotonic() - begin, memory)


def refs(folder: Path) -> dict[str, str]:
    return {one.name: git(one, "for-each-ref") for one in sorted((folder / "org").iterdir())}


def checked(bare: Path, folder: Path) -> None:
    """What the bot's branches in a repository hold."""
    for name in branches(bare):
        if name == "main":
            continue
        group = name.removeprefix("dockfix/").rsplit("-", 1)[0]
        changed = git(bare, "diff", "--name-only", "main", name).splitlines()
        assert changed
        for path in changed:
            if not path.endswith("ignore") and path != ".dockfix.toml":
                assert parse(git(bare, "show", f"{name}:{path}").encode("utf-8", "surrogateescape")).instructions
        if group in _LEVELS and len(git(bare, "rev-list", f"main..{name}").splitlines()) < 200:
            assert written(bare, folder, _LEVELS[group]) == git(bare, "rev-parse", f"{name}^{{tree}}")


def written(bare: Path, folder: Path, level: str) -> str:
    """The tree that `dockfix --write` makes of the base at a level."""
    top = folder / "work"
    git(folder, "clone", "-q", "--template=", "--", str(bare), str(top))
    ended = subprocess.run(
        [sys.executable, "-m", "dockfix", "--write", "--level", level],
        cwd=top,
        env=environment(),
        capture_output=True,
        check=False,
    )
    assert ended.returncode in (0, 1, 2), ended.stderr
    git(top, "add", "--all")
    tree = git(top, "write-tree")
    shutil.rmtree(top)
    return tree


def applied(bare: Path, folder: Path, done: Mapping[str, str]) -> None:
    """The diffs of a body, one after the other: git applies them to the base, and gets what the branch has."""
    if "are left out here" in done["body"] or re.search("^.{495,}$", done["body"], re.MULTILINE):
        return  # it does not hold all
    (name,) = (name for name in branches(bare) if name.startswith(f"dockfix/{done['group']}-"))
    if "\r" in git(bare, "diff", "main", name):
        return  # which a page does not show
    top = folder / "work"
    git(folder, "clone", "-q", "--template=", "--", str(bare), str(top))
    for _, diff in _DIFF.findall(done["body"]):
        git(top, "apply", "-", text=diff.encode())
    git(top, "add", "--all")
    assert git(top, "write-tree") == git(bare, "rev-parse", f"{name}^{{tree}}"), (bare, name)
    shutil.rmtree(top)


def bodies(done: Done) -> list[tuple[str, dict[str, str]]]:
    return [(one["repository"], each) for one in done.repositories for each in one["done"] if each["body"]]  # type: ignore[misc, attr-defined]


@needs_corpus
@pytest.mark.parametrize(("count", "most"), [(10, 2), pytest.param(200, 20, marks=pytest.mark.full)])
def test_a_fleet_of_real_dockerfiles(count: int, most: int, tmp_path: Path) -> None:
    made = fleet(tmp_path / "org", count, most)
    first = run(tmp_path)
    assert len(first.repositories) == count
    assert not [one for one in first.repositories if one["error"]]
    before = refs(tmp_path)
    second = run(tmp_path)
    assert second.summary["done"] == {}
    assert refs(tmp_path) == before
    assert max(first.memory, second.memory) < 500_000
    seconds, memory = f"{first.seconds:.0f} s and {second.seconds:.0f} s", f"{first.memory} and {second.memory} KiB"
    print(f"{count} repositories: {seconds}, {memory}, {first.summary}")
    for bare in made[:: max(3, count // 40)]:
        checked(bare, tmp_path)
    for name, each in bodies(first)[:: max(2, count // 40)]:
        applied(tmp_path / str(name), tmp_path, each)
