"""A step of an action, run as a runner does it: in bash, with what a runner sets."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from command import environment


class Step(NamedTuple):
    """How a step ended, and what it wrote for the runner."""

    status: int
    log: str
    output: str
    summary: str


def run(step: Mapping[str, Any], folder: Path, given: Mapping[str, str], **more: str) -> Step:
    """The step in `folder/work`, with the inputs put into its environment; `shell: bash` is `bash -e -o pipefail`."""
    env = {
        name: re.sub(r"\$\{\{ inputs\.(\w+) \}\}", lambda found: given[found[1]], value)
        for name, value in step["env"].items()
    }
    (folder / "script.sh").write_text(step["run"])
    for name in ("output", "summary"):
        (folder / name).write_text("")
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", folder / "script.sh"],
        cwd=folder / "work",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment(
            **env,
            **{
                "RUNNER_TEMP": str(folder / "temp"),
                "GITHUB_ACTION_PATH": str(folder / "action"),
                "GITHUB_OUTPUT": str(folder / "output"),
                "GITHUB_STEP_SUMMARY": str(folder / "summary"),
                "GITHUB_ACTIONS": "true",
                **more,
            },
        ),
        timeout=540,
        check=False,
    )
    return Step(
        done.returncode, done.stdout.decode(), (folder / "output").read_text(), (folder / "summary").read_text()
    )
