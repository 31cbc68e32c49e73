"""Parts of a text that changes are wanted in, and where these parts are once the text is edited."""

from collections.abc import Iterable

from ..syntax.edit import Edit

Spans = tuple[tuple[int, int], ...]
"""From where to where, in byte offsets; None in their place means the whole text."""


def meets(spans: Spans | None, start: int, end: int) -> bool:
    """Whether any byte from `start` to `end` is in one of the spans."""
    return spans is None or any(first < end and start < last for first, last in spans)


def followed(spans: Spans | None, edits: Iterable[Edit]) -> Spans | None:
    """The spans in the text behind the edits; where an edit reaches into one, so does what it puts there."""
    if spans is None:
        return None
    by_offset = sorted(edits)
    return tuple((_moved(by_offset, start, last=False), _moved(by_offset, end, last=True)) for start, end in spans)


def _moved(edits: Iterable[Edit], offset: int, *, last: bool) -> int:
    moved = offset
    for edit in edits:
        if edit.end <= offset:
            moved += len(edit.new) - (edit.end - edit.start)
        elif edit.start < offset:
            return moved - (offset - edit.start) + (len(edit.new) if last else 0)
    return moved
