"""Changes as suggestions: each, applied alone as GitHub applies it, is what the change alone makes of the text."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from corpus import corpus, needs_corpus
from hypothesis import given, settings, strategies as st

from dockfix import Options, rewrite
from dockfix.adapters.shfmt import Shfmt
from dockfix.engine.change import Change, Level
from dockfix.frontends.bot.groups import Made
from dockfix.frontends.bot.making import commits
from dockfix.frontends.bot.platform import Suggestion
from dockfix.frontends.bot.suggesting import parts_of, suggestions
from dockfix.syntax.edit import Edit, apply, unified_diff

SHFMT = Shfmt()
PATH = "api/Dockerfile"
EVERYWHERE = {PATH: ((1, 1_000_000),)}


def applied(text: bytes, one: Suggestion) -> bytes:
    """As GitHub applies it: the lines go, and those of the block come; an empty block has none."""
    assert one.text is not None
    lines = text.split(b"\n")
    assert one.last <= len(lines)
    lines[one.first - 1 : one.last] = one.text.encode().split(b"\n") if one.text else []
    return b"\n".join(lines)


def made_of(text: bytes, transform: str = "") -> list[Made]:
    """What the engine makes of it, all of it or one transform alone."""

    def accept(change: Change) -> bool:
        return transform in ("", change.transform)

    options = Options(level=Level.REVIEW, accept=accept)
    return list(commits(rewrite({PATH: text}, options=options, second_opinion=SHFMT)))


def by_hand(text: bytes, *steps: Sequence[Edit]) -> list[Made]:
    """Changes that no transform makes: each step is one, on top of those before it."""
    made = []
    for edits in steps:
        first, last = min(edits).start, max(edits).end
        line = text.count(b"\n", 0, first) + 1
        was, diff = text[first:last], unified_diff(PATH, text, edits).decode("utf-8", "surrogateescape")
        text = apply(text, edits)
        made.append(Made("rule", "safe", "proved", PATH, line, "say it", "", diff, was, b"", {PATH: text}))
    return made


def told(made: Sequence[Made], *lines: tuple[int, int]) -> list[Suggestion]:
    return suggestions(made, {PATH: lines} if lines else EVERYWHERE)


# What the engine makes.

TEXT = b"""\
FROM debian:12-slim
RUN echo a
RUN echo b
USER shop
RUN apt-get update \\
 && apt-get install -y curl \\
 && echo done
