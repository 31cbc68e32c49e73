"""Whether two neighbouring steps may change places, by the model. What real builds say is in e2e/test_step_pairs.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import pytest
from corpus import corpus, needs_corpus
from hypothesis import given, strategies as st
from step_pairs import CONTEXT, PAIRS, Pair, Seen

from dockfix.adapters.context import texts
from dockfix.model.context import Context, Entry, Kind
from dockfix.model.facts import Facts
from dockfix.model.steps import EVERYTHING, Step, Touched, objection, step_at, touched
from dockfix.model.steps.paths import canonical, covers, overlap

each_pair = pytest.mark.parametrize("pair", PAIRS, ids=[pair.says for pair in PAIRS])


def last_two(text: str) -> tuple[Step, Step]:
    facts = Facts.read("Dockerfile", text.encode())
    assert not facts.problems
    count = len(facts.instructions)
    return step_at(facts, count - 2), step_at(facts, count - 1)


def step(text: str, head: str = "FROM debian:bookworm-slim") -> Step:
    return last_two(f"{head}\n{text}\n")[1]


def given_context() -> Context:
    return texts({path: text.encode() for path, text in CONTEXT.items()})


@each_pair
def test_the_model_says_of_each_pair_what_the_table_does(pair: Pair) -> None:
    found = objection(*last_two(pair.text()))
    assert (found == "") == (pair.objects == ""), found
    assert pair.objects in found


@each_pair
def test_who_goes_first_does_not_matter(pair: Pair) -> None:
    first, second = last_two(pair.text())
    assert (objection(first, second) == "") == (objection(second, first) == "")
    if pair.seen is not Seen.NOTHING and not pair.objects:
        # A move can be taken back: in the other order the configurations are others.
        assert objection(*last_two(pair.text(swapped=True))) == ""


@each_pair
def test_the_context_only_lets_more_change_places(pair: Pair) -> None:
    steps = last_two(pair.text())
    assert not objection(*steps, given_context()) or objection(*steps)


def test_the_table_is_as_large_as_it_should_be() -> None:
    assert len({pair.says for pair in PAIRS}) == len(PAIRS) >= 130
    same = [pair for pair in PAIRS if pair.seen is Seen.SAME and not pair.objects]
    bite = [pair for pair in PAIRS if pair.seen in (Seen.DIFFERENT, Seen.FAILS)]
    assert len(same) >= 80
    assert len(bite) >= 70
    assert all(pair.objects for pair in bite)
    for pair in PAIRS:
        heads = len(Facts.read("head", pair.head.encode()).instructions)
        assert len(Facts.read("pair", pair.text().encode()).instructions) == heads + 2, pair.says


@needs_corpus
def test_all_neighbours_of_the_corpus_are_judged() -> None:
    """Both ways alike; and nothing moves over what is not known."""
    counts: Counter[str] = Counter()
    for first, second in neighbours():
        found = objection(first, second)
        assert (found == "") == (objection(second, first) == "")
        counts["all"] += 1
        counts["that commute"] += not found
        sides = {first.instruction.keyword, second.instruction.keyword}
        if sides <= {"RUN", "COPY", "ADD"}:
            counts["of RUN, COPY, ADD"] += 1
            counts["of RUN, COPY, ADD that commute"] += not found
            if any(EVERYTHING in touched(side).writes for side in (first, second)):
                assert found
    print(dict(counts))
    assert 0.2 < counts["that commute"] / counts["all"] < 0.4


def neighbours() -> Iterator[tuple[Step, Step]]:
    for name, text in corpus().items():
        facts = Facts.read(name, text)
        steps = [step_at(facts, index) for index in range(len(facts.instructions))]
        yield from pairwise(steps)


UNKNOWN = ("RUN make", "RUN ./x.sh", "COPY a $UNKNOWN", "RUN for x in y; do true; done", 'RUN ["true"]', "RUN x > /y")
OTHERS = ("RUN mkdir -p /opt", "RUN true", "COPY a /b", "COPY a /opt/", "ADD a /b/", "RUN apt-get update", "RUN cd /")


@pytest.mark.parametrize("unknown", UNKNOWN)
@pytest.mark.parametrize("other", OTHERS)
def test_nothing_moves_over_what_is_not_known(unknown: str, other: str) -> None:
    assert EVERYTHING in touched(step(unknown)).writes
    assert objection(step(unknown), step(other))


MORE_WITH_THE_CONTEXT = (
    ("COPY conf /srv/", "COPY more /srv/", "deep"),
    ("COPY a.txt /srv/", "COPY b.txt /srv/", ""),
    ("COPY a.txt conf /srv/", "COPY b.txt /srv/", ""),
    ("COPY a.txt /srv/", "COPY . /srv/", "a.txt"),
    ("COPY app /srv/", "RUN rm -f /srv/other", ""),
    ("COPY app /srv/", "RUN rm -rf /srv/static", "static"),
    ("COPY app /srv/", "RUN rm -rf /srv", "/srv"),
    ("COPY a.txt /srv", "COPY b.txt /srv/", "/srv"),
    ("COPY *.txt /srv/", "COPY conf /srv/", "/srv"),
    ("ADD a.txt /srv/", "COPY b.txt /srv/", "/srv"),
    ("COPY --parents a.txt /srv/", "COPY b.txt /srv/", "/srv"),
    ("COPY conf /", "RUN mkdir -p /data", ""),
    ("COPY run.sh /usr/local/bin/", "RUN mkdir -p /data", ""),
    ("COPY missing /srv/", "COPY b.txt /srv/", "/srv"),
)  # fmt: skip


@pytest.mark.parametrize(("first", "second", "objects"), MORE_WITH_THE_CONTEXT)
def test_with_the_context_the_files_are_known_by_name(first: str, second: str, objects: str) -> None:
    found = objection(step(first), step(second), given_context())
    assert (found == "") == (objects == ""), found
    assert objects in found
    if not objects:
        assert objection(step(first), step(second))


def test_a_link_of_the_context_may_be_anything() -> None:
    context = Context("x", {"a": Entry(Kind.LINK), "b": Entry(Kind.FILE)}, lambda _: None, lambda _: ())
    assert objection(step("COPY a /srv/"), step("COPY b /srv/"), context)


# A step, and what it is known to touch.
TOUCHES = (
    ("COPY a /srv/x", Touched.writes, {b"/srv/x"}),
    ("COPY a /srv/x/", Touched.writes, {b"/srv/x/"}),
    ("COPY a ../x", Touched.writes, {EVERYTHING}),
    ("RUN mkdir -p /a/b", Touched.makes, {b"/a", b"/a/b"}),
    ("RUN mkdir /a/b", Touched.needs, {b"/a"}),
    ("RUN rm -rf /a/b* /c", Touched.writes, {b"/a", b"/c"}),
    ('RUN rm -rf "/a b"/*', Touched.writes, {EVERYTHING}),
    ("RUN rm -rf /a/$X/b", Touched.writes, {b"/a"}),
    ("RUN rm -rf /a/{b,c}", Touched.writes, {b"/a"}),
    ("RUN rm -rf '$X'", Touched.writes, {EVERYTHING}),
    ("RUN rm -rf ~/x", Touched.writes, {b"/root/x"}),
    ("RUN rm -rf /lib/x /usr/../bin/y", Touched.writes, {b"/usr/lib/x", b"/usr/bin/y"}),
    ("RUN cd /a && cd b && touch c", Touched.writes, {b"/a/b/c"}),
    ("RUN (cd /a && touch c) && touch /d", Touched.writes, {b"/a/c", b"/d"}),
    ("RUN set -e; cd /a; touch c", Touched.writes, {b"/a/c"}),
    ("RUN cd /a; touch c", Touched.writes, {EVERYTHING}),
    ("RUN cd /a || true; touch c", Touched.writes, {EVERYTHING}),
    ("RUN cp -a /a/. /b", Touched.reads, {b"/a"}),
    ("RUN mv /a /b", Touched.writes, {b"/a", b"/b"}),
    ("RUN cat /a >> /b 2>/dev/null", Touched.writes, {b"/b"}),
    ("RUN chmod +x /a", Touched.writes, {b"/a"}),
    ("RUN curl -fsSLo /a https://x.org/y", Touched.writes, {b"/a"}),
    ("RUN curl -K /a https://x.org/y", Touched.writes, {EVERYTHING}),
    ("RUN wget -qO- https://x.org/y", Touched.writes, {b"/root/.wget-hsts"}),
    ("RUN tar -xz -f /a -C /b --strip-components=1", Touched.writes, {b"/b"}),
    ("RUN tar -cf /a /b", Touched.writes, {EVERYTHING}),
    ("RUN useradd -ms /bin/bash x", Touched.writes, {b"/etc", b"/home", b"/var/mail", b"/var/spool", b"/var/log", b"/var/lib"}),
    ("RUN usermod -u 1000 x", Touched.writes, {EVERYTHING}),
    ("RUN PATH=/x:$PATH mkdir /a", Touched.writes, {EVERYTHING}),
    ("RUN X=1 mkdir /a", Touched.writes, {b"/a"}),
    ("RUN --mount=type=cache,target=/c true", Touched.caches, {b"/c"}),
    ("RUN --mount=type=cache,id=x,target=/c true", Touched.caches, {b"x"}),
    ("RUN --mount=type=secret,id=x true", Touched.writes, {b"/run/secrets"}),
    ("ENV A=1 B=$C", Touched.sets, {b"A", b"B"}),
    ("ENV A=1 B=$C", Touched.env, {b"C"}),
    ("ARG A B=${C:-$D}", Touched.env, {b"C", b"D"}),
    ("LABEL a=1 b=2", Touched.changes, {"LABEL a", "LABEL b"}),
    ("WORKDIR /a/b", Touched.makes, {b"/a", b"/a/b"}),
)  # fmt: skip


@pytest.mark.parametrize(("text", "field", "expected"), TOUCHES)
def test_what_a_step_touches(text: str, field: property, expected: set[object]) -> None:
    found = touched(step(text))
    assert set(getattr(found, NAMES[field])) == expected, found.why


NAMES = {getattr(Touched, name): name for name in Touched._fields}

PATHS = st.lists(st.sampled_from(["a", "b", "bin", "lib", "usr", "..", "."]), max_size=5).map(
    lambda parts: canonical(b"/" + "/".join(parts).encode())
)
TREES = PATHS.flatmap(lambda path: st.sampled_from([path, path.rstrip(b"/") + b"/"]))


@given(TREES, TREES)
def test_overlap_is_symmetric_and_covers_is_part_of_it(one: bytes, other: bytes) -> None:
    assert overlap(one, other) == overlap(other, one)
    assert overlap(one, one)
    assert overlap(EVERYTHING, one)
    if covers(one, other.rstrip(b"/") or EVERYTHING):
        assert overlap(one, other)


@given(PATHS)
def test_a_canonical_path_stays_as_it_is(path: bytes) -> None:
    assert canonical(path) == path


def test_the_type_of_a_mount_may_be_in_capitals() -> None:
    first, second = (f"RUN --mount=type=CACHE,id=x,target=/{target} true" for target in ("a", "b"))
    assert "both use the cache mount x" in objection(*last_two(f"FROM debian:bookworm-slim\n{first}\n{second}\n"))
