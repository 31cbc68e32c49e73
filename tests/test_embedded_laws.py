"""Laws of Dockerfiles inside of documents, over real ones: what is put back is read again, and nothing else moves."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import partial

import pytest
from carriers import AROUND, Around, behind
from corpus import corpus, needs_corpus
from hypothesis import given, settings, strategies as st

from dockfix import Edit, Level, Options, Outcome
from dockfix.adapters.embedded import read_document
from dockfix.adapters.embedded.whole import missing
from dockfix.adapters.plugins import installed
from dockfix.engine.carried import rewriting_carried
from dockfix.engine.run import Rewriting, rewrite, rewriting
from dockfix.frontends.render.trail import lines
from dockfix.model.embedded import Embedded, Placed, found
from dockfix.syntax.edit import apply

OPTIONS = Options(level=Level.UNSAFE)
SAMPLE = 60  # real Dockerfiles a carrier; they are the same in every run


def plain(text: bytes) -> Outcome:
    return rewrite({"Dockerfile": text}, options=OPTIONS, known=installed())


def carried(around: Around, document: bytes) -> Outcome:
    """The outcome of rewriting a document."""

    def rewriting_of(name: str, embedded: Embedded) -> Rewriting:
        return rewriting({name: embedded.text}, options=OPTIONS, known=installed(), asks=False)

    work = rewriting_carried("document", document, partial(read_document, around.kind), rewriting_of)
    with pytest.raises(StopIteration) as done:
        next(work)
    outcome: Outcome = done.value.value
    return outcome


def sample(around: Around) -> list[bytes]:
    """Real Dockerfiles that the document can hold, every other one with CRLF if that can be held."""
    texts = [text for text in corpus().values() if len(text) < 6000 and around.holds(text) and not missing(text)]
    chosen = random.Random(7).sample(texts, SAMPLE)
    crlf = [text.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") for text in chosen[::2]]
    return [text for text in crlf if around.holds(text)] + chosen[1::2]


def only(around: Around, document: bytes) -> Embedded:
    found_there = read_document(around.kind, document)
    assert found_there.left == ()
    (one,) = found_there.dockerfiles
    return one


@needs_corpus
@pytest.mark.parametrize("name", AROUND)
def test_a_real_dockerfile_is_read_as_it_is_and_rewritten_as_it_would_be_in_a_file_of_its_own(name: str) -> None:
    around = AROUND[name]
    changed = 0
    for text in sample(around):
        document = around.wrap(text)
        assert only(around, document).text == text
        alone, outcome = plain(text), carried(around, document)
        new = outcome.files["document"]
        assert outcome.errors == ()
        assert only(around, new).text == alone.files["Dockerfile"]
        assert new == around.wrap(alone.files["Dockerfile"])
        assert [step.change.title for step in outcome.steps] == [step.change.title for step in alone.steps]
        changed += new != document
    assert changed > SAMPLE / 4


@needs_corpus
@pytest.mark.parametrize("name", AROUND)
def test_lines_are_those_of_a_file_of_its_own_and_as_many_more_as_stand_above(name: str) -> None:
    around = AROUND[name]
    for text in sample(around):
        document = around.wrap(text)
        above = document.count(b"\n", 0, only(around, document).start)
        alone, outcome = lines(plain(text)), lines(carried(around, document))
        for own, whole in zip(alone[:4], outcome[:4], strict=True):
            assert [line + above for line in own] == whole
        assert [[line + above for line in also] for also in alone.also] == outcome.also


@needs_corpus
@pytest.mark.parametrize("name", AROUND)
def test_each_step_applies_to_the_document_that_the_steps_before_leave(name: str) -> None:
    around = AROUND[name]
    for text in sample(around)[:20]:
        outcome = carried(around, around.wrap(text))
        now = outcome.originals["document"]
        for step, before in outcome.replay():
            assert before["document"] == now
            now = apply(now, step.edits["document"])
            assert only(around, now).start == only(around, outcome.originals["document"]).start
        assert now == outcome.files["document"]


LINES = st.lists(st.sampled_from([b"RUN an", b"n", b"", b"  b", b"# c", b"x \\"]), min_size=1, max_size=8)
ENDS = st.sampled_from([b"\n", b"\r\n"])
DOUBLED = st.sampled_from([b"", b"n"])
PREFIXES = st.sampled_from([b"", b"    ", b"> ", b"  > "])


@st.composite
def texts_with_edits(draw: st.DrawFn) -> tuple[bytes, bytes, Sequence[Edit]]:
    """A prefix, a text, and edits of whole lines and of parts of them that are disjoint."""
    end = draw(ENDS)
    text = end.join([*draw(LINES), b"z"]) + end
    breaks = [0, *(at + 1 for at, byte in enumerate(text) if byte == 10)]
    places = [at for at in range(len(text)) if text[at - 1 : at + 1] != b"\r\n"]
    cuts = sorted(draw(st.lists(st.sampled_from([*places, *breaks[:-1] * 3]), max_size=6)))
    news = st.lists(st.sampled_from([b"n", end, b" ", b""]), max_size=4).map(b"".join)
    made = {start: Edit(start, stop, draw(news)) for start, stop in zip(cuts[::2], cuts[1::2], strict=False)}
    edits = list(made.values())
    return draw(PREFIXES), text, edits


@settings(max_examples=500, deadline=None)
@given(texts_with_edits(), DOUBLED)
def test_any_edits_put_back_are_read_again_and_move_nothing_around(
    case: tuple[bytes, bytes, Sequence[Edit]], doubled: bytes
) -> None:
    prefix, text, edits = case
    above, below = b"above:\n", b"below\n"

    def around(dockerfile: bytes) -> bytes:
        lines_of = dockerfile.splitlines(keepends=True)
        written = b"".join((prefix if line.strip(b"\r\n") else prefix.rstrip(b" ")) + line for line in lines_of)
        return above + (written.replace(doubled, doubled * 2) if doubled else written) + below

    document = around(text)
    value = text.replace(b"\r\n", b"\n")
    one = found("", document, len(above), value, doubled)
    assert one is not None
    assert (one.text, one.prefix) == (text, prefix)
    new = apply(document, Placed(document, one).edits(edits))
    wanted = apply(text, edits)
    assert new == around(wanted)
    again = found("", new, len(above), wanted.replace(b"\r\n", b"\n"), doubled)
    assert (again.text if again else b"") == (wanted if wanted.strip() else b"")
    # An edit that changes nothing is no reason to write anything.
    assert apply(document, Placed(document, one).edits([])) == document


def test_what_stands_behind_the_prefix_alone_is_the_dockerfile() -> None:
    document = b"x\n" + behind(b"\t", b"FROM a\n\nRUN b\n") + b"y\n"
    assert found("n", document, 2, b"FROM a\n\nRUN b\n") == Embedded("n", 2, b"FROM a\n\nRUN b\n", b"\t")
    assert found("n", document, 2, b"FROM a\nRUN b\n") is None
