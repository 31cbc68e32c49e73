"""Which pull requests there are on Gitea, where no list is one of those from a branch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..platform import Pull, Repository, State
from .gitea_answers import PullRequest, is_ours, pull_of
from .gitea_connection import Connection, Missing, Request, at

_NEWEST = 4
"""Pages of closed pull requests."""


def listed(to: Connection, repository: Repository, state: State, *most: int, poster: str = "") -> list[PullRequest]:
    """All of a state, or those on the first `most` pages, the newest first; from `poster`, if there is one.

    Gitea before 1.23 knows no poster, and lists everybody's.
    """
    query: dict[str, str | int] = {"state": state.value, **({"poster": poster} if poster else {})}
    request = Request("GET", at(repository.name, "pulls"), "list pull requests", query=query)

    def read(told: PullRequest) -> PullRequest:
        pull_of(told)
        return told

    return list(to.pages(request, read, *most))


def ours(to: Connection, repository: Repository, account: str | None) -> Sequence[Pull]:
    """Those from branches of the bot, the newest first: all that are open, and of the others the newest.

    Everybody's are looked at, too: it may have had another account.
    """
    there = listed(to, repository, State.OPEN)
    if account is not None:
        there += listed(to, repository, State.CLOSED, _NEWEST, poster=account)
    there += listed(to, repository, State.CLOSED, _NEWEST if account is None else 1)
    found = {one["number"]: pull_of(one) for one in there if is_ours(one)}
    return [found[number] for number in sorted(found, reverse=True)]


def closed(to: Connection, repository: Repository, branch: str, bases: Iterable[str]) -> Iterator[Pull]:
    """Those from a branch that are not open: none, unless the server names one for some base.

    What it names comes first; for the others all that were ever closed are read.
    """
    named = [_named(to, repository, branch, base) for base in dict.fromkeys(bases)]
    if not any(named):
        return
    there = {one.number: one for one in named if isinstance(one, Pull) and one.state is not State.OPEN}
    yield from there.values()
    for told in listed(to, repository, State.CLOSED):
        if is_ours(told) and told["head"]["label"] == branch and told["number"] not in there:
            yield pull_of(told)


def _named(to: Connection, repository: Repository, branch: str, base: str) -> Pull | Missing | None:
    """Any one from the branch, open or not; Missing where the server cannot tell, as those before Gitea 1.22."""
    path = at(repository.name, "pulls", base, *branch.split("/"))
    if "/" in base:
        # Of a name with %2F in it, some proxies make two.
        return Missing(f"{base} cannot be asked for")
    try:
        return to.ask(Request("GET", path, "read pull requests"), pull_of)
    except Missing as error:
        return None if error.is_answer else error
