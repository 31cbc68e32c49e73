"""A run as Markdown: for the summary of a job, or a comment on a pull request.

What comes from files is either in a fence that is longer than any in it, or has all that Markdown reads as markup
spelt out as character references (CommonMark 6.2, "Entity and numeric character references").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ...engine.change import Change
from .diff import step_diffs
from .notices import Notice, by_file, clean
from .run import Run
from .text import summary
from .trail import lines

LIMIT = 60_000
"""Characters: a comment on GitHub may have 65,536."""
_MOST_ROWS = 100
_MARKUP = re.compile(r"[\\`*_\[\]<>#|~@&$]")


class Shown(NamedTuple):
    """A change with the line that it begins in and its diff."""

    change: Change
    line: int
    diff: str


def document(run: Run) -> bytes:
    """The whole document, cut to the limit with a sentence that says what is left out."""
    others = [notice for _, mine in by_file(run) for notice in mine if notice.level is None]
    head = "".join(["# dockfix\n\n", _table(run), *_problems(others)])
    return f"{head}{_cut(list(_changes(run)), LIMIT - len(head))}".encode("utf-8", "replace")


def _table(run: Run) -> str:
    """A row for each file that there is something to tell of."""
    made = any(looked.written for looked in run.files)
    total = f"{plain(summary(run.tally, made=made, verbose=True))}\n"
    rows = [(looked.path, looked.outcome) for looked in run.files if looked.outcome.steps or looked.outcome.errors]
    if not rows:
        return total
    listed = [
        f"| {plain(path)} | {len(outcome.steps)} | {len(outcome.held_back)} | {len(outcome.errors)} |\n"
        for path, outcome in rows[:_MOST_ROWS]
    ]
    more = [f"\n{len(rows) - _MOST_ROWS} more files are left out of this table.\n"] if len(rows) > _MOST_ROWS else []
    return "".join([total, "\n| File | Changes | Held back | Errors |\n| --- | --: | --: | --: |\n", *listed, *more])


def _problems(others: Sequence[Notice]) -> Iterator[str]:
    """What is no change: warnings and errors."""
    if others:
        yield "\n"
    for notice in others[:_MOST_ROWS]:
        place = f":{notice.region.start.line}" if notice.region else ""
        yield f"- {notice.grade.name.lower()}: {plain(notice.path + place)}: {notice.rule}: {plain(notice.text)}\n"
    if len(others) > _MOST_ROWS:
        yield f"\n{len(others) - _MOST_ROWS} more are left out of this list.\n"


def _changes(run: Run) -> Iterator[str]:
    for looked in run.files:
        rows = zip(lines(looked.outcome).steps, step_diffs(looked.outcome), strict=True)
        for line, (change, diff) in rows:
            yield _change(Shown(change, line, diff.decode("utf-8", "replace")))


def _change(shown: Shown) -> str:
    change, diff = shown.change, shown.diff
    fence = "`" * max(3, 1 + max((len(ticks) for ticks in re.findall("`+", diff)), default=0))
    end = "" if diff.endswith("\n") else "\n"
    why = f"{plain(change.why)}\n\n" if change.why else ""
    return (
        f"\n### {plain(change.path)}:{shown.line}: {plain(change.title)}\n\n"
        f"{change.transform} ({change.level}, {change.proof})\n\n{why}{fence}diff\n{diff}{end}{fence}\n"
    )


def _cut(changes: Sequence[str], room: int) -> str:
    """The first changes, as many as there is room for."""
    kept: list[str] = []
    for change in changes:
        room -= len(change)
        if room < 0:
            break
        kept.append(change)
    left = len(changes) - len(kept)
    told = f"\n{left} of {len(changes)} changes are left out here for their length; `dockfix --diff` shows all.\n"
    return "".join([*kept, told if left else ""])


def plain(text: str) -> str:
    """The text on one line, without any markup in it."""
    return _MARKUP.sub(lambda found: f"&#{ord(found[0])};", " ".join(clean(text).split()))
