"""A transform is one file: the one that docs/writing-a-transform.md shows, in a package of somebody else."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from command import Ended, dockfix
from fences import fences

GUIDE = Path(__file__).parent.parent / "docs" / "writing-a-transform.md"
NAME = "upper-case-keywords"
CONFUSED = b"from debian:12\nrun id\n"


def source() -> str:
    """The module that the guide shows."""
    match = re.search(r"^````python\n(.*?)^````$", GUIDE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert match is not None
    return match[1]


def install(site: Path, module: str, text: str) -> None:
    """What pip would leave in `site`: a package, and the metadata that names its transform."""
    package = site / "their_package"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / f"{module}.py").write_text(text, encoding="utf-8")
    info = site / "their_package-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: their-package\nVersion: 1.0\n", encoding="utf-8")
    entry = f"[dockfix.transforms]\n{module.replace('_', '-')} = their_package.{module}\n"
    (info / "entry_points.txt").write_text(entry, encoding="utf-8")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    install(tmp_path / "site", "upper_case_keywords", source())
    return tmp_path / "site"


def run(site: Path, *arguments: str, text: bytes = b"") -> Ended:
    """dockfix, with the packages of `site` installed, in a folder where there is nothing else."""
    path = os.pathsep.join(filter(None, [str(site), os.environ.get("PYTHONPATH")]))
    folder = site.parent / "empty"
    folder.mkdir(exist_ok=True)
    return dockfix(folder, *arguments, text=text, PYTHONPATH=path)


def test_the_list_has_it(site: Path) -> None:
    ended = run(site, "list")
    assert (ended.status, ended.err) == (0, "")
    assert f"{NAME}".encode() in ended.out


def test_without_the_package_the_list_lacks_it(tmp_path: Path) -> None:
    assert NAME.encode() not in run(tmp_path / "nothing", "list").out


def test_its_page_is_its_docstring(site: Path) -> None:
    assert b"Write the keywords of instructions in upper case." in run(site, "explain", NAME).out


def test_its_changes_are_shown_with_level_and_proof(site: Path) -> None:
    ended = run(site, "-", text=CONFUSED)
    assert ended.status == 1
    assert ended.out.splitlines() == [
        b"Dockerfile:1: upper-case-keywords (safe, proved): write FROM in upper case",
        b"Dockerfile:2: upper-case-keywords (safe, proved): write RUN in upper case",
    ]


def test_its_changes_are_applied(site: Path) -> None:
    assert run(site, "--write", "-", text=CONFUSED).out == b"FROM debian:12\nRUN id\n"


def test_a_comment_keeps_it_away(site: Path) -> None:
    text = b"FROM debian:12\n# dockfix: ignore=upper-case-keywords\nrun id\n"
    ended = run(site, "--write", "-", text=text)
    assert (ended.status, ended.out) == (0, text)


def test_the_examples_of_its_docstring_hold(site: Path) -> None:
    doc = source().split('"""')[1]
    for fence in fences(doc):
        assert run(site, "--only", NAME, "--write", "-", text=fence.before.encode()).out == fence.after.encode()


def test_what_it_may_not_move_is_refused_by_the_validator(tmp_path: Path) -> None:
    # The same transform, but it turns `run id` into `RUN ID`.
    wrong = source().replace(
        "match.end(1), match[1].upper()", "node.end, facts.source.text[match.start(1) : node.end].upper()"
    )
    assert wrong != source()
    install(tmp_path / "site", "upper_case_keywords", wrong)
    ended = run(tmp_path / "site", "-v", "-", text=b"FROM debian:12\nrun id\n")
    assert (ended.status, ended.out) == (0, b"")
    assert "left alone: upper-case-keywords: validation (" in ended.err


def test_a_second_transform_of_one_name_is_an_error_without_a_traceback(tmp_path: Path) -> None:
    text = source().replace("upper-case-keywords", "merge-runs").replace("upper_case_keywords", "merge_runs")
    install(tmp_path / "site", "merge_runs", text)
    ended = run(tmp_path / "site", "list")
    assert ended.status > 1
    assert "merge-runs, which exists already" in ended.err
    assert "Traceback" not in ended.err
