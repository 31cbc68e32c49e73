"""What docs/pipelines.md tells people to copy works: its YAML, its inputs, hooks and commands."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from checkout import ROOT
from command import dockfix, environment, git

PAGE = (ROOT / "docs/pipelines.md").read_text()
YAML = [yaml.safe_load(fence) for fence in re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)]
WORKFLOW, GITLAB, PRE_COMMIT = YAML
INPUTS = yaml.safe_load((ROOT / "action.yml").read_text())["inputs"]
HOOKS = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
PAIR = b"FROM debian:12-slim\nRUN echo a\nRUN echo b\n"


def test_the_table_of_inputs_is_that_of_the_action() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (?:`(.*?)`)? ?\| .+ \|$", PAGE, re.MULTILINE)
    assert dict(rows) == {name: given["default"] for name, given in INPUTS.items()}


def test_the_workflow_gives_the_action_inputs_that_it_has() -> None:
    (step,) = (step for step in WORKFLOW["jobs"]["dockfix"]["steps"] if step.get("uses") == "OWNER/dockfix@v1")
    assert set(step["with"]) <= set(INPUTS)


def test_the_hooks_that_are_named_exist() -> None:
    assert {hook["id"] for repo in PRE_COMMIT["repos"] for hook in repo["hooks"]} <= HOOKS
    assert set(re.findall(r"`(dockfix(?:-\w+)?)` (?:shows|makes)", PAGE)) == HOOKS


def test_every_option_that_is_named_exists(tmp_path: Path) -> None:
    known = set(re.findall(r"--[a-z-]+", dockfix(tmp_path, "--help", COLUMNS="200").out.decode()))
    assert set(re.findall(r"(?<=`)--[a-z-]+|(?<=dockfix )--[a-z-]+", PAGE)) <= known


def test_every_format_has_a_row(tmp_path: Path) -> None:
    (formats,) = re.findall(r"--format \[(.*?)\]", dockfix(tmp_path, "--help", COLUMNS="200").out.decode())
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| [^|]+ \|$", PAGE[: PAGE.index("## Only what")], re.MULTILINE)
    assert {*rows, "text"} == set(formats.split("|"))


@pytest.mark.parametrize("document", ["gl-code-quality-report.json"])
def test_the_job_for_gitlab_writes_the_report_that_it_uploads(tmp_path: Path, document: str) -> None:
    (tmp_path / "Dockerfile").write_bytes(PAIR)
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "first")
    base = git(tmp_path, "rev-parse", "HEAD").decode().strip()
    (tmp_path / "api.Dockerfile").write_bytes(PAIR)
    (line,) = GITLAB["dockfix"]["script"]
    script = f'dockfix() {{ "{sys.executable}" -m dockfix "$@"; }}\n{line}'
    env = environment(CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
    assert subprocess.run(["sh", "-c", script], cwd=tmp_path, env=env, check=False).returncode == 1
    assert GITLAB["dockfix"]["artifacts"]["reports"]["codequality"] == document
    assert [issue["location"]["path"] for issue in json.loads((tmp_path / document).read_text())] == ["api.Dockerfile"]
