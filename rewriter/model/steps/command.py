"""What one command of a RUN reads and writes, by the rows of `tools.py` and `installs.py`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...syntax.script import Command
from ..effect import unquoted
from ..manifests.asked import NotTold
from ..packages.call import call_of, unwrapped
from .gathering import Gathering, NotKnown, Place, folders_in, path_folders
from .handlers import HANDLERS, account, on_system
from .installs import installs
from .options import read_words
from .paths import EVERYTHING
from .places import (
    ANY_PROGRAM,
    FOLDER_LISTS,
    MOVERS,
    NETWORK,
    NETWORK_MOVERS,
    PACKAGES,
    USR,
    home,
    is_root,
    matching,
)
from .step import Known
from .tools import TOOLS, Found, Operands, Tool
from .touched import Touched

# Before a command, these change how it prints and asks, not where it writes.
_HARMLESS = frozenset({b"DEBIAN_FRONTEND", b"DEBCONF_NONINTERACTIVE_SEEN", b"LC_ALL", b"LANG", b"TZ", b"ACCEPT_EULA"})
_HEEDED = ANY_PROGRAM | NETWORK | PACKAGES
# Options that busybox has not had from the start: installing coreutils may make such a command succeed.
_NOT_EVERYWHERE = frozenset("vTnchd")
_QUOTED = re.compile(rb"'[^']*'|\"[^\"]*\"")
_GLOB = re.compile(rb"[*?\[]")
_VARIABLE = re.compile(rb"\$(?:(\w+)|\{(\w+))")
_PROGRAM = re.compile(rb"(?:(?:/usr)?/s?bin/)?([\w.:+-]+)")


def command_touches(command: Command, place: Place, known: Known | None = None) -> tuple[Touched, bytes | None]:
    """What the command touches, and the folder into which it changes (None: it stays); raises NotKnown.

    What `known` knows it is asked first.
    """
    assigned = [word.text.partition(b"=")[0].rstrip(b"+") for word in command.assigns]
    strange = next((name for name in assigned if name not in _HARMLESS and matching(name, _HEEDED)), None)
    if strange is not None:
        raise NotKnown(f"it sets {strange.decode('utf-8', 'replace')}")
    if not command.words:
        return Touched(), None
    words = unwrapped(command)
    before = [unquoted(word.text) for word in command.words[: len(command.words) - len(words)]]
    if not words or before not in ([], [b"sudo"]):
        raise NotKnown(_unknown(words))
    if before and not is_root(place.config):
        raise NotKnown("it is another user's")
    if any(matching(name, MOVERS) for name in (*place.config.env, *place.config.args)):
        raise NotKnown("a variable is set that moves what programs write, or runs something else")
    told = ""
    if known is not None:
        gathering = Gathering(place, f"`{b' '.join(words[:2]).decode('utf-8', 'replace')}`")
        try:
            if known(command, gathering):
                return gathering.done(), None
        except NotTold as error:
            told = str(error)
    try:
        return _by_tables(command, words, len(before), place)
    except NotKnown as unknown:
        raise NotKnown(told or str(unknown)) from unknown


def _by_tables(command: Command, words: Sequence[bytes], prefix: int, place: Place) -> tuple[Touched, bytes | None]:
    """What a command touches that stands behind `prefix` words."""
    match = _PROGRAM.fullmatch(words[0])
    if match is None:
        raise NotKnown(_unknown(words))
    program = match[1]
    raw = [word.text for word in command.words[prefix + 1 :]]
    if program == b"cd":
        return _changed_folder(raw, place)
    call = call_of(command)
    shown = call.shown if call is not None else b" ".join(words[:2]).decode("utf-8", "replace")
    gathering = Gathering(place, f"`{shown}`")
    gathering.rely_on_trees(*folders_in(place.config, b"LD_LIBRARY_PATH"))
    for word in raw:
        _looked_up(word, gathering)
    tool = TOOLS.get(program)
    if call is not None:
        gathering.rely_on(program)
        installs(call, gathering, place)
    elif tool is None:
        raise NotKnown(_unknown(words))
    else:
        _tool(program, tool, raw, gathering)
    return gathering.done(), None


def _unknown(words: Sequence[bytes]) -> str:
    shown = words[0].decode("utf-8", "replace") if words else "a prefix"
    return f"of `{shown}` nothing is known"


def _changed_folder(raw: Sequence[bytes], place: Place) -> tuple[Touched, bytes]:
    if len(raw) != 1 or raw[0].startswith(b"-"):
        raise NotKnown("of where `cd` goes nothing is known")
    gathering = Gathering(place, "`cd`")
    path = place.literal(raw[0])
    whole = place.tree(raw[0])
    if re.fullmatch(rb"[\w./@+-]+", path) is None or (whole == EVERYTHING and path != b"/"):
        raise NotKnown("of where `cd` goes nothing is known")
    gathering.need(raw[0])
    return gathering.done(), whole


def _looked_up(word: bytes, gathering: Gathering) -> None:
    """The shell puts what it finds in place of a glob, of one in the value of a variable too, and of `~`."""
    bare = _QUOTED.sub(b"", word)
    if _GLOB.search(bare) or bare.startswith(b"~"):
        gathering.read(word)
    place = gathering.place
    names = [first or second for first, second in _VARIABLE.findall(bare)]
    values = (place.config.env.get(name, b"") for name in names)
    if any(map(_GLOB.search, values)) or (b"$" in place.literal(bare) and _GLOB.search(place.text)):
        gathering.read_trees(EVERYTHING)


def _tool(program: bytes, tool: Tool, raw: Sequence[bytes], gathering: Gathering) -> None:
    if tool.found is not Found.BUILTIN:
        gathering.rely_on(program)
    if tool.found is Found.INSTALLED:
        _depends_on_system(gathering, tool)
    if tool.operands is Operands.ACCOUNT:
        account(gathering, program, raw)
    elif tool.operands is Operands.SYSTEM:
        on_system(gathering, raw)
    else:
        words = read_words(program, tool, raw)
        if tool.found is Found.ANYWHERE and (words.longs or words.letters & _NOT_EVERYWHERE):
            gathering.read_trees(*USR)
        HANDLERS[tool.operands](gathering, words)


def _depends_on_system(gathering: Gathering, tool: Tool) -> None:
    """What is no tool of each image: it may be missing, and reads its settings and the user's."""
    config = gathering.place.config
    movers = NETWORK_MOVERS if tool.network else frozenset[bytes]()
    set_here = (*config.env, *config.args)
    if any(matching(name, movers) for name in set_here) or not home(config):
        raise NotKnown("where its settings lie is not known")
    gathering.heed(NETWORK | movers | frozenset(FOLDER_LISTS))
    gathering.read_trees(b"/etc", *USR, home(config), *path_folders(config))
    for name in FOLDER_LISTS:
        gathering.read_trees(*folders_in(config, name))
    if tool.network:
        gathering.reach_out()
