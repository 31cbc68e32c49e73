"""The commands that a RUN begins with, each of which runs if those before it succeed, and what is left without them."""

from __future__ import annotations

from collections.abc import Iterator

from ...syntax.script import Binary, Command, Script, Sequence


def leading(script: Script) -> Iterator[Command]:
    """The commands from the start on that run if those before them succeed, up to something else than a command."""
    yield from _row(script)[0]


def _row(script: Script) -> tuple[list[Command], bool]:
    """The commands, and whether they are all of the script."""
    match script:
        case Command():
            return [script], True
        case Binary(operator="&&"):
            parts = [script.left, script.right]
        case Sequence():
            parts = list(script.items)
        case Binary():
            # Behind `a && b ||` stands what runs only if one of them fails.
            return (_row(script.left)[0][:-1], False) if isinstance(script.left, Binary) else ([], False)
        case _:
            return [], False
    found: list[Command] = []
    for part in parts:
        commands, whole = _row(part)
        found += commands
        if not whole:
            return found, False
    return found, True


def without(script: Script, count: int) -> Script | None:
    """The script without the first commands of its leading ones, all of which succeed; None where nothing is left."""
    return _without(script, count)[0]


def _without(script: Script, count: int) -> tuple[Script | None, int]:
    if not count:
        return script, 0
    match script:
        case Command():
            return None, count - 1
        case Binary():
            left, count = _without(script.left, count)
            if left is None:
                return _without(script.right, count)
            return script._replace(start=left.start, left=left), 0
        case Sequence():
            items = list(script.items)
            while items and count:
                first, count = _without(items[0], count)
                items[:1] = [] if first is None else [first]
            return (script._replace(start=items[0].start, items=tuple(items)) if items else None), count
    raise ValueError("it has no such commands")
