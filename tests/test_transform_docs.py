"""What a transform's documentation shows is what it does: to the byte, in every kind of file, and only once.

An example under `## Left alone` need not give a reason: where there is nothing to do (a stage that is not shipped, lists
that a cache mount keeps), silence is right. That each reason is given somewhere is what test_snapshots.py sees to. Here,
validation may be the reason nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from fences import ContextFence, Fence, context_fences, fences

from dockfix.adapters.context import texts
from dockfix.adapters.shfmt import Shfmt
from dockfix.engine.change import Level, Outcome
from dockfix.engine.options import Options
from dockfix.engine.registry import AnyTransform, Transform, doc_of, transforms
from dockfix.engine.run import rewrite
from dockfix.engine.validate import moved
from dockfix.model.context import Context
from dockfix.model.facts import Facts
from dockfix.model.sent import as_sent
from dockfix.syntax.source import BOM

PATH = "Dockerfile"
OF_FILES = {name: one for name, one in transforms().items() if isinstance(one, Transform)}
opinion = Shfmt()


class Example(NamedTuple):
    """What a fence shows, with the build context in which it is true."""

    transform: Transform
    fence: Fence
    context: Context | None = None


def examples() -> Iterator[Example]:
    for transform in OF_FILES.values():
        yield from (Example(transform, fence) for fence in fences(doc_of(transform)))
        for listed in context_fences(doc_of(transform)):
            fence = Fence(listed.says, listed.heading, listed.before[PATH], listed.after[PATH])
            yield Example(transform, fence, context_of(listed))


def context_of(fence: ContextFence) -> Context | None:
    known = {name: text.encode() for name, text in {**fence.before, **fence.texts}.items()}
    return as_sent(texts(known, fence.files), known.get(".dockerignore"))


EXAMPLES = list(examples())

FILES: dict[str, Callable[[bytes], bytes]] = {
    "as it stands there": lambda text: text,
    "with CRLF line ends": lambda text: text.replace(b"\n", b"\r\n"),
    "with no final newline": lambda text: text.removesuffix(b"\n"),
    "with a byte order mark": lambda text: BOM + text,
    "with all three of them": lambda text: BOM + text.removesuffix(b"\n").replace(b"\n", b"\r\n"),
}

each_example = pytest.mark.parametrize(
    "example", EXAMPLES, ids=[f"{example.transform.id}: {example.fence.says}" for example in EXAMPLES]
)
each_file = pytest.mark.parametrize("made", FILES.values(), ids=FILES.keys())
each_transform = pytest.mark.parametrize("transform", OF_FILES.values(), ids=OF_FILES.keys())
any_transform = pytest.mark.parametrize("transform", transforms().values(), ids=transforms().keys())


def outcome_of(example: Example, text: bytes) -> Outcome:
    options = Options(level=Level.UNSAFE, only=frozenset({example.transform.id}))
    return rewrite({PATH: text}, options=options, second_opinion=opinion, find_context=lambda *_: example.context)


@each_file
@each_example
def test_the_example_comes_out_exactly(example: Example, made: Callable[[bytes], bytes]) -> None:
    outcome = outcome_of(example, made(example.fence.before.encode()))
    assert outcome.errors == ()
    assert outcome.files[PATH] == made(example.fence.after.encode())


@each_file
@each_example
def test_a_second_run_changes_nothing(example: Example, made: Callable[[bytes], bytes]) -> None:
    outcome = outcome_of(example, made(example.fence.after.encode()))
    assert outcome.steps == ()
    assert outcome.held_back == ()


@each_file
@each_example
def test_each_change_passes_the_validator(example: Example, made: Callable[[bytes], bytes]) -> None:
    for step, before in outcome_of(example, made(example.fence.before.encode())).replay():
        facts = Facts.read(PATH, before[PATH], look=lambda: example.context)
        assert moved(facts, step.edits[PATH], step.change.may) == ()


@each_example
def test_validation_is_never_the_reason(example: Example) -> None:
    reasons = [skip.reason for skip in outcome_of(example, example.fence.before.encode()).skipped]
    assert [reason for reason in reasons if not reason or reason.startswith("validation")] == []


@each_transform
def test_only_examples_under_left_alone_change_nothing(transform: Transform) -> None:
    for fence in (*fences(doc_of(transform)), *context_fences(doc_of(transform))):
        assert (fence.before == fence.after) == fence.left_alone, fence.says


@any_transform
def test_the_documentation_begins_with_one_imperative_sentence(transform: AnyTransform) -> None:
    first, *others = doc_of(transform).strip().split("\n")
    verb = first.split()[0]
    assert not others or not others[0], "a blank line ends the sentence"
    assert re.fullmatch(r"[A-Z][^.:;]*\.", first), "one sentence, and nothing more"
    # "Merges" and "Merging" describe; "Merge" says what to do.
    assert not re.search(r"ing$|[^s]s$", verb), verb
    assert verb not in {"A", "An", "The", "This", "When", "To"}


def test_a_diff_fence_is_cut_into_before_and_after() -> None:
    doc = "Do it.\n\nIt is\ndone so. And so.\n\n```diff\n FROM a\n-RUN b\n+RUN c\n\n RUN d\n```\n"
    assert list(fences(doc)) == [Fence("It is done so.", "", "FROM a\nRUN b\n\nRUN d\n", "FROM a\nRUN c\n\nRUN d\n")]


def test_a_line_that_no_diff_has_is_an_error() -> None:
    with pytest.raises(ValueError, match="no line of a diff"):
        list(fences("Do it.\n\n```diff\nFROM a\n```\n"))
