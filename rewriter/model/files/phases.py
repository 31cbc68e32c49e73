"""What the commands of a RUN that fetches, unpacks and deletes are for, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ...syntax.script import Binary, Command, Pipe, Script, commands, texts
from ..chains import needs_group
from ..effect import unquoted
from ..facts import Facts
from ..runs import Run
from ..steps.gathering import NotKnown
from .fetches import FETCHERS, UNPACKERS, fetched_by
from .located import Located, located

_CHANGE = (b"chmod", b"chown", b"chgrp")
_CHECKS = frozenset({b"sha1sum", b"sha256sum", b"sha512sum", b"md5sum"})


class Part(NamedTuple):
    """A member of an `&&` list: its commands, and its text."""

    commands: tuple[Located, ...]
    text: bytes


def parts_of(facts: Facts, run: Run) -> Iterator[Part]:
    """The members of the `&&` list that a RUN is; raises NotKnown."""
    here = located(facts, run.position)
    if here is None or run.script is None or run.parsed is None or needs_group(run.script):
        raise NotKnown("it is more than a list of commands joined by `&&`")
    base = run.parsed.text.base
    if run.has_comment(run.instruction.node.start, run.instruction.node.end):
        raise NotKnown("there are comments between its commands")
    for member in _members(run.script):
        starts = [command.start for command in commands(member)]
        lines = facts.source.text[base + member.start : base + member.end].split(b"\n")
        text = b" ".join(line.rstrip(b"\r").removesuffix(facts.source.escape).strip() for line in lines)
        yield Part(tuple(one for one in here.commands if one.command.start in starts), text)


def _members(script: Script) -> Iterator[Script]:
    """The members of an `&&` list."""
    if isinstance(script, Binary) and script.operator == "&&":
        yield from _members(script.left)
        yield from _members(script.right)
    elif isinstance(script, Command | Pipe):
        yield script
    else:
        raise NotKnown("it is more than a list of commands joined by `&&`")


def phases(parts: Sequence[Part]) -> list[int]:
    """What each part is for; behind the last deletion, all is for what follows."""
    last = max((at for at, part in enumerate(parts) if [one.name for one in part.commands] == [b"rm"]), default=-1)
    if last < 0:
        raise NotKnown("something else stays of it than what is unpacked, or more is deleted")
    into = {path for part in parts for one in part.commands if one.name in UNPACKERS for path in fetched_by(one)}
    return [_phase(part, into) if at <= last else 3 for at, part in enumerate(parts)]


def _phase(part: Part, into: set[bytes]) -> int:
    """0: it fetches, or checks that; 1: it makes the folder, unpacks, or changes what is in it; 2: it deletes."""
    names = [one.name for one in part.commands]
    for one in part.commands:
        if one.command.redirects or one.command.assigns or one.words != tuple(unquoted(t) for t in texts(one.command)):
            raise NotKnown("it writes to other files, or runs as somebody else")
    if len(names) == 2 and names[0] == b"echo" and names[1] in _CHECKS:
        return 0
    if len(names) == 1 and names[0] in FETCHERS:
        return 0
    if len(names) == 1 and (names[0] in (b"mkdir", *UNPACKERS) or _is_inside(part.commands[0], into)):
        return 1
    if names == [b"rm"]:
        return 2
    shown = b" | ".join(names).decode("utf-8", "replace")
    raise NotKnown(f"what `{shown}` leaves behind is not only what the archive holds")


def _is_inside(one: Located, into: set[bytes]) -> bool:
    """Whether it changes only what lies in the folder, not the folder itself, whose owner and mode a copy forgets."""
    words = [word.text for word in one.raw[1:] if not word.text.startswith(b"-")][one.name in _CHANGE :]
    trees = [one.place.tree(word) for word in words]
    return (
        one.name in (*_CHANGE, b"mv", b"ln", b"touch")
        and bool(trees)
        and all(any(tree.startswith(folder + b"/") for folder in into) for tree in trees)
    )
