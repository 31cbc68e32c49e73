"""split-build-stage: what it cuts, what it leaves alone, and what its witness lets through."""

from __future__ import annotations

import pytest
from corpus import corpus, needs_corpus
from split_cases import CASES, MAKE, NAME, C, SplitCase

from dockfix.adapters.context import texts
from dockfix.engine.change import Level, Outcome
from dockfix.engine.licences import SplitStage
from dockfix.engine.options import Options
from dockfix.engine.run import rewrite
from dockfix.engine.validate import moved
from dockfix.model.context import Context
from dockfix.model.facts import Facts
from dockfix.syntax.edit import Edit

PATH = "Dockerfile"
OPTIONS = Options(level=Level.UNSAFE, only=frozenset({"split-build-stage"}))


def run(text: str, context: Context | None) -> Outcome:
    return rewrite({PATH: text.encode()}, options=OPTIONS, find_context=lambda *_: context)


def context_of(case: SplitCase) -> Context | None:
    return None if case.files is None else texts({name: text.encode() for name, text in case.files.items()})


@pytest.mark.parametrize("case", CASES, ids=[case.says for case in CASES])
def test_each_case_is_cut_as_it_should_be_or_stays_with_its_reason(case: SplitCase) -> None:
    context = context_of(case)
    before = f"{case.base}\n{case.before}"
    outcome = run(before, context)
    reasons = [skip.reason for skip in outcome.skipped]
    assert outcome.errors == ()
    if case.why:
        assert outcome.files[PATH].decode() == before
        assert len(reasons) == 1
        assert case.why in reasons[0]
        return
    after = f"{case.base} AS build\n{case.builder}\n{case.base}\n{case.runtime}"
    assert outcome.files[PATH].decode() == after, reasons
    assert case.tells in outcome.steps[0].change.why
    again = run(after, context)
    assert (again.steps, again.skipped) == ((), ())


def test_it_is_held_back_below_its_level() -> None:
    text = f'{NAME}\n{MAKE}CMD ["hello"]\n'.encode()
    options = Options(level=Level.REVIEW, only=OPTIONS.only)
    outcome = rewrite({PATH: text}, options=options, find_context=lambda *_: texts(dict.fromkeys(C, b"")))
    assert outcome.files[PATH] == text
    assert [change.level for change in outcome.held_back] == [Level.UNSAFE]


@pytest.mark.parametrize(
    ("first", "builder", "last"),
    [
        (f"{NAME} AS app", f"{NAME} AS build", f"{NAME} AS app"),
        (f"{NAME} AS build", f"{NAME} AS builder", f"{NAME} AS build"),
        ("FROM --platform=linux/amd64 debian:12", "FROM --platform=linux/amd64 debian:12 AS build",
         "FROM --platform=linux/amd64 debian:12"),
        ("ARG TAG=12\nFROM debian:$TAG", "ARG TAG=12\nFROM debian:$TAG AS build", "FROM debian:$TAG"),
    ],
)  # fmt: skip
def test_the_name_of_a_stage_stays_that_of_the_image(first: str, builder: str, last: str) -> None:
    name = builder.rpartition(" ")[2]
    before = f'{first}\n{MAKE}CMD ["hello"]\n'
    after = f'{builder}\n{MAKE}\n{last}\nWORKDIR /src\nCOPY --from={name} /usr/local /usr/local\nCMD ["hello"]\n'
    assert run(before, texts(dict.fromkeys(C, b""))).files[PATH].decode() == after


@pytest.mark.parametrize(
    ("makefile", "why"),
    [
        ("PREFIX = /opt/hello\n", "its Makefile installs to /opt/hello"),
        ("prefix ?= $(HOME)\n", "the prefix of its Makefile is not told"),
        ("install:\n\tinstall -m 644 a.conf $(DESTDIR)/etc/a.conf\n", "its Makefile also installs to /etc/a.conf"),
    ],
)
def test_where_a_makefile_installs_is_read(makefile: str, why: str) -> None:
    outcome = run(BEFORE, texts({"main.c": b"", "Makefile": makefile.encode()}))
    assert [why in skip.reason for skip in outcome.skipped] == [True]


def test_a_makefile_of_the_usual_kind_is_understood() -> None:
    text = b"PREFIX ?= /usr/local\ninstall: app\n\tinstall -D app $(DESTDIR)$(PREFIX)/bin/app >/dev/null\n"
    assert run(BEFORE, texts({"main.c": b"", "Makefile": text})).steps


