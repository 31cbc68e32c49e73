"""What the ledgers of contexts and of the cache have in common: from a path to an account of each context."""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Iterable
from typing import TypeVar

from ..adapters import store
from ..adapters.config import Configurations
from ..adapters.discovery import discover
from ..adapters.plugins import installed
from ..adapters.settings import ConfigError
from ..engine.change import Level, Outcome
from ..engine.context_run import rewrite_context, with_own
from ..engine.options import Options
from ..model.ignore import Ignore
from ..model.together import Together, problem, rules
from .contexts import Contexts
from .request import Request, UsageError
from .session import shown
from .terminal import Terminal

T = TypeVar("T")
OptionsOf = Callable[[str], Options]
Accounting = Callable[[Together, Ignore, Container[str], OptionsOf], Iterable[T]]
"""Gives the accounts of an ignore file, with its rules after the proposed changes, the Dockerfiles that the path is
about, as they are shown, and what the configuration says of a file.
"""


def accounts_of(path: str, context: str | None, terminal: Terminal, accounting: Accounting[T]) -> list[T]:
    """The accounts of all contexts in which a Dockerfile of the path is built.

    Raises UsageError where there is none, and for what cannot be read.
    """
    if not os.path.lexists(path):
        raise UsageError(f"{path}: no such file or folder")
    contexts = Contexts(context, terminal)
    options_of = _configured()
    try:
        texts = {file: store.read(file) for file in discover([path]).files}
    except store.StoreError as error:
        raise UsageError(str(error)) from error
    named = {shown(file) for file in texts}
    counting = (one for together in contexts.together(texts) for one in _counting(together, options_of))
    accounts = [account for one, later in counting for account in accounting(one, later, named, options_of)]
    if contexts.problems:
        raise UsageError(f"{contexts.problems[0].path}: {contexts.problems[0].message}")
    if not accounts:
        raise UsageError(
            f"{path}: no Dockerfile there takes anything from a context that is known (--context names it)"
        )
    return accounts


def _configured() -> OptionsOf:
    """The options for a file at level review, with what the configuration says of it; these raise UsageError."""
    configurations = Configurations({name: one.settings for name, one in installed().items()}, None)

    def options_of(path: str) -> Options:
        try:
            return Request(level=Level.REVIEW).options(configurations.layer_for(path))
        except ConfigError as error:
            raise UsageError(f"{error.path}: {error.message}") from error

    return options_of


def _counting(together: Together, options_of: OptionsOf) -> list[tuple[Together, Ignore]]:
    """The ignore file, or those of the Dockerfiles' own where these are proposed in its place; each as it will be."""

    def rewritten(one: Together) -> Outcome:
        return rewrite_context(one, options=options_of(one.path), known=installed())

    common, *own = with_own(together, rewritten)
    written = [(one, outcome) for one, outcome in own if outcome.steps]
    return [(one, _later(one, outcome)) for one, outcome in written or [common]]


def _later(together: Together, outcome: Outcome) -> Ignore:
    if together.of(problem):
        return Ignore(())
    return Ignore.parse(outcome.files[together.path]) if together.path in outcome.files else together.of(rules)
