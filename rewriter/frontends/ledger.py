"""`dockfix context PATH`: what a build context holds, and what of it is sent."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import TypedDict

from ..model.ignore import Ignore
from ..model.ignoring.ledger import rows
from ..model.together import Together, problem
from .accounts import OptionsOf, accounts_of
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
    accounts = accounts_of(given["path"], given["context"], terminal, _accounts)
    terminal.out(as_json(accounts) if given["form"] == "json" else as_text(accounts))
    terminal.flush()
    return FAILED if any(account.problem for account in accounts) else DONE


def _accounts(together: Together, later: Ignore, named: Container[str], _: OptionsOf) -> Iterator[Account]:
    """None for a file that only counts for other Dockerfiles of the folder."""
    if any(path in named for path in together.dockerfiles):
        bad = together.of(problem)
        yield Account(together, () if bad else rows(together, later), str(bad or ""))
