"""Laws of another order: what moves, what stays, and that nothing is lost on the way."""

from __future__ import annotations

from collections import Counter

import pytest
from corpus import corpus, needs_corpus
from hypothesis import given, settings, strategies as st
from order_cases import CASES, OrderCase

from dockfix.adapters.context import texts
from dockfix.engine.change import Level, Outcome
from dockfix.engine.licences import MoveStep
from dockfix.engine.options import Options
from dockfix.engine.run import rewrite
from dockfix.engine.validate import moved
from dockfix.model.context import Context
from dockfix.model.facts import Facts
from dockfix.model.gain import is_gain
from dockfix.model.moves import above, below
from dockfix.model.sent import as_sent
from dockfix.model.sources import sample, sources
from dockfix.model.stages import layout
from dockfix.model.steps.order import refused
from dockfix.syntax.edit import apply
from dockfix.syntax.source import NodeKind

PATH = "Dockerfile"
ORDER = frozenset({"hoist-packages", "sink-volatile", "copy-manifests-first"})

each_case = pytest.mark.parametrize("case", CASES, ids=[case.says for case in CASES])


def context_of(case: OrderCase) -> Context | None:
    known = {name: text.encode() for name, text in {**case.files, PATH: case.dockerfile}.items()}
    return as_sent(texts(known), known.get(".dockerignore"))


def run(text: bytes, context: Context | None = None, only: frozenset[str] = ORDER) -> Outcome:
    return rewrite({PATH: text}, options=Options(level=Level.SAFE, only=only), find_context=lambda *_: context)


@each_case
def test_each_case_is_changed_by_its_transforms_and_then_no_more(case: OrderCase) -> None:
    outcome = run(case.dockerfile.encode(), context_of(case))
    assert outcome.errors == ()
    assert {step.change.transform for step in outcome.steps} == set(case.transforms)
    assert run(outcome.files[PATH], context_of(case)).steps == ()


@each_case
def test_each_step_lowers_the_cost_by_the_model(case: OrderCase) -> None:
    for step, before in run(case.dockerfile.encode(), context_of(case)).replay():
        facts = Facts.read(PATH, before[PATH])
        assert is_gain(facts, facts.edited(step.edits[PATH]))


# Pieces of files: comments, blank lines and instructions, some of which have to do with each other.
LINES = (
    "# a comment", "", "COPY . /app", "COPY conf /etc/app/", "COPY a b /srv/x/", "WORKDIR /app", "ARG GIT_SHA",
    "ARG BUILD_DATE=unknown", "LABEL r=$GIT_SHA", "ENV A=b", "USER app", "RUN apt-get update",
    "RUN apt-get update && apt-get install -y jq", "RUN pip install click", "RUN make", "RUN mkdir -p /data/x",
    "RUN apk add \\\n    # why\n    git", "EXPOSE 80", 'CMD ["x"]', "RUN useradd x", "FROM alpine AS next",
)  # fmt: skip
files = st.builds(
    lambda lines, base, end, last: (
        (f"{base}\n" + "".join(f"{x}\n" for x in lines)).replace("\n", end).removesuffix("" if last else end).encode()
    ),
    st.lists(st.sampled_from(LINES), min_size=1, max_size=14),
    st.sampled_from(("FROM debian:12", "FROM python:3.12-slim", "FROM x")),
    st.sampled_from(("\n", "\r\n")),
    st.booleans(),
)


def parts(text: bytes) -> Counter[bytes]:
    """All instructions and comments, without the ends of their lines."""
    facts = Facts.read(PATH, text)
    nodes = (node for node in facts.source.nodes if node.kind is not NodeKind.BLANK)
    return Counter(text[node.start : node.end].rstrip(b"\r\n") for node in nodes)


