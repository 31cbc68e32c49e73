"""A script as a row of members: those of its `&&` chain, or its statements."""

from __future__ import annotations

from collections.abc import Iterator

from ...syntax.script import Binary, Command, If, Script, Sequence as Statements, children


def members(script: Script) -> Iterator[tuple[Script, bool]]:
    """The members of an `&&` chain or of a list of statements; True: its failure ends the RUN."""
    if isinstance(script, Binary) and script.operator == "&&":
        yield from members(script.left)
        yield from members(script.right)
    elif isinstance(script, Statements):
        for at, item in enumerate(script.items):
            last = at == len(script.items) - 1
            for member, strict in members(item):
                yield member, strict and last
    else:
        yield script, True


def has_condition(script: Script) -> bool:
    return isinstance(script, If) or any(map(has_condition, children(script)))


def sets_errexit(command: Command) -> bool:
    words = [word.text for word in command.words]
    return words[:1] == [b"set"] and any(word.startswith(b"-") and b"e" in word and word != b"-o" for word in words[1:])
