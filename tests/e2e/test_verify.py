"""`dockfix verify` with real engines: its verdicts, its options, and what it leaves behind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rig.rig import Rig
from verified import run, scratch, temporary, verify, write

ENGINES = ["docker", "buildah", pytest.param("podman", marks=pytest.mark.full)]
SPLIT = """\
FROM debian:bookworm-slim
COPY data /data
RUN cat /data > /one
RUN cat /data > /two
"""


@pytest.fixture
def nothing_left(rig: Rig, tmp_path_factory: pytest.TempPathFactory) -> object:
    """Whatever the test does, the engines hold afterwards what they held before, and the scratch folder is gone."""
    before = rig.leftovers()
    yield
    assert rig.leftovers() == before
    assert scratch() == []


@pytest.mark.usefixtures("nothing_left")
@pytest.mark.parametrize("engine", ENGINES)
def test_a_change_is_measured_and_nothing_is_left(engine: str, rig: Rig, tmp_path: Path) -> None:
    write(tmp_path, {"Dockerfile": SPLIT, "data": "x"})
    ended = run(rig, engine, tmp_path, "--smoke", "cat /one /two; echo to stderr >&2; exit 3")
    text = ended.out.decode()
    assert ended.status == 0, ended.err
    assert text.startswith(f"Dockerfile: {engine} ")
    assert "merge-runs (safe, measured): merge 2 RUN instructions" in text
    assert "status 3 before, status 3 after, same output" in text
    assert "  | xx" in text
    assert text.splitlines()[-1].startswith("identical but for: ")


@pytest.mark.usefixtures("nothing_left")
@pytest.mark.parametrize("engine", ENGINES)
def test_before_that_does_not_build_is_said_with_the_step_and_its_last_lines(
    engine: str, rig: Rig, tmp_path: Path
) -> None:
    write(tmp_path, {"Dockerfile": SPLIT + "RUN echo so far; exit 7\n", "data": "x"})
    found = verify(rig, engine, tmp_path)
    assert (found.status, found.verdict) == (2, "before does not build")
    failure = found.found["pair"]["before"]["failure"]
    assert failure["step"].startswith("RUN echo so far")
    assert "7" in failure["reason"]
    assert "so far" in failure["lines"]
    assert found.found["pair"]["after"] is None


@pytest.mark.usefixtures("nothing_left")
@pytest.mark.parametrize("engine", ENGINES)
def test_after_that_does_not_build_is_said(engine: str, rig: Rig, tmp_path: Path) -> None:
    write(tmp_path, {"Dockerfile": SPLIT, "other": "FROM debian:bookworm-slim\nCOPY missing /\n", "data": "x"})
    found = verify(rig, engine, tmp_path, "--against", "other")
    assert (found.status, found.verdict) == (2, "after does not build")
    assert "missing" in found.found["pair"]["after"]["failure"]["reason"]


@pytest.mark.parametrize("engine", ["docker", "buildah"])
def test_the_users_build_cache_is_kept_as_it_is(engine: str, rig: Rig, tmp_path: Path) -> None:
    """What was built before is not built again afterwards, though the same steps were built without the cache."""
    write(tmp_path, {"Dockerfile": SPLIT, "data": f"{engine} and its cache"})
    build = ["build", *(["--progress", "plain", "--network", "host"] if engine == "docker" else ["--layers"])]
    rig.run(engine, *build, "--tag", "mine", str(tmp_path))
    before = rig.leftovers()
    assert verify(rig, engine, tmp_path).status == 0
    assert rig.leftovers() == before
    done = rig.run(engine, *build, "--tag", "mine", str(tmp_path))
    assert (done.stdout + done.stderr).count("CACHED" if engine == "docker" else "Using cache") == 3
    rig.run(engine, *(["image", "rm"] if engine == "docker" else ["rmi"]), "mine")
    if engine == "docker":
        rig.docker("builder", "prune", "--all", "--force")


SCRIPT = """\
FROM debian:bookworm-slim
RUN apt-get update
COPY setup.sh /
RUN /setup.sh
"""


@pytest.mark.usefixtures("nothing_left")
def test_a_change_for_review_that_breaks_the_build_is_found_out(rig: Rig, tmp_path: Path) -> None:
    """What `review` means: a script that dockfix cannot read installs from the lists that were deleted."""
    write(tmp_path, {"Dockerfile": SCRIPT, "setup.sh": "#!/bin/sh\napt-get install -y --no-install-recommends bc\n"})
    found = verify(rig, "docker", tmp_path)
    assert (found.status, found.verdict) == (2, "after does not build")
    (change,) = found.found["changes"]
    assert (change["transform"], change["level"], change["proof"]) == ("clean-package-lists", "review", "modelled")
    assert any("Unable to locate package bc" in line for line in found.found["pair"]["after"]["failure"]["lines"])


@pytest.mark.usefixtures("nothing_left")
@pytest.mark.parametrize("engine", ENGINES)
def test_a_build_that_takes_too_long_is_ended(engine: str, rig: Rig, tmp_path: Path) -> None:
    write(tmp_path, {"Dockerfile": SPLIT + "RUN sleep 600\n", "data": "x"})
    found = verify(rig, engine, tmp_path, "--timeout", "8")
    assert found.status == 2
    failure = found.found["pair"]["before"]["failure"]
    assert failure["step"] == "RUN sleep 600"
    assert failure["reason"] == "not done within 8 s (--timeout)"


EACH = """\
FROM debian:bookworm-slim
RUN apt-get update
RUN apt-get install -y --no-install-recommends bc
USER daemon
RUN id > /tmp/a
RUN id > /tmp/b
"""


@pytest.mark.usefixtures("nothing_left")
def test_each_change_is_verified_on_its_own(rig: Rig, tmp_path: Path) -> None:
    write(tmp_path, {"Dockerfile": EACH})
    found = verify(rig, "docker", tmp_path, "--each")
    assert found.status == 0
    pairs = [(change["transform"], change["proof"], change["pair"]) for change in found.found["changes"]]
    assert [pair[:2] for pair in pairs] == [
        ("merge-runs", "measured"),
        ("merge-runs", "measured"),
        ("clean-package-lists", "measured"),
    ]
    ignored = [{row["name"] for row in pair["comparison"]["ignored"]} for _, _, pair in pairs]
    assert ["package index lists" in names for names in ignored] == [False, False, True]
    layers = [len(pair["comparison"][side]["layers"]) for _, _, pair in pairs for side in ("before", "after")]
    assert layers == [5, 4, 4, 3, 3, 3]


CACHED = """\
FROM debian:bookworm-slim
RUN echo stays
COPY a /a
RUN echo one
RUN echo two
COPY b /b
RUN echo three
"""


@pytest.mark.usefixtures("nothing_left")
@pytest.mark.parametrize("engine", ["docker", "buildah"])
def test_the_steps_that_run_again_after_a_change_of_a_file_are_told(engine: str, rig: Rig, tmp_path: Path) -> None:
    write(tmp_path, {"Dockerfile": CACHED, "a": "a", "b": "b"})
    found = verify(rig, engine, tmp_path, "--rebuild-after", "b")
    rebuilt = found.found["rebuild"]
    assert [row["step"] for row in rebuilt["before"]] == ["COPY b /b", "RUN echo three"]
    assert [row["step"] for row in rebuilt["after"]] == ["COPY b /b", "RUN echo three"]
    found = verify(rig, engine, tmp_path, "--rebuild-after", "a")
    rebuilt = found.found["rebuild"]
    assert [row["step"].split()[0] for row in rebuilt["before"]] == ["COPY", "RUN", "RUN", "COPY", "RUN"]
    assert [row["step"].split()[0] for row in rebuilt["after"]] == ["COPY", "RUN", "COPY", "RUN"]
    assert (tmp_path / "a").read_text() == "a"


OPTIONS = """\
FROM debian:bookworm-slim AS wanted
ARG WORD=none
COPY . /context/
RUN echo "$WORD" > /word
RUN --mount=type=secret,id=key cat /run/secrets/key > /copied
RUN find /context -type f | sort > /list
RUN uname -m > /machine
FROM scratch AS other
"""


@pytest.mark.usefixtures("nothing_left")
@pytest.mark.parametrize("engine", ENGINES)
def test_options_are_passed_on(engine: str, rig: Rig, tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "docker/app.Dockerfile": OPTIONS,
            "docker/app.Dockerfile.dockerignore": "docker\nleft\nkey\n",
            "key": "secret",
            "kept": "",
            "left": "",
        },
    )
    arguments = ["docker/app.Dockerfile", "--context", ".", "--target", "wanted", "--build-arg", "WORD=said"]
    arguments += ["--secret", "id=key,src=key", "--platform", "linux/amd64"]
    found = verify(rig, engine, tmp_path, *arguments, "--smoke", "cat /word /copied /list /machine")
    assert found.status == 0, found.found["pair"]
    for side in ("before", "after"):
        assert found.found["smoke"][side] == {"status": 0, "output": "said\nsecret/context/kept\nx86_64"}


def test_a_smoke_command_that_ends_otherwise_is_a_difference(rig: Rig, tmp_path: Path) -> None:
    write(tmp_path, {"Dockerfile": SPLIT, "other": SPLIT.replace("/two", "/three"), "data": "x"})
    found = verify(rig, "docker", tmp_path, "--against", "other", "--smoke", "cat /two")
    smoke = [row for row in found.differences() if row[0] == "smoke"]
    assert smoke == [("smoke", "status", "0", "1"), ("smoke", "output", "x", "cat: /two: No such file or directory")]


def test_the_report_for_the_browser_is_written(rig: Rig, tmp_path: Path) -> None:
    write(tmp_path, {"Dockerfile": SPLIT, "data": "x"})
    ended = run(rig, "docker", tmp_path, "--html", "report.html", "--format", "json")
    assert ended.status == 0
    page = (tmp_path / "report.html").read_text()
    assert page.startswith(("<!doctype html>", "<!DOCTYPE html>"))
    assert "measured" in page
    assert json.loads(ended.out)["pair"]["verdict"] == "identical but for"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Dockerfile", "data", "report.html"]


def test_what_works_is_chosen(rig: Rig, tmp_path: Path) -> None:
    """With docker and buildah installed, docker; with only buildah, that."""
    write(tmp_path, {"Dockerfile": SPLIT, "data": "x"})
    from command import dockfix

    for engines, name in ((("docker", "buildah"), "docker"), (("buildah",), "buildah")):
        ended = dockfix(tmp_path, "verify", "--network", "host", **rig.environment(*engines), TMPDIR=str(temporary()))
        assert ended.out.decode().startswith(f"Dockerfile: {name} "), ended.err
