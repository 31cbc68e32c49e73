"""Looks at a pull request that a person has opened, instead of opening any: a review with suggestions, or a check."""

from __future__ import annotations

from typing import NamedTuple

from .clone import Clone, CloneError, MovedError
from .inspecting import InspectionError, inspect
from .platform import Given, Platform, Repository
from .report import Done
from .settings import BotSettings, Operator
from .suggesting import suggestions
from .texts import comments
from .texts.words import counted


class Reviewing(NamedTuple):
    """What is the same for all of them. `rules` is the folder with the base's configuration, as `rules.kept` gives it.

    `settings` are those of the base, too: whoever proposes a change does not decide how it is looked at.
    """

    platform: Platform
    repository: Repository
    clone: Clone
    rules: str
    settings: BotSettings
    operator: Operator

    def review(self, given: Given) -> Done | None:
        """Say what can be better in the lines that it changes, unless that has been said; None: nothing is said.

        Raises PlatformError, CloneError and InspectionError.
        """
        try:
            return self._review(given)
        except MovedError:
            return Done("held", number=given.number, reason="it has new commits, which the next run looks at")
        except (CloneError, InspectionError) as error:
            raise InspectionError(f"pull request {given.number} cannot be looked at: {error}") from error

    def _review(self, given: Given) -> Done | None:
        lines = self.clone.at(given)
        if not lines:
            return None
        operator = self.operator._replace(defaults=self.settings)
        found = inspect(self.clone.folder, operator, lines, self.rules)
        made = [one for group in found.groups for one in group.made]
        if not made:
            reason = "; ".join(found.problems)
            return Done("held", number=given.number, reason=reason) if reason else None
        checks = self.settings.mode == "checks"
        # A check is of a commit, and new ones need one of their own.
        if not checks and comments.is_reviewed(found.groups, self.platform.reviews(self.repository, given.number)):
            return None
        body, at_lines = comments.review(found.groups), suggestions(made, lines)
        if not self.operator.dry_run:
            if not checks:
                self.platform.suggest(self.repository, given, body, at_lines)
            elif not self.platform.check(self.repository, given, body, at_lines):
                return None
        return Done("reviewed", number=given.number, body=body, reason=counted(len(made), "change"))
