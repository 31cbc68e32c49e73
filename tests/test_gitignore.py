"""What .gitignore files become in a .dockerignore, against git itself where it is there."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, example, given, settings, strategies as st
from trees import tree

from dockfix.model.context import Entry, Kind
from dockfix.model.gitignore import translated
from dockfix.model.ignore import Ignore, matcher


class Case(NamedTuple):
    """The lines of a .gitignore, and those of the .dockerignore for it."""

    says: str
    lines: str
    expected: str
    files: str = ""
    folder: str = ""


CASES = [
    Case("a name is one at any depth", "node_modules", "**/node_modules"),
    Case("a slash in front says the root", "/dist", "dist"),
    Case("a slash inside says the root, too", "a/b", "a/b"),
    Case("a nested file speaks of its folder", "x\n/y\nz/w", "a/b/**/x\na/b/y\na/b/z/w", folder="a/b"),
    Case("the name of its folder is no pattern", "x", r"\[id\]/\*/**/x", folder="[id]/*"),
    Case("a pattern for folders is one for all where no file is hit", "build/", "**/build", "build/x"),
    Case("a file of that name is spared", "build/", "**/build/**", "build/x b/build"),
    Case("all folders are ignored, and no file beside them", "/*/", "*/**", "a b/c"),
    Case("of all below, a file is spared", "/a/**/", "a/*/**", "a/b a/c/d"),
    Case("comments and blank lines are no patterns", "# a\n\n#b\n", ""),
    Case("a hash is escaped", "\\#a", "**/#a"),
    Case("at the root, it must be in a .dockerignore", "/#a", "\\#a"),
    Case("so must an exclamation mark", "/!a\n\\!b", "\\!a\n**/!b"),
    Case("blanks at the end are nothing", "a  ", "**/a"),
    Case("an escaped blank is one", "a\\  ", "**/a[ ]"),
    Case("so is one in front", "/ a", "[ ]a"),
    Case("a line may end in CR LF", "a\r\nb\r\n", "**/a\n**/b"),
    Case("a byte order mark is nothing", "\ufeffa", "**/a"),
    Case("a negated class has a caret, and no slash", "a[!b]", "**/a[^/b]"),
    Case("a class keeps its order and its ranges", "[Bb]in\n*.py[cod]\n[0-9a]", "**/[Bb]in\n**/*.py[cdo]\n**/[0-9a]"),
    Case("wildcards in a class are escaped", "[*?]", r"**/[\*\?]"),
    Case("a range does not run over a slash", "[.-1]", "**/[.01]"),
    Case("a bracket may be the first in a class", "[]a]", r"**/[\]a]"),
    Case("classes have names", "[[:digit:]_]", "**/[0-9_]"),
    Case("a class of an unknown name matches nothing", "[[:vowel:]]\n[a", ""),
    Case("an escaped letter is itself", r"\d\*", r"**/d\*"),
    Case("a backslash at the end matches nothing", "a\\", ""),
    Case("what BuildKit would read as an expression is escaped", "a|b{2}*^", r"**/a\|b\{2\}*\^"),
    Case("two stars beside a name are one", "a**\n/b**c", "**/a*\nb*c"),
    Case("two stars between slashes stay", "**/a\na/**\na/**/b", "**/a\na/**\na/**/b"),
    Case("a doubled slash matches nothing, nor do dots", "a//b\n./a\na/..\n/", ""),
    Case("what is brought back stays behind", "*.env\n!a.env", "**/*.env\n!**/a.env"),
    Case("nothing is brought back below an ignored folder", "/a\n!/a/b", "a"),
    Case("where nothing is ignored, nothing is brought back", "!x\nx", "**/x"),
    Case("nor is what no pattern before it matches", "build/\n!keep.txt", "**/build"),
    Case("a folder goes behind what can't be it", "build/\n*.log\n!a.log", "**/*.log\n!**/a.log\n**/build"),
    Case("of all, some in front come back", "*\n!.gitignore", "**/*\n!.gitignore"),
    Case("of all, some anywhere come back", "*\n!*/\n!*.py", "**/*\n!**/*.py"),
    Case("of the root, a folder comes back", "/*\n!/src/", "*\n!src"),
    Case("of a folder, a folder comes back", "/a/*\n!/a/b/\n/a/b/*\n!/a/b/c", "a/*\n!a/b\na/b/*\n!a/b/c"),
    Case(
        "an exception is repeated where the folder itself is spared", "a/\n!/b/a", "**/a/**\n!b/a\n!b/a/**", "a b/a/x"
    ),
    Case("the walker must get into a folder", "x*\n!/a/*/**", "**/x*\n!a/*/**/*"),
]


@pytest.mark.parametrize("case", CASES, ids=[case.says for case in CASES])
def test_it_comes_out_exactly(case: Case) -> None:
    assert translated({case.folder: case.lines.encode()}, tree(*case.files.split())) == case.expected.splitlines()


def test_deeper_files_come_later_and_those_in_ignored_folders_not_at_all() -> None:
    texts = {"a/b": b"!x\n", "": b"x\n/c\n", "a": b"y\n", "c/d": b"!z\n"}
    assert translated(texts) == ["**/x", "!a/b/**/x", "c", "a/**/y"]


def test_a_name_that_a_dockerignore_can_not_hold_is_left_in() -> None:
    assert translated({"a\nb": b"x\n!y\n", "": b"\xff\ny\n"}) == ["**/y", "!a?b/**/y"]


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    if shutil.which("git") is None:
        pytest.skip("there is no git")
    folder = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "-q", "--template=", str(folder)], check=True)
    return folder


def ignored_by_git(repository: Path, texts: dict[str, bytes], entries: dict[str, Entry]) -> set[str]:
    """The files that git ignores in a tree made for it."""
    for item in repository.iterdir():
        if item.name != ".git":
            shutil.rmtree(item) if item.is_dir() else item.unlink()
    for path, entry in entries.items():
        (repository / path).mkdir() if entry.kind is Kind.FOLDER else (repository / path).touch()
    for folder, text in texts.items():
        (repository / folder / ".gitignore").write_bytes(text)
    files = "\0".join(path for path, entry in entries.items() if entry.kind is Kind.FILE)
    done = subprocess.run(
        ["git", "-c", "core.excludesFile=/dev/null", "-c", "core.ignoreCase=false", "check-ignore", "-z", "--stdin"],
        cwd=repository,
        input=files.encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return set(done.stdout.decode().split("\0")) - {""}


def in_turn(patterns: tuple[str, ...], path: str) -> bool:
    """Whether a builder ignores a path that asks MatchesOrParentMatches of patternmatcher: the last match decides."""
    chain = [*(path[:at] for at, char in enumerate(path) if char == "/"), path]
    ignored = False
    for pattern in patterns:
        if pattern.startswith("!") is ignored and any(map(matcher(pattern.removeprefix("!")), chain)):
            ignored = not ignored
    return ignored


NAMES = ["a", "b", "ab", "x.py", "build", "#a", "!b", " a", "a ", "]", "^", "{a}", "a|b", "\\", "*", "a-"]
PIECES = [
    *["a", "b", "ab", "build", "*.py", "*", "*", "/", "/", "/", "**", "**/", "/**", "?", "a*", "*/"] * 4,
    *[
        "***",
        "[ab]",
        "[!a]",
        "[^a]",
        "[a-c]",
        "[]a]",
        "[",
        "]",
        "\\",
        "\\#",
        "\\!",
        "\\*",
        "#",
        "!",
        " ",
        "\\ ",
        "[.-1]",
    ],
    *[
        "[[:alpha:]]",
        "[[:foo:]]",
        "[*]",
        "[?]",
        "[a-",
        "[\\]a]",
        "^",
        "{",
        "}",
        "|",
        "\t",
        "\\a",
        "..",
        ".",
        "[!!]",
        "-",
    ],
]
LINES = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "", "", "!", "!", "/"]),
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("".join),
    st.sampled_from(["", "", "", "/"]),
)
TEXTS = st.lists(LINES, min_size=1, max_size=5).map(lambda lines: "\n".join(lines).encode())
TREES = st.lists(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4).map("/".join), min_size=1, max_size=14).map(
    lambda files: tree(*files)
)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TREES, TEXTS, st.lists(st.tuples(st.integers(0, 20), TEXTS), max_size=2))
@example(tree("ab/a/b"), b"/*/\n!ab/\n", [])
@example(tree("a/x/y"), b"*\n!a/\n!a/*/\n!a/*/**\n", [])
@example(tree("a/build/x"), b"*\nbuild\n!a\n!build\n", [])
def test_no_file_is_ignored_that_git_does_not_ignore(
    repository: Path, entries: dict[str, Entry], text: bytes, nested: list[tuple[int, bytes]]
) -> None:
    folders = [path for path, entry in entries.items() if entry.kind is Kind.FOLDER]
    texts = {"": text} | {folders[at % len(folders)]: below for at, below in nested if folders}
    rules = Ignore.parse("\n".join(translated(texts, entries)).encode())
    kept = {path for path, entry in entries.items() if entry.kind is Kind.FILE} - ignored_by_git(
        repository, texts, entries
    )
    assert kept <= rules.left(entries).keys()
    assert not any(in_turn(rules.patterns, path) for path in kept)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TREES, TEXTS)
def test_without_exceptions_just_the_files_are_ignored_that_git_ignores(
    repository: Path, entries: dict[str, Entry], text: bytes
) -> None:
    texts = {"": b"\n".join(line.lstrip(b"!") for line in text.split(b"\n"))}
    left = Ignore.parse("\n".join(translated(texts, entries)).encode()).left(entries)
    files = {path for path, entry in entries.items() if entry.kind is Kind.FILE}
    assert files - left.keys() == ignored_by_git(repository, texts, entries)


USUAL = [
    "*.log\n!important.log\nbuild/\n",
    "*\n!*/\n!*.py\n",
    "/*\n!/a\n",
    "*\n!.gitignore\n",
    "build/\n!ab\n",
    "a/*\n!a/build\na/build/*\n!a/build/x.py\n",
    "*.py\n!a\n",
]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    TREES.filter(lambda entries: all(entry.kind is not Kind.FOLDER for path, entry in entries.items() if ".py" in path))
)
@pytest.mark.parametrize("text", USUAL, ids=lambda text: text.replace("\n", " then "))
def test_usual_exceptions_are_those_of_git(repository: Path, text: str, entries: dict[str, Entry]) -> None:
    texts = {"": text.encode()}
    left = Ignore.parse("\n".join(translated(texts, entries)).encode()).left(entries)
    files = {path for path, entry in entries.items() if entry.kind is Kind.FILE}
    assert files - left.keys() == ignored_by_git(repository, texts, entries)
