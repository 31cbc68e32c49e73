"""Runs `dockfix verify` on the rig as a user would, and reads what it prints."""

from __future__ import annotations

import atexit
import json
import os
import tempfile
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
from command import Ended, dockfix
from rig.rig import Rig

SCHEMA = Path(__file__).parent.parent.parent / "docs/schema/verification-v1.json"
# What any two builds of one file may differ in; nothing else may be ignored without being announced.
NOISE = {
    "timestamps",
    "layer boundaries",
    "logs of package managers",
    "ldconfig's cache",
    "names of the containers that built",
    "compiled Python",
    "dpkg's backup of its database",
    "machine id",
}


@cache
def temporary() -> Path:
    """Where this process's verifications keep their scratch folders: no other process of pytest sees them come and go.

    It lies where the engines' world has it, too.
    """
    folder = tempfile.mkdtemp(prefix="dockfix-e2e-")
    atexit.register(os.rmdir, folder)
    return Path(folder)


def scratch() -> list[Path]:
    """What verifications have in there now."""
    return list(temporary().iterdir())


class Verified(NamedTuple):
    """The exit status, the JSON document, and what was said beside it."""

    status: int
    found: dict[str, Any]
    err: str

    @property
    def verdict(self) -> str:
        return str(self.found["pair"]["verdict"])

    @property
    def comparison(self) -> dict[str, Any]:
        """The comparison of the first with the last version."""
        found: dict[str, Any] = self.found["pair"]["comparison"]
        return found

    def differences(self) -> list[tuple[str, str, str | None, str | None]]:
        """(where, what, before, after) of each difference that counts."""
        assert self.comparison["total"] == len(self.comparison["differences"])
        return [(row["where"], row["what"], row["before"], row["after"]) for row in self.comparison["differences"]]

    def ignored(self) -> set[str]:
        """The names of what is ignored beyond the noise of any two builds."""
        return {row["name"] for row in self.comparison["ignored"]} - NOISE


def run(rig: Rig, engine: str, folder: Path, *arguments: str, **changes: str) -> Ended:
    """`dockfix verify ARGUMENTS` in `folder`, with just this engine installed."""
    options = ("--engine", engine, "--network", "host")
    environment = {**rig.environment(engine), "TMPDIR": str(temporary()), **changes}
    return dockfix(folder, "verify", *options, *arguments, **environment)


def verify(rig: Rig, engine: str, folder: Path, *arguments: str, **changes: str) -> Verified:
    """The same, as JSON."""
    ended = run(rig, engine, folder, *arguments, "--format", "json", **changes)
    assert ended.out, ended.err
    document = json.loads(ended.out)
    jsonschema.validate(document, json.loads(SCHEMA.read_text()))
    return Verified(ended.status, document, ended.err)


def write(folder: Path, files: dict[str, str]) -> Path:
    """Write the files of a build context."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        if text.startswith("#!"):
            path.chmod(0o755)
    return folder
