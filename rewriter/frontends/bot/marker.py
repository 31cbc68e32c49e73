"""What the bot leaves in the texts that it writes, to know them again: comments that nobody sees."""

from __future__ import annotations

import re
from typing import NamedTuple

from .platform import PREFIX, Pull

_MARK = re.compile(r"<!-- dockfix:pull group=([\w.-]+) edit=([0-9a-f]{12})( retired)? -->")
_BRANCH = re.compile(re.escape(PREFIX) + r"([\w.-]+)-([0-9a-f]{12})")
TOUCHED = "<!-- dockfix:touched -->"
"""In the comment that says that a branch is left alone from now on."""
CLOSED = "<!-- dockfix:closed -->"
"""In the comment that says why the bot closes its pull request."""

UNFINISHED = "<!-- dockfix:unfinished -->"
"""In the body of a pull request whose labels and reviewers are not there yet."""


class Mark(NamedTuple):
    """The group of a pull request, and the edit that it has proposed last; `retired`: the bot itself closes it."""

    group: str
    edit: str
    retired: bool = False


def marked(group: str, edit: str) -> str:
    """The mark, for the body of a pull request."""
    return f"<!-- dockfix:pull group={group} edit={edit} -->"


def is_branch(name: str) -> bool:
    """Whether the bot could have given a branch this name."""
    return _BRANCH.fullmatch(name) is not None


def mark_of(pull: Pull) -> Mark | None:
    """What a pull request is: by its body, or, where somebody has edited that, by its branch; None: it is not ours."""
    named = _BRANCH.fullmatch(pull.branch)
    if named is None:
        return None
    found = _MARK.search(pull.body)
    if found is None or found[1] != named[1]:
        return Mark(named[1], named[2])
    return Mark(found[1], found[2], found[3] is not None)


def retired(pull: Pull) -> str:
    """The body of a pull request that the bot closes: what it proposes has not been declined by anybody."""
    mark = mark_of(pull)
    told = f"<!-- dockfix:pull group={mark.group} edit={mark.edit} retired -->" if mark else ""
    return f"{_MARK.sub('', pull.body).rstrip()}\n\n{told}\n"
