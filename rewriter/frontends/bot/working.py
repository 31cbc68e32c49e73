"""The work on one repository: look at it, decide, act, report."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from time import monotonic
from typing import NamedTuple

from .acting import Acting
from .clone import Clone, CloneError, NewCommit, cloned
from .groups import Group
from .inspecting import InspectionError, inspect
from .inspection import Inspection
from .plan import Action, Close, Delete, Head, Hold, Leave, Open, Rules, There, Update, Wanted, plan
from .platform import Limited, NotAllowed, Passing, Platform, PlatformError, Repository
from .platforms.chosen import platform_at
from .report import Done, Report
from .schedule import shut
from .settings import BotSettings, Operator
from .task import Task
from .texts import commit, dashboard, onboarding, pull

_OFF = "the configuration of the repository switches dockfix off"
_DONE = "nothing of it is left to do"
_FIRST = "there is no configuration file, and dockfix proposes one before anything else"


def work(task: Task) -> Report:
    """Do all that is to be done in one repository; what goes wrong there is told in the report."""
    started = monotonic()
    try:
        report = _Work(task, platform_at(task.place)).report()
    except (PlatformError, CloneError, InspectionError) as error:
        report = Report(task.repository, error=str(error), retry=_passes(error))
    except OSError as error:
        # The disk is full, or nothing can be written to TMPDIR: no bug of ours, and none of the repository.
        report = Report(task.repository, error=f"this machine does not let it be done: {_told_by(error)}", retry=True)
    return report._replace(seconds=monotonic() - started)


class _Wanted(NamedTuple):
    wanted: Wanted
    commits: Sequence[NewCommit]


class _Work:
    def __init__(self, task: Task, platform: Platform) -> None:
        self._task = task
        self._operator = task.operator
        self._platform = platform
        self._done: list[Done] = []
        self._errors: list[str] = []
        self._retry = False
        self._is_limited = False

    def report(self) -> Report:
        repository = self._platform.repository(self._task.repository)
        if why := _skipped(repository, self._operator):
            return Report(repository.name, skipped=why)
        credentials = self._platform.credentials()
        base = repository.default_branch
        with cloned(repository, base, credentials, self._operator) as clone:
            found = inspect(clone.folder, self._operator)
            base = found.settings.base or base
            # Who switches dockfix off looks no further than the branch that everybody sees.
            if base == clone.base or not found.settings.enabled:
                return self._looked_at(repository, clone, found)
        with cloned(repository, base, credentials, self._operator) as clone:
            return self._looked_at(repository, clone, inspect(clone.folder, self._operator))

    def _looked_at(self, repository: Repository, clone: Clone, found: Inspection) -> Report:
        changes = sum(len(group.made) for group in found.groups)
        skipped = self._propose(repository, clone, found)
        if found.settings.enabled and not _proposes(found.settings) and not self._is_limited:
            self._review(repository, clone, found)
        return Report(
            repository.name,
            tuple(self._done),
            skipped,
            "; ".join(dict.fromkeys(self._errors)),
            found.problems,
            found.files,
            changes,
            0.0,
            self._retry,
            clone.base,
            self._platform.sign,
        )

    def _propose(self, repository: Repository, clone: Clone, found: Inspection) -> str:
        """Open, update and close pull requests; gives why nothing is looked at, if that is so."""
        settings, skipped = found.settings, ""
        # A file that cannot be read today may be mended tomorrow: what it was proposed for comes back then.
        gone = f"{_DONE} in the files that could be read" if found.problems else _DONE
        groups: Sequence[Group] = found.groups
        if not settings.enabled:
            groups, skipped, gone = (), _OFF, _OFF
        elif not _proposes(settings):
            groups, gone = (), f'by mode = "{settings.mode}", dockfix has no pull requests of its own here'
        elif groups and self._operator.onboarding and not found.is_configured:
            groups, gone = (onboarding.group(found),), _FIRST
        wanted = [self._wanted(clone, group, found) for group in groups]
        there = There(self._platform.pulls(repository), _honest(clone, wanted), self._platform.sign)
        board = dashboard.found(self._platform.issues(repository)) if settings.dashboard else None
        asked = dashboard.asked(board.body) if board else frozenset()
        actions = plan([one.wanted for one in wanted], there, self._rules(clone.base, found, asked), gone)
        if self._operator.dry_run:
            self._done += [done for action in actions if (done := _told(action))]
            return skipped
        commits = {one.wanted.group: one.commits for one in wanted}
        acting = Acting(self._platform, repository, clone, settings, commits, there.heads)
        self._done += self._tried(partial(acting.act, action) for action in actions)
        if self._errors:
            if board is not None and asked and not self._is_limited:
                dashboard.answer(self._platform, repository, board, asked - self._unfinished(actions))
        elif settings.dashboard and not _proposes(settings):
            dashboard.end(self._platform, repository, board)
        elif settings.dashboard:
            dashboard.keep(self._platform, repository, board, there.pulls, self._done, found)
        return skipped

    def _unfinished(self, actions: Sequence[Action]) -> frozenset[str]:
        """The groups that something was to be proposed of, and that nothing is to be told of."""
        wanted = frozenset(action.wanted.group for action in actions if isinstance(action, Open | Update))
        return wanted - {done.group for done in self._done}

    def _review(self, repository: Repository, clone: Clone, found: Inspection) -> None:
        from .reviewing import Reviewing  # Most repositories want pull requests.
        from .rules import kept

        rules = kept(clone.folder)
        reviewing = Reviewing(self._platform, repository, clone, rules, found.settings, self._operator)
        pulls = self._platform.given_pulls(repository)
        self._done += self._tried(partial(reviewing.review, given) for given in pulls)

    def _tried(self, steps: Iterable[Callable[[], Done | None]]) -> Iterator[Done]:
        """What was done; after an error the others are still tried, unless the platform will have none of it."""
        for step in steps:
            try:
                done = step()
            except (PlatformError, CloneError, InspectionError) as error:
                self._errors.append(str(error))
                self._retry = self._retry or _passes(error)
                self._is_limited = isinstance(error, Limited)
                if isinstance(error, Limited | NotAllowed):
                    return
                continue
            if done is not None:
                yield done

    def _wanted(self, clone: Clone, group: Group, found: Inspection) -> _Wanted:
        settings = found.settings
        content = commit.content(clone.commit, group, settings, self._operator)
        texts = commit.messages(group, settings, self._operator, content)
        commits = [NewCommit(text, made.files) for text, made in zip(texts, group.made, strict=True)]
        if group.name == onboarding.NAME:
            title, body = onboarding.title(settings), onboarding.body(group, found)
        else:
            title, body = pull.title(group, settings), pull.body(group, settings)
        return _Wanted(Wanted(group.name, group.edit, group.branch, content, title, body), commits)

    def _rules(self, base: str, found: Inspection, asked: Collection[str]) -> Rules:
        now, settings = datetime.now(UTC), found.settings
        return Rules(now, settings.max_open, settings.per_hour, shut(settings, now), asked, base)


def _honest(clone: Clone, wanted: Sequence[_Wanted]) -> Mapping[str, Head]:
    """The branches. One that says that it is as it should be, and holds other files, is a person's.

    Whoever may push can write the bot's trailer; what is opened in the bot's name holds what its body says.
    """
    commits = {one.wanted.content: one.commits for one in wanted}
    return {
        branch: head._replace(content="")
        if head.content in commits and clone.tree(commits[head.content]) != head.tree
        else head
        for branch, head in clone.heads().items()
    }


def _passes(error: PlatformError | CloneError | InspectionError) -> bool:
    """Whether it may go right next time, without anybody having done anything for that."""
    return isinstance(error, Passing) or (isinstance(error, CloneError) and error.passes)


def _told_by(error: OSError) -> str:
    where = f" ({error.filename})" if isinstance(error.filename, str) else ""
    return f"{error.strerror or error}{where}"


def _proposes(settings: BotSettings) -> bool:
    """Whether there are to be pull requests of its own."""
    return settings.enabled and settings.mode == "pull-requests"


def _skipped(repository: Repository, operator: Operator) -> str:
    if repository.is_archived:
        return "it is archived"
    if repository.is_fork and not operator.forks:
        return "it is a fork"
    return "it is empty" if repository.is_empty else ""


def _told(action: Action) -> Done | None:
    """What would be done, and nothing is."""
    match action:
        case Open(wanted):
            return Done("opened", wanted.group, None, "", wanted.title, wanted.body)
        case Update(there, wanted):
            return Done("updated", wanted.group, there.number, there.url, wanted.title, wanted.body)
        case Leave(there):
            return Done("left", "", there.number, there.url, reason="a person has pushed to it")
        case Close(there, reason):
            return Done("closed", "", there.number, there.url, reason=reason)
        case Hold(group, reason):
            return Done("held", group, reason=reason)
        case Delete(branch):
            return Done("deleted", reason=f"{branch} was left by a run that did not come to its end")
