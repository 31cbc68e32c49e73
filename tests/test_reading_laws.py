"""Laws of reading: the tree is the file, and BuildKit's own parser sees the same instructions."""

from __future__ import annotations

import random

import dockerfile
import pytest
from corpus import corpus, needs_corpus
from hypothesis import given, settings, strategies as st

from dockfix.model.facts import Facts
from dockfix.model.runs import runs
from dockfix.syntax.edit import Edit, apply, line_of
from dockfix.syntax.reread import reread
from dockfix.syntax.source import Source, parse

# Pieces of Dockerfiles that are easily misread, to be put together at random.
FRAGMENTS = [
    *(
        b"FROM a",
        b"from a AS b",
        b"RUN a",
        b"RUN a && b",
        b"COPY a b",
        b"ENV a=b c='d e'",
        b"ONBUILD RUN x",
        b"LABEL a",
    ),
    *(
        b" \\",
        b"\\",
        b"\\ ",
        b" `",
        b"#",
        b"# escape=`",
        b"# syntax=x",
        b"\n",
        b"\n\n",
        b"\r\n",
        b"\t",
        b" ",
        b"\xef\xbb\xbf",
    ),
    *(
        b"<<EOF",
        b"<<-EOF",
        b"<<'EOF'",
        b"EOF",
        b"\tEOF",
        b"'",
        b'"',
        b"$a",
        b"${a:-b}",
        b"[",
        b'["a"]',
        b"--mount=type=cache",
    ),
    *(b"\xff\xfe", "é".encode(), b"\0", b"; ", b" || ", b" | ", b"{ a; }", b"( a )", b"if a; then b; fi", b"set -e; "),
]
texts = st.one_of(st.binary(max_size=200), st.lists(st.sampled_from(FRAGMENTS), max_size=30).map(b"".join))


def printed(source: Source) -> bytes:
    """The text put together again from the tree alone."""
    parts = []
    for node in source.nodes:
        spans = [(piece.start, piece.end) for piece in node.pieces] or [(node.start, node.end)]
        parts += [source.text[start:end] for start, end in spans]
    return b"".join(parts)


@given(texts)
@settings(max_examples=500, deadline=None)
def test_any_bytes_are_read_without_an_exception_and_print_back(text: bytes) -> None:
    assert printed(parse(text)) == text
    Facts.read("Dockerfile", text).of(runs)


@needs_corpus
def test_every_real_file_prints_back() -> None:
    assert [name for name, text in corpus().items() if printed(parse(text)) != text] == []


@needs_corpus
def test_instruction_spans_agree_with_buildkit_on_every_file_that_it_accepts() -> None:
    """There is no known difference; one would be listed here by id, with its reason."""
    different = []
    accepted = 0
    for name, text in corpus().items():
        theirs = oracle(text)
        if theirs is None:
            continue
        accepted += 1
        source = parse(text)
        ours = [(n.keyword, line_of(text, n.start), line_of(text, n.end - 1)) for n in source.instructions]
        if ours != theirs:
            different.append(name)
    assert different == []
    assert accepted > 1900


@needs_corpus
def test_every_file_that_buildkit_rejects_has_a_diagnostic() -> None:
    rejected = [name for name, text in corpus().items() if oracle(text) is None]
    assert [name for name in rejected if not Facts.read(name, corpus()[name]).problems] == []
    assert len(rejected) == 10


@needs_corpus
@pytest.mark.parametrize("seed", range(4))
def test_mutated_real_files_are_read_as_buildkit_reads_them(seed: int) -> None:
    chance = random.Random(seed)
    names = chance.sample(sorted(corpus()), 150)
    for name in names:
        text = mutated(corpus()[name], chance)
        source = parse(text)
        assert printed(source) == text
        theirs = oracle(text)
        if theirs is not None:
            ours = [(n.keyword, line_of(text, n.start), line_of(text, n.end - 1)) for n in source.instructions]
            assert ours == theirs, (name, seed)


def random_edits(text: bytes, chance: random.Random) -> list[Edit]:
    """Up to five edits; most begin or end where a line does, where mistakes would be."""
    lines = [0, *(at + 1 for at, byte in enumerate(text) if byte == 10)]
    places = sorted({chance.choice([*lines, chance.randint(0, len(text)), len(text)]) for _ in range(10)})
    pairs = zip(places[::2], places[1::2], strict=False)
    found = [Edit(start, chance.choice([start, end]), b"".join(chance.choices(FRAGMENTS, k=2))) for start, end in pairs]
    return found or [Edit(0, 0, b"FROM a\n")]


def assert_read_again_as_if_anew(text: bytes, edits: list[Edit]) -> None:
    again = Facts.read("Dockerfile", text).edited(edits)
    anew = Facts.read("Dockerfile", apply(text, edits))
    assert again.source == anew.source
    assert again.instructions == anew.instructions
    assert again.problems == anew.problems


@given(texts, st.randoms(use_true_random=False))
@settings(max_examples=500, deadline=None)
def test_an_edited_text_is_read_again_as_if_anew(text: bytes, chance: random.Random) -> None:
    text = b"# syntax=a\nARG a\nFROM b\n" + text
    assert_read_again_as_if_anew(text, random_edits(text, chance))


@needs_corpus
@pytest.mark.parametrize("seed", range(2))
def test_an_edited_real_file_is_read_again_as_if_anew(seed: int) -> None:
    chance = random.Random(seed)
    reread_whole = 0
    for text in corpus().values():
        edits = random_edits(text, chance)
        facts = Facts.read("Dockerfile", text)
        reread_whole += reread(facts.source, facts.instructions, apply(text, edits), edits) is None
        assert_read_again_as_if_anew(text, edits)
    assert 0 < reread_whole < 1500


def oracle(text: bytes) -> list[tuple[str, int, int]] | None:
    """What BuildKit's own parser makes of the text: keyword, first and last line; None where it rejects it."""
    try:
        found = dockerfile.parse_string(text.decode("utf-8"))
    except (dockerfile.GoParseError, UnicodeDecodeError):
        return None
    return [((command.cmd or "").upper(), command.start_line, command.end_line) for command in found]


def mutated(text: bytes, chance: random.Random) -> bytes:
    """The text with a few lines doubled, dropped or swapped, and a few awkward characters put in."""
    lines = text.split(b"\n")
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(lines))
        match chance.randrange(4):
            case 0:
                lines.insert(at, lines[at])
            case 1:
                del lines[at : at + 1]
            case 2:
                lines[at] += chance.choice([b" \\", b"\\", b"\r", b" # x", b" <<EOF", b"'", b" `"])
            case _:
                lines.insert(at, chance.choice([b"", b"# comment", b"#\\", b"  ", b"EOF", b"RUN x \\", b"\t"]))
        lines = lines or [b""]
    return b"\n".join(lines)