RIGHT = f'{NAME} AS build\n{MAKE}\n{NAME}\nWORKDIR /src\nCOPY --from=build /usr/local /usr/local\nCMD ["hello"]\n'
WRONG = {
    "another base for what runs": RIGHT.replace(f"\n{NAME}\nWORKDIR", "\nFROM debian:bookworm\nWORKDIR"),
    "another base for the builder": RIGHT.replace(f"{NAME} AS", "FROM debian:bookworm AS"),
    "a builder that lacks a step": RIGHT.replace("COPY . .\n", ""),
    "a builder with another command": RIGHT.replace("make && make install", "make install"),
    "another path in the runtime stage": RIGHT.replace("/usr/local /usr/local", "/usr/local /opt"),
    "less that comes along": RIGHT.replace("/usr/local /usr/local", "/usr/local/bin /usr/local/bin"),
    "nothing that comes along": RIGHT.replace("COPY --from=build /usr/local /usr/local\n", ""),
    "more than what comes along": RIGHT.replace("CMD", "COPY --from=build /etc /etc\nCMD"),
    "a copy from elsewhere": RIGHT.replace("--from=build", "--from=debian"),
    "a copy for somebody else": RIGHT.replace("--from=build", "--from=build --chown=1"),
    "another CMD": RIGHT.replace('CMD ["hello"]', 'CMD ["bye"]'),
    "no CMD": RIGHT.replace('CMD ["hello"]\n', ""),
    "another working directory": RIGHT.replace("WORKDIR /src\nCOPY --from", "WORKDIR /usr/src\nCOPY --from"),
    "a variable that is new": RIGHT.replace('CMD ["hello"]', 'ENV A=1\nCMD ["hello"]'),
    "a step that is new": RIGHT.replace('CMD ["hello"]', 'RUN true\nCMD ["hello"]'),
    "the compiler again": RIGHT.replace("CMD", "RUN apt-get update && apt-get install -y gcc\nCMD"),
    "a builder that nobody can name": RIGHT.replace(" AS build\n", "\n"),
    "another name for the image": RIGHT.replace(f"\n{NAME}\nWORKDIR", f"\n{NAME} AS app\nWORKDIR"),
    "a third stage": RIGHT + f'{NAME}\nCMD ["hello"]\n',
    "no second stage": RIGHT.replace(f"\n{NAME}\nWORKDIR", "\nWORKDIR"),
}  # fmt: skip
BEFORE = f'{NAME}\n{MAKE}CMD ["hello"]\n'
LICENCE = SplitStage((b"/usr/local",), ("gcc", "libc6-dev", "make"), ())


def wrong(after: str, licence: SplitStage = LICENCE) -> tuple[str, ...]:
    facts = Facts.read(PATH, BEFORE.encode(), look=lambda: texts(dict.fromkeys(C, b"")))
    return moved(facts, [Edit(0, len(BEFORE), after.encode())], (licence,))


def test_the_witness_accepts_what_is_right() -> None:
    assert wrong(RIGHT) == ()


@pytest.mark.parametrize("after", WRONG.values(), ids=WRONG.keys())
def test_the_witness_rejects(after: str) -> None:
    assert after != RIGHT
    assert wrong(after) != ()


@pytest.mark.parametrize(
    "licence",
    [
        LICENCE._replace(carried=(b"/usr/local/bin",)),
        LICENCE._replace(gone=("gcc",)),
        LICENCE._replace(added=("make",)),
    ],
    ids=["less comes along", "less goes", "something is added"],
)
def test_the_witness_rejects_a_licence_that_says_something_else(licence: SplitStage) -> None:
    assert wrong(RIGHT, licence) != ()


def test_without_the_licence_the_right_change_is_rejected_too() -> None:
    facts = Facts.read(PATH, BEFORE.encode(), look=lambda: texts(dict.fromkeys(C, b"")))
    assert moved(facts, [Edit(0, len(BEFORE), RIGHT.encode())], ()) != ()


def test_a_comment_may_not_be_lost() -> None:
    before = BEFORE.replace("WORKDIR", "# Why.\nWORKDIR")
    facts = Facts.read(PATH, before.encode(), look=lambda: texts(dict.fromkeys(C, b"")))
    assert moved(facts, [Edit(0, len(before), RIGHT.encode())], (LICENCE,)) != ()


@needs_corpus
def test_real_files_are_cut_once_and_never_wrongly() -> None:
    cut = 0
    for name, text in corpus().items():
        outcome = rewrite({name: text}, options=OPTIONS)
        assert not any(skip.reason.startswith("validation") for skip in outcome.skipped), name
        if outcome.steps:
            cut += 1
            assert rewrite({name: outcome.files[name]}, options=OPTIONS).steps == (), name
    assert cut
