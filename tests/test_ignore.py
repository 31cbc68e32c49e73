"""The rules of .dockerignore files: BuildKit's own cases, and that a walk of a tree says what single paths do."""

from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import example, given, settings, strategies as st
from ignore_vectors import BAD, READ, ROWS, Row
from trees import FILE, FOLDER, tree

from dockfix.model.context import Entry, Kind
from dockfix.model.ignore import BadPattern, Ignore, found


def ignore(*lines: str) -> Ignore:
    return Ignore.parse("\n".join(lines).encode())


def told(row: Row) -> str:
    return f"after {' then '.join(row.lines) or 'nothing'}, {row.path} is {'ignored' if row.ignored else 'sent'}"


def test_there_are_enough_vectors() -> None:
    assert len(set(ROWS)) + len(BAD) + len(READ) >= 180


@pytest.mark.parametrize("row", ROWS, ids=told)
def test_a_path_is_ignored_as_by_buildkit(row: Row) -> None:
    assert ignore(*row.lines).ignores(row.path) is row.ignored


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.path.strip("./") and not row.path.startswith("/")], ids=told
)
def test_so_it_is_in_a_tree(row: Row) -> None:
    path = row.path.rstrip("/")
    assert (path in ignore(*row.lines).left(tree(path))) is not row.ignored


@pytest.mark.parametrize(
    ("text", "line"), BAD.items(), ids=[f"{text[:20]} fails in line {n}" for text, n in BAD.items()]
)
def test_a_bad_pattern_is_told_with_its_line(text: str, line: int) -> None:
    with pytest.raises(BadPattern, match=f"^line {line}: ") as caught:
        Ignore.parse(text.encode())
    assert caught.value.line == line


@pytest.mark.parametrize(("text", "patterns"), READ.items(), ids=[f"{text[:20]} reads so" for text in READ])
def test_a_file_is_read_as_by_buildkit(text: str, patterns: tuple[str, ...]) -> None:
    assert Ignore.parse(text.encode()).patterns == patterns


def test_bytes_that_are_no_text_match_themselves() -> None:
    assert Ignore.parse(b"a\xff\n").ignores("a\udcff")
    assert ignore("a?").ignores("a\udcff")


def test_a_line_break_in_a_name_is_matched_by_a_star_but_not_by_two() -> None:
    assert ignore("*").ignores("a\nb")
    assert not ignore("**/x*").ignores("a\nb/x1")
    assert ignore("**/x").ignores("a\nb/x")


@pytest.mark.parametrize(
    ("lines", "sent"),
    [
        (("a",), "c c/d"),
        (("a", "!a/b/x"), "a a/b a/b/x c c/d"),
        (("**", "!**/x"), "a a/b a/b/x"),
        (("*", "!a/b"), "a a/b a/b/x a/b/y"),
        (("*", "!c", "c/d"), "c"),
        (("*",), ""),
        ((), "a a/b a/b/x a/b/y c c/d"),
    ],
    ids=lambda value: " then ".join(value) if isinstance(value, tuple) else f"sends {value or 'nothing'}",
)
def test_what_is_brought_back_brings_its_folders(lines: tuple[str, ...], sent: str) -> None:
    entries = tree("a/b/x", "a/b/y", "c/d")
    left = ignore(*lines).left(entries)
    assert left == {path: entries[path] for path in sent.split()}
    assert list(left) == sent.split()


def test_links_are_sent_and_sockets_are_not() -> None:
    entries = {"a": Entry(Kind.LINK), "b": Entry(Kind.OTHER)}
    assert list(Ignore(()).left(entries)) == ["a"]


def test_a_tree_may_leave_out_its_folders() -> None:
    assert list(ignore("a", "!a/b/c").left({"a/b/c": FILE, "a/b/d": FILE})) == ["a/b/c"]


PATTERNS = st.lists(
    st.builds(
        "{}{}".format,
        st.sampled_from(["", "", "!"]),
        st.lists(
            st.sampled_from([*"abc/*?", "/", "/", "**/", "/**", "[ab]", "[^a]", "a.b", r"\a", "^", "|"]),
            min_size=1,
            max_size=5,
        ).map("".join),
    ),
    max_size=6,
)
TREES = st.lists(
    st.lists(st.sampled_from(["a", "b", "c", "ab", "a.b", "x\n"]), min_size=1, max_size=4).map("/".join), max_size=12
).map(lambda files: tree(*files))


def parsed(lines: list[str]) -> Ignore:
    try:
        return ignore(*lines)
    except BadPattern:
        return Ignore(())


@settings(max_examples=600, deadline=None)
@given(PATTERNS, TREES)
@example(["*", "!d/f", "d"], tree("d/f"))
@example(["*", "!a/*/**"], tree("a/x/y"))
def test_a_tree_is_what_its_paths_are_and_the_folders_above_them(lines: list[str], entries: dict[str, Entry]) -> None:
    rules = parsed(lines)
    kept = {path for path in entries if not rules.ignores(path)}
    above = {path[:at] for path in kept for at, char in enumerate(path) if char == "/"}
    assert rules.left(entries) == {path: entry for path, entry in entries.items() if path in kept | above}


@settings(max_examples=300, deadline=None)
@given(PATTERNS, TREES)
def test_without_exceptions_a_path_is_ignored_if_a_pattern_matches_it_or_a_folder_above(
    lines: list[str], entries: dict[str, Entry]
) -> None:
    rules = parsed([line.lstrip("!") for line in lines])
    for path in entries:
        chain = [*(path[:at] for at, char in enumerate(path) if char == "/"), path]
        assert rules.ignores(path) is bool(found(rules.patterns, chain))


@settings(max_examples=200, deadline=None)
@given(PATTERNS)
def test_patterns_parse_to_themselves(lines: list[str]) -> None:
    patterns = parsed(lines).patterns
    assert parsed(list(patterns)).patterns == patterns


def test_a_large_tree_takes_about_a_second() -> None:
    entries = {f"d{one}": FOLDER for one in range(100)}
    entries |= {f"d{one}/e{two}": FOLDER for one in range(100) for two in range(20)}
    entries |= {
        f"d{one}/e{two}/file_{one * two * three}.{end}": FILE
        for one in range(100)
        for two in range(20)
        for three in range(25)
        for end in ("js", "py", "md", "map")
    }
    lines = [f"**/*.x{number}" for number in range(10)] + [f"**/[Nn]ame{number}" for number in range(10)]
    lines += ["**/*.map", "**", "!**/e1*", "!d7/**", "**/*.md"] + [f"d{number}/e/*.js" for number in range(15)]
    start = perf_counter()
    left = ignore(*lines).left(entries)
    assert 0 < len(left) < len(entries)
    assert perf_counter() - start < 5  # It takes half a second; a machine under load may need more.
