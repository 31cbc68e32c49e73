"""The title and the body of a pull request.

A body is the same whenever its group is: it holds no dates, so that it is written anew only where there is news.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from ..groups import Group, Ledger, Made, Told
from ..marker import marked
from ..settings import BotSettings
from .escaping import Ready, bare, code, fenced, prose, shortened_path
from .templates import rendered
from .words import LEVELS, PROOFS, counted, fitted, levels, paths, proofs, transforms

LIMIT = 60_000
"""Characters of a body: GitHub takes 65,536."""
LEAST = 10_000
"""What a limit is at least: all that has to be said has room in it."""
PREFIX = "dockfix:"
"""What a title begins with, unless the settings say it."""
_LONGEST_TITLE = 120
# Characters around the sections, where they are there: the table's head, and what folds a list away.
_FRAMES = 200
_LONGEST_WHY = 1_000
_MOST_RULES = 20
_MOST_FIGURES = 20
_MOST_TOLD = 30


class Rule(NamedTuple):
    """A transform, what explains it, and the two lines that switch it off."""

    name: Ready
    explain: Ready
    off: Ready
    pragma: Ready


def title(group: Group, settings: BotSettings) -> str:
    """What is done, and where; at most 120 characters."""
    prefix = prefix_of(settings) or PREFIX
    files = paths(group.made)
    if len(files) == 1 and names(_what(group.made), files[0]):
        return f"{prefix} {bare(_what(group.made), _LONGEST_TITLE - len(prefix) - 1)}"[:_LONGEST_TITLE]
    where = bare(shortened_path(files[0], 60)) if len(files) == 1 else counted(len(files), "file")
    room = _LONGEST_TITLE - len(f"{prefix}  in {where}")
    return f"{prefix} {bare(_what(group.made), max(20, room))} in {where}"[:_LONGEST_TITLE]


def names(what: str, path: str) -> bool:
    """Whether what is done says where, too, such as `write .dockerignore: ...`."""
    return path in re.split(r"[\s:,]+", what)


def prefix_of(settings: BotSettings) -> str:
    """What the settings want titles to begin with; a repository says that, too."""
    return bare(settings.title_prefix, 40)


def body(group: Group, settings: BotSettings, *, limit: int = LIMIT) -> str:
    """The body in Markdown, of at most `limit` characters, or LEAST if that is more."""
    room = max(limit, LEAST) - len(_body(group, settings, "", "", "")) - _FRAMES
    ledgers = fitted([_figure(row) for row in group.ledgers[:_MOST_FIGURES]], "\n", "", room)
    room -= len(ledgers)
    more = "{} of {} changes are left out here for their length; the commits have them all."
    changes = fitted([_change(made) for made in group.made], "\n\n", more, room)
    room -= len(changes)
    more = "- {} of {} are left out here; `dockfix -v` names them all."
    told = fitted([_told(one) for one in group.told], "\n", more, room, most=_MOST_TOLD)
    return _body(group, settings, ledgers, changes, told)


def _what(made: Sequence[Made]) -> str:
    if len({one.title for one in made}) == 1:
        return made[0].title
    return counted(len(made), " and ".join([*levels(made)]) + " change")


def _body(group: Group, settings: BotSettings, ledgers: str, changes: str, told: str) -> str:
    files = paths(group.made)
    return rendered(
        "pull",
        count=counted(len(group.made), "change"),
        where=code(files[0]) if len(files) == 1 else counted(len(files), "file"),
        is_several=len(group.made) > 1,
        levels=[(level, Ready(LEVELS.get(level, ""))) for level in levels(group.made)],
        proofs=[(proof, Ready(PROOFS.get(proof, ""))) for proof in proofs(group.made)],
        rules=[_rule(name) for name in transforms(group.made)[:_MOST_RULES]],
        ledgers=Ready(ledgers),
        changes=Ready(changes),
        told=Ready(told),
        max_open=settings.max_open,
        per_hour=settings.per_hour,
        mark=Ready(marked(group.name, group.edit)),
    )


def _rule(name: str) -> Rule:
    return Rule(
        code(name), code(f"dockfix explain {name}"), code(f'skip = ["{name}"]'), code(f"# dockfix: ignore={name}")
    )


def _figure(row: Ledger) -> str:
    return f"| {' | '.join(prose(cell) for cell in row)} |"


def _change(made: Made) -> str:
    shown = fenced(made.diff, "diff")
    lines = made.diff.count("\n")
    return rendered(
        "change",
        made=made,
        why=prose(made.why, _LONGEST_WHY),
        path=code(made.path),
        transform=code(made.transform),
        diff=shown.block,
        lines=lines,
        left_out=shown.left_out,
    )


def _told(told: Told) -> str:
    line = f", line {told.line}" if told.line is not None else ""
    of = f" {code(told.transform)}:" if told.transform else ""
    return f"- {code(told.path)}{line}: {prose(told.kind)}:{of} {prose(told.reason)}"
