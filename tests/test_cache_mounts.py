"""cache-mounts on files as they look, off by default, with other transforms, and on the corpus."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from command import dockfix
from corpus import corpus, needs_corpus
from mount_cases import GIVEN, LEFT
from package_cases import Case

import dockfix as api
from dockfix import Level, Options, Outcome
from dockfix.engine.run import rewrite
from dockfix.model.facts import Facts
from dockfix.model.mounting import unfit
from dockfix.model.packages.mounts import MOUNTS, OFFLINE, UNFIT

PATH = "Dockerfile"
ONLY = Options(only=frozenset({"cache-mounts"}))
WITH_ALL = Options(settings={"cache-mounts": {"enable": True}})
PIP = b"FROM python:3.12\nRUN pip install flask\n"

each_case = pytest.mark.parametrize("case", [*GIVEN, *LEFT], ids=[f"{c.manager}: {c.says}" for c in [*GIVEN, *LEFT]])


def outcome_of(text: bytes, options: Options = ONLY) -> Outcome:
    return api.rewrite({PATH: text}, options=options)


def transforms_of(text: bytes, options: Options) -> list[str]:
    return [step.change.transform for step in outcome_of(text, options).steps]


@each_case
def test_it_comes_out_exactly(case: Case) -> None:
    outcome = outcome_of(case.before.encode())
    assert outcome.errors == ()
    assert outcome.files[PATH].decode() == (case.before if case.after is None else case.after)


@each_case
def test_a_second_run_changes_nothing(case: Case) -> None:
    outcome = outcome_of((case.after or case.before).encode())
    assert outcome.steps == outcome.held_back == ()


@each_case
def test_what_is_left_alone_has_its_reason(case: Case) -> None:
    reasons = [skip.reason for skip in outcome_of(case.before.encode()).skipped]
    assert [reason for reason in reasons if reason.startswith("validation")] == []
    assert any(case.reason in reason for reason in reasons) or not case.reason
    assert case.reason or reasons == []


def test_it_is_off_by_default() -> None:
    assert "cache-mounts" not in transforms_of(PIP, Options())
    assert transforms_of(PIP, ONLY) == ["cache-mounts"]


def test_an_option_enables_it_and_skip_counts_more() -> None:
    assert "cache-mounts" in transforms_of(PIP, WITH_ALL)
    assert "cache-mounts" not in transforms_of(PIP, WITH_ALL._replace(skip=frozenset({"cache-mounts"})))
    assert "cache-mounts" not in transforms_of(PIP, WITH_ALL._replace(only=frozenset({"merge-runs"})))
    assert "cache-mounts" not in transforms_of(PIP, Options(settings={"cache-mounts": {"enable": False}}))


def test_a_configuration_enables_it_and_names_the_builder(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_bytes(PIP)
    (tmp_path / ".dockfix.toml").write_text("[transforms.cache-mounts]\nenable = true\n")
    assert b"cache-mounts (review, modelled): keep what pip fetches" in dockfix(tmp_path).out
    (tmp_path / ".dockfix.toml").write_text('only = ["cache-mounts"]\nbuilder = "kaniko"\n')
    ended = dockfix(tmp_path, "-v")
    assert (ended.out, "the builder (kaniko) has no cache mounts" in ended.err) == (b"", True)
    assert b"(off by default)" in dockfix(tmp_path, "list").out


@pytest.mark.parametrize(
    ("builder", "has"), [("buildkit", True), ("buildah", True), ("kaniko", False), ("legacy", False)]
)
def test_the_builder_must_have_cache_mounts(builder: str, has: bool) -> None:
    outcome = outcome_of(PIP, ONLY._replace(builder=builder))
    assert bool(outcome.steps) == has
    reasons = [skip.reason for skip in outcome.skipped]
    assert reasons == ([] if has else [f"the builder ({builder}) has no cache mounts"])


@pytest.mark.parametrize(
    ("syntax", "has"),
    [
        ("docker/dockerfile:1", True),
        ("docker/dockerfile", True),
        ("docker.io/docker/dockerfile:1.20", True),
        ("docker/dockerfile:1.2", True),
        ("docker/dockerfile:1.26.0@sha256:ecfa", True),
        ("docker/dockerfile:1-labs", True),
        ("docker/dockerfile:experimental", True),
        ("docker/dockerfile-upstream:master", True),
        ("docker/dockerfile:1.0", False),
        ("docker/dockerfile:1.1", False),
        ("docker/dockerfile:1.1.7-experimental", False),
        ("docker/dockerfile:1.0-experimental", False),
        ("tonistiigi/dockerfile:runmount20180607", False),
    ],
)
def test_the_syntax_must_have_cache_mounts(syntax: str, has: bool) -> None:
    assert (unfit(Facts.read(PATH, f"# syntax={syntax}\nFROM x\n".encode())) == "") == has


def test_what_else_differs_in_the_image_is_named() -> None:
    (apt,) = outcome_of(b"FROM debian:12\nRUN apt-get update && apt-get install -y jq\nRUN /setup.sh\n").steps
    assert "docker-clean is no longer there" in apt.change.why
    assert "a later command may miss it: /setup.sh" in apt.change.why
    assert apt.change.level is Level.REVIEW
    (pip,) = outcome_of(PIP).steps
    assert "docker-clean" not in pip.change.why


def test_each_row_says_why_it_is_shared_or_locked() -> None:
    for row in MOUNTS:
        assert row.because, row
        assert row.path.startswith((b"/", b"~/")) or (not row.path and row.moved), row
    assert UNFIT.keys().isdisjoint(row.manager for row in MOUNTS)
    assert OFFLINE.keys() <= {row.manager for row in MOUNTS}


def test_the_table_is_whole() -> None:
    assert {row.manager for row in MOUNTS} - {case.manager for case in GIVEN} == {"pacman", "cargo", "gradle"}
    assert len({case.says for case in [*GIVEN, *LEFT]}) == len([*GIVEN, *LEFT]) >= 50


@cache
def of_corpus(alone: bool) -> dict[str, Outcome]:
    return {name: rewrite({name: text}, options=ONLY if alone else WITH_ALL) for name, text in corpus().items()}


@needs_corpus
def test_nothing_in_the_corpus_fails_or_is_refused_by_the_validator() -> None:
    steps = [step for outcome in of_corpus(True).values() for step in outcome.steps]
    reasons = [skip.reason for outcome in of_corpus(True).values() for skip in outcome.skipped]
    assert [reason for reason in reasons if "validation" in reason] == []
    assert len(steps) > 1000


@needs_corpus
def test_a_second_run_over_the_corpus_changes_nothing() -> None:
    for name, outcome in of_corpus(True).items():
        if outcome.steps:
            again = rewrite({name: outcome.files[name]}, options=ONLY)
            assert again.steps == again.held_back == (), name


@needs_corpus
def test_no_cleanup_is_put_behind_a_mount_that_holds_what_it_deletes() -> None:
    seen = 0
    for name, outcome in of_corpus(False).items():
        for step in outcome.steps:
            mounted = re.findall(rb"--mount=type=cache,target=([^ ,]+)", step.change.was)
            if step.change.transform.startswith("clean-") and mounted:
                own = [row.path.lstrip(b"~") for row in MOUNTS if row.store.what in step.change.title and row.path]
                assert not [place for place in mounted if place.endswith(tuple(own))], name
                seen += 1
    assert seen > 10
