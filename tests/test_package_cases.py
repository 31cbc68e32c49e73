"""What dockfix makes of the ways in which real files call package managers: the table of package_cases.py."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest
from package_cases import APT_LISTS, Case
from package_cases_apt import APT_CALLS
from package_cases_build import BUILD
from package_cases_elsewhere import ELSEWHERE
from package_cases_javascript import JAVASCRIPT
from package_cases_python import PYTHON
from package_cases_system import SYSTEM
from package_cases_vanished import VANISHED

import dockfix
from dockfix import Level, Options, Outcome
from dockfix.model.packages.managers import MANAGERS

PATH = "Dockerfile"
CASES = [*APT_LISTS, *APT_CALLS, *SYSTEM, *PYTHON, *JAVASCRIPT, *BUILD, *ELSEWHERE, *VANISHED]
NAMED = frozenset(manager.name for manager in MANAGERS) - {"tdnf"}  # It is dnf's row by another name.

each_case = pytest.mark.parametrize("case", CASES, ids=[f"{case.manager}: {case.says}" for case in CASES])


@cache
def outcome_of(case: Case, text: str) -> Outcome:
    options = Options(level=Level.UNSAFE, only=frozenset(case.transforms))
    return dockfix.rewrite({PATH: text.encode()}, options=options)


def with_settings(text: bytes, transform: str, **settings: tuple[str, ...]) -> bytes:
    options = Options(level=Level.UNSAFE, only=frozenset({transform}), settings={transform: settings})
    return dockfix.rewrite({PATH: text}, options=options).files[PATH]


def test_packages_of_the_configuration_are_kept_where_they_are_lost_or_that_is_not_known() -> None:
    for image in (b"debian:bookworm", b"ubuntu:24.04"):
        text = b"FROM " + image + b"\nRUN apt-get install -y git\n"
        kept = b"FROM " + image + b"\nRUN apt-get install -y --no-install-recommends ca-certificates git less\n"
        assert with_settings(text, "no-install-recommends", keep=("less",)) == kept
    text = b"FROM debian:bookworm\nRUN apt-get install -y jq\n"
    assert b"less" not in with_settings(text, "no-install-recommends", keep=("less",))


@pytest.mark.parametrize("transform", ["clean-package-lists", "clean-download-caches"])
def test_a_manager_that_the_configuration_names_is_left_alone(transform: str) -> None:
    text = b"FROM node:20\nRUN apt-get update && npm ci\n"
    assert with_settings(text, transform, skip=("apt-get", "npm")) == text
    assert with_settings(text, transform, skip=("apk",)) != text


@each_case
def test_it_comes_out_exactly(case: Case) -> None:
    outcome = outcome_of(case, case.before)
    assert outcome.errors == ()
    assert outcome.files[PATH].decode() == (case.before if case.after is None else case.after)


@each_case
def test_a_second_run_changes_nothing(case: Case) -> None:
    outcome = outcome_of(case, case.before if case.after is None else case.after)
    assert outcome.steps == ()
    assert outcome.held_back == ()


@each_case
def test_what_is_left_alone_has_its_reason(case: Case) -> None:
    reasons = [skip.reason for skip in outcome_of(case, case.before).skipped]
    assert [reason for reason in reasons if reason.startswith("validation")] == []
    if case.after is None and not case.reason:
        assert reasons == []
    assert any(case.reason in reason for reason in reasons) or not case.reason


def test_the_table_is_whole() -> None:
    counted = Counter(case.manager for case in CASES)
    left_alone = Counter(case.manager for case in CASES if case.after is None)
    assert len(CASES) >= 120
    assert counted.keys() == NAMED
    assert len(NAMED) == 25
    assert [manager for manager in NAMED if counted[manager] < 5] == []
    assert [manager for manager in NAMED if not 0 < left_alone[manager] < counted[manager]] == []


def test_no_case_is_given_twice() -> None:
    names = Counter((case.manager, case.transforms, case.says) for case in CASES)
    texts = Counter((case.transforms, case.before) for case in CASES)
    assert [key for key, times in (*names.items(), *texts.items()) if times > 1] == []