@settings(max_examples=400, deadline=None)
@given(files)
def test_nothing_comes_or_goes_and_a_second_run_changes_nothing(text: bytes) -> None:
    outcome = run(text)
    if outcome.errors:
        return
    assert not [skip for skip in outcome.skipped if skip.reason.startswith("validation")]
    after = outcome.files[PATH]
    assert parts(after) == parts(text)
    assert after.endswith(b"\n") == text.endswith(b"\n")
    assert after.count(b"\n") - after.count(b"\r\n") in (0, after.count(b"\n"))
    assert run(after).steps == ()


@settings(max_examples=400, deadline=None)
@given(files, st.data())
def test_any_move_keeps_all_parts_and_passes_just_if_each_pair_may_change_places(
    text: bytes, data: st.DataObject
) -> None:
    facts = Facts.read(PATH, text)
    stages = [stage for stage in facts.of(layout).stages if stage.last - stage.first > 2]
    if facts.problems or not stages:
        return
    stage = data.draw(st.sampled_from(stages))
    first, second = sorted(data.draw(st.permutations(range(stage.first + 1, stage.last)))[:2])
    rest = [index for index in range(stage.first + 1, stage.last) if index not in (first, second)]
    if data.draw(st.booleans()):
        edits = above(facts, [second], first)
        wanted = sorted([*rest, first])
        wanted.insert(wanted.index(first), second)
    else:
        edits = below(facts, [first], second)
        wanted = sorted([*rest, second])
        wanted.insert(wanted.index(second) + 1, first)
    after = apply(text, edits)
    assert parts(after) == parts(text)
    assert after.endswith(b"\n") == text.endswith(b"\n")
    lines = [facts.instructions[index].node.line(text) for index in wanted]
    if len(set(lines)) == len(lines):  # Of equal ones nobody can tell which has moved.
        assert bool(moved(facts, edits, (MoveStep(),))) == bool(refused(facts, stage.number, wanted))


# What projects have; with it, a Dockerfile of the corpus has a context in which its copies and installs make sense.
MANIFESTS = {
    "package.json": '{"name": "a", "version": "1.0.0", "dependencies": {"express": "4"}}',
    "package-lock.json": '{"lockfileVersion": 3}',
    "requirements.txt": "flask==3\n",
    "go.mod": "module x\n\ngo 1.22\n",
    "go.sum": "",
    "pom.xml": "<project><modelVersion>4.0.0</modelVersion><groupId>g</groupId><artifactId>a</artifactId>"
    "<version>1</version></project>\n",
    "Gemfile": 'source "https://rubygems.org"\ngem "rails"\n',
    "Gemfile.lock": "GEM\n  specs:\n    rails (8.0.0)\n",
    "composer.json": '{"require": {"a/b": "^3"}}',
    "composer.lock": '{"packages": []}',
    "App.csproj": '<Project Sdk="Microsoft.NET.Sdk"></Project>',
    "src/main": "x",
}
IGNORED = b"**/node_modules\n.git\nvendor\n.venv\n**/obj\n**/bin\ntarget\n"


def around(text: bytes) -> Context | None:
    """A context with manifests, and with what the Dockerfile names."""
    known = {name: content.encode() for name, content in {**MANIFESTS, PATH: "x"}.items()}
    for source in Facts.read(PATH, text).of(sources):
        path = sample(source)
        if path and not any(name.startswith(f"{path}/") or path.startswith(f"{name}/") for name in known):
            known.setdefault(path, MANIFESTS.get(path.rpartition("/")[2], "x").encode())
    return as_sent(texts(known), IGNORED)


@needs_corpus
def test_over_the_corpus_with_contexts_each_order_is_valid_and_final() -> None:
    changed = 0
    for name, text in corpus().items():
        context = around(text)
        outcome = run(text, context)
        assert not [skip for skip in outcome.skipped if skip.reason.startswith("validation")], name
        assert not [error for error in outcome.errors if "report this file" in error.message], name
        if outcome.steps:
            changed += 1
            assert parts(outcome.files[PATH]) >= parts(text), name
            assert run(outcome.files[PATH], context).steps == (), name
    assert changed >= 30
