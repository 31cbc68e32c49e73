"""hidden-bytes and layer-budget, built for real: what they name is there, and goes with the fix."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import pytest
from rig.rig import Rig
from verified import run, verify

FROM = "FROM debian:bookworm-slim\n"


class Fix(NamedTuple):
    """A Dockerfile and a better one; `files` are those of the context, by their sizes."""

    says: str
    before: str
    after: str
    files: dict[str, int]


MOUNT = "RUN --mount=type=bind,target=/m"
FIXES = (
    Fix("a file", "COPY a /tmp/a\nRUN rm /tmp/a", "RUN true\nRUN true", {"a": 700_001}),
    Fix("a file that is used", "COPY a /tmp/\nRUN wc /tmp/a && rm /tmp/a", f"{MOUNT} wc /m/a", {"a": 300_000}),
    Fix("a folder", "COPY d /srv/d\nRUN rm -rf /srv/d", "RUN true", {"d/a": 200_000, "d/e/b": 900_000}),
    Fix(
        "a part of a folder",
        "COPY d /srv/d\nRUN rm -r /srv/d/e",
        "COPY d/a /srv/d/a",
        {"d/a": 200_000, "d/e/b": 900_000},
    ),
    Fix(
        "what a pattern matches",
        "COPY d /srv/d\nRUN rm /srv/d/*.zip",
        "COPY d/c /srv/d/c",
        {"d/a.zip": 400_000, "d/b.zip": 500_000, "d/c": 100_000},
    ),
    Fix("another file in its place", "COPY a /srv/x\nCOPY b /srv/x", "COPY b /srv/x", {"a": 500_000, "b": 100_000}),
    Fix("the same file once more", "COPY a /srv/\nCOPY . /srv/", "COPY . /srv/", {"a": 500_000}),
    Fix("a mode", "COPY a /srv/a\nRUN chmod 700 /srv/a", "COPY --chmod=700 a /srv/a", {"a": 800_000}),
    Fix("a mode that was it already", "COPY a /srv/a\nRUN chmod 644 /srv/a", "COPY a /srv/a", {"a": 800_000}),
    Fix(
        "an owner of a folder",
        "COPY d /srv/d\nRUN chown -R 1000:1000 /srv/d",
        "COPY --chown=1000:1000 d /srv/d",
        {"d/a": 800_000, "d/e/b": 90_000},
    ),
    Fix("a move", "COPY a /tmp/a\nRUN mv /tmp/a /srv/b", "COPY a /srv/b", {"a": 600_000}),
    Fix("a stage below", "COPY a /a\nFROM base\nRUN rm /a", "FROM base\nRUN true", {"a": 600_000}),
    Fix(
        "a mode and then deleted",
        "COPY a /a\nRUN chmod +x /a\nRUN /bin/true && rm /a",
        "RUN true",
        {"a": 600_000},
    ),
    Fix("a secret", "COPY id_rsa /root/.ssh/\nRUN rm /root/.ssh/id_rsa", "RUN true", {"id_rsa": 70_000}),
)
CORE = {"a file", "a part of a folder"}


def written(folder: Path, fix: Fix) -> None:
    for name, size in fix.files.items():
        path = folder / "context" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * size)
        path.chmod(0o644)
    base = FROM.replace("\n", " AS base\n")
    (folder / "Dockerfile").write_text(base + fix.before + "\n")
    (folder / "fixed").write_text(base + fix.after + "\n")


def reports(found: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    before, after = found["reports"]
    assert (before["version"], after["version"]) == ("before", "after")
    return before, after


@pytest.mark.parametrize(
    ("fix", "engine"),
    [
        pytest.param(
            fix,
            engine,
            id=f"{fix.says}, {engine}",
            marks=() if fix.says in CORE and engine == "docker" else pytest.mark.full,
        )
        for fix in FIXES
        for engine in ("docker", "buildah")
    ],
)
def test_the_layers_lose_what_was_named(fix: Fix, engine: str, rig: Rig, tmp_path: Path) -> None:
    written(tmp_path, fix)
    found = verify(rig, engine, tmp_path, "--against", "fixed", "--context", "context")
    before, after = reports(found.found)
    assert before["hidden"]
    for row in (*before["hidden"], *after["hidden"]):
        assert row["bytes"] == row["measured_bytes"]
    named = sum(row["bytes"] for row in before["hidden"]) - sum(row["bytes"] for row in after["hidden"])
    lost = found.comparison["before"]["bytes"] - found.comparison["after"]["bytes"]
    assert lost == pytest.approx(named, rel=0.01)
    for side, row in (("before", before), ("after", after)):
        assert row["layers"] == row["layers_counted"]
        assert row["base_layers"] == 1
        assert len(found.comparison[side]["layers"]) == row["layers"] + 1


EVERY = """\
ARG VERSION=12
FROM debian:bookworm-slim AS base
ARG VERSION
LABEL a=b
WORKDIR /new/deep
WORKDIR /tmp
FROM base
ENV X=1
RUN true
RUN ["true"]
COPY a /a
ADD a /b
SHELL ["/bin/sh", "-c"]
USER root
EXPOSE 80
STOPSIGNAL 9
VOLUME /data
HEALTHCHECK CMD true
ONBUILD RUN true
MAINTAINER me
WORKDIR deep
ENTRYPOINT ["true"]
CMD ["true"]
"""


@pytest.mark.parametrize("engine", ["docker", pytest.param("buildah", marks=pytest.mark.full)])
def test_the_layers_that_are_counted_are_there(engine: str, rig: Rig, tmp_path: Path) -> None:
    written(tmp_path, Fix("", "", "", {"a": 10}))
    (tmp_path / "Dockerfile").write_text(EVERY)
    (tmp_path / "fixed").write_text(EVERY + "RUN true\n")
    before, after = reports(verify(rig, engine, tmp_path, "--against", "fixed", "--context", "context").found)
    expected = 7 if engine == "docker" else 4
    assert (before["layers_counted"], before["layers"], before["base_layers"]) == (expected, expected, 1)
    assert (after["layers_counted"], after["layers"]) == (expected + 1, expected + 1)


def test_what_a_run_has_made_is_measured(rig: Rig, tmp_path: Path) -> None:
    written(tmp_path, Fix("", "", "", {"a": 10}))
    text = FROM + "RUN head -c 300000 /dev/zero > /tmp/zeros\nRUN rm /tmp/zeros\n"
    (tmp_path / "Dockerfile").write_text(text)
    (tmp_path / "fixed").write_text(FROM + "RUN true\n")
    before, _ = reports(verify(rig, "docker", tmp_path, "--against", "fixed").found)
    assert before["hidden"] == [{"line": 2, "paths": ["/tmp/zeros"], "bytes": None, "measured_bytes": 300_000}]
    said = run(rig, "docker", tmp_path, "--against", "fixed").out.decode()
    assert "  hidden-bytes, before, line 2: /tmp/zeros: size not known, 300.0 kB measured\n" in said
    assert "  layer-budget, before: 2 counted, 2 measured, on 1 of the base\n" in said
