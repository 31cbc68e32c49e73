"""Looks at the pull requests that persons open, instead of opening any: a review with suggestions, or a check."""

from __future__ import annotations

from collections.abc import Iterator

from .clone import Clone
from .inspecting import inspect
from .platform import Given, Platform, Repository
from .report import Done
from .settings import BotSettings, Operator
from .suggesting import suggestions
from .texts import comments


def review_all(
    platform: Platform, repository: Repository, clone: Clone, settings: BotSettings, operator: Operator
) -> Iterator[Done]:
    """Review each open pull request that changes Dockerfiles, unless that has been said already.

    Raises PlatformError, CloneError and InspectionError.
    """
    for given in platform.given_pulls(repository):
        yield from _review(platform, repository, clone, settings, operator, given)


def _review(
    platform: Platform,
    repository: Repository,
    clone: Clone,
    settings: BotSettings,
    operator: Operator,
    given: Given,
) -> Iterator[Done]:
    lines = clone.at(given)
    if not lines:
        return
    # By what the base says: whoever proposes a change does not decide how it is looked at.
    found = inspect(clone.folder, operator._replace(defaults=settings), lines)
    made = [one for group in found.groups for one in group.made]
    if not made or comments.is_reviewed(found.groups, platform.comments(repository, given.number)):
        return
    body, at_lines = comments.review(found.groups), suggestions(made, lines)
    if not operator.dry_run:
        send = platform.check if settings.mode == "checks" else platform.suggest
        send(repository, given, body, at_lines)
    yield Done("reviewed", number=given.number, body=body, reason=f"{len(made)} changes")
