"""From a webhook to pull requests: the real program, a real scheduler of work, the platform's API and git."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from bot_world import NAME, World, it
from command import PROGRAM, environment
from fake_github import TOKEN

__all__ = ["it"]

SECRET = "a-secret-of-the-webhooks"  # noqa: S105
_LONGEST = 120.0


@pytest.fixture
def address(it: World, tmp_path: Path) -> Iterator[str]:
    """Where `dockfix bot serve` listens."""
    options = ["--api", it.hub.address, "--org", "ada", "--no-onboarding", "--executor", "processes:1", "--port", "0"]
    serving = subprocess.Popen(
        [*PROGRAM, "bot", "serve", *options, "--journal", str(tmp_path / "journal")],
        env=environment(DOCKFIX_TOKEN=TOKEN, DOCKFIX_WEBHOOK_SECRET=SECRET),
        stderr=subprocess.PIPE,
        text=True,
    )
    assert serving.stderr is not None
    told = re.search(r"http://\S+", serving.stderr.readline())
    assert told is not None
    yield told[0]
    serving.terminate()
    said = serving.communicate(timeout=60)[1]
    assert serving.returncode == 0
    assert TOKEN not in said
    assert SECRET not in said


def _delivered(address: str, number: str, **payload: object) -> int:
    body = json.dumps({"repository": {"full_name": NAME, "default_branch": "main"}, **payload}).encode()
    headers = {
        "Content-Type": "application/json",
        "X-GitHub-Event": "push",
        "X-GitHub-Delivery": number,
        "X-Hub-Signature-256": f"sha256={hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()}",
    }
    return httpx.post(f"{address}/webhooks/github", content=body, headers=headers, timeout=60).status_code


def _wait_for(it: World, groups: set[str]) -> None:
    end = time.monotonic() + _LONGEST
    while set(it.open()) != groups:
        assert time.monotonic() < end, it.open()
        time.sleep(0.2)


def test_a_push_to_the_base_brings_pull_requests_and_keeps_them_up_to_date(it: World, address: str) -> None:
    assert _delivered(address, "1", ref="refs/heads/main", after="1" * 40) == 202
    _wait_for(it, {"safe", "review"})
    it.commit(Dockerfile=b"FROM scratch\nCOPY shop /shop\n")
    assert _delivered(address, "2", ref="refs/heads/main", after="2" * 40) == 202
    _wait_for(it, set())
    assert httpx.get(f"{address}/healthz", timeout=60).status_code == 200


def test_a_replay_is_refused(it: World, address: str) -> None:
    assert _delivered(address, "1", ref="refs/heads/main", after="1" * 40) == 202
    assert _delivered(address, "1", ref="refs/heads/main", after="1" * 40) == 409
