"""What a webhook asks for: the repositories in which something has happened that the bot cares about."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import NamedTuple

from ..platform import PREFIX


class Surprise(Exception):
    """It is not what the platform's documentation says; the text says why, without any of it."""


class What(Enum):
    """The sorts of events that matter."""

    PING = "ping"
    PUSH = "push"
    PULL = "pull request"
    ISSUE = "issue"
    ADDED = "repositories that were added"


Path = tuple[str, ...]


class Shape(NamedTuple):
    """Where in a platform's JSON is what. `branch` is a pull request's own, `text` an issue's."""

    repository: Path
    default: Path
    action: Path
    branch: Path
    text: Path


_GITHUB = Shape(
    ("repository", "full_name"),
    ("repository", "default_branch"),
    ("action",),
    ("pull_request", "head", "ref"),
    ("issue", "body"),
)
SHAPES: Mapping[str, Shape] = {
    "github": _GITHUB,
    "gitea": _GITHUB,
    "gitlab": Shape(
        ("project", "path_with_namespace"),
        ("project", "default_branch"),
        ("object_attributes", "action"),
        ("object_attributes", "source_branch"),
        ("object_attributes", "description"),
    ),
}
EVENTS: Mapping[tuple[str, str], What] = {
    # docs.github.com/en/webhooks/webhook-events-and-payloads
    ("github", "ping"): What.PING,
    ("github", "push"): What.PUSH,
    ("github", "pull_request"): What.PULL,
    ("github", "issues"): What.ISSUE,
    ("github", "installation_repositories"): What.ADDED,
    # docs.gitea.com/usage/webhooks
    ("gitea", "push"): What.PUSH,
    ("gitea", "pull_request"): What.PULL,
    ("gitea", "issues"): What.ISSUE,
    # docs.gitlab.com/user/project/integrations/webhook_events
    ("gitlab", "Push Hook"): What.PUSH,
    ("gitlab", "Merge Request Hook"): What.PULL,
    ("gitlab", "Issue Hook"): What.ISSUE,
}
_OPENED = frozenset({"opened", "open"})
_PUSHED = frozenset({"synchronize", "synchronized", "update"})
_PULLS = _OPENED | _PUSHED | {"reopened", "reopen", "closed", "close", "merge"}
_BRANCH = "refs/heads/"
_EDITED = frozenset({"edited", "update"})
# What every text of the bot's has, and a box that is ticked.
_OURS = "<!-- dockfix:"
_TICKED = re.compile(r"^[ \t]{0,8}[-*] \[[xX]\]", re.MULTILINE)


def parse(body: bytes) -> object:
    """The JSON of a body; raises Surprise."""
    try:
        told: object = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Surprise("the body is no JSON") from error
    return told


def about(kind: str, payload: object) -> str:
    """The repository that an event is about; empty: it does not say."""
    name = _at(payload, SHAPES[kind].repository)
    return name if isinstance(name, str) else ""


def repositories(kind: str, event: str, payload: object, base: str | None) -> Sequence[str]:
    """The repositories that an event asks to look at; none: it does not matter.

    `base` is the branch that the bot works on, empty for the default one; None: nobody knows yet. Raises Surprise.
    """
    what, shape = EVENTS.get((kind, event)), SHAPES[kind]
    if what is None or what is What.PING:
        return ()
    if what is What.ADDED:
        return _added(payload)
    matters = {What.PUSH: _is_push, What.PULL: _is_pull, What.ISSUE: _is_ticked}[what]
    return (_needed(payload, shape.repository),) if matters(payload, shape, base) else ()


def _is_push(payload: object, shape: Shape, base: str | None) -> bool:
    """The default branch always matters: its configuration says what the base is."""
    ref, default = _needed(payload, ("ref",)), _needed(payload, shape.default)
    if base is None:
        return ref.startswith(_BRANCH) and not ref.startswith(f"{_BRANCH}{PREFIX}")
    return ref in (f"{_BRANCH}{default}", f"{_BRANCH}{base or default}")


def _is_pull(payload: object, shape: Shape, _base: str | None) -> bool:
    action = _needed(payload, shape.action)
    if action not in _PULLS:
        return False
    if action == "update" and not _at(payload, ("object_attributes", "oldrev")):
        # GitLab says so of each new label, too; with commits, it tells which was the last one before.
        return False
    # What the bot opens it has just looked at.
    return action not in _OPENED or not _needed(payload, shape.branch).startswith(PREFIX)


def _is_ticked(payload: object, shape: Shape, _base: str | None) -> bool:
    """Whether a person has ticked a box of the dashboard. The bot leaves none ticked: its own edits ask for nothing."""
    text = _at(payload, shape.text)
    if _needed(payload, shape.action) not in _EDITED or not isinstance(text, str):
        return False
    return _OURS in text and _TICKED.search(text) is not None


def _added(payload: object) -> Sequence[str]:
    found = _at(payload, ("repositories_added",))
    if not isinstance(found, list):
        raise Surprise("the event does not say what it is about")
    return [_needed(one, ("full_name",)) for one in found]


def _needed(payload: object, path: Path) -> str:
    found = _at(payload, path)
    if not isinstance(found, str):
        raise Surprise("the event does not say what it is about")
    return found


def _at(payload: object, path: Path) -> object:
    for key in path:
        payload = payload.get(key) if isinstance(payload, dict) else None
    return payload
