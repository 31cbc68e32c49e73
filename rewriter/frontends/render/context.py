"""The ledger of a build context, for a person and for a program (docs/context.md)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ...model.ignoring.ledger import Row, total
from ...model.ignoring.losses import Weight
from ...model.sizes import size
from ...model.together import Together
from ..terminal import encoded, printable

VERSION = 1
_BAR = 20  # characters for the heaviest path
_ROWS = 25  # paths by name; the rest is one row


class Account(NamedTuple):
    """A context with its rows, and what is wrong with its ignore file."""

    together: Together
    rows: tuple[Row, ...]
    problem: str = ""


def as_text(accounts: Sequence[Account]) -> bytes:
    """A table with bars for each context."""
    return encoded("\n".join(_table(account) for account in accounts))


def _table(account: Account) -> str:
    together = account.together
    dockerfiles = ", ".join(map(printable, together.dockerfiles))
    state = "as it is" if together.text is not None else "not there yet"
    head = [
        f"{printable(together.context.name)}: the build context of {dockerfiles} ({printable(together.chosen)})",
        f"ignore file: {printable(together.path)} ({state})",
    ]
    if account.problem:
        return "\n".join([*head, f"error: {printable(account.problem)}", ""])
    shown = account.rows[:_ROWS]
    rest = account.rows[_ROWS:]
    lines = [*shown, *([total(rest)._replace(path=f"{len(rest)} more")] if rest else [])]
    everything = total(account.rows)._replace(path="all")
    largest = max((row.present.size for row in lines), default=0)
    width = max(len(printable(row.path)) for row in [*lines, everything])
    titles = f"{'':{width}}  {'in the folder':>18} {'sent today':>18} {'taken':>18} {'sent after dockfix':>18}"
    body = [_line(row, width, largest) for row in lines]
    return "\n".join([*head, "", titles.rstrip(), *body, _line(everything, width, 0), ""])


def _line(row: Row, width: int, largest: int) -> str:
    cells = " ".join(f"{_weight(weight):>18}" for weight in row[1:])
    return f"{printable(row.path):{width}}  {cells}  {_bar(row, largest)}".rstrip()


def _weight(weight: Weight) -> str:
    return f"{size(weight.size)} ({weight.files:,})" if weight.files else "-"


def _bar(row: Row, largest: int) -> str:
    """As long as the path is heavy: `#` will be sent, `=` is sent today only, `.` is not sent."""
    if not largest:
        return ""
    whole, now, later = (round(_BAR * part / largest) for part in (row.present.size, row.sent.size, row.after.size))
    return "#" * later + "=" * (now - later) + "." * (whole - max(now, later))


def as_json(accounts: Sequence[Account]) -> bytes:
    """The same as JSON, sizes in bytes."""
    import json

    told = {"version": VERSION, "contexts": [_object(account) for account in accounts]}
    return encoded(json.dumps(told, indent=2, ensure_ascii=True) + "\n")


def _object(account: Account) -> dict[str, object]:
    together = account.together
    return {
        "folder": printable(together.context.name),
        "chosen": printable(together.chosen),
        "ignore_file": printable(together.path),
        "exists": together.text is not None,
        "dockerfiles": list(map(printable, together.dockerfiles)),
        "problem": account.problem or None,
        "total": _columns(total(account.rows)),
        "paths": [{"path": printable(row.path), **_columns(row)} for row in account.rows],
    }


def _columns(row: Row) -> dict[str, dict[str, int]]:
    names = ("present", "sent", "taken", "after")
    return {name: {"bytes": w.size, "files": w.files} for name, w in zip(names, row[1:], strict=True)}
