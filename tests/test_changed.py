"""`--changed-since` and `--staged`: what real git says has changed, and no more."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from command import Ended, dockfix, environment, git

FIRST = b"FROM debian:12-slim\nRUN echo a\nRUN echo b\nUSER x\nRUN echo c\nRUN echo d\n"
# Its second pair is touched.
SECOND = FIRST.replace(b"echo d", b"echo e")
PAIR = b"FROM debian:12-slim\nRUN echo a\nRUN echo b\n"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A commit with two Dockerfiles, on the branch main."""
    folder = tmp_path / "repository"
    (folder / "api").mkdir(parents=True)
    (folder / "Dockerfile").write_bytes(FIRST)
    (folder / "api/Dockerfile").write_bytes(PAIR)
    git(folder, "init", "-q", "-b", "main")
    commit(folder, "first")
    return folder


def commit(folder: Path, message: str) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", message)


def places(ended: Ended) -> list[str]:
    return [line.split(": ")[0] for line in ended.out.decode().splitlines()]


class TestChangedSince:
    def test_of_a_file_that_differs_only_changes_to_lines_that_differ_are_shown(self, repository: Path) -> None:
        (repository / "Dockerfile").write_bytes(SECOND)
        assert places(dockfix(repository)) == ["Dockerfile:2", "Dockerfile:5", "api/Dockerfile:2"]
        ended = dockfix(repository, "--changed-since", "main")
        assert (ended.status, places(ended), ended.err) == (1, ["Dockerfile:5"], "1 change (1 file)\n")

    def test_commits_of_this_branch_count_and_those_of_the_other_do_not(self, repository: Path) -> None:
        git(repository, "switch", "-q", "-c", "topic")
        (repository / "api/Dockerfile").write_bytes(PAIR.replace(b"echo b", b"echo c"))
        commit(repository, "here")
        git(repository, "switch", "-q", "main")
        (repository / "Dockerfile").write_bytes(SECOND)
        commit(repository, "there")
        git(repository, "switch", "-q", "topic")
        assert places(dockfix(repository, "--changed-since", "main")) == ["api/Dockerfile:2"]

    def test_nothing_that_differs_is_nothing_to_do(self, repository: Path) -> None:
        assert dockfix(repository, "--changed-since", "HEAD") == (0, b"", "")

    def test_new_and_renamed_files_count_as_a_whole(self, repository: Path) -> None:
        (repository / "new.Dockerfile").write_bytes(PAIR)
        git(repository, "mv", "Dockerfile", "moved.Dockerfile")
        ended = dockfix(repository, "--changed-since", "main")
        assert places(ended) == ["moved.Dockerfile:2", "moved.Dockerfile:5", "new.Dockerfile:2"]

    def test_a_file_that_git_ignores_is_new_where_it_is_named(self, repository: Path) -> None:
        (repository / ".gitignore").write_bytes(b"own.Dockerfile\n")
        (repository / "own.Dockerfile").write_bytes(PAIR)
        assert places(dockfix(repository, "--changed-since", "main")) == []
        assert places(dockfix(repository, "--changed-since", "main", "own.Dockerfile")) == ["own.Dockerfile:2"]

    def test_where_a_line_is_deleted_the_ones_around_it_count(self, repository: Path) -> None:
        (repository / "Dockerfile").write_bytes(FIRST.replace(b"USER x\n", b""))
        commit(repository, "one user less")
        assert places(dockfix(repository, "--changed-since", "HEAD~1")) == ["Dockerfile:2"]

    def test_write_makes_those_changes_only(self, repository: Path) -> None:
        (repository / "Dockerfile").write_bytes(SECOND)
        assert dockfix(repository, "--changed-since", "main", "--write").status == 1
        assert (repository / "Dockerfile").read_bytes() == SECOND.replace(b"\nRUN echo e", b" \\\n    && echo e")
        assert (repository / "api/Dockerfile").read_bytes() == PAIR

    def test_paths_are_found_from_a_folder_inside_of_the_repository(self, repository: Path) -> None:
        (repository / "api/Dockerfile").write_bytes(PAIR + b"RUN echo c\n")
        assert places(dockfix(repository / "api", "--changed-since", "main")) == ["Dockerfile:2"]
        assert places(dockfix(repository / "api", "--changed-since", "main", "..")) == ["Dockerfile:2"]

    @pytest.mark.parametrize(
        "name", ["a b.Dockerfile", 'quo"te.Dockerfile', "\N{SNOWMAN}.Dockerfile", "*.Dockerfile", ":(top).Dockerfile"]
    )
    def test_odd_names_are_found(self, repository: Path, name: str) -> None:
        (repository / name).write_bytes(PAIR)
        commit(repository, "odd")
        (repository / name).write_bytes(PAIR.replace(b"echo b", b"echo c"))
        assert places(dockfix(repository, "--changed-since", "main")) == [f"{name}:2"]

    def test_settings_of_the_user_for_diffs_do_not_matter(self, repository: Path) -> None:
        for key, value in {
            "color.ui": "always",
            "diff.noprefix": "true",
            "diff.external": "false",
            "diff.interHunkContext": "9",
            "diff.renames": "false",
            "core.quotePath": "true",
        }.items():
            git(repository, "config", key, value)
        (repository / "Dockerfile").write_bytes(b"# new\n" + SECOND)
        assert places(dockfix(repository, "--changed-since", "main")) == ["Dockerfile:6"]

    def test_files_of_another_repository_are_left_out(self, repository: Path) -> None:
        shutil.copytree(repository, repository / "inner")
        (repository / "inner/Dockerfile").write_bytes(SECOND)
        (repository / "Dockerfile").write_bytes(SECOND)
        assert places(dockfix(repository, "--changed-since", "main")) == ["Dockerfile:5"]

    def test_ignore_files_are_for_a_run_over_everything(self, repository: Path) -> None:
        (repository / "package.json").write_bytes(b"{}")
        (repository / "node_modules/x").mkdir(parents=True)
        (repository / "node_modules/x/index.js").write_bytes(b"x" * 100_000)
        (repository / "Dockerfile").write_bytes(b"FROM node:22\nCOPY . /app\nRUN npm ci\n")
        assert ".dockerignore:1" in places(dockfix(repository))
        assert ".dockerignore:1" not in places(dockfix(repository, "--changed-since", "main"))


