"""Calls of package managers that would ask a question which nobody answers in a build."""

from collections.abc import Iterator
from typing import NamedTuple

from ...syntax.script import Block, Command, If, Pipe, Script, children
from .arguments import YES, Argument, rows
from .call import Call, call_of


class Asked(NamedTuple):
    """A call, and the row whose word answers for it; None where it asks nothing, or has its answer."""

    call: Call
    row: Argument | None


def asked(script: Script) -> Iterator[Asked]:
    """Each call of a package manager, with the answer that it lacks."""
    for command, has_input in _with_input(script, False):
        call = call_of(command)
        if call is not None:
            yield Asked(call, None if has_input else _unanswered(call))


def _unanswered(call: Call) -> Argument | None:
    for row in rows(call, YES):
        if not call.has(*row.said, *row.contrary) and not any(
            b"=" in word and _says_yes(word) for word in call.options
        ):
            return row
    return None


def _says_yes(option: bytes) -> bool:
    """`-o APT::Get::Assume-Yes=true`, `--setopt=assumeyes=1`, `-q=2`: whatever speaks of it decides."""
    return b"assume" in option.lower() or option.startswith((b"-q=", b"--quiet="))


def _with_input(script: Script, piped: bool) -> Iterator[tuple[Command, bool]]:
    """The commands, and whether something is piped or redirected to their input: that is an answer."""
    waiting = [(script, piped)]
    while waiting:
        one, piped = waiting.pop()
        if isinstance(one, Command | Block | If) and any(b"<" in redirect.text for redirect in one.redirects):
            piped = True
        if isinstance(one, Command):
            yield one, piped
            continue
        inner = [(child, piped or (isinstance(one, Pipe) and at > 0)) for at, child in enumerate(children(one))]
        waiting += reversed(inner)
