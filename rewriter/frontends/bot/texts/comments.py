"""What the bot says below pull requests: its own, and in review mode those of persons."""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import sha256

from ..groups import Group, Made
from ..marker import CLOSED, TOUCHED
from ..platform import Comment, Pull
from .escaping import Ready, code, prose
from .templates import rendered
from .words import counted, fitted

_MOST = 30
_ROOM = 40_000  # characters; a row of odd names may have thousands, and GitHub takes 65,536 in all
LEFT_OUT = "- {} of {} are left out here."
"""What stands below a list that is not all."""
_BY_NUMBER = re.compile(r"[#!]\d+(?= propose)")


def touched(pull: Pull) -> str:
    """That the branch is left alone from now on, since a person has pushed to it, and how to give it back."""
    return (
        f"A person has pushed to {code(pull.branch)}, so dockfix leaves this pull request alone from now on: it "
        "neither updates nor closes it. It takes care of it again when the branch ends in a commit of its own, or when "
        "somebody asks for it in the dashboard issue, which throws the other commits away.\n\n"
        f"{TOUCHED}\n"
    )


def closed(reason: str, *, is_declined: bool = False) -> str:
    """Why the bot closes its pull request, and whether it may come back; the reason is a clause of plan.py's."""
    comes_back = (
        "That declines it: it does not come back until what it changes has become something else."
        if is_declined
        else "Nobody has declined it, so it may be proposed again."
    )
    return f"dockfix closes this: {reasoned(reason)}. {comes_back}\n\n{CLOSED}\n"


def review(groups: Sequence[Group]) -> str:
    """A summary of the changes for the lines of a person's pull request, with a mark that tells it from others."""
    made = [one for group in groups for one in group.made]
    rows = [
        f"- {code(one.path)}, line {one.line}: {prose(one.title)} ({code(one.transform)}, **{prose(one.level)}**, "
        f"{prose(one.proof)})"
        for one in made
    ]
    shown = Ready(fitted(rows, "\n", LEFT_OUT, _ROOM, most=_MOST))
    return rendered("review", count=counted(len(made), "change"), rows=shown, mark=_mark(groups)) + "\n"


def is_reviewed(groups: Sequence[Group], comments: Sequence[Comment]) -> bool:
    """Whether one of the bot's own comments is this review already."""
    return any(comment.is_own and _mark(groups) in comment.body for comment in comments)


def remark(made: Made) -> str:
    """What is said at the lines that a change concerns."""
    why = f" Why: {prose(made.why)}." if made.why else ""
    return (
        f"{prose(made.title)} ({code(made.transform)}, **{prose(made.level)}**, {prose(made.proof)}).{why} "
        f"Not here: {code(f'# dockfix: ignore={made.transform}')} above the instruction."
    )


def reasoned(reason: str) -> Ready:
    """A reason of plan.py's; the pull request that it begins with stays a reference."""
    found = _BY_NUMBER.match(reason)
    return Ready(f"{found[0]} {prose(reason[found.end() :])}") if found else prose(reason)


def _mark(groups: Sequence[Group]) -> Ready:
    edits = sha256(" ".join(group.edit for group in groups).encode()).hexdigest()[:16]
    return Ready(f"<!-- dockfix:review {edits} -->")
