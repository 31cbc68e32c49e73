"""The action for GitHub: its steps run as a runner runs them, in bash, with what a runner sets."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import pytest
import runner
import yaml
from checkout import ROOT, copied
from command import git
from runner import Step

TEXT = (ROOT / "action.yml").read_text()
ACTION = yaml.safe_load(TEXT)
INSTALL, LOOK, UPLOAD = ACTION["runs"]["steps"]
DEFAULTS = {name: given["default"] for name, given in ACTION["inputs"].items()}
PAIR = b"FROM debian:12-slim\nRUN echo a\nRUN echo b\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The work space of a runner with a Dockerfile in a folder, and dockfix where the first step puts it."""
    (tmp_path / "work/a b").mkdir(parents=True)
    (tmp_path / "work/a b/Dockerfile").write_bytes(PAIR)
    (tmp_path / "work/other.Dockerfile").write_bytes(PAIR)
    program = tmp_path / "temp/dockfix/bin/dockfix"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m dockfix "$@"\n')
    program.chmod(0o755)
    return tmp_path


def run(step: dict, folder: Path, **inputs: str) -> Step:
    """The step with these inputs, and with the defaults of the others."""
    return runner.run(step, folder, {**DEFAULTS, **inputs})


def test_it_is_a_composite_action_whose_every_step_names_its_shell() -> None:
    assert ACTION["runs"]["using"] == "composite"
    assert all(step["shell"] == "bash" for step in (INSTALL, LOOK))
    assert all(given["description"] and isinstance(given["default"], str) for given in ACTION["inputs"].values())


def test_every_input_is_used_and_none_is_used_that_there_is_not() -> None:
    assert set(re.findall(r"inputs\.(\w+)", TEXT)) == set(ACTION["inputs"])


def test_inputs_reach_the_scripts_by_the_environment_only() -> None:
    for step in (INSTALL, LOOK):
        assert "${{" not in step["run"]
        assert all(f"${name}" in step["run"] for name in step["env"])


def test_changes_are_annotations_and_in_the_summary_and_fail_the_step(folder: Path) -> None:
    step = run(LOOK, folder)
    assert (step.status, step.output) == (1, "status=1\n")
    assert [line.partition(",")[0] for line in step.log.splitlines()] == [
        "::notice file=other.Dockerfile",
        "::notice file=a b/Dockerfile",
    ]
    assert step.summary.startswith("# dockfix\n\n2 changes (2 files)\n")
    assert step.summary.count("```diff\n") == 2


def test_nothing_to_do_passes_and_says_so(folder: Path) -> None:
    (folder / "work/a b/Dockerfile").write_bytes(b"FROM debian:12-slim\n")
    step = run(LOOK, folder, paths="a b")
    assert (step.status, step.log, step.output) == (0, "", "status=0\n")
    assert step.summary == "# dockfix\n\nnothing to do (1 file)\n"


def test_paths_and_options_are_one_a_line_and_may_hold_blanks(folder: Path) -> None:
    step = run(LOOK, folder, paths="a b\nother.Dockerfile\n", args="--skip\nmerge-runs\n")
    assert (step.status, step.log) == (0, "")
    step = run(LOOK, folder, paths="a b/Dockerfile")
    assert step.log.startswith("::notice file=a b/Dockerfile,line=2")


def test_the_level_is_passed_on(folder: Path) -> None:
    (folder / "work/a b/Dockerfile").write_bytes(
        b"FROM debian:12-slim\nRUN apt-get update && apt-get install -y curl\n"
    )
    assert "no-install-recommends" in run(LOOK, folder, paths="a b").log
    assert "no-install-recommends" not in run(LOOK, folder, paths="a b", level="safe").log


def test_a_sarif_file_is_written_where_it_is_asked_for(folder: Path) -> None:
    run(LOOK, folder, sarif="out.sarif")
    log = json.loads((folder / "work/out.sarif").read_text())
    assert [result["ruleId"] for result in log["runs"][0]["results"]] == ["merge-runs", "merge-runs"]


@pytest.mark.parametrize(
    ("sarif", "upload", "status", "goes"),
    [
        ("out.sarif", "true", "0", True),
        ("out.sarif", "true", "1", True),
        ("out.sarif", "true", "3", False),
        ("out.sarif", "false", "1", False),
        ("", "true", "1", False),
    ],
)
def test_the_sarif_file_goes_to_code_scanning_where_there_is_one(
    sarif: str, upload: str, status: str, goes: bool
) -> None:
    assert UPLOAD["uses"].startswith("github/codeql-action/upload-sarif@")
    assert UPLOAD["with"]["sarif_file"] == "${{ inputs.sarif }}"
    condition = UPLOAD["if"].removeprefix("${{ ").removesuffix(" }}")
    known = {"always()": "True", "inputs.sarif": repr(sarif), "inputs.upload": repr(upload), "&&": "and"}
    known["steps.look.outputs.status"] = status
    for name, value in known.items():
        condition = condition.replace(name, value)
    assert eval(condition) is goes  # noqa: S307


def test_changes_do_not_fail_the_step_where_they_are_not_to_and_errors_do(folder: Path) -> None:
    step = run(LOOK, folder, fail="false")
    assert (step.status, step.output) == (0, "status=1\n")
    (folder / "work/a b/Dockerfile").write_bytes(b"NONSENSE\n")
    assert run(LOOK, folder, fail="false").status == 2


def test_wrong_usage_is_said_once(folder: Path) -> None:
    step = run(LOOK, folder, args="--only=nothing")
    assert (step.status, step.output, step.summary) == (3, "status=3\n", "")
    assert step.log.count("unknown transform nothing") == 1


def test_what_an_input_says_is_never_run(folder: Path) -> None:
    step = run(LOOK, folder, paths='$(touch made)\n`touch made`\n"; touch made; "', level="safe")
    assert step.status == 2
    assert not (folder / "work/made").exists()


def test_only_what_a_pull_request_touches_is_told(folder: Path) -> None:
    work = folder / "work"
    git(work, "init", "-q", "-b", "main")
    git(work, "add", "-A")
    git(work, "commit", "-q", "-m", "first")
    (work / "other.Dockerfile").write_bytes(PAIR.replace(b"echo b", b"echo c"))
    step = run(LOOK, folder, args="--changed-since=main")
    assert [line.partition(",")[0] for line in step.log.splitlines()] == ["::notice file=other.Dockerfile"]


def test_the_first_step_installs_dockfix_from_the_action_itself(folder: Path) -> None:
    (folder / "temp/dockfix/bin/dockfix").unlink()
    copied(folder / "action")
    step = run(INSTALL, folder, python=sys.executable)
    assert step.status == 0, step.log
    assert os.access(folder / "temp/dockfix/bin/dockfix", os.X_OK)
    assert run(LOOK, folder, paths="other.Dockerfile").log.startswith("::notice file=other.Dockerfile")
