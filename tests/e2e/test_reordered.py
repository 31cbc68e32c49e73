"""Dockerfiles in another order, built for real: the same image, and the steps run again that the model names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from order_cases import CASES, FIRST, OrderCase
from rig.rig import Rig
from verified import verify, write

from dockfix.adapters.context import folder as read_folder
from dockfix.engine.change import Level
from dockfix.engine.options import Options
from dockfix.engine.run import rewrite
from dockfix.model.cache import Change, reruns
from dockfix.model.facts import Facts
from dockfix.model.sent import as_sent

_STEP = re.compile(r"(?:RUN|COPY|ADD|WORKDIR) ")
_BLANKS = re.compile(r"\s+")
CORE = 4


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, marks=pytest.mark.full if at >= CORE else ()) for at, case in enumerate(CASES)],
    ids=[case.says for case in CASES],
)
def test_the_image_is_the_same_and_the_steps_run_again_that_the_model_names(
    case: OrderCase, rig: Rig, tmp_path: Path
) -> None:
    # What no other case has: the build cache is shared.
    write(tmp_path, {"Dockerfile": case.dockerfile, **case.files, "unique": case.says})
    only = ("--only", ",".join(case.transforms))
    after = rewritten(case, tmp_path)
    found = verify(rig, "docker", tmp_path, *only, "--level", "safe", "--rebuild-after", case.touched)
    assert found.differences() == []
    assert (found.status, found.verdict) == (0, "identical but for")
    assert {change["transform"] for change in found.found["changes"]} == set(case.transforms)
    # What is copied first, the copy of the whole folder brings again; npm's cache holds times.
    assert found.ignored() <= ({"stored twice", "download caches"} if FIRST in case.transforms else set())
    for side, text in (("before", case.dockerfile.encode()), ("after", after)):
        again = [row["step"] for row in found.found["rebuild"][side]]
        facts = Facts.read("Dockerfile", text)
        named = [shown(facts, index) for index in sorted(reruns(facts, Change((case.touched,))))]
        assert [_BLANKS.sub(" ", text) for text in again if _STEP.match(text)] == named, side


def rewritten(case: OrderCase, folder: Path) -> bytes:
    """What the transforms make of the Dockerfile in its context."""
    ignored = case.files.get(".dockerignore")
    context = as_sent(read_folder(str(folder)), ignored.encode() if ignored else None)
    options = Options(level=Level.SAFE, only=frozenset(case.transforms))
    known = {"Dockerfile": case.dockerfile.encode()}
    return rewrite(known, options=options, find_context=lambda *_: context).files["Dockerfile"]


def shown(facts: Facts, index: int) -> str:
    """A step as the engine shows it."""
    return _BLANKS.sub(" ", facts.instructions[index].node.line(facts.source.text).decode().strip())