class TestStaged:
    def test_what_is_not_staged_is_not_looked_at(self, repository: Path) -> None:
        (repository / "Dockerfile").write_bytes(SECOND)
        assert dockfix(repository, "--staged") == (0, b"", "")
        git(repository, "add", "Dockerfile")
        assert places(dockfix(repository, "--staged")) == ["Dockerfile:5"]

    def test_the_text_is_the_one_that_will_be_committed(self, repository: Path) -> None:
        (repository / "Dockerfile").write_bytes(SECOND)
        git(repository, "add", "Dockerfile")
        (repository / "Dockerfile").write_bytes(b"FROM debian:12-slim\n")
        assert dockfix(repository, "--staged", "--diff").out.count(b"+    && echo e\n") == 1

    def test_what_is_not_staged_beside_it_is_never_overwritten(self, repository: Path) -> None:
        (repository / "Dockerfile").write_bytes(SECOND)
        git(repository, "add", "Dockerfile")
        (repository / "Dockerfile").write_bytes(SECOND + b"# not yet\n")
        ended = dockfix(repository, "--staged", "--write")
        assert (ended.status, ended.out) == (2, b"")
        assert ended.err.startswith(
            "Dockerfile: error: left as it is: it has changes that are not staged; stage or stash"
        )
        assert (repository / "Dockerfile").read_bytes() == SECOND + b"# not yet\n"

    def test_write_changes_the_work_tree_and_leaves_staging_to_the_user(self, repository: Path) -> None:
        (repository / "Dockerfile").write_bytes(SECOND)
        git(repository, "add", "Dockerfile")
        assert dockfix(repository, "--staged", "--write").status == 1
        assert (repository / "Dockerfile").read_bytes() == SECOND.replace(b"\nRUN echo e", b" \\\n    && echo e")
        assert git(repository, "show", ":Dockerfile") == SECOND

    def test_before_the_first_commit_everything_staged_is_new(self, tmp_path: Path) -> None:
        git(tmp_path, "init", "-q")
        (tmp_path / "Dockerfile").write_bytes(PAIR)
        git(tmp_path, "add", "Dockerfile")
        assert places(dockfix(tmp_path, "--staged")) == ["Dockerfile:2"]

    @pytest.mark.parametrize(
        ("arguments", "refused"), [(["-a"], True), (["api/Dockerfile"], False)], ids=["-a", "a path"]
    )
    def test_a_hook_sees_the_index_that_is_being_committed(
        self, repository: Path, arguments: list[str], refused: bool
    ) -> None:
        hook = repository / ".git/hooks/pre-commit"
        hook.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m dockfix --staged\n')
        hook.chmod(0o755)
        (repository / "Dockerfile").write_bytes(SECOND)
        (repository / "api/Dockerfile").write_bytes(b"FROM debian:12-slim\nRUN echo a\n")
        identity = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
        command = ["git", *identity, "commit", "-m", "second", *arguments]
        done = subprocess.run(command, cwd=repository, capture_output=True, env=environment(), check=False)
        assert (done.returncode != 0) is refused, done.stderr
        assert (b"Dockerfile:5: merge-runs" in done.stdout + done.stderr) is refused

    def test_line_endings_that_git_changes_are_no_difference(self, repository: Path) -> None:
        (repository / ".gitattributes").write_bytes(b"* text eol=crlf\n")
        (repository / "Dockerfile").write_bytes(SECOND.replace(b"\n", b"\r\n"))
        git(repository, "add", "-A")
        ended = dockfix(repository, "--staged", "--write", "Dockerfile")
        assert ended.status == 1
        assert (repository / "Dockerfile").read_bytes().endswith(b"RUN echo c \\\r\n    && echo e\r\n")


