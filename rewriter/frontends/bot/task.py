"""What a worker is told: a repository and how to reach its platform. It holds no token: workers have their own."""

from __future__ import annotations

from typing import NamedTuple

from .settings import Operator

PLATFORMS = ("github", "gitlab", "gitea", "local")


class Place(NamedTuple):
    """A platform: its kind, one of PLATFORMS, the address of its API, and where the token is.

    `token_file` is read by the worker; without one, the environment is asked (DOCKFIX_TOKEN, or the platform's usual
    variable). `api` is empty for the public instance of the kind.
    """

    kind: str
    api: str = ""
    token_file: str = ""


class Task(NamedTuple):
    """One repository of a run."""

    place: Place
    repository: str
    operator: Operator = Operator()
