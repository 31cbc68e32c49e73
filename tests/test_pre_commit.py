"""The hooks for pre-commit: run by the real one, from this checkout, on a repository."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from checkout import ROOT, copied
from command import environment, git

from dockfix.adapters.discovery import is_dockerfile

HOOKS = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
PAIR = b"FROM debian:12-slim\nRUN echo a\nRUN echo b\n"
MERGED = b"FROM debian:12-slim\nRUN echo a \\\n    && echo b\n"
NAMES = [
    *(
        "Dockerfile",
        "dockerfile",
        "a/Dockerfile",
        "Dockerfile.dev",
        "api.Dockerfile",
        "api.dockerfile",
        "a/b.Dockerfile",
    ),
    *("Containerfile", "a/Containerfile.prod", "CONTAINERFILE", ".dockerfile", "Dockerfile."),
    *(
        "Dockerfile.dockerignore",
        ".dockerignore",
        "Dockerfile.j2",
        "Dockerfile.tmpl",
        "a/Dockerfile.in",
        "Dockerfile.erb",
    ),
    *("Dockerfiles", "MyDockerfile", "Dockerfile/README.md", "dockerfile-x", "a.containerfile", "docker", "Makefile"),
]


@pytest.mark.parametrize("hook", HOOKS.values(), ids=list(HOOKS))
@pytest.mark.parametrize("name", NAMES)
def test_the_hooks_take_the_files_that_dockfix_finds(hook: dict[str, str], name: str) -> None:
    taken = bool(re.search(hook["files"], name)) and not re.search(hook["exclude"], name)
    assert taken is is_dockerfile(name.rpartition("/")[2])


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This checkout, as it is now, as a repository of hooks: what is not committed yet is part of it."""
    folder = copied(tmp_path_factory.mktemp("source") / "dockfix")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "now")
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps the environment of the hooks, which takes a while to make."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def repository(tmp_path: Path, source: Path) -> Path:
    """A repository that uses the hooks, with a Dockerfile that is staged."""
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "README.md").write_bytes(b"RUN echo a\nRUN echo b\n")
    (tmp_path / "Containerfile").write_bytes(PAIR)
    revision = git(source, "rev-parse", "HEAD").decode().strip()
    hooks = [{"id": name} for name in HOOKS]
    config = {"repos": [{"repo": str(source), "rev": revision, "hooks": hooks}]}
    (tmp_path / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    git(tmp_path, "add", "-A")
    return tmp_path


def pre_commit(repository: Path, home: Path, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", *arguments],
        cwd=repository,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment(PRE_COMMIT_HOME=str(home), PRE_COMMIT_COLOR="never"),
        timeout=540,
        check=False,
    )
    return done.returncode, done.stdout.decode()


def test_the_manifest_is_one_for_pre_commit(tmp_path: Path, home: Path) -> None:
    assert pre_commit(tmp_path, home, "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")) == (0, "")


def test_the_hook_dockfix_fails_with_what_can_be_better_and_changes_nothing(repository: Path, home: Path) -> None:
    status, out = pre_commit(repository, home, "run", "dockfix")
    assert status == 1, out
    assert "Containerfile:2: merge-runs (safe, proved): merge 2 RUN instructions" in out
    assert "README.md" not in out
    assert (repository / "Containerfile").read_bytes() == PAIR


def test_the_hook_dockfix_fix_makes_it_and_then_passes(repository: Path, home: Path) -> None:
    status, out = pre_commit(repository, home, "run", "dockfix-fix")
    assert status == 1, out
    assert "files were modified by this hook" in out
    assert (repository / "Containerfile").read_bytes() == MERGED
    git(repository, "add", "-A")
    status, out = pre_commit(repository, home, "run", "--all-files")
    assert (status, out.count("Passed")) == (0, 2), out


def test_what_is_not_staged_is_kept_out_and_comes_back(repository: Path, home: Path) -> None:
    (repository / "Containerfile").write_bytes(MERGED)
    git(repository, "add", "-A")
    (repository / "Containerfile").write_bytes(MERGED + b"RUN echo c\n")
    status, out = pre_commit(repository, home, "run", "dockfix-fix")
    assert status == 0, out
    assert (repository / "Containerfile").read_bytes() == MERGED + b"RUN echo c\n"


def test_a_commit_is_stopped(repository: Path, home: Path) -> None:
    status, out = pre_commit(repository, home, "install")
    assert status == 0, out
    identity = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
    done = subprocess.run(
        ["git", *identity, "commit", "-m", "first"],
        cwd=repository,
        capture_output=True,
        env=environment(
            PRE_COMMIT_HOME=str(home), PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        ),
        check=False,
    )
    assert done.returncode == 1
    assert b"merge-runs (safe, proved)" in done.stdout + done.stderr
