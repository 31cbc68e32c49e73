"""The ledger of the build cache, for a person and for a program (docs/cache.md)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ...model.facts import Facts
from ...model.measured import Prices
from ...model.replay import Line
from ...syntax.edit import line_of
from ..terminal import encoded, printable

VERSION = 1
_BAR = 30  # characters for the dearest line
_ROWS = 25  # lines of a table; the rest is counted


class Side(NamedTuple):
    """A Dockerfile as it is, or as it would be: what each path makes run again, and each commit.

    `prices` are in seconds; None where the table's count.
    """

    facts: Facts
    paths: tuple[Line, ...]
    commits: tuple[Line, ...]
    prices: Prices | None = None


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
    sides = (("today", account.today), ("after", account.after))
    told = [f"{when}: {_origins(side, side.prices)}" for when, side in sides if side.prices]
    parts = [head, *told, "", *_table("changed", account.today.paths, account.after.paths, account)]
    if account.today.commits:
        parts += ["", *_table("commit", account.today.commits, account.after.commits, account), "", _mean(account)]
    return "\n".join(parts) + "\n"


def _origins(side: Side, prices: Prices) -> str:
    """How many of the steps were measured, and which were not."""
    found = _by_origin(side, prices)
    text = f"{len(found['measured'])} of {sum(map(len, found.values()))} steps that run again were measured"
    if sums := found["sums"]:
        text += f"; {_lines(sums)}: the sum of what it was made of"
    if others := found["table"]:
        text += f"; {_lines(others)}: not (wholly) measured, so by the table"
    return text


def _by_origin(side: Side, prices: Prices) -> dict[str, list[int]]:
    """The lines of the steps that some change makes run again, by where their seconds come from."""
    again = sorted({index for line in (*side.paths, *side.commits) for index in line.steps})
    starts = _starts(side)
    found: dict[str, list[int]] = {"measured": [], "sums": [], "table": []}
    for index in again:
        origin = "measured" if index in prices.measured else "sums" if index in prices.sums else "table"
        found[origin].append(starts[index])
    return found


def _lines(numbers: Sequence[int]) -> str:
    return ("line " if len(numbers) == 1 else "lines ") + ", ".join(map(str, numbers))


def _table(title: str, today: Sequence[Line], after: Sequence[Line], account: Account) -> list[str]:
    later = {line.name: line for line in after}
    width = max([len(title), *(len(printable(line.name)) for line in today)])
    largest = max((line.cost for line in today), default=0)
    rows = [f"{title:{width}}  {'seconds' if account.today.prices else 'cost':>7} {'after':>7}"]
    for line in today[:_ROWS]:
        other = later.get(line.name, Line(line.name, (), 0))
        first = f" from line {_starts(account.today)[line.steps[0]]} on" if title == "changed" and line.steps else ""
        bar = _bar(line.cost, other.cost, largest)
        costs = " ".join(f"{cost:>7.1f}" if account.today.prices else f"{cost:>7}" for cost in (line.cost, other.cost))
        rows.append(f"{printable(line.name):{width}}  {costs}  {bar}{first}".rstrip())
    return [*rows, f"and {len(today) - _ROWS} more"] if len(today) > _ROWS else rows


def _starts(side: Side) -> list[int]:
    """The line of each instruction."""
    return [line_of(side.facts.source.text, i.node.start) for i in side.facts.instructions]


def _bar(now: float, later: float, largest: float) -> str:
    """`#` runs again also afterwards, `=` only today, `+` only afterwards."""
    if not largest:
        return ""
    one, other = (round(_BAR * cost / largest) for cost in (now, later))
    return "#" * min(one, other) + "=" * (one - other) + "+" * (other - one)


def _mean(account: Account) -> str:
    now, later = (_average(side.commits) for side in (account.today, account.after))
    what = "seconds" if account.today.prices else "cost"
    return f"mean {what} of a rebuild: {now:.1f} today, {later:.1f} after the proposed changes"


def _average(lines: Sequence[Line]) -> float:
    return sum(line.cost for line in lines) / len(lines) if lines else 0.0


def as_json(accounts: Sequence[Account]) -> bytes:
    """The same as JSON; steps are lines of the Dockerfile, costs relative to a copy, which is 1, or seconds.

    `seconds` says where those of the steps that run again come from; null where the table's costs count.
    """
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
    starts = _starts(side)
    told: dict[str, object] = {
        name: [
            {"name": printable(x.name), "cost": round(x.cost, 3), "lines": [starts[i] for i in x.steps]} for x in lines
        ]
        for name, lines in (("changed", side.paths), ("commits", side.commits))
    }
    return {**told, "seconds": _by_origin(side, side.prices) if side.prices else None}
