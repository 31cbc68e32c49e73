"""`dockfix context PATH`: what a build context holds, and what of it is sent."""

from __future__ import annotations

import os
from typing import TypedDict

from ..adapters import store
from ..adapters.discovery import discover
from ..adapters.plugins import installed
from ..engine.change import Level
from ..engine.context_run import rewrite_context
from ..engine.options import Options
from ..model.ignore import Ignore
from ..model.ignoring.ledger import rows
from ..model.together import Together, problem
from .contexts import Contexts
from .render.context import Account, as_json, as_text
from .request import UsageError
from .session import shown
from .terminal import Terminal

DONE, FAILED = 0, 2


class GivenContext(TypedDict):
    """The command line as click parses it."""

    path: str
    context: str | None
    form: str


def run(given: GivenContext, terminal: Terminal) -> int:
    """Print the ledger of each context in which a Dockerfile of the path is built. Raises UsageError."""
    path = given["path"]
    if not os.path.lexists(path):
        raise UsageError(f"{path}: no such file or folder")
    contexts = Contexts(given["context"], shown, lambda n: terminal.status(f"reading the build context: {n:,} entries"))
    try:
        texts = {file: store.read(file) for file in discover([path]).files}
        accounts = [_account(together) for together in contexts.together(texts)]
    except store.StoreError as error:
        raise UsageError(str(error)) from error
    if contexts.problems:
        raise UsageError(f"{contexts.problems[0].path}: {contexts.problems[0].message}")
    if not accounts:
        raise UsageError(f"{path}: no Dockerfile there takes anything from a build context")
    terminal.out(as_json(accounts) if given["form"] == "json" else as_text(accounts))
    terminal.flush()
    return FAILED if any(account.problem for account in accounts) else DONE


def _account(together: Together) -> Account:
    bad = together.of(problem)
    if bad:
        return Account(together, (), str(bad))
    options = Options(level=Level.REVIEW, only=frozenset({"write-dockerignore"}))
    outcome = rewrite_context(together, options=options, known=installed())
    after = Ignore.parse(outcome.files.get(together.path, together.text or b""))
    return Account(together, rows(together, after))