CMD ["shop"]
"""


def test_the_first_change_of_a_file_gives_the_text_of_its_commit() -> None:
    made = made_of(TEXT)
    first = told(made)[0]
    assert (first.path, first.first, first.last, first.text) == (PATH, 2, 3, "RUN echo a \\\n && echo b")
    assert applied(TEXT, first) == made[0].files[PATH]


def test_a_change_behind_one_that_moved_lines_is_told_where_the_lines_are_in_the_head() -> None:
    text = b"FROM debian:12\nRUN a\nRUN b\nUSER x\nCMD c\n"
    first, second = Edit(15, 27, b"RUN a && b\n"), Edit(34, 39, b"CMD d")
    moved = Edit(second.start - 1, second.end - 1, second.new)
    found = told(by_hand(text, [first], [moved]))
    assert [(one.first, one.last) for one in found] == [(2, 3), (5, 5)]
    assert [applied(text, one) for one in found] == [apply(text, [first]), apply(text, [second])]


def test_a_change_of_an_instruction_that_another_has_changed_waits_for_it() -> None:
    """The lists would be deleted in another layer than the one that has fetched them."""
    text = b"FROM debian:12-slim\nRUN apt-get update \\\n && apt-get install -y curl\nRUN echo a \\\n && echo b\n"
    made = made_of(text)
    assert [one.transform for one in made if one.level == "safe"] == ["merge-runs", "clean-package-lists"]
    assert sum("clean-package-lists" in one.message for one in told(made)) == 0


@pytest.mark.parametrize("end", [b"", b"\n"])
def test_a_final_line_end_stays_as_it_is(end: bytes) -> None:
    text = b"FROM debian:12-slim\nRUN echo a\nRUN echo b" + end
    made = made_of(text)
    (one,) = told(made)
    assert applied(text, one) == made[0].files[PATH]
    assert applied(text, one).endswith(b"echo b" + end)


def test_lines_that_end_in_cr_lf_are_told_in_words() -> None:
    (one,) = told(made_of(b"FROM debian:12-slim\r\nRUN echo a\r\nRUN echo b\r\n"))
    assert (one.first, one.last, one.text) == (2, 3, None)
    assert one.message.endswith("Nothing to apply here: its lines end in CR LF, and those of a suggestion in LF.")


def test_only_what_lies_within_lines_that_the_pull_request_changes_is_told() -> None:
    made = made_of(TEXT, "merge-runs")
    assert len(told(made, (2, 3))) == len(told(made, (1, 1), (2, 4))) == 1
    assert told(made, (3, 3)) == told(made, (2, 2), (3, 3)) == told(made, (3, 9)) == []
    assert suggestions(made, {"Dockerfile": ((1, 9),)}) == []


# What is hard to say.


def test_lines_are_deleted_by_an_empty_text() -> None:
    text = b"A\r\nB\r\nC\r\nD\r\n"
    made = by_hand(text, [Edit(3, 9, b"")])
    (one,) = told(made)
    assert (one.first, one.last, one.text) == (2, 3, "")
    assert applied(text, one) == b"A\r\nD\r\n"


@pytest.mark.parametrize(
    ("text", "edit", "why"),
    [
        (b"A\nB\nC\n", Edit(2, 3, b""), "a suggestion that is empty deletes the line"),
        (b"A\nB", Edit(3, 3, b"\n"), "it changes whether the file ends with a line end"),
        (b"A\nB\n", Edit(3, 4, b""), "it changes whether the file ends with a line end"),
        (b"A\nB", Edit(2, 3, b""), "it changes whether the file ends with a line end"),
        (b"A\nB\n", Edit(2, 3, b"\xff"), "it has characters that no comment can hold"),
        (b"A\nB\n", Edit(2, 3, b"\x1b[2J"), "it has characters that no comment can hold"),
        (b"A\nB\n", Edit(2, 3, b"x\ry"), "it has characters that no comment can hold"),
        (b"A\nB\n", Edit(2, 3, b"B\r\nC\r"), "its lines end in CR LF, and those of a suggestion in LF"),
    ],
)
def test_what_a_block_cannot_say_is_said_in_words(text: bytes, edit: Edit, why: str) -> None:
    (one,) = told(by_hand(text, [edit]))
    assert one.text is None
    assert one.message.endswith(f" Nothing to apply here: {why}.")


def test_a_path_that_is_no_utf_8_has_no_place_in_an_answer() -> None:
    made = [one._replace(path="\udcff/Dockerfile") for one in made_of(TEXT, "merge-runs")]
    assert suggestions(made, {"\udcff/Dockerfile": ((1, 9),)}) == []


def test_an_insertion_takes_in_the_line_before_and_at_the_top_the_one_behind() -> None:
    text = b"A\nB\nC\n"
    for at, first, said in ((0, 1, "X\nA"), (2, 1, "A\nX"), (6, 3, "C\nX")):
        made = by_hand(text, [Edit(at, at, b"X\n")])
        (one,) = told(made)
        assert (one.first, one.last, one.text) == (first, first, said)
        assert applied(text, one) == made[0].files[PATH]


def test_a_change_at_two_places_is_one_suggestion_where_they_are_near_and_none_where_not() -> None:
    lines = [b"%d\n" % number for number in range(10, 40)]
    text = b"".join(lines)
    near = by_hand(text, [Edit(3, 5, b"x"), Edit(12, 14, b"y")])
    (one,) = told(near)
    assert (one.first, one.last, one.text) == (2, 5, "x\n12\n13\ny")
    assert told(by_hand(text, [Edit(3, 5, b"x"), Edit(60, 62, b"y")])) == []


# Laws.

line = st.sampled_from([b"RUN a", b"RUN b", b"", b" && c \\", b"# d", b"\tE\t", b"```", b"@@ -1,2 +3,4 @@", b"--- a/x"])
texts = st.builds(
    lambda lines, end: b"\n".join(lines) + end, st.lists(line, min_size=1, max_size=25), st.sampled_from([b"\n", b""])
)


@st.composite
def edits_of(draw: st.DrawFn, text: bytes) -> list[Edit]:
    """One to three edits, apart, that change something."""
    count = draw(st.integers(1, min(3, (len(text) + 1) // 2)))
    ends = sorted(draw(st.lists(st.integers(0, len(text)), min_size=2 * count, max_size=2 * count, unique=True)))
    new = st.lists(line, max_size=3).map(b"\n".join) | st.lists(line, max_size=3).map(
        lambda rows: b"".join(b"%s\n" % one for one in rows)
    )
    edits = [Edit(first, last, draw(new)) for first, last in zip(ends[::2], ends[1::2], strict=True)]
    return [one for one in edits if text[one.start : one.end] != one.new]


@given(st.data())
@settings(deadline=None, max_examples=300)
def test_each_suggestion_alone_is_its_change_alone(data: st.DataObject) -> None:
    text = data.draw(texts.filter(bool))
    edits = data.draw(edits_of(text))
    if not edits or not unified_diff(PATH, text, edits):
        return
    made = by_hand(text, edits)
    for one in told(made):
        if one.text is not None:
            assert applied(text, one) == made[0].files[PATH]


@given(st.data())
@settings(deadline=None, max_examples=300)
def test_a_suggestion_behind_others_is_what_it_were_without_them(data: st.DataObject) -> None:
    """Each step replaces lines of its own: what it makes of the head is known, wherever the others have moved it."""
    lines = [b"line %d" % number for number in range(data.draw(st.integers(2, 30)))]
    text = b"".join(one + b"\n" for one in lines)
    chosen = data.draw(st.lists(st.sampled_from(lines), unique=True, min_size=1, max_size=6))
    now, made, alone = text, [], {}
    for one in chosen:
        new = data.draw(st.sampled_from([b"", b"new %s\n" % one, b"new %s\nx\ny\n" % one]))
        at = now.index(one + b"\n")
        made += by_hand(now, [Edit(at, at + len(one) + 1, new)])
        now = made[-1].files[PATH]
        was = text.index(one + b"\n")
        alone[text.count(b"\n", 0, was) + 1] = apply(text, [Edit(was, was + len(one) + 1, new)])
    found = told(made)
    assert {one.first: applied(text, one) for one in found}.items() <= alone.items()
    assert found[0].first in alone


def test_what_is_too_long_for_a_comment_is_named_and_not_suggested() -> None:
    (one,) = told(by_hand(b"FROM x\nRUN a\n", [Edit(7, 12, b"RUN " + b"b" * 40_000)]))
    assert one.text is None
    assert one.message.endswith("Nothing to apply here: it is too long for a comment.")


@given(texts)
@settings(deadline=None, max_examples=200)
def test_the_parts_of_a_diff_make_the_new_text_of_the_old_one(text: bytes) -> None:
    new = b"".join(
        b"NEW\n" + row if at % 5 == 2 else row for at, row in enumerate(text.splitlines(keepends=True)) if at % 7
    )
    if not text or new == text:
        return
    diff = unified_diff(PATH, text, [Edit(0, len(text), new)]).decode()
    lines: list[str] = text.decode().splitlines(keepends=True)
    for part in reversed(list(parts_of(diff))):
        assert tuple(lines[part.first - 1 : part.last]) == part.was
        lines[part.first - 1 : part.last] = part.new
    assert "".join(lines).encode() == new


@needs_corpus
def test_over_real_dockerfiles_each_suggestion_is_what_its_transform_alone_makes_there() -> None:
    """Applied alone it is a step of a run in which nothing else is changed: what it says does not rest on the others."""
    blocks = words = 0
    for name, text in sorted(corpus().items())[:: len(corpus()) // 60]:
        made = made_of(text)
        for one in told(made):
            if one.text is None:
                words += 1
                continue
            blocks += 1
            (own,) = {each.transform for each in made if f"`{each.transform}`" in one.message}
            same = [it for it in told(made_of(text, own)) if it[1:3] == one[1:3]]
            assert [it.text for it in same] == [one.text], name
        if made and (first := told(made[:1])) and first[0].text is not None:
            assert applied(text, first[0]) == made[0].files[PATH], name
    assert blocks > 30
    assert words < blocks
