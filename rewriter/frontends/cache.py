"""`dockfix cache PATH`: what a change of each part of the build context makes run again."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import TypedDict

from ..adapters.plugins import installed
from ..adapters.shfmt import Shfmt
from ..engine.change import Level
from ..engine.context_run import rewrite_context
from ..engine.options import Options
from ..engine.run import rewrite
from ..model.facts import Facts
from ..model.ignore import Ignore
from ..model.replay import by_path, replayed
from ..model.together import Together, files, problem
from .accounts import accounts_of
from .render.cache import Account, Side, as_json, as_text
from .request import UsageError
from .terminal import Terminal


class GivenCache(TypedDict):
    """The command line as click parses it."""

    path: str
    context: str | None
    target: str | None
    history: int
    form: str


def run(given: GivenCache, terminal: Terminal) -> int:
    """Print the ledger of each Dockerfile of the path. Raises UsageError."""
    accounts = accounts_of(
        given["path"], given["context"], terminal, lambda together, named: _accounts(together, named, given)
    )
    terminal.out(as_json(accounts) if given["form"] == "json" else as_text(accounts))
    terminal.flush()
    return 0


def _accounts(together: Together, named: Container[str], given: GivenCache) -> Iterator[Account]:
    if bad := together.of(problem):
        raise UsageError(f"{together.path}: the build fails at its {bad}")
    options = Options(level=Level.REVIEW)
    outcome = rewrite_context(together, options=options, known=installed())
    now = Ignore.parse(together.text or b"")
    later = Ignore.parse(outcome.files.get(together.path, b""))
    second_opinion = Shfmt()
    for facts in together.of(files):
        if facts.path not in named:
            continue
        known = {facts.path: facts.source.text}
        text = rewrite(known, options=options, second_opinion=second_opinion, known=installed()).files[facts.path]
        after = Facts.read(facts.path, text)
        sides = [_side(together, one, rules, given) for one, rules in ((facts, now), (after, later))]
        yield Account(facts.path, together.context.name, together.chosen, *sides)


def _side(together: Together, facts: Facts, rules: Ignore, given: GivenCache) -> Side:
    target = given["target"] or ""
    commits = together.context.history(given["history"]) if given["history"] else ()
    return Side(
        facts,
        by_path(facts, rules.left(together.context.entries), target),
        replayed(facts, commits, lambda path: not rules.ignores(path), target),
    )
