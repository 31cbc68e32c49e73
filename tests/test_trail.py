"""The way back from a rewritten text: lines and net edits in terms of the file as it was read."""

from __future__ import annotations

from hypothesis import given, settings, strategies as st

from dockfix.frontends.render.trail import Trail
from dockfix.syntax.edit import Edit, apply, ordered


@st.composite
def histories(draw: st.DrawFn) -> tuple[bytes, list[list[Edit]]]:
    """A text of distinct bytes, and sets of edits, each about the text that the ones before it left."""
    original = bytes(range(draw(st.integers(0, 40))))
    text, history = original, []
    for _ in range(draw(st.integers(1, 6))):
        cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
        edits = [
            Edit(start, end, bytes([200 + draw(st.integers(0, 50))]) * draw(st.integers(0, 4)))
            for start, end in zip(cuts[::2], cuts[1::2], strict=False)
        ]
        history.append(edits)
        text = apply(text, edits)
    return original, history


@given(histories())
def test_the_net_edits_of_any_history_give_its_last_text(history: tuple[bytes, list[list[Edit]]]) -> None:
    original, sets = history
    trail, text = Trail(original), original
    for edits in sets:
        trail.follow(edits)
        text = apply(text, edits)
    assert apply(original, ordered(trail.net())) == text


@given(histories())
def test_a_byte_that_stayed_is_found_where_it_came_from(history: tuple[bytes, list[list[Edit]]]) -> None:
    original, sets = history
    trail, text = Trail(original), original
    for edits in sets:
        trail.follow(edits)
        text = apply(text, edits)
    for offset, byte in enumerate(text):
        if byte < 200:
            assert trail.origin(offset) == byte


@settings(deadline=None)
@given(histories(), st.integers(0, 60), st.integers(0, 8))
def test_what_is_untouched_stands_in_the_original_with_its_neighbours(
    history: tuple[bytes, list[list[Edit]]], start: int, size: int
) -> None:
    original, sets = history
    trail, text = Trail(original), original
    for edits in sets:
        trail.follow(edits)
        text = apply(text, edits)
    start = min(start, len(text))
    end = min(start + size, len(text))
    moved = trail.untouched(start, end)
    part = text[max(0, start - 1) : end + 1]
    if moved is not None:
        assert original[max(0, start - moved - 1) : end - moved + 1] == part


def test_what_was_changed_and_what_is_right_beside_it_is_not_untouched() -> None:
    trail = Trail(b"one\ntwo\nthree\n")
    trail.follow([Edit(4, 8, b"")])
    assert [trail.untouched(start, end) for start, end in ((0, 3), (5, 9))] == [0, -4]
    assert [trail.untouched(start, end) for start, end in ((0, 4), (4, 9), (3, 5))] == [None, None, None]


def test_new_text_stands_where_it_was_put() -> None:
    trail = Trail(b"one\ntwo\nthree\n")
    trail.follow([Edit(3, 4, b" and\nmore and\n")])
    assert [trail.line(offset) for offset in (0, 5, 10, 17, 21)] == [1, 1, 1, 2, 3]
