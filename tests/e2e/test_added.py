"""ADDs that become COPYs, built for real: the same image. What counts as an archive is what the engines unpack."""

from __future__ import annotations

from pathlib import Path

import pytest
from add_cases import CASES, TEXT, V7, AddCase, archive
from rig.rig import Rig
from verified import verify

FROM = "FROM debian:bookworm-slim\n"
CHANGED = [case for case in CASES if case.after]
CORE = {"owner and mode", "a folder that holds an archive"}
# By what they are called: none says that it is an archive.
ARCHIVES = {
    "tar": archive(),
    "old": V7,
    "gzip": archive("w:gz"),
    "bzip2": archive("w:bz2"),
}
OTHERS = {"text": TEXT, "empty": b"", "zeros": bytes(20_000), "zip": b"PK\x03\x04" + bytes(600)}


def written(folder: Path, dockerfile: str, files: dict[str, bytes]) -> None:
    for name, text in {**files, "Dockerfile": dockerfile.encode()}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)


@pytest.mark.parametrize(
    ("case", "engine"),
    [
        pytest.param(
            case,
            engine,
            id=f"{case.says}, {engine}",
            marks=() if case.says in CORE and engine == "docker" else pytest.mark.full,
        )
        for case in CHANGED
        for engine in ("docker", "buildah")
    ],
)
def test_the_image_is_the_same(case: AddCase, engine: str, rig: Rig, tmp_path: Path) -> None:
    written(tmp_path, FROM + case.before, dict(case.files))
    found = verify(rig, engine, tmp_path, "--only", "add-to-copy", "--level", "safe")
    assert found.differences() == []
    assert (found.status, found.verdict) == (0, "identical but for")
    assert {change["transform"] for change in found.found["changes"]} == {"add-to-copy"}


@pytest.mark.parametrize("engine", ["docker", pytest.param("buildah", marks=pytest.mark.full)])
def test_the_engine_unpacks_what_counts_as_an_archive_and_nothing_else(engine: str, rig: Rig, tmp_path: Path) -> None:
    lines = [FROM]
    for name in ARCHIVES:
        lines += [f"ADD {name} /srv/{name}/\n", f"RUN test -f /srv/{name}/packed\n"]
    for name in OTHERS:
        lines += [f"ADD {name} /srv/{name}/\n", f"RUN test -f /srv/{name}/{name}\n"]
    written(tmp_path, "".join(lines), {**ARCHIVES, **OTHERS, "same": "".join(lines).encode()})
    found = verify(rig, engine, tmp_path, "--against", str(tmp_path / "same"))
    assert found.status == 0
