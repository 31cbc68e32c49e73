"""Laws of rewriting, over real files, made files and mutated ones."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest
from corpus import corpus, needs_corpus
from hypothesis import given, settings, strategies as st
from test_reading_laws import mutated, oracle, texts

import dockfix
from dockfix import Level, Options, Outcome
from dockfix.adapters.plugins import installed
from dockfix.adapters.shfmt import Shfmt
from dockfix.engine.run import rewrite
from dockfix.model.facts import Facts
from dockfix.model.packages.call import calls_in
from dockfix.model.packages.managers import Does
from dockfix.model.runs import runs
from dockfix.syntax.edit import apply, unified_diff
from dockfix.syntax.source import BOM, NodeKind, PieceKind, Source, parse

pytestmark = pytest.mark.xdist_group("rewriting")
ALL = Options(level=Level.UNSAFE)

# RUN scripts to be put into chains: plain, leaking, failing, grouped, commented.
SCRIPTS = [
    *(b"a", b"a && b", b"a || b", b"a; b", b"a;", b"cd /x && a", b"export A=1", b"set -e; a; b", b"set -ex && a"),
    *(
        b"exit 0",
        b"a || exit 1",
        b"a # comment",
        b"a &",
        b"( a )",
        b"{ a; }",
        b"if a; then b; fi",
        b"for i in 1; do a; done",
    ),
    *(
        b"apt-get update",
        b"apt-get install -y x",
        b"apt-get update && apt-get install -y x",
        b"a \\\n  b",
        b"a \\\n# c\n  b",
    ),
    *(
        b"[ a",
        b'["a"]',
        b"<<EOF\na\nEOF",
        b"--mount=type=cache,target=/x a",
        b". ./x",
        b"a | b > c",
        b"! a",
        b"rm -rf /var/lib/apt/lists/*",
    ),
    *(
        b"pip install x",
        b"sudo pip install -r x && npm ci",
        b"apk update && apk add x",
        b"apk update; apk add -U x",
        b"apt install \\\n    # c\n    curl \\\n    jq",
        b"apt-get install x && apt-get install y",
        b"yes | apt-get install x",
        b"if a; then pip install y; else apt-get install y; fi",
        b"set -eux; \\\n  go build x; \\\n  dnf install y;",
        b"for p in a b; do apt-get install $p; done",
        b"apt-get install curl > /log 2>&1",
    ),
]
BETWEEN = [
    b"",
    b"",
    b"",
    b"# note\n",
    b"\n",
    b"  # x\n\n# y\n",
    b"ENV a=b\n",
    b"USER x\n",
    b"# hadolint ignore=DL1\n",
    b"FROM b\n",
]
chains = st.lists(st.tuples(st.sampled_from(SCRIPTS), st.sampled_from(BETWEEN)), max_size=6).map(
    lambda parts: b"FROM debian:12\n" + b"".join(b"RUN " + script + b"\n" + between for script, between in parts)
)


@cache
def outcomes() -> Mapping[str, Outcome]:
    """Each real file rewritten with everything on."""
    opinion = Shfmt()
    return {name: dockfix.rewrite({name: text}, options=ALL, second_opinion=opinion) for name, text in corpus().items()}


def final(outcome: Outcome) -> bytes:
    return next(iter(outcome.files.values()))


def diffs(outcome: Outcome, name: str) -> bytes:
    """All changes of a file as diffs, one after the other."""
    return b"".join(unified_diff(name, texts[name], step.edits[name]) for step, texts in outcome.replay())


@given(st.one_of(texts, chains))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_rewritten_without_an_exception_and_a_second_time_nothing_changes(text: bytes) -> None:
    once = dockfix.rewrite({"Dockerfile": text}, options=ALL)
    assert_laws(text, once)


@needs_corpus
@pytest.mark.parametrize("seed", range(3))
def test_mutated_real_files_keep_the_laws(seed: int) -> None:
    chance = random.Random(1000 + seed)
    for name in chance.sample(sorted(corpus()), 100):
        text = mutated(corpus()[name], chance)
        assert_laws(text, dockfix.rewrite({"Dockerfile": text}, options=ALL))


@needs_corpus
def test_real_files_keep_the_laws() -> None:
    changed = 0
    for name, text in corpus().items():
        changed += final(outcomes()[name]) != text
        assert_laws(text, outcomes()[name])
    assert changed > 700


@needs_corpus
def test_no_change_to_a_real_file_is_refused_by_validation() -> None:
    """A refusal there is a bug of a transform, or a limit of the model that is listed here with its reason."""
    refused = [
        (name, skip.reason)
        for name, outcome in outcomes().items()
        for skip in outcome.skipped
        if skip.reason.startswith("validation")
    ]
    assert refused == []


@needs_corpus
def test_a_rejected_or_generated_file_is_never_edited() -> None:
    for name, outcome in outcomes().items():
        if outcome.errors or any(not skip.transform for skip in outcome.skipped):
            assert not outcome.steps, name
            assert final(outcome) == corpus()[name], name


@needs_corpus
@pytest.mark.parametrize(
    "command", [["git", "apply", "--whitespace=nowarn", "-"], ["patch", "-s", "-p1"]], ids=["git apply", "patch"]
)
def test_the_diffs_of_all_real_files_together_apply_and_give_the_new_texts(command: list[str], tmp_path: Path) -> None:
    paths = {name: f"{name}/Dockerfile" for name in corpus()}
    for name, text in corpus().items():
        (tmp_path / name).mkdir()
        (tmp_path / paths[name]).write_bytes(text)
    whole = b"".join(
        diffs(outcomes()[name], name).replace(name.encode() + b"\n", paths[name].encode() + b"\n") for name in corpus()
    )
    done = subprocess.run(command, input=whole, cwd=tmp_path, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    wrong = [name for name in corpus() if (tmp_path / paths[name]).read_bytes() != final(outcomes()[name])]
    assert wrong == []


@needs_corpus
def test_every_run_that_bash_accepted_is_accepted_after() -> None:
    bash = shutil.which("bash")
    assert bash
    broken = []
    for name, outcome in outcomes().items():
        old = set(scripts(corpus()[name]))
        new = [script for script in scripts(final(outcome)) if script not in old]
        if new and not accepts(bash, new) and accepts(bash, sorted(old)):
            broken.append(name)
    assert broken == []


@needs_corpus
@pytest.mark.parametrize("seed", range(2))
def test_other_orders_of_the_transforms_come_to_an_end_too(seed: int) -> None:
    chance = random.Random(seed)
    for name in chance.sample(sorted(corpus()), 250):
        order = list(installed().items())
        chance.shuffle(order)
        outcome = rewrite({name: corpus()[name]}, options=ALL, known=dict(order))
        assert not [problem for problem in outcome.errors if "undo each other" in problem.message], name


@needs_corpus
def test_every_changed_call_installs_the_same_packages_and_those_that_the_change_names() -> None:
    """Both sides are read anew from the texts: by the words that stand there, not by the licence of the change."""
    seen = 0
    for name, outcome in outcomes().items():
        for step, texts_before in outcome.replay():
            # What these do to calls is for other laws: joins, and a stage that stands twice with other packages.
            if step.change.transform in ("merge-runs", "drop-repeated-update", "split-build-stage"):
                continue
            before = texts_before[name]
            old, new = installs(before), installs(apply(before, step.edits[name]))
            seen += old != new
            said = Counter(re.findall(r"(?:^|; )([a-z0-9.+-]+) is kept: ", step.change.why))
            if step.change.transform == "join-installs":
                assert sum(old.values(), Counter()) == sum(new.values(), Counter()), (name, step.change)
                continue
            assert new.keys() == old.keys(), (name, step.change)
            added = sum((new[key] - old[key] for key in new), Counter[str]())
            assert all(not old[key] - new[key] for key in new), (name, step.change)
            assert added.keys() == said.keys(), (name, step.change)
    assert seen > 100


def installs(text: bytes) -> dict[tuple[str, str, int], Counter[str]]:
    """What each call of a package manager names, by manager, sub-command and its number among such calls."""
    found: dict[tuple[str, str, int], Counter[str]] = {}
    for run in Facts.read("Dockerfile", text).of(runs).values():
        for call in calls_in(run.script) if run.script else ():
            if call.does not in (Does.INSTALL, Does.RESTORE, Does.UPGRADE, Does.REMOVE):
                continue
            key = (call.manager.name, call.verb.decode())
            number = sum(known[:2] == key for known in found)
            found[(*key, number)] = Counter(word.decode("utf-8", "replace") for word in call.arguments)
    return found


def assert_laws(text: bytes, outcome: Outcome) -> None:
    """What holds of any rewrite."""
    after = final(outcome)
    path = next(iter(outcome.files))
    again = dockfix.rewrite({path: after}, options=ALL)
    if not outcome.errors and not any("second shell parser" in skip.reason for skip in outcome.skipped):
        assert final(again) == after
    for step, texts_before in outcome.replay():
        last = dict(texts_before)
        assert step.edits, last
    if after == text:
        return
    assert Facts.read(path, after).problems == ()
    assert oracle(text) is None or oracle(after) is not None
    assert after.endswith(b"\n") == text.endswith(b"\n")
    assert after.startswith(BOM) == text.startswith(BOM)
    assert line_ends(after) <= line_ends(text)
    assert comments(parse(text)) <= comments(parse(after))


def line_ends(text: bytes) -> set[bytes]:
    """The kinds of line ends in a text."""
    return set(re.findall(rb"\r*\n", text))


def comments(source: Source) -> Counter[bytes]:
    nodes = [node for node in source.nodes if node.kind is NodeKind.COMMENT]
    pieces = [piece for node in source.nodes for piece in node.pieces if piece.kind is PieceKind.COMMENT]
    return Counter(source.text[part.start : part.end].strip() for part in (*nodes, *pieces))


def scripts(text: bytes) -> list[bytes]:
    """The texts of the RUNs in shell form, as BuildKit hands them to the shell."""
    return [run.instruction.rest for run in Facts.read("Dockerfile", text).of(runs).values() if run.script is not None]


def accepts(bash: str, texts: list[bytes]) -> bool:
    """Whether bash finds no error in any of the scripts."""
    return all(
        subprocess.run([bash, "-n"], input=text, capture_output=True, check=False).returncode == 0 for text in texts
    )
