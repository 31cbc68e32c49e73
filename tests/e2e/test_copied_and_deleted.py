"""copy-then-delete, built for real: the same image, and the layers weigh less by what was hidden."""

from __future__ import annotations

from pathlib import Path

import pytest
from copy_cases import COLLECTED, EXCLUDED, MOUNTED, TOOLS, CopyCase
from rig.rig import Rig
from verified import verify

# What the base has not: these are checked by their text alone.
MISSING = ("pip ", "gpg ", "make", "example/base", "useradd")
# No image with something hidden comes of these.
NO_IMAGE = (
    "a non-root user",  # nobody but root may delete in /tmp what is root's: the build fails as it stands, too
    "a stage that a later one is numbered behind",  # the last stage is built
)
# docker fetches the frontend that such a file asks for, and here is no network.
FETCHED = "# syntax="
# Of the builders here, only buildah has --exclude without a frontend that is fetched; it gets no mounts.
ENGINES = {"mounted": ("docker",), "collected": ("docker", "buildah"), "left out": ("buildah",)}
CORE = {
    "a package in a folder that is there, docker",
    "made executable first, docker",
    "the docs of a whole folder, removed later, docker",
    "several, buildah",
}


def _marks(name: str) -> tuple[pytest.MarkDecorator, ...]:
    return () if name in CORE else (pytest.mark.full,)


@pytest.mark.parametrize(
    ("case", "engine"),
    [
        pytest.param(case, engine, id=f"{case.says}, {engine}", marks=_marks(f"{case.says}, {engine}"))
        for form, cases in (("mounted", MOUNTED), ("collected", COLLECTED), ("left out", EXCLUDED))
        for case in cases
        if not any(word in case.before for word in MISSING) and case.says not in NO_IMAGE
        for engine in ENGINES[form]
        if engine != "docker" or FETCHED not in case.before
    ],
)
def test_the_image_is_the_same_and_nothing_is_hidden(case: CopyCase, engine: str, rig: Rig, tmp_path: Path) -> None:
    # A RUN makes /dev where the base has none, as those of the rig: one must be left.
    dockerfile = (case.before + "RUN true\n").encode()
    for name, text in {**(case.files or TOOLS), "Dockerfile": dockerfile}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
        path.chmod(0o4755 if name == "app.sh" else 0o640)
    found = verify(rig, engine, tmp_path, "--only", "copy-then-delete", "--level", "review")
    assert found.differences() == []
    assert (found.status, found.verdict) == (0, "identical but for")
    assert found.ignored() <= {"no longer hidden"}
    before, after = found.comparison["before"], found.comparison["after"]
    assert before["bytes"] - after["bytes"] == before["hidden_bytes"] - after["hidden_bytes"] > 0
    # The base's own, and what a second RUN writes anew.
    assert {row["path"] for row in after["hidden"] if row["layer"]} <= {"/made"}
