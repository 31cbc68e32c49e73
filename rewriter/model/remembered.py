"""The paths that a shell remembers for the commands it ran, and which of them an installation may outdate."""

import re
from functools import lru_cache

from ..syntax.script import Command, Script, commands
from .commands import FAMILIES, MANAGERS, ON_PATH, OS_TOOLS, PROCESS_STATE, QUIET, REPLACEABLE
from .effect import DYNAMIC, name_of

_SUBSTITUTED = rb"(?:\$\(|`)\s*([^\s()`;|&]+)"
# Of the tools that put nothing on PATH unless told to, those that may be told by a variable or a glob.
_PLACERS = frozenset(b"cp mv ln install rsync".split())
_NOTHING: frozenset[bytes] = frozenset()
_VERSION = re.compile(rb"[=<>~!@\[]")
_PLAIN_PACKAGE = re.compile(rb"['\"]?@?[A-Za-z][\w./-]*(?:\[[\w,-]*\])?(?:[=<>~!@^]=?[\w.*][\w.*+-]*,?)*['\"]?")


# A walk asks this of each command, and each RUN is walked in every round.
@lru_cache(4096)
def spared(command: Command, name: bytes | None) -> frozenset[bytes] | None:
    """The commands whose remembered paths stay right although this one installs; None if it installs nothing."""
    if name is None:
        return _NOTHING
    if name in MANAGERS:
        return _by_manager(command, name)
    if name and name not in OS_TOOLS and name not in QUIET and name not in PROCESS_STATE:
        # A program that replaces itself does so in place.
        return None if name in (b"exit", b"exec", b"return") or name[:1] in b"[(" else frozenset({name})
    texts = [word.text for word in (*command.words[1:], *command.redirects, *command.assigns)]
    together = b"\0".join(texts)  # Most commands have nothing of what is looked for.
    substitutes = b"$(" in together or b"`" in together
    inner = [match for text in texts for match in re.findall(_SUBSTITUTED, text)] if substitutes else []
    if any(word not in OS_TOOLS and word not in QUIET and word not in PROCESS_STATE for word in inner):
        return _NOTHING
    if name in _PLACERS and any(DYNAMIC.search(text) for text in texts):
        return _NOTHING
    return _NOTHING if any(mark in together for mark in ON_PATH) else None


def _by_manager(command: Command, name: bytes) -> frozenset[bytes] | None:
    family = next(family for family in FAMILIES if name in family.managers)
    words = [word.text for word in command.words[1:]]
    if family.verbs.isdisjoint(words):
        return None
    for word in words:
        package = _VERSION.split(word.strip(b"'\""), 1)[0]
        told = word.startswith(b"--") or _PLAIN_PACKAGE.fullmatch(word)
        if package in family.itself or not (told or word in family.verbs or word in (b"-g", b"-y", b"-U", b"-q")):
            return _NOTHING
    return family.names


def remembers(script: Script) -> frozenset[bytes]:
    """The commands whose paths a shell remembers from running the script."""
    names = (name_of(command) for command in commands(script))
    return frozenset(name for name in names if name and is_remembered(name))


def is_remembered(name: bytes) -> bool:
    """Whether a shell looks the name up on PATH and remembers where it was."""
    if b"/" in name or name in PROCESS_STATE or name[:1] in b"[(":
        return False
    return name not in OS_TOOLS or name in REPLACEABLE


def mentions(text: bytes, name: bytes) -> bool:
    return re.search(rb"(?<![\w./-])" + re.escape(name) + rb"(?![\w./-])", text) is not None
