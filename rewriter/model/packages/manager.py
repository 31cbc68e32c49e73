"""What a row of the table of package managers says: its programs, sub-commands and the options that take a value."""

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple


class Does(Enum):
    """What a sub-command does, as far as package lists and download caches are concerned.

    Where that depends on what it is given, the row says what it does with words (`npm install`).
    """

    UPDATE = "fetches the package lists"
    INSTALL = "installs what its words name"
    RESTORE = "installs what a file of the project names"
    UPGRADE = "brings what is installed up to date"
    REMOVE = "removes packages"
    READ = "asks the package lists or the cache"
    CLEAN = "empties lists or caches"
    BUILD = "builds or runs, and fetches what that needs"
    OTHER = "none of these"


class Manager(NamedTuple):
    """A package manager. `verbs`: its sub-commands, two words where the second one decides.

    `valued` are options whose value is the next word; `bare` is the sub-command that it runs without one; `module` is
    its name for `python -m`; `other` is what a sub-command does that is not in `verbs`. `letters`: the sub-command is
    an option (`-Syu`), and `verbs` holds what its upper-case letter does (`S`); a key of two letters goes before that
    one where its second letter is among the lower-case ones (`Sc`: `-Scc`).
    """

    name: str
    programs: frozenset[bytes]
    verbs: Mapping[bytes, Does]
    valued: frozenset[bytes] = frozenset()
    bare: bytes = b""
    module: str = ""
    other: Does = Does.OTHER
    letters: bool = False


def names(text: str) -> frozenset[bytes]:
    """The words of a text."""
    return frozenset(name.encode() for name in text.split())


def verbs(**named: str) -> dict[bytes, Does]:
    """Sub-commands by what they do; commas part them, since some have two words."""
    return {
        verb.strip().encode(): Does[does.upper()] for does, text in named.items() for verb in text.split(",") if verb
    }
