"""The validator against a table of wrong rewrites, which it must reject, and of right ones, which it must not."""

from __future__ import annotations

import sys
from collections.abc import Callable
from difflib import SequenceMatcher

import pytest
from real_shell_pairs import PAIRS
from wrong_calls import RIGHT_CALLS, WRONG_CALLS
from wrong_downloads import RIGHT_DOWNLOADS, WRONG_DOWNLOADS
from wrong_mounts import RIGHT_MOUNTS, WRONG_MOUNTS
from wrong_moves import RIGHT_MOVES, WRONG_MOVES
from wrong_rewrites import REGROUP, RIGHT as RIGHT_REWRITES, WRONG as WRONG_REWRITES, Case

from dockfix.engine.validate import moved
from dockfix.model.facts import Facts
from dockfix.syntax.edit import Edit, apply


def edits_between(before: bytes, after: bytes) -> tuple[Edit, ...]:
    """The edits, by whole lines, that turn one text into the other."""
    old, new = (text.split(b"\n") for text in (before, after))
    # Each line with its LF, so that joining the slices gives the bytes; the last has none.
    old, new = ([line + b"\n" for line in part[:-1]] + part[-1:] for part in (old, new))
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line))
    return tuple(
        Edit(starts[i], starts[j], b"".join(new[k:m]))
        for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if tag != "equal"
    )


def by_lines(case: Case) -> tuple[Edit, ...]:
    return edits_between(case.before.encode(), case.after.encode())


def by_bytes(case: Case) -> tuple[Edit, ...]:
    """Without what an edit and the text that it replaces have in common at both ends: the way transforms cut."""
    return tuple(trimmed(case.before.encode(), edit) for edit in by_lines(case))


def as_a_whole(case: Case) -> tuple[Edit, ...]:
    return (Edit(0, len(case.before.encode()), case.after.encode()),)


def trimmed(text: bytes, edit: Edit) -> Edit:
    start, end, new = edit
    while start < end and new and text[start] == new[0]:
        start, new = start + 1, new[1:]
    while start < end and new and text[end - 1] == new[-1]:
        end, new = end - 1, new[:-1]
    return Edit(start, end, new)


Cut = Callable[[Case], tuple[Edit, ...]]

WRONG = [*WRONG_REWRITES, *WRONG_CALLS, *WRONG_MOVES, *WRONG_MOUNTS, *WRONG_DOWNLOADS]
RIGHT = [*RIGHT_REWRITES, *RIGHT_CALLS, *RIGHT_MOVES, *RIGHT_MOUNTS, *RIGHT_DOWNLOADS]

# A verdict is on the texts, not on how the edits between them are cut.
FINE_CUTS = [by_lines, by_bytes]
CUTS = [*FINE_CUTS, as_a_whole]  # as a whole, a change takes in the FROM lines, which no licence covers


def facts_of(case: Case) -> Facts:
    return Facts.read("Dockerfile", case.before.encode())


def assert_rejected(case: Case, cut: Cut) -> None:
    what = moved(facts_of(case), cut(case), case.may)
    assert what, f"accepted, cut {cut.__name__}:\n{case.before}\n->\n{case.after}"


# What real shells run differently as a plain join is one more set of wrong rewrites. That a build which fails
# has another status is left out: there is no image either way.
PLAIN_JOINS = [
    Case(pair.says, pair.text, f"{pair.head}RUN {' && '.join(pair.runs)}{pair.end}", REGROUP)
    for pair in PAIRS
    if pair.plain_join_is_wrong and not pair.fails_either_way
]


def by_sentence(cases: list[Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=[case.says for case in cases])


@by_sentence(WRONG)
def test_a_wrong_rewrite_is_rejected(case: Case) -> None:
    for cut in CUTS:
        assert_rejected(case, cut)


@by_sentence(PLAIN_JOINS)
def test_a_plain_join_that_real_shells_run_differently_is_rejected(case: Case) -> None:
    for cut in CUTS:
        assert_rejected(case, cut)


@by_sentence(RIGHT)
def test_a_right_rewrite_is_accepted(case: Case) -> None:
    """Rejecting everything would pass the tests above."""
    for cut in FINE_CUTS:
        assert moved(facts_of(case), cut(case), case.may) == (), cut.__name__


@by_sentence([case for case in RIGHT if case.may])
def test_a_right_rewrite_needs_its_licence(case: Case) -> None:
    for cut in CUTS:
        assert_rejected(case._replace(may=()), cut)


def test_no_edit_moves_nothing() -> None:
    assert all(moved(facts_of(case), (), case.may) == () for case in WRONG + RIGHT)


def test_with_the_check_switched_off_the_tables_are_not_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[__name__], "moved", lambda facts, edits, may: ())
    for case in WRONG + PLAIN_JOINS:
        with pytest.raises(AssertionError, match="accepted"):
            assert_rejected(case, by_lines)


def test_the_tables_are_as_large_as_they_should_be() -> None:
    assert len({case.says for case in WRONG}) == len(WRONG) >= 120
    assert len({case.says for case in RIGHT}) == len(RIGHT) >= 40


def test_the_edits_of_a_case_turn_before_into_after() -> None:
    for case in WRONG + PLAIN_JOINS + RIGHT:
        assert case.before != case.after
        for cut in CUTS:
            assert apply(case.before.encode(), cut(case)) == case.after.encode()
