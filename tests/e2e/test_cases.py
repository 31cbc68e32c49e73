"""What the transforms do, measured: each case is built before and after, and the images are compared."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from cases import CASES, Case
from order_cases import CASES as ORDER_CASES
from rig.rig import Rig
from verified import Verified, verify, write

from dockfix.engine.change import Level
from dockfix.engine.registry import Transform, transforms


def runs() -> list[object]:
    """Each case with each of its engines; in the core set, only with the one that users have."""
    return [
        pytest.param(case, engine, id=f"{name}, {engine}", marks=() if is_core(case, engine) else pytest.mark.full)
        for name, case in CASES.items()
        for engine in case.engines
    ]


def is_core(case: Case, engine: str) -> bool:
    return case.is_core and engine == "docker"


@pytest.mark.parametrize(("case", "engine"), runs())
def test_the_images_are_identical_but_for_what_is_announced(
    case: Case, engine: str, rig: Rig, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    write(tmp_path, {"Dockerfile": case.dockerfile, **case.files})
    found = verify(rig, engine, tmp_path, *case.arguments)
    assert found.differences() == []
    assert (found.status, found.verdict) == (0, "identical but for")
    assert tuple(change["transform"] for change in found.found["changes"]) == case.transforms
    assert {change["proof"] for change in found.found["changes"]} == {"measured"}
    assert found.ignored() == case.announced
    record(request.node.callspec.id, found)


def record(name: str, found: Verified) -> None:
    """Add a row to the table of all cases, where somebody wants one: its path is in DOCKFIX_E2E_TABLE."""
    path = os.environ.get("DOCKFIX_E2E_TABLE")
    if not path:
        return
    sides = [found.comparison[name] for name in ("before", "after")]
    figures = [(side["bytes"], side["hidden_bytes"], len(side["layers"])) for side in sides]
    with Path(path).open("a") as table:
        table.write(json.dumps([name, *figures]) + "\n")


def test_every_transform_has_a_case() -> None:
    """A safe one whose images must be identical, a review one whose difference is what it announces.

    Those of build contexts have theirs in test_ignore_files.py, those of the order in test_reordered.py.
    """
    used = {name for case in (*CASES.values(), *ORDER_CASES) for name in case.transforms}
    told = {name: one for name, one in transforms().items() if isinstance(one, Transform)}
    assert {name for name, transform in told.items() if transform.level < Level.UNSAFE} - used == set()
