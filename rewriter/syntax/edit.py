"""Edits of bytes: what they are, how they apply, and how they look as a unified diff."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple


class Edit(NamedTuple):
    """Replace the bytes from `start` to `end` (byte offsets, end exclusive) by `new`."""

    start: int
    end: int
    new: bytes


def ordered(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """The edits by offset; raises ValueError where two overlap or start at the same place."""
    result = tuple(sorted(edits))
    for left, right in pairwise(result):
        if right.start < left.end or right.start == left.start:
            raise ValueError(f"edits overlap at byte {right.start}")
    return result


def apply(text: bytes, edits: Iterable[Edit]) -> bytes:
    """`text` with the edits made. They must be disjoint; bytes outside of them do not move."""
    whole = memoryview(text)  # its slices are no copies
    parts: list[bytes | memoryview] = []
    at = 0
    for edit in ordered(edits):
        parts += [whole[at : edit.start], edit.new]
        at = edit.end
    parts.append(whole[at:])
    return b"".join(parts)


def shifted(edits: Iterable[Edit], by: int) -> tuple[Edit, ...]:
    """The edits moved by `by` bytes."""
    return tuple(Edit(edit.start + by, edit.end + by, edit.new) for edit in edits)


def growth(edits: Iterable[Edit]) -> int:
    """By how many bytes the edits make a text longer."""
    return sum(len(edit.new) - (edit.end - edit.start) for edit in edits)


def line_of(text: bytes, offset: int) -> int:
    """The line, from 1, that holds the byte at `offset`."""
    return text.count(b"\n", 0, offset) + 1


def start_of(text: bytes, line: int) -> int:
    """The offset at which a line, from 1, begins."""
    at = 0
    for _ in range(line - 1):
        at = _line_end(text, at)
    return at


class Place(NamedTuple):
    """The byte `offset` of a text stands in `line`, from 1."""

    offset: int = 0
    line: int = 1

    def line_of(self, text: bytes, offset: int) -> int:
        """The line of another offset, counted from this one where it lies before."""
        if offset < self.offset:
            return line_of(text, offset)
        return self.line + text.count(b"\n", self.offset, offset)


def unified_diff(
    path: str, before: bytes, edits: Iterable[Edit], context: int = 3, known: Place | None = None
) -> bytes:
    """A unified diff of the edits against `before`, with `a/` and `b/` headers; empty if they change nothing.

    `known` saves counting lines from the start of a long text.
    Lines end at LF only, so a CR stays part of its line, as `git apply` and `patch` have it.
    """
    blocks = [block for block in _blocks(before, ordered(edits)) if block.old != block.new]
    if not blocks:
        return b""
    old_name = _quoted(f"a/{path}") if before else "/dev/null"
    out = [f"--- {old_name}\n+++ {_quoted(f'b/{path}')}\n".encode("utf-8", "surrogateescape")]
    moved = 0
    for hunk in _hunks(before, blocks, context):
        grown = sum(len(block.new) - len(block.old) for block in hunk)
        out.append(_hunk(before, hunk, context, moved, known or Place()))
        moved += grown
    return b"".join(out)


class _Block(NamedTuple):
    """Whole lines `old` of the text, from byte `start` to `end`, and the lines that take their place."""

    start: int
    end: int
    old: list[bytes]
    new: list[bytes]


def _blocks(text: bytes, edits: Sequence[Edit]) -> Iterator[_Block]:
    groups: list[tuple[int, int, list[Edit]]] = []
    for edit in edits:
        start, end = _lines_of(text, edit)
        if groups and start <= groups[-1][1]:
            first, last, members = groups[-1]
            groups[-1] = (first, max(last, end), [*members, edit])
        else:
            groups.append((start, end, [edit]))
    for start, end, members in groups:
        old = text[start:end]
        yield _trimmed(start, end, _lines(old), _lines(apply(old, shifted(members, -start))))


def _lines_of(text: bytes, edit: Edit) -> tuple[int, int]:
    """From where to where an edit changes lines; where it changes whole ones, the next line is not among them."""
    start = _line_start(text, edit.start)
    whole = start == edit.start and edit.end == _line_start(text, edit.end)
    if whole and (not edit.new or edit.new.endswith(b"\n")):
        return start, edit.end
    return start, _line_end(text, edit.end)


def _trimmed(start: int, end: int, old: list[bytes], new: list[bytes]) -> _Block:
    while old and new and old[-1] == new[-1]:
        end -= len(old[-1])
        old, new = old[:-1], new[:-1]
    while old and new and old[0] == new[0]:
        start += len(old[0])
        old, new = old[1:], new[1:]
    return _Block(start, end, old, new)


def _hunks(text: bytes, blocks: Sequence[_Block], context: int) -> Iterator[list[_Block]]:
    hunk: list[_Block] = []
    for block in blocks:
        if hunk and text.count(b"\n", hunk[-1].end, block.start) > 2 * context:
            yield hunk
            hunk = []
        hunk.append(block)
    yield hunk


def _hunk(text: bytes, blocks: Sequence[_Block], context: int, moved: int, known: Place) -> bytes:
    start = blocks[0].start
    for _ in range(context):
        start = _line_start(text, start - 1) if start else 0
    end = blocks[-1].end
    for _ in range(context):
        end = _line_end(text, end)
    body: list[bytes] = []
    old_lines = new_lines = 0
    at = start
    for block in [*blocks, _Block(end, end, [], [])]:
        same = _lines(text[at : block.start])
        for mark, lines in ((b" ", same), (b"-", block.old), (b"+", block.new)):
            body += [_marked(mark, line) for line in lines]
        old_lines += len(same) + len(block.old)
        new_lines += len(same) + len(block.new)
        at = block.end
    first = known.line_of(text, start)
    header = f"@@ -{_range(first, old_lines)} +{_range(first + moved, new_lines)} @@\n".encode()
    return header + b"".join(body)


def _range(first: int, count: int) -> str:
    return f"{first if count else first - 1},{count}"


def _marked(mark: bytes, line: bytes) -> bytes:
    return mark + line if line.endswith(b"\n") else mark + line + b"\n\\ No newline at end of file\n"


def _lines(text: bytes) -> list[bytes]:
    lines = [line + b"\n" for line in text.split(b"\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines


def _line_start(text: bytes, offset: int) -> int:
    return text.rfind(b"\n", 0, offset) + 1


def _line_end(text: bytes, offset: int) -> int:
    at = text.find(b"\n", offset)
    return len(text) if at < 0 else at + 1


def _quoted(path: str) -> str:
    """The path as git writes it in a diff: in C quotes where it holds a quote, a backslash or a control character."""
    if not any(_is_odd(char) for char in path):
        return path
    return '"' + "".join(_escaped(char) if _is_odd(char) else char for char in path) + '"'


def _is_odd(char: str) -> bool:
    return char in '"\\' or ord(char) < 32 or ord(char) == 127


def _escaped(char: str) -> str:
    return f"\\{char}" if char in '"\\' else f"\\{ord(char):03o}"
