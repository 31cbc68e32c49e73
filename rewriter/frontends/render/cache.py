"""The ledger of the build cache, for a person and for a program (docs/cache.md)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ...model.facts import Facts
from ...model.replay import Line
from ...syntax.edit import line_of
from ..terminal import encoded, printable

VERSION = 1
_BAR = 30  # characters for the dearest line
_ROWS = 25  # lines of a table; the rest is counted


class Side(NamedTuple):
    """A Dockerfile as it is, or as it would be: what each path makes run again, and each commit."""

    facts: Facts
    paths: tuple[Line, ...]
    commits: tuple[Line, ...]


class Account(NamedTuple):
    """A Dockerfile in its context, today and after the proposed changes."""

    path: str
    context: str
    chosen: str
    today: Side
    after: Side


def as_text(accounts: Sequence[Account]) -> bytes:
    """A table with bars for each Dockerfile, and one of its commits where a history was asked for."""
    return encoded("\n".join(_text(account) for account in accounts))


def _text(account: Account) -> str:
    head = f"{printable(account.path)}, built in {printable(account.context)} ({printable(account.chosen)})"
    parts = [head, "", *_table("changed", account.today.paths, account.after.paths, account)]
    if account.today.commits:
        parts += ["", *_table("commit", account.today.commits, account.after.commits, None), "", _mean(account)]
    return "\n".join(parts) + "\n"


def _table(title: str, today: Sequence[Line], after: Sequence[Line], account: Account | None) -> list[str]:
    later = {line.name: line for line in after}
    width = max([len(title), *(len(printable(line.name)) for line in today)])
    largest = max((line.cost for line in today), default=0)
    rows = [f"{title:{width}}  {'cost':>6} {'after':>6}"]
    for line in today[:_ROWS]:
        other = later.get(line.name, Line(line.name, (), 0))
        first = f" from line {_first(account, line)} on" if account is not None and line.steps else ""
        bar = _bar(line.cost, other.cost, largest)
        rows.append(f"{printable(line.name):{width}}  {line.cost:>6} {other.cost:>6}  {bar}{first}".rstrip())
    return [*rows, f"and {len(today) - _ROWS} more"] if len(today) > _ROWS else rows


def _first(account: Account, line: Line) -> int:
    facts = account.today.facts
    return line_of(facts.source.text, facts.instructions[line.steps[0]].node.start)


def _bar(now: int, later: int, largest: int) -> str:
    """`#` runs again also afterwards, `=` only today, `+` only afterwards."""
    if not largest:
        return ""
    one, other = (round(_BAR * cost / largest) for cost in (now, later))
    return "#" * min(one, other) + "=" * (one - other) + "+" * (other - one)


def _mean(account: Account) -> str:
    now, later = (_average(side.commits) for side in (account.today, account.after))
    return f"mean cost of a rebuild: {now:.1f} today, {later:.1f} after the proposed changes"


def _average(lines: Sequence[Line]) -> float:
    return sum(line.cost for line in lines) / len(lines) if lines else 0.0


def as_json(accounts: Sequence[Account]) -> bytes:
    """The same as JSON; steps are lines of the Dockerfile, costs relative to a copy, which is 1."""
    import json

    told = {
        "version": VERSION,
        "dockerfiles": [
            {
                "path": printable(account.path),
                "context": printable(account.context),
                "chosen": printable(account.chosen),
                "today": _side(account.today),
                "after": _side(account.after),
            }
            for account in accounts
        ],
    }
    return encoded(json.dumps(told, indent=2, ensure_ascii=True) + "\n")


def _side(side: Side) -> dict[str, object]:
    starts = [line_of(side.facts.source.text, i.node.start) for i in side.facts.instructions]
    return {
        name: [{"name": printable(x.name), "cost": x.cost, "lines": [starts[i] for i in x.steps]} for x in lines]
        for name, lines in (("changed", side.paths), ("commits", side.commits))
    }
