"""The server's text of a document is the editor's, whatever is typed, in whatever units positions are counted."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from editor import Buffer, editor
from hypothesis import given, settings, strategies as st
from lsprotocol import types

from dockfix.frontends.lsp.document import UNITS, Document, decoded, encoded

# What editors and Python disagree about: line ends of one, two and no sort; wide, combined, and half characters.
_HARD = [
    "\n",
    "\r",
    "\r\n",
    "\x0b",
    "\x0c",
    "\x85",
    "\u2028",
    "😀",
    "e\u0301",
    "ä",
    "\ud83d",
    "\ude00",
    "a",
    "RUN x",
    " ",
]
texts = st.lists(st.sampled_from(_HARD), max_size=30).map("".join)
# As whoever sends JSON in UTF-8 has it: two halves that meet are one character.
joined = texts.map(lambda text: text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass"))


def _boundary(buffer: Buffer, number: int) -> int:
    """A place in the buffer at which an editor can have its cursor: not inside of a pair, nor of CR and LF."""
    text = buffer.text
    units = [0]
    for char in text:
        units.append(units[-1] + (2 if ord(char) > 0xFFFF else 1))
    allowed = [
        unit for index, unit in enumerate(units) if not (text[index : index + 1] == "\n" and text[:index][-1:] == "\r")
    ]
    return allowed[number % len(allowed)]


@settings(max_examples=400, deadline=None)
@given(joined, st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99), joined), max_size=6))
def test_the_texts_are_the_same_behind_any_edits(start: str, edits: list[tuple[int, int, str]]) -> None:
    buffer, document = Buffer(start), Document.of(start)
    for one, other, text in edits:
        first, last = sorted((_boundary(buffer, one), _boundary(buffer, other)))
        begin, end = buffer.position(first), buffer.position(last)
        buffer = buffer.replaced([types.TextEdit(types.Range(begin, end), text)])
        document = document.replaced(
            document.offset(begin.line, begin.character), document.offset(end.line, end.character), text
        )
        # Halves that an edit has put together are one character for the editor, and two for bytes.
        document = Document(encoded(Buffer(document.text).text))
        assert document.text == buffer.text


@settings(max_examples=400, deadline=None)
@given(joined, st.integers(0, 99), st.sampled_from(sorted(UNITS)))
def test_the_way_to_an_offset_and_back_is_the_identity(text: str, number: int, encoding: str) -> None:
    document = Document.of(text, encoding)
    chars = [
        index for index in range(len(text) + 1) if not (text[index : index + 1] == "\n" and text[:index][-1:] == "\r")
    ]
    offset = len(encoded(text[: chars[number % len(chars)]]))
    place = document.place(offset)
    assert document.offset(*place) == offset


@pytest.mark.parametrize(
    ("encoding", "character"), [("utf-8", 7), ("utf-16", 5), ("utf-32", 4)], ids=["UTF-8", "UTF-16", "UTF-32"]
)
def test_the_example_of_the_specification(encoding: str, character: int) -> None:
    # https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/#textDocuments
    assert Document.of('x="😋"', encoding).place(7) == (0, character)


def test_a_position_behind_the_end_is_the_end() -> None:
    document = Document.of("ab\r\ncd")
    assert [document.offset(0, 9), document.offset(1, 9), document.offset(7, 0)] == [2, 6, 6]


def test_bytes_come_back_as_they_came() -> None:
    assert encoded(decoded("a\ud83d".encode("utf-8", "surrogatepass"))) == b"a\xed\xa0\xbd"


def _is_text(text: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in text)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200), joined.filter(_is_text)), max_size=8))
def test_what_is_told_behind_any_edits_is_what_is_told_of_the_same_text_opened_anew(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[int, int, str]]
) -> None:
    asyncio.run(_typed(tmp_path_factory.mktemp("typed"), edits))


async def _typed(folder: Path, edits: list[tuple[int, int, str]]) -> None:
    start = "# 😀\r\nFROM debian:12\nRUN apt-get update\nRUN apt-get install -y curl # é\nCOPY a /tmp/\nRUN rm /tmp/a\n"
    async with editor(folder) as it:
        uri = it.open(folder / "Dockerfile", start)
        for one, other, text in edits:
            buffer = it.buffers[uri]
            first, last = sorted((_boundary(buffer, one), _boundary(buffer, other)))
            last = min(last, first + 8)
            if last not in {_boundary(buffer, number) for number in range(len(buffer) + 1)}:
                last = first
            it.type(uri, types.TextEdit(types.Range(buffer.position(first), buffer.position(last)), text))
        anew = it.open(folder / "anew.Dockerfile", it.buffers[uri].text)
        told, expected = await it.diagnostics(uri), await it.diagnostics(anew)
    assert [_shown(one) for one in told] == [_shown(one) for one in expected]


def _shown(one: types.Diagnostic) -> tuple[object, ...]:
    return (one.range, one.code, one.severity, one.message)