class TestErrors:
    def test_no_repository(self, tmp_path: Path) -> None:
        (tmp_path / "Dockerfile").write_bytes(PAIR)
        for option in (["--staged"], ["--changed-since", "main"]):
            ended = dockfix(tmp_path, *option, GIT_CEILING_DIRECTORIES=str(tmp_path.parent))
            assert (ended.status, ended.out) == (3, b"")
            assert (
                ended.err
                == "dockfix: git cannot tell what has changed: not a git repository (or any of the parent directories): .git\n"
            )

    @pytest.mark.parametrize("revision", ["away", "--all", "", "HEAD:Dockerfile"])
    def test_an_unknown_revision(self, repository: Path, revision: str) -> None:
        ended = dockfix(repository, f"--changed-since={revision}")
        assert (ended.status, ended.out) == (3, b"")
        assert ended.err == f"dockfix: {revision}: git knows no such revision here\n"

    def test_no_commit_in_common(self, repository: Path) -> None:
        git(repository, "switch", "-q", "--orphan", "other")
        (repository / "Dockerfile").write_bytes(PAIR)
        commit(repository, "other")
        ended = dockfix(repository, "--changed-since", "main")
        assert (ended.status, ended.err) == (
            3,
            "dockfix: main and HEAD have no commit in common here: fetch more of the history\n",
        )

    def test_no_git(self, repository: Path, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        ended = dockfix(repository, "--staged", "Dockerfile", PATH=str(tmp_path / "empty"))
        assert (ended.status, ended.err) == (3, "dockfix: git cannot tell what has changed: it is not installed\n")

    @pytest.mark.parametrize(
        ("arguments", "pair"),
        [
            (["--staged", "--changed-since", "x"], "--changed-since and --staged"),
            (["--staged", "-"], "- and --staged"),
            (["--changed-since", "x", "-"], "- and --changed-since"),
        ],
    )
    def test_options_that_contradict_each_other(self, repository: Path, arguments: list[str], pair: str) -> None:
        ended = dockfix(repository, *arguments)
        assert (ended.status, ended.out) == (3, b"")
        assert f"{pair} do not go together" in ended.err


def test_documents_are_narrowed_as_well(repository: Path) -> None:
    (repository / "Dockerfile").write_bytes(SECOND)
    found = json.loads(dockfix(repository, "--format", "json", "--changed-since", "main").out)
    assert [(file["path"], [change["line"] for change in file["changes"]]) for file in found["files"]] == [
        ("Dockerfile", [5])
    ]
