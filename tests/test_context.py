"""Build contexts from outside: folders, git trees and plain texts say the same of the same files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dockfix.adapters.context import ContextError, folder, git_tree, texts
from dockfix.model.context import Context, Entry, Kind

FILES = {"Dockerfile": b"FROM a\n", "src/main.c": b"int main;\n", "src/lib/a b.h": b"", "\u00e9/n\nl": b"x"}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder with these files, a link, and an executable."""
    top = tmp_path / "top"
    for name, text in FILES.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_bytes(text)
    (top / "run.sh").write_text("#!/bin/sh\n")
    (top / "run.sh").chmod(0o755)
    (top / "link").symlink_to("src")
    return top


def git(where: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main", *arguments]
    return subprocess.run(command, cwd=where, check=True, capture_output=True, text=True).stdout


def kinds(context: Context) -> dict[str, Entry]:
    """The entries as git keeps them: of a file, whether it can be run, of a folder no mode at all."""
    entries = sorted(context.entries.items())
    kept = {Kind.FOLDER: 0}
    return {path: Entry(e.kind, e.size, e.mode & kept.get(e.kind, 0o111), e.target) for path, e in entries}


def test_a_folder_has_its_files_with_sizes_and_a_link_is_not_followed(tree: Path) -> None:
    context = folder(str(tree))
    assert set(context.entries) == {*FILES, "run.sh", "link", "src", "src/lib", "\u00e9"}
    assert context.entries["link"] == Entry(Kind.LINK, target="src")
    assert context.entries["src/main.c"] == Entry(Kind.FILE, 10, context.entries["Dockerfile"].mode)
    assert context.entries["run.sh"].mode & 0o111
    assert context.read("src/main.c") == b"int main;\n"
    assert context.read("link") is context.read("src") is context.read("none") is None


def test_a_folder_has_a_mode_and_no_size(tree: Path) -> None:
    (tree / "src/lib").chmod(0o750)
    assert folder(str(tree)).entries["src/lib"] == Entry(Kind.FOLDER, 0, 0o750)


def test_a_folder_comes_before_what_is_in_it(tree: Path) -> None:
    for context in (folder(str(tree)), texts(FILES)):
        seen: set[str] = set()
        for path in context.entries:
            assert path.rpartition("/")[0] in seen | {""}
            seen.add(path)


def test_a_commit_has_what_the_folder_had_then(tree: Path, tmp_path: Path) -> None:
    git(tree, "init", "-q")
    git(tree, "add", "-A")
    git(tree, "commit", "-qm", "one")
    (tree / "later").write_text("x")
    git(tmp_path, "clone", "-q", "--bare", str(tree), "bare.git")
    for repository in (tree, tmp_path / "bare.git"):
        context = git_tree(str(repository))
        assert kinds(context) == {
            p: e for p, e in kinds(folder(str(tree))).items() if p.split("/")[0] not in (".git", "later")
        }
        assert context.read("src/main.c") == b"int main;\n"
        assert context.read("link") is context.read("src") is None
    below = git_tree(str(tree), "HEAD", "src")
    assert set(below.entries) == {"main.c", "lib", "lib/a b.h"}
    assert below.read("main.c") == b"int main;\n"


def test_the_history_tells_newest_first_what_each_commit_changed(tree: Path) -> None:
    git(tree, "init", "-q")
    git(tree, "add", "src")
    git(tree, "commit", "-qm", "one")
    git(tree, "checkout", "-qb", "side")
    (tree / "src/side.c").write_text("x")
    git(tree, "add", "-A")
    git(tree, "commit", "-qm", "side")
    git(tree, "checkout", "-q", "main")
    (tree / "src/main.c").write_text("y")
    git(tree, "commit", "-qam", "two")
    git(tree, "merge", "-q", "--no-ff", "side", "-m", "merge")
    told = [sorted(commit.paths) for commit in folder(str(tree)).history(10)]
    side = sorted({*FILES, "link", "run.sh", "src/side.c"} - {"src/main.c", "src/lib/a b.h"})
    assert folder(str(tree)).tracked() == {*FILES, "link", "run.sh", "src/side.c"}
    assert folder(str(tree / "src")).tracked() == {"main.c", "side.c", "lib/a b.h"}
    assert told == [side, ["src/main.c"], ["src/lib/a b.h", "src/main.c"]]
    assert [c.paths for c in folder(str(tree)).history(2)] == [tuple(side), ("src/main.c",)]
    assert [sorted(c.paths) for c in folder(str(tree / "src")).history(9)] == [
        ["side.c"],
        ["main.c"],
        ["lib/a b.h", "main.c"],
    ]
    assert [sorted(c.paths) for c in git_tree(str(tree), "HEAD", "src").history(9)] == [
        ["side.c"],
        ["main.c"],
        ["lib/a b.h", "main.c"],
    ]


def test_a_folder_without_a_repository_has_no_history(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    assert folder(str(tmp_path)).history(5) == ()
    assert folder(str(tmp_path)).tracked() is None


def test_nothing_of_a_repository_is_run(tree: Path, tmp_path: Path) -> None:
    git(tree, "init", "-q")
    git(tree, "add", "-A")
    git(tree, "commit", "-qm", "one")
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\n")
    trap.chmod(0o755)
    git(tree, "config", "core.fsmonitor", str(trap))
    git(tree, "config", "core.pager", str(trap))
    git(tree, "config", "diff.external", str(trap))
    for hook in ("post-checkout", "post-index-change"):
        (tree / ".git/hooks").mkdir(exist_ok=True)
        (tree / ".git/hooks" / hook).write_bytes(trap.read_bytes())
    assert folder(str(tree)).history(5)
    assert git_tree(str(tree)).entries
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("commit", ["nothing", "--output=x", "HEAD:none"])
def test_a_commit_that_is_not_there_is_an_error_in_one_sentence(tree: Path, commit: str) -> None:
    git(tree, "init", "-q")
    with pytest.raises(ContextError, match="git cannot list"):
        git_tree(str(tree), commit)


def test_a_folder_that_is_none_is_an_error(tree: Path) -> None:
    for path in (tree / "Dockerfile", tree / "none"):
        with pytest.raises(ContextError, match="it is no folder"):
            folder(str(path))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes in folders")
def test_what_no_builder_sends_is_neither_file_nor_folder_and_is_not_read(tree: Path) -> None:
    os.mkfifo(tree / "pipe")
    context = folder(str(tree))
    assert context.entries["pipe"] == Entry(Kind.OTHER)
    assert context.read("pipe") is None


def test_a_file_too_large_to_say_anything_is_not_read(tree: Path) -> None:
    with (tree / "large").open("wb") as file:
        file.truncate(50_000_000)
    context = folder(str(tree))
    assert context.entries["large"].size == 50_000_000
    assert context.read("large") is None


def test_progress_is_told_while_a_large_folder_is_read(tmp_path: Path) -> None:
    for number in range(11):
        (tmp_path / str(number)).mkdir()
        for name in range(1_000):
            (tmp_path / str(number) / str(name)).touch()
    told: list[int] = []
    assert len(folder(str(tmp_path), told.append).entries) == 11_011
    assert told == [5_011, 10_011]
