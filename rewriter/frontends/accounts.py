"""What the ledgers of contexts and of the cache have in common: from a path to an account of each context."""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Iterable
from typing import TypeVar

from ..adapters import store
from ..adapters.discovery import discover
from ..model.together import Together
from .contexts import Contexts
from .request import UsageError
from .session import shown
from .terminal import Terminal

T = TypeVar("T")
Accounting = Callable[[Together, Container[str]], Iterable[T]]
"""Gives the accounts of a context, with the Dockerfiles that the path is about, as they are shown."""


def accounts_of(path: str, context: str | None, terminal: Terminal, accounting: Accounting[T]) -> list[T]:
    """The accounts of all contexts in which a Dockerfile of the path is built.

    Raises UsageError where there is none, and for what cannot be read.
    """
    if not os.path.lexists(path):
        raise UsageError(f"{path}: no such file or folder")
    contexts = Contexts(context, terminal)
    try:
        texts = {file: store.read(file) for file in discover([path]).files}
    except store.StoreError as error:
        raise UsageError(str(error)) from error
    named = {shown(file) for file in texts}
    accounts = [account for together in contexts.together(texts) for account in accounting(together, named)]
    if contexts.problems:
        raise UsageError(f"{contexts.problems[0].path}: {contexts.problems[0].message}")
    if not accounts:
        raise UsageError(f"{path}: no Dockerfile there takes anything from a build context")
    return accounts
