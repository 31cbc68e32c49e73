"""Changes are wanted in parts of a file only, and known ones not at all: what the engine makes of that."""

from __future__ import annotations

from hypothesis import given, settings, strategies as st

from dockfix import Change, Edit, Options, Outcome, rewrite
from dockfix.engine.fingerprint import fingerprint, text_of
from dockfix.engine.within import followed, meets
from dockfix.syntax.edit import apply

TEXT = b"FROM debian:12\nRUN echo a\nRUN echo b\nUSER x\nRUN echo c\nRUN echo d\n"
TWICE = b"FROM debian:12\nRUN echo a\nRUN echo b\nUSER x\nRUN echo a\nRUN echo b\n"
FETCH = b"FROM debian:12\nRUN apt-get update\nRUN apt-get install -y --no-install-recommends curl\nUSER x\nRUN echo c\nRUN echo d\n"


def rewritten(text: bytes, **options: object) -> Outcome:
    return rewrite({"Dockerfile": text}, options=Options(**options))  # type: ignore[arg-type]


def span(text: bytes, part: bytes) -> tuple[int, int]:
    return text.index(part), text.index(part) + len(part)


def test_only_changes_that_touch_a_wanted_part_are_made() -> None:
    done = rewritten(TEXT, within=(span(TEXT, b"RUN echo d"),))
    assert done.files["Dockerfile"] == TEXT.replace(b"\nRUN echo d", b" \\\n    && echo d")


def test_nothing_is_made_where_nothing_is_wanted() -> None:
    done = rewritten(TEXT, within=())
    assert (done.steps, done.skipped, done.held_back, done.findings) == ((), (), (), ())


def test_what_follows_from_a_wanted_change_is_wanted_too() -> None:
    done = rewritten(FETCH, within=(span(FETCH, b"RUN apt-get update\n"),))
    assert [step.change.transform for step in done.steps] == ["merge-runs", "clean-package-lists"]
    assert b"RUN echo c\nRUN echo d\n" in done.files["Dockerfile"]


def test_an_instruction_counts_as_a_whole() -> None:
    text = b"FROM debian:12\nRUN apt-get update \\\n    && apt-get install -y --no-install-recommends \\\n    curl\n"
    done = rewritten(text, within=(span(text, b"curl"),))
    assert [step.change.transform for step in done.steps] == ["clean-package-lists"]


def test_what_is_held_back_or_left_alone_elsewhere_is_not_told() -> None:
    text = b"FROM debian:12\nRUN server & sleep 1\nRUN client\nUSER x\nRUN echo c\n"
    assert [skip.transform for skip in rewritten(text).skipped] == ["merge-runs"]
    assert rewritten(text, within=(span(text, b"RUN echo c"),)).skipped == ()


def test_findings_are_those_of_wanted_instructions() -> None:
    text = b"FROM debian:12\nCOPY id_rsa /k\nRUN x\nRUN rm /k\nCMD y\n"
    every = frozenset({"hidden-bytes"})
    assert len(rewritten(text, only=every).findings) == 1
    assert len(rewritten(text, only=every, within=(span(text, b"RUN rm /k"),)).findings) == 1
    assert rewritten(text, only=every, within=(span(text, b"CMD y"),)).findings == ()


def test_a_known_change_is_neither_made_nor_held_back_and_the_others_are_made() -> None:
    done = rewritten(TEXT, is_known=lambda change, nth: b"echo a" in change.was)
    assert done.files["Dockerfile"] == TEXT.replace(b"\nRUN echo d", b" \\\n    && echo d")
    assert [change.transform for change in done.known if isinstance(change, Change)] == ["merge-runs"]
    assert done.held_back == ()


def test_of_equal_changes_each_is_asked_about_with_its_number() -> None:
    done = rewritten(TWICE, is_known=lambda change, nth: nth < 1)
    assert len(done.known) == 1
    assert done.files["Dockerfile"].startswith(b"FROM debian:12\nRUN echo a\nRUN echo b\nUSER x\nRUN echo a \\\n")


def test_where_all_is_known_nothing_changes_and_all_levels_are_named() -> None:
    text = FETCH.replace(b" --no-install-recommends", b"")
    done = rewritten(text, is_known=lambda change, nth: True)
    assert done.files["Dockerfile"] == text
    assert {str(one.level) for one in done.known if isinstance(one, Change)} >= {"safe", "review"}


def test_a_fingerprint_hangs_on_the_instructions_alone() -> None:
    (first, _) = rewritten(TEXT).steps
    (again, _) = rewritten(b"# above\n\n" + TEXT + b"CMD x\n").steps
    marks = [fingerprint(one.change.transform, "Dockerfile", text_of(one.change)) for one in (first, again)]
    assert marks[0] == marks[1]
    crlf = rewritten(TEXT.replace(b"\n", b"\r\n")).steps[0].change
    assert fingerprint(crlf.transform, "Dockerfile", text_of(crlf)) == marks[0]


def test_fingerprints_differ_by_name_file_and_text() -> None:
    marks = [
        fingerprint("a", "f", b"x"),
        fingerprint("b", "f", b"x"),
        fingerprint("a", "g", b"x"),
        fingerprint("a", "f", b"y"),
        fingerprint("af", "", b"x"),
    ]
    assert len(set(marks)) == len(marks)


@st.composite
def edited(draw: st.DrawFn) -> tuple[bytes, list[Edit], tuple[int, int]]:
    """A text of distinct bytes, disjoint edits of it, and a part of it."""
    text = bytes(range(draw(st.integers(2, 40))))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    edits = [
        Edit(start, end, bytes([200]) * draw(st.integers(0, 4)))
        for start, end in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    start = draw(st.integers(0, len(text) - 1))
    return text, edits, (start, draw(st.integers(start + 1, len(text))))


@settings(deadline=None)
@given(edited())
def test_a_part_keeps_the_bytes_that_it_had_and_takes_in_no_others(
    case: tuple[bytes, list[Edit], tuple[int, int]],
) -> None:
    text, edits, (start, end) = case
    after = apply(text, edits)
    ((first, last),) = followed(((start, end),), edits) or ()
    kept = {byte for byte in text[start:end] if byte in after}
    assert {byte for byte in after[first:last] if byte < 200} == kept


@settings(deadline=None)
@given(edited())
def test_what_an_edit_that_reaches_into_a_part_puts_there_is_in_it(
    case: tuple[bytes, list[Edit], tuple[int, int]],
) -> None:
    _, edits, (start, end) = case
    spans = followed(((start, end),), edits)
    moved = 0
    for edit in edits:
        if meets(((start, end),), edit.start, edit.end) and edit.new:
            assert meets(spans, edit.start + moved, edit.start + moved + len(edit.new))
        moved += len(edit.new) - (edit.end - edit.start)
