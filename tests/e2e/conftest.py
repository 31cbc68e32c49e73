"""The engines for the tests, started when the first test asks for them: one rig for each process of pytest."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from rig import made
from rig.rig import Rig
from rig.summary import NEED, pytest_terminal_summary

__all__ = ["pytest_terminal_summary"]


@pytest.fixture(scope="session")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """Docker, buildah and podman, with base images and nothing else in them."""
    reason = made.why_not()
    if reason and os.environ.get("DOCKFIX_E2E") == "required":
        pytest.fail(f"{NEED} ({reason})", pytrace=False)
    if reason:
        pytest.skip(f"{NEED} ({reason})")
    running = Rig.start(tmp_path_factory.getbasetemp())
    yield running
    running.stop()


@pytest.fixture
def context(rig: Rig, tmp_path: Path) -> Path:
    """An empty folder that the engines see by the same name."""
    folder = tmp_path / "context"
    folder.mkdir()
    return folder
