"""The action of the bot: its steps run as a runner runs them, against a platform with real repositories."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import bot_repositories as repositories
import pytest
import runner
import yaml
from bot_world import NAME, World, world
from checkout import ROOT, copied
from fake_github import TOKEN
from runner import Step

TEXT = (ROOT / "bot/action.yml").read_text()
ACTION = yaml.safe_load(TEXT)
INSTALL, RUN = ACTION["runs"]["steps"]
DEFAULTS = {name: given["default"] for name, given in ACTION["inputs"].items()}
PAGE = (ROOT / "docs/bot.md").read_text()
SECTION = PAGE.partition("## As an action\n")[2].partition("\n## ")[0]
NO_ONBOARDING = "--no-onboarding"


@pytest.fixture
def it(tmp_path: Path) -> Iterator[World]:
    """A platform; GITHUB_TOKEN of Actions is an app's."""
    (tmp_path / "hosted").mkdir()
    with world(tmp_path / "hosted") as made:
        made.hub.as_app = True
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The work space of a runner, and dockfix where the first step puts it."""
    (tmp_path / "work").mkdir()
    program = tmp_path / "temp/dockfix/bin/dockfix"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m dockfix "$@"\n')
    program.chmod(0o755)
    return tmp_path


def run(it: World, folder: Path, **inputs: str) -> Step:
    """The step that runs the bot. What the runner evaluates itself stands for this repository and its token."""
    given = {**DEFAULTS, "token": TOKEN, "repository": NAME, **inputs}
    return runner.run(RUN, folder, given, GITHUB_API_URL=it.hub.address)


def test_it_is_a_composite_action_whose_every_step_names_its_shell() -> None:
    assert ACTION["runs"]["using"] == "composite"
    assert all(step["shell"] == "bash" for step in (INSTALL, RUN))
    assert all(given["description"] and isinstance(given["default"], str) for given in ACTION["inputs"].values())


def test_every_input_is_used_and_none_is_used_that_there_is_not() -> None:
    assert set(re.findall(r"inputs\.(\w+)", TEXT)) == set(ACTION["inputs"])


def test_inputs_reach_the_scripts_by_the_environment_only() -> None:
    for step in (INSTALL, RUN):
        assert "${{" not in step["run"]
    used = set(re.findall(r"\$\{?(DOCKFIX_\w+)", INSTALL["run"] + RUN["run"]))
    # The program itself takes the token from there.
    assert {*INSTALL["env"], *RUN["env"]} == used | {"DOCKFIX_TOKEN"}


def test_by_default_it_is_the_job_s_own_repository_and_token() -> None:
    assert (DEFAULTS["token"], DEFAULTS["repository"]) == ("${{ github.token }}", "${{ github.repository }}")


def test_it_opens_pull_requests_and_tells_so_in_the_log_and_the_summary(it: World, folder: Path) -> None:
    step = run(it, folder, args=NO_ONBOARDING)
    assert (step.status, step.output) == (0, "status=0\n"), step.log
    assert list(it.open()) == ["safe", "review"]
    assert "ada/shop: opened safe #1" in step.log
    assert "1 repository; 2 opened; 3 changes; 1 Dockerfile looked at\n" in step.log
    lines = step.summary.splitlines()
    assert any("ada/shop: opened safe #1" in line for line in lines)
    assert all(line.startswith("    ") for line in lines), "indented, it is no markup"
    assert TOKEN not in step.log + step.summary + (folder / "temp/dockfix-report").read_text()


def test_options_are_one_a_line_and_a_dry_run_changes_nothing(it: World, folder: Path) -> None:
    step = run(it, folder, args=f"--dry-run\n\n{NO_ONBOARDING}\n")
    assert (step.status, it.writes(), it.branches()) == (0, [], {})
    assert "opened safe" in step.log


def test_the_settings_of_the_operator_are_read_from_the_file(it: World, folder: Path) -> None:
    (folder / "work/the bot.toml").write_text("onboarding = false\n[bot]\nlevel = 'safe'\n")
    step = run(it, folder, operator="the bot.toml")
    assert (step.status, list(it.open())) == (0, ["safe"]), step.log


def test_what_cannot_be_looked_at_fails_the_step_and_the_token_is_in_no_error(it: World, folder: Path) -> None:
    it.hub.revoke()
    step = run(it, folder)
    assert (step.status, step.output) == (2, "status=2\n")
    assert "ada/shop: error: " in step.log
    assert "ada/shop: error: " in step.summary
    assert TOKEN not in step.log + step.summary


def test_wrong_usage_fails_the_step(it: World, folder: Path) -> None:
    step = run(it, folder, args="--no-such-option")
    assert (step.status, step.output, step.summary) == (3, "status=3\n", "")
    assert step.log.count("No such option") == 1


def test_what_an_input_says_is_never_run_and_is_no_option(it: World, folder: Path) -> None:
    evil = "$(touch made)`touch made`\"; touch made; '"
    assert run(it, folder, repository=evil).status == 2
    assert run(it, folder, repository="--help").status == 2
    assert run(it, folder, operator=evil).status == 3
    assert run(it, folder, args=evil).status == 2
    assert not (folder / "work/made").exists()


def test_what_a_repository_says_is_no_command_to_the_runner(it: World, folder: Path) -> None:
    text = b"FROM debian:12\nRUN echo a\nRUN cat <<EOF\n::error::x\n##[error]x\nEOF\nRUN echo b\nRUN echo c\n"
    repositories.commit(it.bare, {"Dockerfile": text})
    log = run(it, folder, args=f"--dry-run\n{NO_ONBOARDING}").log.splitlines()
    (stop,) = [line for line in log if line.startswith("::stop-commands::")]
    word = stop.removeprefix("::stop-commands::")
    assert len(word) == 32
    assert log[0] == stop
    assert log[-1] == f"::{word}::"
    # The runner passes over blanks in front.
    assert any(line.lstrip().startswith("::error::") for line in log), "the test shows nothing otherwise"


def test_the_first_step_installs_the_bot_with_what_it_needs(it: World, folder: Path) -> None:
    (folder / "temp/dockfix/bin/dockfix").unlink()
    copied(folder / "checkout")
    (folder / "checkout/bot").mkdir()
    step = runner.run(INSTALL, folder, {"python": sys.executable}, GITHUB_ACTION_PATH=str(folder / "checkout/bot"))
    assert step.status == 0, step.log
    assert os.access(folder / "temp/dockfix/bin/dockfix", os.X_OK)
    assert "opened safe" in run(it, folder, args=f"--dry-run\n{NO_ONBOARDING}").log


# The page.


def test_the_workflow_on_the_page_is_one_on_a_schedule_with_the_rights_that_it_needs() -> None:
    flow = yaml.safe_load(SECTION.partition("```yaml\n")[2].partition("```")[0])
    # YAML 1.1 reads the key `on` as true.
    assert set(flow[True]) == {"schedule", "workflow_dispatch"}
    assert [len(one["cron"].split()) for one in flow[True]["schedule"]] == [5]
    assert flow["permissions"] == {"contents": "write", "pull-requests": "write"}
    (step,) = flow["jobs"]["dockfix"]["steps"]
    assert step["uses"].startswith("OWNER/dockfix/bot@")
    assert set(step.get("with", {})) <= set(ACTION["inputs"])


def test_the_page_names_all_inputs_and_no_others() -> None:
    assert set(re.findall(r"^\| `(\w+)` \|", SECTION, re.MULTILINE)) == set(ACTION["inputs"])
