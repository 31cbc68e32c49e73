"""What is done to the calls of package managers, measured: each image before and after is taken apart.

At level safe the images are identical but for what is announced; at level review what is installed differs by just
what the ledger names. Nothing is left in the folders that were to be emptied, and what the file relies on works.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from command import dockfix
from manager_cases import PACKAGES, RECOMMENDS, PackageCase
from rig.rig import Rig
from verified import NOISE, temporary, write

from dockfix.model.recommends import lost
from dockfix.model.recommends.ledger import in_words
from dockfix.verify.engines.choose import choose
from dockfix.verify.engines.janitor import Janitor
from dockfix.verify.engines.recipe import BuildOptions, Engine, Failure, Image, Recipe
from dockfix.verify.images.compare import compare
from dockfix.verify.images.comparison import Comparison, Difference, Kind
from dockfix.verify.images.contents import Contents
from dockfix.verify.images.layout import Layout

SUITE = "bookworm"
# What says which packages there are, and what is made of all that are there.
BOOKS = (
    "/var/lib/dpkg/status",
    "/var/lib/dpkg/alternatives/*",
    "/var/lib/apt/extended_states",
    "/var/cache/debconf/*.dat",
    "/etc/alternatives/*",
    "/etc/ld.so.cache",
)


class Rewritten(NamedTuple):
    """The changes, as JSON has them, and the text that came of them."""

    changes: list[dict[str, Any]]
    text: str


class Pair(NamedTuple):
    """Two images: what differs, which packages of Debian they hold, and the files of the second one."""

    comparison: Comparison
    packages: tuple[set[str], set[str]]
    files: list[str]


class Builder:
    """One engine for one test; what it makes is gone afterwards."""

    def __init__(self, engine: Engine, folder: Path, scratch: Path) -> None:
        self._engine = engine
        self._scratch = scratch
        self._options = BuildOptions(str(folder), network="host", seconds=900.0)

    def build(self, name: str, text: str, ignored: str | None = None) -> Image | Failure:
        """Build the text, with an ignore file of its own if one is given."""
        path = self._scratch / name / "Dockerfile"
        path.parent.mkdir()
        path.write_text(text)
        if ignored is not None:
            (path.parent / "Dockerfile.dockerignore").write_text(ignored)
        return self._engine.build(Recipe(name, str(path), None, self._options), lambda _: None)

    def pair(self, before: str, after: str) -> tuple[Pair, Image]:
        """Build two texts and take both images apart; the second image can still be run."""
        archives = []
        for name, text in (("before", before), ("after", after)):
            archive, image = self.saved(name, text)
            archives.append(archive)
        return self.compared(archives), image

    def saved(self, name: str, text: str, ignored: str | None = None) -> tuple[Path, Image]:
        """Build a text, which must succeed, and save the image."""
        image = self.build(name, text, ignored)
        assert isinstance(image, Image), (name, text, image)
        archive = self._scratch / f"{name}.tar"
        self._engine.save(image, str(archive))
        return archive, image

    def compared(self, archives: Sequence[Path]) -> Pair:
        """Take two images apart."""
        with Layout(str(archives[0])) as first, Layout(str(archives[1])) as second:
            (self._scratch / "comparison").mkdir()
            comparison = compare(first, second, str(self._scratch / "comparison"))
            contents = Contents(str(self._scratch))
            contents.read([first, second])
        rows = contents.database.execute("SELECT image, name FROM package WHERE manager = 'dpkg'").fetchall()
        files = contents.database.execute("SELECT path FROM entry WHERE image = 1 AND type != 'folder'").fetchall()
        contents.close()
        found = [{name.partition(":")[0] for image, name in rows if image == number} for number in (0, 1)]
        return Pair(comparison, (found[0], found[1]), ["/" + path.decode() for (path,) in files])

    def run(self, image: Image, command: str) -> tuple[int | None, str]:
        """The exit status and the output of a command in the image."""
        ran = self._engine.run(image, command, self._options)
        return ran.status, ran.output.decode()


@contextmanager
def builder(rig: Rig, engine: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Builder]:
    """The engine that verify would take, in a folder of its own."""
    for name, value in rig.environment(engine).items():
        monkeypatch.setenv(name, value)
    with tempfile.TemporaryDirectory(dir=temporary()) as scratch:
        janitor = Janitor()
        with janitor:
            (Path(scratch) / "engine").mkdir()
            yield Builder(choose(engine, janitor, f"{scratch}/engine"), folder, Path(scratch))


def rewritten(folder: Path, level: str) -> Rewritten:
    """What dockfix makes of the Dockerfile in the folder, which stays as it is."""
    ended = dockfix(folder, "--level", level, "--format", "json", "Dockerfile")
    (file,) = json.loads(ended.out)["files"]
    text = dockfix(folder, "--level", level, "--write", "-", text=(folder / "Dockerfile").read_bytes()).out.decode()
    return Rewritten(file["changes"], text)


def runs() -> list[object]:
    return [
        pytest.param(case, id=f"{name}, {case.engine}", marks=() if case.is_core else pytest.mark.full)
        for name, case in PACKAGES.items()
    ]


@pytest.mark.parametrize("case", runs())
def test_nothing_differs_but_what_is_announced(
    case: PackageCase, rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    write(tmp_path, {"Dockerfile": case.dockerfile, **case.files})
    after = rewritten(tmp_path, case.level)
    assert tuple(change["transform"] for change in after.changes) == case.transforms
    with builder(rig, case.engine, tmp_path, monkeypatch) as built:
        pair, image = built.pair(case.dockerfile, after.text)
        assert {row.rule.name for row in pair.comparison.ignored} - NOISE == case.announced
        left = tuple(f"{folder}/" for folder in case.empty)
        assert [path for path in pair.files if path.startswith(left)] == []
        status, output = built.run(image, case.works)
        assert status == 0, output
    differences = pair.comparison.differences
    assert differences.total == len(differences.rows)
    assert [row for row in differences.rows if not (case.installs and is_of_packages(row))] == []
    ledger = [lost(SUITE, before.split(), names.split()) for names, before in case.installs]
    gone = {name for found in ledger if found for name, _ in found.packages}
    assert pair.packages[0] - pair.packages[1] == gone
    assert pair.packages[1] - pair.packages[0] == set()
    # What is said of the change is the ledger.
    told = [change["why"] for change in after.changes if change["transform"] == RECOMMENDS]
    for why, found in zip(told, ledger, strict=True):
        assert why.startswith(in_words(found, SUITE))
    assert pair.comparison.after.bytes < pair.comparison.before.bytes
    record(request.node.callspec.id, pair.comparison)


def is_of_packages(row: Difference) -> bool:
    """Whether the difference is a package that is no longer there, a file less, or what is written about packages."""
    if row.kind is Kind.PACKAGE:
        return (row.what, row.after) == ("dpkg", "")
    return row.kind is Kind.FILE and (row.what == "missing" or any(fnmatch(row.where, books) for books in BOOKS))


def record(name: str, found: Comparison) -> None:
    """Add a row to the table of all cases, as test_cases.py does."""
    path = os.environ.get("DOCKFIX_E2E_TABLE")
    if path:
        figures = [(side.bytes, side.hidden_bytes, len(side.layers)) for side in (found.before, found.after)]
        with Path(path).open("a") as table:
            table.write(json.dumps([name, *figures]) + "\n")


@pytest.mark.full
def test_without_what_is_kept_by_name_the_download_fails(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bundle that curl checks against is that of the package, and there is no other."""
    case = PACKAGES["curl loses all but its certificates"]
    write(tmp_path, {"Dockerfile": case.dockerfile, **case.files})
    kept = rewritten(tmp_path, case.level).text
    with builder(rig, case.engine, tmp_path, monkeypatch) as built:
        failed = built.build("without", kept.replace("ca-certificates ", ""))
    assert isinstance(failed, Failure)
    assert failed.step == "RUN /download.sh"
    # Of both downloads: the last one is that which the package makes possible.
    assert ["certificate" in line for line in failed.lines if line.startswith("curl: (")] == [True, True]
