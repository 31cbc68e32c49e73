"""The issue that lists what is open, held back and declined, and in which a person asks for a group."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from ..inspection import Inspection
from ..marker import Mark, mark_of
from ..platform import Issue, Platform, Pull, Repository, State
from ..report import Done
from .comments import LEFT_OUT, reasoned
from .escaping import Ready, code, prose
from .templates import rendered
from .words import fitted

TITLE = "dockfix dashboard"
MARK = "<!-- dockfix:dashboard -->"
# Of each section, of which there are five; GitHub takes 65,536 characters.
_MOST = 30
_ROOM = 12_000
_NAME = re.compile(r"[\w.-]{1,100}", re.ASCII)
_BOX = re.compile(
    rf"^([ \t]*[-*+] \[)([ xX])(\] <!-- dockfix:ask group=({_NAME.pattern}) -->)", re.ASCII | re.MULTILINE
)
_ADDRESS = re.compile(r"https?://[\w./:%~+-]+", re.ASCII)


def found(issues: Sequence[Issue]) -> Issue | None:
    """The dashboard among the issues of the bot's account: the oldest with its mark, or else with its title."""
    marked = [issue for issue in issues if MARK in issue.body] or [issue for issue in issues if issue.title == TITLE]
    return min(marked, key=lambda issue: issue.number, default=None)


def asked(body: str) -> frozenset[str]:
    """The groups that a person has ticked."""
    return frozenset(box[4] for box in _BOX.finditer(body) if box[2] != " ")


def keep(
    platform: Platform,
    repository: Repository,
    board: Issue | None,
    pulls: Sequence[Pull],
    done: Sequence[Done],
    inspection: Inspection,
) -> None:
    """Open the issue, or give it another body where that differs. Raises PlatformError.

    `pulls` are those from before the run, `done` what was done in it.
    """
    body = dashboard(pulls, done, inspection, platform.sign)
    if board is None:
        platform.open_issue(repository, TITLE, body)
    elif _lines(board.body) != _lines(body):
        now = found(platform.issues(repository)) or board
        # What was ticked while the run was on is for the next one.
        platform.update_issue(repository, board, _with_ticks(body, asked(now.body) - asked(board.body)))


def answer(platform: Platform, repository: Repository, board: Issue, groups: Collection[str]) -> None:
    """Take the ticks of these groups away, and nothing else: they are done, or nothing has to be. Raises PlatformError.

    Where the others failed again and again, each run would do it anew, over what a person has pushed since.
    """
    now = found(platform.issues(repository)) or board
    body = _with_ticks(now.body, asked(now.body) - (asked(board.body) & set(groups)))
    if body != now.body:
        platform.update_issue(repository, board, body)


def end(platform: Platform, repository: Repository, board: Issue | None) -> None:
    """Close the issue, if there is one: nothing in it is looked at any more. Raises PlatformError."""
    if board is not None:
        platform.close_issue(repository, board)


def dashboard(pulls: Sequence[Pull], done: Sequence[Done], inspection: Inspection, sign: str = "#") -> str:
    """The body of the issue; the same whenever nothing has changed. `sign` is the platform's."""
    shown = _open(pulls, done, sign)
    left = {one.number for one in done if one.what == "left"}
    edits = {mark.edit for pull in pulls if (mark := _declined(pull))}
    declined = {group.name for group in inspection.groups if group.edit in edits}
    held = {one.group: one.reason for one in done if one.what == "held"}
    waiting = {group: reason for group, reason in held.items() if group not in declined}
    refused = {group: reason for group, reason in held.items() if group in declined}
    sections = [
        ("Open", [_row(group, title) for number, (group, title) in shown.items() if number not in left]),
        ("Left alone, since a person has pushed to it", [_row(*shown[number]) for number in shown if number in left]),
        ("Held back", [_row(group, _reason(group, reason)) for group, reason in sorted(waiting.items())]),
        ("Declined", [_row(group, _reason(group, reason)) for group, reason in sorted(refused.items())]),
        ("What could not be read", [Ready(f"- {prose(problem)}") for problem in inspection.problems]),
    ]
    return (
        rendered(
            "dashboard",
            sections=[
                (Ready(name), Ready(fitted(rows, "\n", LEFT_OUT, _ROOM, most=_MOST))) for name, rows in sections if rows
            ],
            mark=Ready(MARK),
        )
        + "\n"
    )


def _open(pulls: Sequence[Pull], done: Sequence[Done], sign: str) -> Mapping[int, tuple[str, Ready]]:
    """The pull requests that are open after the run, by number: the group, and a link."""
    shown: dict[int, tuple[str, Ready]] = {}
    for pull in pulls:
        mark = mark_of(pull)
        if mark is not None and pull.state is State.OPEN:
            shown[pull.number] = mark.group, _link(f"{sign}{pull.number}", pull.url, pull.title)
    for one in done:
        if one.number is not None and one.what in ("opened", "updated"):
            shown[one.number] = one.group, _link(f"{sign}{one.number}", one.url, one.title)
        elif one.number is not None and one.what == "closed":
            shown.pop(one.number, None)
    return dict(sorted(shown.items()))


def _declined(pull: Pull) -> Mark | None:
    mark = mark_of(pull)
    return mark if mark is not None and pull.state is State.CLOSED and not mark.retired else None


def _with_ticks(body: str, groups: Collection[str]) -> str:
    """The body with the boxes of these groups ticked, and no others."""
    return _BOX.sub(lambda box: f"{box[1]}{'x' if box[4] in groups else ' '}{box[3]}", body)


def _row(group: str, text: Ready) -> Ready:
    """A row with a box to tick; of a name that could not be read back, without one."""
    return Ready(f"- [ ] <!-- dockfix:ask group={group} --> {text}" if _NAME.fullmatch(group) else f"- {text}")


def _reason(group: str, reason: str) -> Ready:
    return Ready(f"{code(group)}: {reasoned(reason)}")


def _link(reference: str, url: str, title: str) -> Ready:
    shown = f"[{reference}]({url})" if _ADDRESS.fullmatch(url) else reference
    return Ready(f"{shown}: {prose(title)}")


def _lines(body: str) -> Sequence[str]:
    """The body without what platforms change in it."""
    return [line.rstrip() for line in body.strip().splitlines()]
