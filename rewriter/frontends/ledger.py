"""`dockfix context PATH`: what a build context holds, and what of it is sent."""

from __future__ import annotations

from typing import TypedDict

from ..adapters.plugins import installed
from ..engine.change import Level
from ..engine.context_run import rewrite_context
from ..engine.options import Options
from ..model.ignore import Ignore
from ..model.ignoring.ledger import rows
from ..model.together import Together, problem
from .accounts import accounts_of
from .render.context import Account, as_json, as_text
from .terminal import Terminal

DONE, FAILED = 0, 2


class GivenContext(TypedDict):
    """The command line as click parses it."""

    path: str
    context: str | None
    form: str


def run(given: GivenContext, terminal: Terminal) -> int:
    """Print the ledger of each context in which a Dockerfile of the path is built. Raises UsageError."""
    accounts = accounts_of(given["path"], given["context"], terminal, lambda together, _: [_account(together)])
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
