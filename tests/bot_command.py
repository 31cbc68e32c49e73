"""Runs `dockfix bot` as its operator does, and looks for the token in all that it says."""

from __future__ import annotations

import base64
import re
from pathlib import Path

from command import Ended, dockfix
from fake_github import TOKEN

NONE = {"GH_TOKEN": "", "GITHUB_TOKEN": "", "DOCKFIX_TOKEN": ""}
SECRETS = (TOKEN, base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode(), TOKEN[-12:])


def bot(folder: Path, *arguments: str, **changes: str) -> Ended:
    """`dockfix bot run ARGUMENTS...`, whose output never has the token in it."""
    done = dockfix(folder, "bot", "run", *arguments, **{**NONE, **changes})
    assert not [secret for secret in SECRETS if secret in done.out.decode() + done.err]
    return done


def sentence(done: Ended) -> str:
    """What it says is one line, and no trace of Python."""
    assert re.fullmatch(r"[^\n]+\n", done.err), done.err
    assert "internal error" not in done.err
    return done.err
