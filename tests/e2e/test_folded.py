"""chmod and chown that become flags of copies, built for real: the same image, without what the layer of the RUN held."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

import pytest
from fold_cases import CASES, FoldCase
from http_serving import served_by
from rig.rig import Rig
from verified import Verified, verify

# A setuid file, a USER, a group of its own, a folder with all that is in it, a RUN that stays: what goes wrong easily.
CORE = {
    "owner and mode",
    "a setuid file that loses the bit",
    "a folder that several copies fill",
    "a folder whose files all become executable by steps",
    "several RUNs over several copies",
    "another USER further down",
    "a file that is fetched",
}
ONLY = ("--only", "chmod-on-copy", "--level", "safe")
SCRIPT = b"#!/bin/sh\necho run\n"
BYTES = 3_000_000


def runs() -> Iterator[object]:
    for case in CASES:
        for engine in ("docker", "buildah"):
            marks = () if case.says in CORE and engine == "docker" else pytest.mark.full
            yield pytest.param(case, engine, id=f"{case.says}, {engine}", marks=marks)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where `tool` can be fetched."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "tool").write_bytes(SCRIPT)
    with served_by(partial(SimpleHTTPRequestHandler, directory=str(folder))) as address:
        yield address


def written(folder: Path, case: FoldCase, address: str) -> None:
    """The files of a case, with the modes that it says, whatever the umask is."""
    for name in case.files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.parent.chmod(0o755)
        path.write_bytes(SCRIPT)
        path.chmod(case.modes.get(name, 0o644))
    # Of a stage's first RUN, the engine leaves /dev in the image; the rig's base has none.
    text = case.text(f"RUN true\n{case.before}")
    (folder / "Dockerfile").write_text(text.replace("https://example.org", address))


@pytest.mark.parametrize(("case", "engine"), list(runs()))
def test_the_image_is_the_same(case: FoldCase, engine: str, address: str, rig: Rig, tmp_path: Path) -> None:
    written(tmp_path, case, address)
    found = verify(rig, engine, tmp_path, *ONLY)
    assert found.differences() == []
    assert (found.status, found.verdict) == (0, "identical but for")
    assert {change["transform"] for change in found.found["changes"]} == {"chmod-on-copy"}
    assert found.ignored() <= {"no longer hidden"}


@pytest.mark.parametrize("engine", ["docker", pytest.param("buildah", marks=pytest.mark.full)])
def test_hard_links_that_are_named_are_copied_one_by_one(engine: str, rig: Rig, tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(SCRIPT)
    (tmp_path / "two").hardlink_to(tmp_path / "one")
    (tmp_path / "one").chmod(0o644)
    lines = "FROM debian:bookworm-slim\nRUN true\nCOPY one two /srv/\nRUN chmod 750 /srv/one /srv/two\n"
    (tmp_path / "Dockerfile").write_text(lines)
    found = verify(rig, engine, tmp_path, *ONLY)
    assert found.differences() == []
    assert {change["transform"] for change in found.found["changes"]} == {"chmod-on-copy"}


def layers(found: Verified, side: str) -> list[int]:
    return [layer["bytes"] for layer in found.comparison[side]["layers"]]


def test_what_the_layer_of_the_run_held_is_gone(rig: Rig, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for name in ("tool", "data/one", "data/two"):
        (tmp_path / name).write_bytes(os.urandom(BYTES))
    (tmp_path / "Dockerfile").write_text(
        "FROM debian:bookworm-slim\n"
        "RUN true\n"
        "COPY tool /usr/local/bin/\n"
        "COPY data /srv/data\n"
        "RUN chmod 755 /usr/local/bin/tool\n"
        "RUN chown -R www-data:www-data /srv/data\n"
    )
    found = verify(rig, "docker", tmp_path, *ONLY)
    assert found.differences() == []
    before, after = layers(found, "before"), layers(found, "after")
    assert len(before) == len(after) + 2
    # All but the folders' own entries: the layers of the copies stay as large as they were.
    assert sum(before) - sum(after) == sum(before[-2:])
    assert sum(before[-2:]) >= 3 * BYTES


# What the model relies on, and what it keeps its hands off: a line, and what `stat` says then.
FACTS = {
    "folders on the way have their own mode": ("COPY --chmod=700 f /n/m/f\n", "/n /n/m", "755 0:0,755 0:0,"),
    "folders on the way get the owner": ("COPY --chown=33:33 f /n/m/f\n", "/n /n/m", "755 33:33,755 33:33,"),
    "a folder that is there keeps its owner": (
        "WORKDIR /n\nCOPY --chown=33:33 . .\n",
        "/n /n/f",
        "755 0:0,644 33:33,",
    ),
    "a new folder gets the owner": ("COPY --chown=33:33 . /n\n", "/n /n/f", "755 33:33,644 33:33,"),
    "USER does not matter": ("USER games\nCOPY f /n\nUSER 0\n", "/n", "644 0:0,"),
    "the group that a folder hands on does not": (
        "RUN mkdir /n && chgrp 33 /n && chmod 2775 /n\nCOPY --chown=7:0 f /n/\n",
        "/n/f",
        "644 7:0,",
    ),
    "chown takes setuid bits": ("COPY s /n\nRUN chown 0:0 /n\n", "/n", "755 0:0,"),
    "a heredoc has a mode": ("COPY <<EOF /n\nx\nEOF\n", "/n", "644 0:0,"),
    "the umask of a RUN is known": ("RUN umask > /u && touch /n && chmod 0 /n && chmod +w /n\n", "/n", "200 0:0,"),
}


@pytest.mark.parametrize("engine", ["docker", pytest.param("buildah", marks=pytest.mark.full)])
def test_the_engine_does_what_the_model_says(engine: str, rig: Rig, tmp_path: Path) -> None:
    for name, mode in (("f", 0o644), ("s", 0o4755)):
        (tmp_path / name).write_bytes(SCRIPT)
        (tmp_path / name).chmod(mode)
    stages = [
        f"FROM debian:bookworm-slim AS s{number}\n{lines}RUN test \"$(stat -c '%a %u:%g' {paths} | tr '\\n' ,)\" = '{said}'\n"
        for number, (lines, paths, said) in enumerate(FACTS.values())
    ]
    last = "FROM debian:bookworm-slim\n" + "".join(f"COPY --from=s{n} /etc/passwd /h{n}\n" for n in range(len(stages)))
    (tmp_path / "Dockerfile").write_text("".join(stages) + last)
    build = ("build", "--progress", "plain") if engine == "docker" else ("bud",)
    rig.run(engine, *build, "--network", "host", str(tmp_path))
