"""A `chmod` or `chown` command of a RUN: what it changes at which paths."""

from __future__ import annotations

import re
from typing import NamedTuple

from ...syntax.script import Command
from ..effect import unquoted
from ..image import Configuration
from ..modes import is_mode
from ..steps.gathering import NotKnown, Place
from ..steps.options import read_words
from ..steps.tools import TOOLS
from .landing import absolute

_PROGRAM = re.compile(rb"(?:(?:/usr)?/bin/)?(chmod|chown)")
_LITERAL = re.compile(rb"[\w./@+,=%:-]+")
_OWNER = re.compile(rb"([\w.-]*)(?::([\w.-]+))?")


class Change(NamedTuple):
    """A command that gives the files at `paths` a `mode` (a word), or a `user` and a `group` (empty: it stays).

    `shown` is the command for a person.
    """

    command: Command
    shown: str
    recursive: bool
    paths: tuple[bytes, ...]
    mode: bytes = b""
    user: bytes = b""
    group: bytes = b""

    @property
    def owns(self) -> bool:
        """Whether it changes owners."""
        return not self.mode

    @property
    def by_name(self) -> bool:
        """Whether a name has to be looked up in the image; that of root is everywhere."""
        return any(name and not name.isdigit() and name != b"root" for name in (self.user, self.group))


def is_change(command: Command) -> bool:
    """Whether it is a `chmod` or `chown`."""
    return bool(command.words) and _PROGRAM.fullmatch(unquoted(command.words[0].text)) is not None


def change_of(command: Command, config: Configuration, text: bytes) -> Change | str:
    """What the command changes, or why that is not known; `text` is that of its RUN."""
    if command.assigns or command.redirects:
        return "it sets a variable, or redirects"
    match = _PROGRAM.fullmatch(unquoted(command.words[0].text))
    if match is None:
        return "it is neither chmod nor chown"
    program = match[1]
    try:
        words = read_words(program, TOOLS[program], [word.text for word in command.words[1:]])
    except NotKnown as unknown:
        return str(unknown)
    place = Place(config, (), b"", text)
    given = [place.literal(word) for word in words.operands]
    strange = next((w for w, known in zip(words.operands, given, strict=True) if not _LITERAL.fullmatch(known)), None)
    if strange is not None or len(given) < 2:
        shown = (strange or command.words[0].text).decode("utf-8", "replace")
        return f"what `{shown}` names, a pattern or a variable tells"
    paths = tuple(absolute(path, config) for path in given[1:])
    if not all(paths):
        return "it is not known which files it names"
    recursive = not words.letters.isdisjoint("R") or "recursive" in words.longs
    change = Change(command, f"{program.decode()} {given[0].decode()}", recursive, paths)
    return _with_mode(change, given[0]) if program == b"chmod" else _with_owner(change, given[0])


def _with_mode(change: Change, word: bytes) -> Change | str:
    if not is_mode(word):
        return f"`{change.shown}` sets bits that not every builder gives to a copy, or is not understood"
    return change._replace(mode=word)


def _with_owner(change: Change, word: bytes) -> Change | str:
    match = _OWNER.fullmatch(word)
    if match is None or not (match[1] or match[2]):
        return f"`{change.shown}` is not understood"
    if b"." in match[1] and match[2] is None:
        # `user.group` is an old form, and may be a name, too.
        return f"`{change.shown}` may mean a user or a user and a group"
    return change._replace(user=match[1], group=match[2] or b"")
