"""Does what is planned: each action can be done again when it has stopped half-way, and comes to the same end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import singledispatchmethod

from .clone import Clone, MovedError, NewCommit
from .marker import CLOSED, TOUCHED, UNFINISHED, mark_of, retired
from .plan import Action, Close, Delete, Head, Hold, Leave, Open, Update, Wanted
from .platform import NewPull, Platform, Pull, Repository, State
from .report import Done
from .settings import BotSettings
from .texts import comments

Commits = Mapping[str, Sequence[NewCommit]]
"""The commits of each group, by its name."""


class Acting:
    """Acts in one repository. Every method raises PlatformError and CloneError."""

    def __init__(
        self,
        platform: Platform,
        repository: Repository,
        clone: Clone,
        settings: BotSettings,
        commits: Commits,
        heads: Mapping[str, Head],
    ) -> None:
        """`heads` are the branches as the plan knows them."""
        self._platform = platform
        self._repository = repository
        self._clone = clone
        self._settings = settings
        self._commits = commits
        self._heads = heads

    @singledispatchmethod
    def act(self, action: Action) -> Done | None:
        """Do it; gives what there is to tell of it."""
        raise NotImplementedError(type(action))

    @act.register
    def _open(self, action: Open) -> Done:
        wanted = action.wanted
        for pull in self._closed(wanted.branch) if not action.asked else ():
            # The plan knows only the newest that are closed.
            mark = mark_of(pull)
            if pull.state is State.CLOSED and mark is not None and mark.edit == wanted.edit and not mark.retired:
                return Done(
                    "held", wanted.group, reason=f"{self._platform.sign}{pull.number} proposed the same, and was closed"
                )
        if not self._pushed(wanted, wanted.branch, action.over):
            return Done("held", wanted.group, reason=f"somebody has pushed to {wanted.branch} just now")
        pull = self._opened(wanted, wanted.branch)
        return Done("opened", wanted.group, pull.number, pull.url, wanted.title, wanted.body)

    @act.register
    def _update(self, action: Update) -> Done:
        wanted, pull = action.wanted, action.pull
        if action.pushes and not self._pushed(wanted, pull.branch, action.over):
            return Done("left", wanted.group, pull.number, pull.url, reason="somebody has pushed to it just now")
        if UNFINISHED in pull.body:
            self._opened(wanted, pull.branch)
        elif action.writes:
            self._platform.update_pull(self._repository, pull, wanted.title, wanted.body)
        return Done("updated", wanted.group, pull.number, pull.url, wanted.title, wanted.body)

    @act.register
    def _leave(self, action: Leave) -> Done:
        self._say_once(action.pull, TOUCHED, comments.touched(action.pull))
        return Done(
            "left", _group(action.pull), action.pull.number, action.pull.url, reason="a person has pushed to it"
        )

    @act.register
    def _close(self, action: Close) -> Done | None:
        pull = action.pull
        if action.is_declined and any(one.number == pull.number for one in self._closed(pull.branch)):
            # It was merged, and its branch deleted, while we were looking.
            return None
        self._say_once(pull, CLOSED, comments.closed(action.reason, is_declined=action.is_declined))
        if not action.is_declined:
            # Before it is closed: else a run that ends here would take it for declined.
            self._platform.update_pull(self._repository, pull, pull.title, retired(pull))
        if action.over is not None:
            self._clone.delete(pull.branch, action.over)
        self._platform.close_pull(self._repository, pull)
        return Done("closed", _group(pull), pull.number, pull.url, reason=action.reason)

    @act.register
    def _hold(self, action: Hold) -> Done:
        return Done("held", action.group, reason=action.reason)

    @act.register
    def _delete(self, action: Delete) -> Done | None:
        if any(True for _ in self._closed(action.branch)):
            return None
        self._clone.delete(action.branch, action.over)
        return Done("deleted", reason=f"{action.branch} was left by a run that did not come to its end")

    def _closed(self, branch: str) -> Iterable[Pull]:
        return self._platform.closed_pulls(self._repository, branch, self._clone.base)

    def _opened(self, wanted: Wanted, branch: str) -> Pull:
        """Open a pull request, or go on with what a run has opened and not finished: that is safe to do again."""
        settings = self._settings
        new = NewPull(
            branch,
            self._clone.base,
            wanted.title,
            f"{wanted.body}\n{UNFINISHED}",
            settings.draft,
            settings.labels,
            settings.reviewers,
            settings.assignees,
        )
        pull = self._platform.open_pull(self._repository, new)
        self._platform.update_pull(self._repository, pull, wanted.title, wanted.body)
        return pull

    def _pushed(self, wanted: Wanted, branch: str, over: str | None) -> bool:
        """Push the commits, unless they are there; False where a person was faster."""
        head = self._heads.get(branch)
        if head is not None and head.content == wanted.content:
            return True
        try:
            self._clone.push(branch, self._clone.committed(self._commits[wanted.group]), over)
        except MovedError:
            return False
        return True

    def _say_once(self, pull: Pull, mark: str, text: str) -> None:
        said = self._platform.comments(self._repository, pull.number)
        if not any(comment.is_own and mark in comment.body for comment in said):
            self._platform.comment(self._repository, pull.number, text)


def _group(pull: Pull) -> str:
    mark = mark_of(pull)
    return mark.group if mark else ""
