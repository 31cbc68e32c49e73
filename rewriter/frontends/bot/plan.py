"""What is to be done in a repository, decided from what there is and what is wanted: pure, and without any memory.

What it goes by is on the platform: branches, their last commits, and pull requests, open and closed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from .marker import is_branch, mark_of
from .platform import Pull, State

_HOUR = timedelta(hours=1)


class Wanted(NamedTuple):
    """A pull request as it should be. `content` tells its commits, with the one that they rest on, from any others."""

    group: str
    edit: str
    branch: str
    content: str
    title: str
    body: str


class Head(NamedTuple):
    """The last commit of a branch. `content` is what the bot wrote into it; empty: a person has pushed it.

    `tree` is git's name for the files that it holds.
    """

    commit: str
    content: str
    tree: str = ""


class There(NamedTuple):
    """What there is: pull requests, the newest first, and the branches that begin as the bot's do.

    `sign` is the platform's.
    """

    pulls: Sequence[Pull]
    heads: Mapping[str, Head]
    sign: str = "#"


class Rules(NamedTuple):
    """What holds back. `asked` are groups that a person wants now, whatever else holds them back.

    `shut` says why nothing may be opened at this time; empty: it may. `base` is the branch that is proposed for;
    empty: what is open is for the right one.
    """

    now: datetime
    max_open: int
    per_hour: int
    shut: str = ""
    asked: Collection[str] = ()
    base: str = ""


class Open(NamedTuple):
    """Open a pull request; where there is a branch already, `over` is its last commit. `asked`: a person wants it."""

    wanted: Wanted
    over: str | None
    asked: bool = False


class Update(NamedTuple):
    """Bring a pull request up to date: its commits if it `pushes`, its title and body if it `writes`."""

    pull: Pull
    wanted: Wanted
    over: str
    pushes: bool
    writes: bool


class Leave(NamedTuple):
    """A person has pushed to its branch: say once that it is left alone."""

    pull: Pull


class Close(NamedTuple):
    """Close a pull request; its branch goes, too, where `over` is its last commit and the bot's own.

    `is_declined`: a person wants it closed, and it does not come back.
    """

    pull: Pull
    reason: str
    over: str | None
    is_declined: bool = False


class Hold(NamedTuple):
    """Propose nothing for a group."""

    group: str
    reason: str


class Delete(NamedTuple):
    """Delete a branch that no pull request was ever opened for."""

    branch: str
    over: str


Action = Open | Update | Leave | Close | Hold | Delete


def plan(
    wanted: Sequence[Wanted], there: There, rules: Rules, gone: str = "nothing of it is left to do"
) -> list[Action]:
    """What to do, in this order; `gone` says why what is not wanted any more is closed."""
    return list(_Planning(there, rules).actions(wanted, gone))


class _Planning:
    def __init__(self, there: There, rules: Rules) -> None:
        self._there = there
        self._rules = rules
        self._open: dict[str, list[Pull]] = {}
        self._declined: dict[str, Pull] = {}
        self._renamed: dict[str, Pull] = {}
        for pull in there.pulls:
            mark = mark_of(pull)
            if mark is not None and pull.state is State.OPEN:
                self._open.setdefault(mark.group, []).append(pull)
            elif mark is not None and pull.state is State.CLOSED and not mark.retired:
                # Whatever the configuration calls its group now.
                self._declined.setdefault(mark.edit, pull)
        self._opened = sum(rules.now - pull.created < _HOUR for pull in there.pulls if mark_of(pull))

    def actions(self, wanted: Sequence[Wanted], gone: str) -> Iterator[Action]:
        names, by_edit = {one.group for one in wanted}, {one.edit: one.group for one in wanted}
        for group, pulls in sorted(self._open.items(), key=lambda item: item[1][-1].number):
            for pull in pulls if group not in names else ():
                mark = mark_of(pull)
                now = by_edit.get(mark.edit) if mark is not None else None
                if mark is not None and now is not None:
                    self._renamed[mark.edit] = pull
                yield self._closed(pull, f"its group is called {now} now" if now else gone)
        staying = sum(group in names for group in self._open)
        for one in wanted:
            if one.group in self._open and not self._is_for_another_base(one):
                yield from self._kept(one)
                continue
            if one.group in self._open:
                # No platform lets one say that its commits are now to be compared with those of another branch.
                told = f"it was for {self._open[one.group][-1].base}, and {self._rules.base} is the base now"
                yield from (Close(pull, told, None) for pull in self._open[one.group])
                staying -= 1
            action = self._new(one, staying)
            if isinstance(action, Open):
                staying += 1
                self._opened += 1
            yield action
        used = {one.branch for one in wanted} | {pull.branch for pull in self._there.pulls}
        for branch, head in self._there.heads.items():
            if branch not in used and head.content and is_branch(branch):
                yield Delete(branch, head.commit)

    def _is_for_another_base(self, wanted: Wanted) -> bool:
        """Whether it has to be opened anew; what a person has pushed to stays as it is."""
        pull = self._open[wanted.group][-1]
        head = self._there.heads.get(pull.branch)
        is_a_persons = head is None or (not head.content and wanted.group not in self._rules.asked)
        return self._rules.base not in ("", pull.base) and not is_a_persons

    def _kept(self, wanted: Wanted) -> Iterator[Action]:
        """The oldest stays: it is the one that somebody may be reading."""
        *others, pull = self._open[wanted.group]
        yield from (self._closed(other, f"{self._there.sign}{pull.number} proposes the same") for other in others)
        head = self._there.heads.get(pull.branch)
        if head is None:
            mark = mark_of(pull)
            # Else it was the bot itself, in a run that ended there.
            is_declined = mark is not None and not mark.retired
            yield Close(pull, "its branch has been deleted", None, is_declined)
        elif not head.content and wanted.group not in self._rules.asked:
            yield Leave(pull)
        else:
            pushes = head.content != wanted.content
            writes = pull.title != wanted.title or _text(pull.body) != _text(wanted.body)
            if pushes or writes:
                yield Update(pull, wanted, head.commit, pushes, writes)

    def _new(self, wanted: Wanted, staying: int) -> Action:
        rules = self._rules
        head = self._there.heads.get(wanted.branch)
        declined = self._declined.get(wanted.edit)
        renamed = self._renamed.get(wanted.edit)
        if wanted.group in rules.asked:
            return Open(wanted, head.commit if head else None, asked=True)
        if declined is not None:
            return Hold(wanted.group, f"{self._there.sign}{declined.number} proposed the same, and was closed")
        if head is not None and not head.content:
            return Hold(wanted.group, f"a person has pushed to {wanted.branch}")
        if renamed is not None and self._is_a_persons(renamed):
            number = f"{self._there.sign}{renamed.number}"
            return Hold(wanted.group, f"{number} proposed the same, and a person has pushed to it")
        # What takes the place of one that is open is not new.
        is_new = renamed is None and wanted.group not in self._open
        if rules.shut and is_new:
            return Hold(wanted.group, rules.shut)
        if staying >= rules.max_open:
            return Hold(wanted.group, f"{staying} of its pull requests are open, as many as there may be")
        if self._opened >= rules.per_hour and is_new:
            return Hold(wanted.group, f"{self._opened} were opened within an hour, as many as there may be")
        return Open(wanted, head.commit if head else None)

    def _closed(self, pull: Pull, reason: str) -> Action:
        head = self._there.heads.get(pull.branch)
        if self._is_a_persons(pull):
            return Leave(pull)
        return Close(pull, reason, head.commit if head else None)

    def _is_a_persons(self, pull: Pull) -> bool:
        head = self._there.heads.get(pull.branch)
        return head is not None and not head.content


def _text(body: str) -> str:
    """The body without what platforms change in it."""
    return "\n".join(line.rstrip() for line in body.strip().splitlines())
