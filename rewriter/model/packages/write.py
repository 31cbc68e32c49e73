"""Edits of a call of a package manager: one argument more, packages kept by name, two calls made one."""

from __future__ import annotations

from collections.abc import Sequence

from ...syntax.edit import Edit
from ...syntax.mask import Text
from ..effect import unquoted
from .call import Call
from .changed import place_of_argument, places_of_packages


def argument_edit(text: Text, call: Call, word: bytes, dropped: frozenset[bytes] = frozenset()) -> Edit:
    """One more word behind the sub-command and the options that follow it, or in the place of a `dropped` one."""
    words = call.command.words
    gone = next((given for given in words if given.text in dropped), None)
    if gone is not None:
        return Edit(text.base + gone.start, text.base + gone.end, word)
    at = text.base + words[place_of_argument(call) - 1].end
    return Edit(at, at, b" " + word)


def packages_edit(text: Text, call: Call, packages: Sequence[bytes]) -> tuple[Edit, ...]:
    """The packages among those of the call, each on a line of its own where those of the call are."""
    words = call.command.words
    own = [i for i in range(call.verb_at + 1, len(words)) if unquoted(words[i].text) in call.arguments]
    gaps = {index: _gap(text, words[index - 1].end, words[index].start) for index in own}
    between = [gaps[index] for index in own[1:]] or [gaps[own[0]]]
    # Where some share a line, lines are filled, not one a package.
    gap = between[0] if all(b"\n" in given for given in between) else b" "
    edits = []
    for index, new in places_of_packages(call, packages).items():
        if index in own and (gap == b" " or b"\n" not in gaps[index]):
            at = text.base + words[index].start
            edits.append(Edit(at, at, b"".join(package + gap for package in new)))
        else:  # Behind the word before, and so above the comments of the next one.
            at = text.base + words[index - 1].end
            edits.append(Edit(at, at, b"".join(gap + package for package in new)))
    return tuple(edits)


def _gap(text: Text, start: int, end: int) -> bytes:
    """What stands between two packages: a blank, or the end of a line and the indentation of the next one."""
    between = text.source[start:end]
    if b"\n" not in between:
        return b" "
    return between.split(b"\n")[0] + b"\n" + between.rpartition(b"\n")[2]


def joined_edit(text: Text, first: Call, second: Call) -> Edit:
    """What stands between the packages of the one call and those of the next goes, a blank stays."""
    end = second.command.words[second.first_package - 1].end
    return Edit(text.base + first.command.end, text.base + end, b"")


def program_edit(text: Text, call: Call, suffix: bytes) -> Edit:
    """The suffix behind the name of the program."""
    at = text.base + call.command.words[call.at].end
    return Edit(at, at, suffix)
