"""Which steps run again: by the model, as rules; that BuildKit does the same is asked in tests/e2e/test_cache_steps.py."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from cache_cases import CASES, CacheCase
from command import dockfix

from dockfix.adapters import shfmt
from dockfix.adapters.context import texts
from dockfix.frontends.cache import GivenCache, run
from dockfix.frontends.request import UsageError
from dockfix.frontends.terminal import Terminal
from dockfix.model.cache import Change, reruns
from dockfix.model.context import Commit
from dockfix.model.costs import COMPILE, COPY, INSTALL, METADATA, OTHER, costs
from dockfix.model.facts import Facts
from dockfix.model.replay import by_path, replayed


def steps(case: CacheCase) -> list[str]:
    """The first lines of the steps that run again, by the model."""
    facts = Facts.read("Dockerfile", case.dockerfile.encode())
    assert facts.problems == ()
    change = Change((case.changed,) if case.changed else (), (case.argument,) if case.argument else ())
    found = reruns(facts, change, case.target)
    assert all(found.values())
    return [facts.source.text[facts.instructions[i].node.start :].split(b"\n")[0].decode() for i in sorted(found)]


@pytest.mark.parametrize("case", CASES, ids=[case.says for case in CASES])
def test_the_steps_that_run_again(case: CacheCase) -> None:
    assert steps(case) == list(case.again)


def test_a_reason_names_the_path_or_the_argument() -> None:
    text = b"FROM a\nARG V\nCOPY x /x\nRUN b\n"
    assert list(reruns(Facts.read("", text), Change(("x",))).values()) == ["x changed", "x changed"]
    assert list(reruns(Facts.read("", text), Change((), ("V",))).values()) == ["V has another value"]


@pytest.mark.parametrize(
    ("instruction", "cost"),
    [
        ("COPY a /b", COPY),
        ("WORKDIR /a", COPY),
        ("ENV a=b", METADATA),
        ('CMD ["a"]', METADATA),
        ("RUN apt-get update && apt-get install -y curl", INSTALL),
        ("RUN npm ci", INSTALL),
        ("RUN pip install -r requirements.txt", INSTALL),
        ("RUN go mod download", COMPILE),
        ("RUN go build ./...", COMPILE),
        ("RUN make", COMPILE),
        ("RUN npm run build", COMPILE),
        ("RUN ./gradlew build", COMPILE),
        ("RUN mkdir -p /a && chmod 755 /a", OTHER),
        ("RUN go version", OTHER),
        ("RUN <<EOF\nmake\nEOF", OTHER),
    ],
)
def test_costs_go_by_the_kind_of_command(instruction: str, cost: int) -> None:
    facts = Facts.read("", f"FROM a\n{instruction}\n".encode())
    assert facts.of(costs)[1] == cost


TEXT = b"""FROM node:22
ARG GIT_SHA
COPY package.json /app/
RUN cd /app && npm install
COPY src /app/src
RUN cd /app && npm run build
"""


def test_each_path_and_each_argument_has_its_line_the_dearest_first() -> None:
    context = texts({}, {"package.json": 1, "src/a": 1, "src/b": 1, "notes": 1})
    lines = by_path(Facts.read("", TEXT), context.entries)
    assert [(one.name, one.steps, one.cost) for one in lines] == [
        ("package.json", (2, 3, 4, 5), 122),
        ("ARG GIT_SHA", (3, 4, 5), 121),
        ("src", (4, 5), 61),
        ("notes", (), 0),
    ]


def test_a_history_is_replayed_commit_by_commit_with_what_is_sent() -> None:
    commits = [Commit("c3", ("notes",)), Commit("c2", ("src/gone", "notes")), Commit("c1", ("package.json",))]
    facts = Facts.read("", TEXT)
    found = replayed(facts, commits, lambda path: path != "package.json")
    assert [(one.name, one.cost) for one in found] == [("c3", 0), ("c2", 61), ("c1", 0)]


def git(where: Path, *arguments: str) -> None:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments]
    subprocess.run(command, cwd=where, check=True, capture_output=True)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with two commits."""
    for name, text in {"Dockerfile": TEXT.decode(), "package.json": "{}", "src/a": "1"}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "one")
    (tmp_path / "src/a").write_text("2")
    git(tmp_path, "commit", "-qam", "two")
    return tmp_path


def test_the_command_prints_a_table_and_the_mean_of_the_history(project: Path) -> None:
    ended = dockfix(project, "cache", "--history", "5")
    rows = [line.split()[:3] for line in ended.out.decode().splitlines()]
    assert ended.status == 0
    assert ["package.json", "122", "122"] in rows
    assert ended.out.decode().splitlines()[-1] == "mean cost of a rebuild: 91.5 today, 91.5 after the proposed changes"


def test_a_second_parser_that_gives_no_answer_is_a_sentence(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "Dockerfile").write_text("FROM debian:12\nCOPY src /src\nRUN make a\nRUN make b\n")
    program = project / "shfmt"
    program.write_text("#!/bin/sh\nexit 2\n")
    program.chmod(0o755)
    monkeypatch.setattr(shfmt, "program", lambda: str(program))
    given: GivenCache = {
        "path": str(project),
        "context": None,
        "target": None,
        "history": 1,
        "seconds": (),
        "form": "text",
    }
    with pytest.raises(UsageError, match="the second shell parser, gives no answer here"):
        run(given, Terminal())


def test_the_command_prints_json_for_programs(project: Path) -> None:
    (told,) = json.loads(dockfix(project, "cache", "--history", "1", "--format", "json").out)["dockerfiles"]
    assert told["path"] == "Dockerfile"
    assert {"name": "src", "cost": 61, "lines": [5, 6]} in told["today"]["changed"]
    assert [commit["cost"] for commit in told["today"]["commits"]] == [61]


@pytest.mark.parametrize("command", ["cache", "context"])
def test_where_nothing_is_taken_it_is_said_in_one_sentence(command: str, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM a\nRUN b\n")
    for path in (".", "none"):
        ended = dockfix(tmp_path, command, path)
        assert ended.status == 3
        assert len(ended.err.splitlines()) == 1
