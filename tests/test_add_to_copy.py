"""add-to-copy: what it changes, what it leaves alone, and what its witness lets through."""

from __future__ import annotations

import gzip
import lzma
from pathlib import Path

import pytest
from add_cases import CASES, V7, AddCase, archive

from dockfix.adapters.context import folder, texts
from dockfix.engine.change import Outcome
from dockfix.engine.licences import UseCopy
from dockfix.engine.options import Options
from dockfix.engine.run import rewrite
from dockfix.engine.validate import moved
from dockfix.model.context import HEAD, Context
from dockfix.model.facts import Facts
from dockfix.model.unpacking import may_be_archive
from dockfix.syntax.edit import Edit

PATH = "Dockerfile"
FROM = "FROM debian:bookworm-slim\n"
ONLY = Options(only=frozenset({"add-to-copy"}))


def run(text: str, context: Context | None) -> Outcome:
    return rewrite({PATH: text.encode()}, options=ONLY, find_context=lambda *_: context)


@pytest.mark.parametrize("case", CASES, ids=[case.says for case in CASES])
def test_each_case_becomes_what_it_should_or_stays_with_its_reason(case: AddCase) -> None:
    context = texts(case.files, links=case.links)
    outcome = run(FROM + case.before, context)
    assert outcome.files[PATH].decode() == FROM + (case.after or case.before)
    assert outcome.errors == ()
    reasons = [skip.reason for skip in outcome.skipped]
    if case.after:
        assert not any(reason.startswith("validation") for reason in reasons)
        assert run(FROM + case.after, context).steps == ()
    else:
        assert len(reasons) == 1
        assert case.why in reasons[0]


def test_neighbours_are_one_decision_and_those_apart_are_not() -> None:
    context = texts({"a": b"1", "b": b"2", "c": b"3"})
    outcome = run(f"{FROM}ADD a /a\nADD b /b\nRUN true\nADD c /c\n", context)
    assert [step.change.title for step in outcome.steps] == ["use COPY for 2 ADDs", "use COPY for ADD"]


def test_without_the_build_context_only_the_context_itself_is_known() -> None:
    outcome = run(f"{FROM}ADD . /app\nRUN true\nADD a /a\n", None)
    assert outcome.files[PATH].decode() == f"{FROM}COPY . /app\nRUN true\nADD a /a\n"
    assert [skip.reason for skip in outcome.skipped] == [
        "whether it unpacks something, the build context tells, which is not known here (--context)"
    ]


def test_a_file_that_is_too_large_to_be_read_is_known_by_its_start(tmp_path: Path) -> None:
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.write(b"#!/bin/sh\n")
        file.truncate(50_000_000)
    context = folder(str(tmp_path))
    assert context.read("large") is None
    assert run(f"{FROM}ADD large /large\n", context).steps != ()
    large.write_bytes(archive() + bytes(20_000_000))
    assert run(f"{FROM}ADD large /large\n", folder(str(tmp_path))).steps == ()


@pytest.mark.parametrize(
    "head",
    [archive(), V7, gzip.compress(b"x"), lzma.compress(b"x"), b"\x28\xb5\x2f\xfd", b"\x50\x2a\x4d\x18", b"BZh9"],
    ids=["tar", "tar without its magic", "gzip", "xz", "zstd", "an empty frame of zstd", "bzip2"],
)
def test_archives_are_known_by_their_first_bytes(head: bytes) -> None:
    assert may_be_archive(head[:HEAD])


@pytest.mark.parametrize(
    "head", [b"", b"#!/bin/sh\n", bytes(HEAD), b"\x7fELF" + bytes(600), b"PK\x03\x04", b"x" * 5_000]
)
def test_other_files_are_no_archives(head: bytes) -> None:
    assert not may_be_archive(head[:HEAD])


CONTEXT = texts({"a": b"text\n", "image": archive()})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("ADD image /x\n", "COPY image /x\n"),
        ("ADD missing /x\n", "COPY missing /x\n"),
        ("ADD https://example.org/a /x\n", "COPY https://example.org/a /x\n"),
        ("COPY a /x\n", "ADD a /x\n"),
        ("ADD a /x\n", "COPY a /y\n"),
        ("ADD a /x\n", "COPY --chown=1 a /x\n"),
        ("ADD a /x\n", "COPY a /x\nCOPY a /y\n"),
        ("ADD a /x\nRUN true\n", "COPY a /x\nRUN false\n"),
        ("ADD a /x\n", "RUN a /x\n"),
    ],
)
def test_the_witness_rejects(before: str, after: str) -> None:
    facts = Facts.read(PATH, (FROM + before).encode(), look=lambda: CONTEXT)
    edit = Edit(len(FROM), len(FROM + before), after.encode())
    assert moved(facts, [edit], (UseCopy(),)) != ()


def test_without_the_licence_the_right_change_is_rejected_too() -> None:
    facts = Facts.read(PATH, f"{FROM}ADD a /x\n".encode(), look=lambda: CONTEXT)
    edit = Edit(len(FROM), len(FROM) + 3, b"COPY")
    assert moved(facts, [edit], (UseCopy(),)) == ()
    assert moved(facts, [edit], ()) != ()
