"""`dockfix cache PATH`: what a change of each part of the build context makes run again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TypedDict

from ..adapters import store
from ..adapters.discovery import discover
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
from .contexts import Contexts
from .render.cache import Account, Side, as_json, as_text
from .request import UsageError
from .session import shown
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
    path = given["path"]
    if not os.path.lexists(path):
        raise UsageError(f"{path}: no such file or folder")
    contexts = Contexts(given["context"], shown, lambda n: terminal.status(f"reading the build context: {n:,} entries"))
    try:
        texts = {file: store.read(file) for file in discover([path]).files}
        named = {shown(file) for file in texts}
        accounts = [
            account
            for together in contexts.together(texts)
            for account in _accounts(together, given)
            if account.path in named
        ]
    except store.StoreError as error:
        raise UsageError(str(error)) from error
    if contexts.problems:
        raise UsageError(f"{contexts.problems[0].path}: {contexts.problems[0].message}")
    if not accounts:
        raise UsageError(f"{path}: no Dockerfile there takes anything from a build context")
    terminal.out(as_json(accounts) if given["form"] == "json" else as_text(accounts))
    terminal.flush()
    return 0


def _accounts(together: Together, given: GivenCache) -> Iterator[Account]:
    if bad := together.of(problem):
        raise UsageError(f"{together.path}: the build fails at its {bad}")
    options = Options(level=Level.REVIEW)
    outcome = rewrite_context(together, options=options, known=installed())
    now = Ignore.parse(together.text or b"")
    later = Ignore.parse(outcome.files.get(together.path, b""))
    second_opinion = Shfmt()
    for facts in together.of(files):
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
