"""`dockfix verify` before anything is built: what it asks for, and what it says when it cannot have it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from command import dockfix

DOCKERFILE = b"FROM debian:bookworm-slim\nRUN apt-get update\nRUN apt-get install -y curl\n"


def project(folder: Path, text: bytes = DOCKERFILE) -> Path:
    (folder / "Dockerfile").write_bytes(text)
    return folder


def without_engines(folder: Path) -> str:
    """A PATH with nothing but the second shell parser."""
    tools = folder / "tools"
    tools.mkdir()
    (tools / "shfmt").symlink_to(Path(sys.executable).with_name("shfmt"))
    return str(tools)


def test_without_any_engine_it_says_what_to_install(tmp_path: Path) -> None:
    ended = dockfix(project(tmp_path), "verify", PATH=without_engines(tmp_path))
    assert (ended.status, ended.out) == (3, b"")
    assert ended.err == (
        "dockfix: no build engine is installed: install Docker (docs.docker.com/engine/install), Podman or Buildah "
        "(on Debian: apt-get install buildah)\n"
    )


@pytest.mark.parametrize("engine", ["docker", "podman", "buildah"])
def test_the_engine_that_is_asked_for_and_missing_is_named_with_what_to_install(engine: str, tmp_path: Path) -> None:
    ended = dockfix(project(tmp_path), "verify", "--engine", engine, PATH=without_engines(tmp_path))
    assert ended.status == 3
    assert ended.err.startswith(f"dockfix: {engine} is not installed; install ")
    assert ended.err.count("\n") == 1


def test_an_engine_that_does_not_work_is_what_there_is_to_mend(tmp_path: Path) -> None:
    path = without_engines(tmp_path)
    broken = Path(path) / "docker"
    broken.write_text("#!/bin/sh\necho 'Cannot connect to the Docker daemon' >&2\nexit 1\n")
    broken.chmod(0o755)
    ended = dockfix(project(tmp_path), "verify", PATH=f"{path}:/bin")
    assert ended.status == 3
    assert "docker's daemon does not answer (Cannot connect to the Docker daemon); start it" in ended.err


def test_where_nothing_is_to_be_changed_nothing_is_built(tmp_path: Path) -> None:
    ended = dockfix(project(tmp_path, b"FROM debian\nCMD true\n"), "verify", PATH=without_engines(tmp_path))
    assert (ended.status, ended.out) == (0, b"")
    assert ended.err == "dockfix: Dockerfile: nothing to verify, since there is nothing to change\n"


WRONG = {
    "a context that is no folder": (["--context", "nowhere"], "the context nowhere is no folder"),
    "a file to touch that is not there": (
        ["--rebuild-after", "x"],
        "--rebuild-after: there is no file x in the context",
    ),
    "a folder to touch": (["--rebuild-after", "sub"], "--rebuild-after: there is no file sub in the context"),
    "a file to touch outside of the context": (
        ["--rebuild-after", "../outside"],
        "--rebuild-after: there is no file ../outside in the context",
    ),
    "another Dockerfile that is not there": (["--against", "x"], "x: no such file or folder"),
    "an unknown engine": (["--engine", "kaniko"], "'kaniko' is not one of 'docker', 'podman', 'buildah'"),
    "an unknown transform": (["--only", "x"], "--only: unknown transform x"),
    "a report that cannot be written": (["--html", "nowhere/x.html"], "nowhere/x.html cannot be written"),
}


@pytest.mark.parametrize(("options", "sentence"), WRONG.values(), ids=WRONG)
def test_wrong_usage_is_one_sentence_before_anything_is_built(
    options: list[str], sentence: str, tmp_path: Path
) -> None:
    (tmp_path / "outside").write_text("x")
    folder = tmp_path / "project"
    (folder / "sub").mkdir(parents=True)
    ended = dockfix(project(folder), "verify", *options, PATH=without_engines(tmp_path))
    assert (ended.status, ended.out) == (3, b"")
    assert sentence in ended.err


def test_of_several_dockerfiles_one_is_to_be_named(tmp_path: Path) -> None:
    for name in ("a.Dockerfile", "b.Dockerfile"):
        (tmp_path / name).write_bytes(DOCKERFILE)
    ended = dockfix(tmp_path, "verify", PATH=without_engines(tmp_path))
    assert ended.status == 3
    assert "holds several Dockerfiles (a.Dockerfile, b.Dockerfile); name one" in ended.err


def test_a_folder_without_a_dockerfile_is_one_sentence(tmp_path: Path) -> None:
    ended = dockfix(tmp_path, "verify", PATH=without_engines(tmp_path))
    assert (ended.status, ended.err) == (3, "dockfix: no Dockerfile found in .; name the file\n")


UNREADABLE = {
    "missing": (None, "no such file or folder"),
    "binary": (b"\0\1\2", "not text"),
    "rejected by every builder": (b"FROM debian\nRUM x\n", "RUM"),
    "huge": (b"#" * 6_000_000, "larger than 5 MB"),
    "empty": (b"", "no instructions"),
}


@pytest.mark.parametrize(("text", "sentence"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_cannot_be_read_fails_before_anything_is_built(
    text: bytes | None, sentence: str, tmp_path: Path
) -> None:
    if text is not None:
        (tmp_path / "x").write_bytes(text)
    ended = dockfix(tmp_path, "verify", "x", PATH=without_engines(tmp_path))
    assert (ended.status, ended.out) == (2, b"")
    assert ended.err.startswith("x")
    assert sentence in ended.err


@pytest.mark.parametrize(
    "arguments", [["--diff"], ["--write"], ["--format", "json"], ["list"], ["explain", "merge-runs"]]
)
def test_no_other_command_starts_an_engine(arguments: list[str], tmp_path: Path) -> None:
    tools = Path(without_engines(tmp_path))
    for engine in ("docker", "podman", "buildah"):
        (tools / engine).write_text(f"#!/bin/sh\n: > {tmp_path}/started\n")
        (tools / engine).chmod(0o755)
    ended = dockfix(project(tmp_path), *arguments, PATH=f"{tools}{os.pathsep}/bin{os.pathsep}/usr/bin")
    assert ended.status in (0, 1)
    assert not (tmp_path / "started").exists()
