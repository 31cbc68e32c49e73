"""What a pull request on GitHub gets once it is open: labels, reviewers and assignees, each by a request of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..platform import Limited, NewPull, PlatformError, Pull, Repository
from .github_answers import Json, text
from .github_api import Api, Refused, Request

_RIGHT = "pull-requests: write"
_Put = Callable[[Api, str, int, Sequence[str]], None]


def add(api: Api, repository: Repository, pull: Pull, new: NewPull) -> None:
    """Set them; doing it twice does no harm. Names that GitHub does not take are left out.

    Raises PlatformError, after all were tried, where one of them fails otherwise.
    """
    failed = []
    for put, names in ((_label, new.labels), (_review, new.reviewers), (_assign, new.assignees)):
        try:
            _put(put, api, f"/repos/{repository.name}", pull.number, names)
        except Limited:
            raise
        except PlatformError as error:
            failed.append(str(error))
    if failed:
        raise PlatformError(f"pull request #{pull.number} is open, but lacks something: {'; '.join(failed)}")


def _put(put: _Put, api: Api, where: str, pull: int, names: Sequence[str]) -> None:
    """GitHub refuses all names for one that it does not know; then each is tried on its own."""
    if not names:
        return
    try:
        put(api, where, pull, names)
    except Refused:
        if len(names) > 1:
            for name in names:
                _put(put, api, where, pull, (name,))


def _label(api: Api, where: str, pull: int, labels: Sequence[str]) -> None:
    """GitHub would make a label that there is none of, so it is asked which there are."""
    wanted = {label.lower() for label in labels}
    found = [text(one, "name") for one in api.pages(Request("GET", f"{where}/labels", _RIGHT))]
    there = [name for name in found if name.lower() in wanted]
    if there:
        api.ask(Request("POST", f"{where}/issues/{pull}/labels", _RIGHT, {"labels": there}))


def _review(api: Api, where: str, pull: int, reviewers: Sequence[str]) -> None:
    """`organisation/team` is a team."""
    body: Json = {
        "reviewers": [name for name in reviewers if "/" not in name],
        "team_reviewers": [name.partition("/")[2] for name in reviewers if "/" in name],
    }
    api.ask(Request("POST", f"{where}/pulls/{pull}/requested_reviewers", _RIGHT, body))


def _assign(api: Api, where: str, pull: int, assignees: Sequence[str]) -> None:
    api.ask(Request("POST", f"{where}/issues/{pull}/assignees", _RIGHT, {"assignees": list(assignees)}))
