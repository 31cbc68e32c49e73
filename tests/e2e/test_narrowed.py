"""Folders that are copied by what is used, built for real: only what the change names is gone, and the same runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from rig.rig import Rig
from verified import Verified, verify, write

FILES = {
    "app.py": "from shop import prices\nprint(prices.PRICES['tea'])\n",
    "shop/__init__.py": "",
    "shop/prices.py": "import json\nPRICES = json.load(open('data/prices.json'))\n",
    "shop/old/legacy.py": "raise SystemExit\n",
    "data/prices.json": '{"tea": 3}\n',
    "tests/test_prices.py": "assert False\n" * 2_000,
    "docs/manual.txt": "text\n" * 10_000,
    "run.sh": "#!/bin/sh\nexec python app.py\n",
    "LICENSE": "MIT\n",
}
GONE = {"Dockerfile", "docs", "docs/manual.txt", "shop/old", "shop/old/legacy.py", "tests", "tests/test_prices.py"}
BYTES = 76_000  # at least, of what is gone
docker_and_buildah = pytest.mark.parametrize("engine", ["docker", pytest.param("buildah", marks=pytest.mark.full)])


def built(rig: Rig, engine: str, folder: Path, copy: str) -> Verified:
    lines = f'WORKDIR /srv\n{copy}\nRUN chmod +x run.sh\nCMD ["python", "app.py"]\n'
    (folder / "Dockerfile").write_text(f"FROM python:3.11-slim\n{lines}")
    options = ("--only", "narrow-copy", "--level", "unsafe", "--smoke", "python app.py")
    return verify(rig, engine, folder, *options)


@docker_and_buildah
@pytest.mark.parametrize("copy", ["COPY . .", "COPY --chown=33:33 . /srv/"], ids=["root's", "of a user"])
def test_only_what_is_named_is_gone_and_the_same_runs(copy: str, engine: str, rig: Rig, tmp_path: Path) -> None:
    found = built(rig, engine, write(tmp_path, FILES), copy)
    assert {(where, what) for where, what, *_ in found.differences()} == {(f"/srv/{path}", "missing") for path in GONE}
    assert found.found["smoke"]["before"] == found.found["smoke"]["after"] == {"status": 0, "output": "3"}
    assert found.comparison["before"]["bytes"] - found.comparison["after"]["bytes"] > BYTES
    assert [change["transform"] for change in found.found["changes"]] == ["narrow-copy"]


@docker_and_buildah
def test_folders_get_the_mode_that_the_change_names(engine: str, rig: Rig, tmp_path: Path) -> None:
    write(tmp_path, FILES)
    (tmp_path / "data").chmod(0o775)
    found = built(rig, engine, tmp_path, "COPY . .")
    rest = [difference for difference in found.differences() if difference[1] != "missing"]
    assert rest == [("/srv/data", "mode", "0775", "0755")]
