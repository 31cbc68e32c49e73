"""What an earlier run said is said again only where nothing has changed that it rests on."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from hashlib import sha256
from pathlib import Path

import pytest
from command import Ended, dockfix, environment, files_below, git
from corpus import corpus, needs_corpus

from dockfix.adapters.result_cache import ResultCache

SPLIT = "FROM debian:12\nRUN apt-get update\nRUN apt-get install -y curl\n"
FAKE = b"what no run would say\n"


class Folder:
    """A folder with a Dockerfile, and a cache of its own."""

    def __init__(self, root: Path, text: str = SPLIT) -> None:
        self.path = root / "project"
        self.path.mkdir()
        (self.path / "Dockerfile").write_text(text)
        self.cache = root / "cache"

    def run(self, *arguments: str) -> Ended:
        return dockfix(self.path, *(arguments or ("--diff",)), DOCKFIX_CACHE_DIR=str(self.cache))

    def entries(self) -> list[Path]:
        return [path for path in (self.cache / "results").rglob("*") if path.is_file() and path.name != "tidied"]

    def forge(self) -> None:
        """Put something else in the place of what was said, whole and well: whoever says it had it from there."""
        for entry in self.entries():
            magic, _, rest = entry.read_bytes().partition(b"\n")
            text = rest[64:].replace(b"# merge-runs", b"# forged")
            assert text != rest[64:]
            entry.write_bytes(magic + b"\n" + sha256(text).hexdigest().encode() + text)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_a_second_run_says_the_same_and_has_it_from_the_cache(folder: Folder) -> None:
    first = folder.run()
    assert folder.run() == first
    folder.forge()
    assert b"# forged" in folder.run().out


def _text(folder: Folder) -> tuple[str, ...]:
    with (folder.path / "Dockerfile").open("a") as file:
        file.write("RUN true\n")
    return ("--diff",)


def _level(_: Folder) -> tuple[str, ...]:
    return ("--diff", "--level", "safe")


def _only(_: Folder) -> tuple[str, ...]:
    return ("--diff", "--only", "merge-runs")


def _form(_: Folder) -> tuple[str, ...]:
    return ("--diff-net",)


def _verbose(_: Folder) -> tuple[str, ...]:
    return ("--diff", "-v")


def _configuration(folder: Folder) -> tuple[str, ...]:
    (folder.path / ".dockfix.toml").write_text('skip = ["no-install-recommends"]\n')
    return ("--diff",)


def _no_context(_: Folder) -> tuple[str, ...]:
    return ("--diff", "--no-context")


def _no_cache(_: Folder) -> tuple[str, ...]:
    return ("--diff", "--no-cache")


def _document(_: Folder) -> tuple[str, ...]:
    return ("--format", "json")


@pytest.mark.parametrize(
    "change", [_text, _level, _only, _form, _verbose, _configuration, _no_context, _no_cache, _document]
)
def test_what_was_said_does_not_count_once_this_is_another(folder: Folder, change: object) -> None:
    folder.run()
    folder.forge()
    arguments = change(folder)  # type: ignore[operator]
    assert b"forged" not in folder.run(*arguments).out


@pytest.mark.parametrize(
    "change",
    [
        "a new file",
        "another size",
        "another mode",
        "a file that is gone",
        "an ignore file",
        "a commit",
        "a compose file",
    ],
)
def test_a_build_context_that_has_changed_is_looked_at_again(tmp_path: Path, change: str) -> None:
    folder = Folder(tmp_path, SPLIT + "COPY app /app\n")
    app = folder.path / "app"
    app.mkdir()
    (app / "a").write_text("a")
    (app / "b").write_text("b")
    git(folder.path, "init", "-q")
    git(folder.path, "add", ".")
    git(folder.path, "commit", "-qm", "first")
    folder.run()
    folder.forge()
    assert b"forged" in folder.run().out
    match change:
        case "a new file":
            (app / "c").write_text("c")
        case "another size":
            (app / "a").write_text("aa")
        case "another mode":
            (app / "a").chmod(0o755)
        case "a file that is gone":
            (app / "a").unlink()
        case "an ignore file":
            (folder.path / ".dockerignore").write_text("app/b\n")
        case "a commit":
            git(folder.path, "commit", "-q", "--allow-empty", "-m", "second")
        case _:
            (folder.path / "compose.yaml").write_text("services: {a: {build: app}}\n")
    assert b"forged" not in folder.run().out


def test_of_a_work_tree_whose_repository_is_elsewhere_nothing_is_kept(tmp_path: Path) -> None:
    main = tmp_path / "main"
    main.mkdir()
    git(main, "init", "-q")
    git(main, "commit", "-q", "--allow-empty", "-m", "first")
    git(main, "worktree", "add", "-q", str(tmp_path / "project"))
    (tmp_path / "project").rename(tmp_path / "tree")
    folder = Folder(tmp_path, SPLIT + "COPY app /app\n")
    (folder.path / "app").mkdir()
    (tmp_path / "tree/.git").rename(folder.path / ".git")
    folder.run()
    assert folder.entries() == []


def test_where_a_compose_file_may_reach_further_nothing_is_kept(tmp_path: Path) -> None:
    folder = Folder(tmp_path, SPLIT + "COPY app /app\n")
    (folder.path / "app").mkdir()
    (folder.path / "compose.yaml").write_text("services:\n  a:\n    build: {context: ..}\n")
    folder.run()
    assert folder.entries() == []


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: b"",
        lambda text: text[:-1],
        lambda text: text[:30],
        lambda text: text.replace(b"dockfix result 1", b"dockfix result 2"),
        lambda text: text.replace(b"merge", b"xerge"),
        lambda text: os.urandom(2000),
    ],
    ids=["empty", "its end is missing", "its start alone", "of another version", "another text", "noise"],
)
def test_a_broken_entry_is_as_if_it_were_not_there(folder: Folder, damage: object) -> None:
    first = folder.run()
    for entry in folder.entries():
        entry.write_bytes(damage(entry.read_bytes()))  # type: ignore[operator]
    assert folder.run() == first


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_an_entry_of_somebody_else_does_not_count(folder: Folder) -> None:
    first = folder.run()
    folder.forge()
    for entry in folder.entries():
        os.chown(entry, 12345, 12345)
    assert folder.run() == first


def test_where_nothing_can_be_kept_the_run_is_as_without_a_cache(folder: Folder) -> None:
    folder.cache.write_text("a file, where the folder would be")
    assert folder.run() == folder.run("--diff", "--no-cache")
    assert folder.cache.read_text() == "a file, where the folder would be"


def test_without_a_cache_nothing_is_kept(folder: Folder) -> None:
    folder.run("--diff", "--no-cache")
    assert folder.entries() == []


def test_what_would_change_is_looked_at_again_and_written(folder: Folder) -> None:
    folder.run("--diff", "--level", "safe")
    written = folder.run("--write")
    assert written.status == 1
    text = (folder.path / "Dockerfile").read_text()
    assert "&& apt-get install" in text
    assert folder.run("--write").status == 0
    assert (folder.path / "Dockerfile").read_text() == text


def test_a_file_with_an_error_is_told_each_time(folder: Folder) -> None:
    (folder.path / "Dockerfile").write_text("FROM a\nRUNN b\n")
    first = folder.run()
    assert first.status == 2
    assert folder.run() == first
    assert folder.entries() == []


def test_several_processes_at_once_say_the_same(folder: Folder) -> None:
    for number in range(30):
        (folder.path / f"{number}.Dockerfile").write_text(f"{SPLIT}RUN echo {number}\n")
    expected = folder.run("--diff", "--no-cache")
    ended: list[Ended] = []
    threads = [threading.Thread(target=lambda: ended.append(folder.run())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ended == [expected] * 4
    assert all(b".tmp" not in name.encode() for name in files_below(folder.cache))
    assert folder.run() == expected


def test_what_is_a_month_old_is_dropped(tmp_path: Path) -> None:
    cache = ResultCache(str(tmp_path))
    for key in ("aa" + "0" * 62, "bb" + "0" * 62):
        cache.put(key, b"text")
    old = tmp_path / "aa" / ("0" * 62)
    month_ago = time.time() - 31 * 86_400
    os.utime(old, (month_ago, month_ago))
    cache.tidy()
    assert cache.get("aa" + "0" * 62) is None
    assert cache.get("bb" + "0" * 62) == b"text"


@needs_corpus
def test_a_second_run_over_many_files_takes_a_fraction_of_the_first(tmp_path: Path) -> None:
    for name, text in sorted(corpus().items())[::6]:
        (tmp_path / "corpus" / name).mkdir(parents=True)
        (tmp_path / "corpus" / name / "Dockerfile").write_bytes(text)
    command = [sys.executable, "-m", "dockfix", "--diff", "-j", "1", "corpus"]
    settings = environment(DOCKFIX_CACHE_DIR=str(tmp_path / "cache"))
    taken, said = [], []
    for _ in range(2):
        begun = time.perf_counter()
        said.append(subprocess.run(command, cwd=tmp_path, capture_output=True, env=settings, check=False))
        taken.append(time.perf_counter() - begun)
    assert (said[0].stdout, said[0].stderr) == (said[1].stdout, said[1].stderr)
    # The start is a part of both; over the whole corpus, it is less than a tenth (docs/performance.md).
    assert taken[1] < taken[0] / 3
