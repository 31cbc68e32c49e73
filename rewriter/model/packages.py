"""Package managers as data: which of their commands fill, read and clean the package index lists."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from ..syntax.script import Command, Script, always_run, commands
from .commands import DAEMONS, OS_TOOLS, PROCESS_STATE, QUIET
from .effect import name_of, texts_of, unquoted

LISTS = b"/var/lib/apt/lists"
CLEAN_LISTS = b"rm -rf /var/lib/apt/lists/*"
# What may be appended to a RUN: each deletes only what a package manager can fetch again.
CLEANUPS = frozenset({CLEAN_LISTS, b"sudo " + CLEAN_LISTS})

_APT = frozenset({b"apt-get", b"apt", b"aptitude"})
# Sub-commands that read the index lists; `remove`, `clean` and their like work from dpkg's own status.
_READS = frozenset(
    b"""
    install build-dep source download upgrade dist-upgrade full-upgrade safe-upgrade dselect-upgrade satisfy changelog
    list show search policy
    """.split()
)
# The ones that do not; what is none of them, a variable for one, may.
_NO_READS = frozenset(b"update remove purge autoremove autopurge clean autoclean check moo".split()) | {b""}
# apt called where it is not recognised: behind `xargs` or `timeout`, in a substitution, in a script for `sh -c`.
_MENTIONED = re.compile(rb"(?<![\w./-])(?:/usr/bin/)?(?:apt-get|apt|aptitude|apt-cache|apt-file)(?![\w./=-])")
# Options of apt that take the next word as their value.
_WITH_VALUE = frozenset(
    b"-t -o -c -a --target-release --option --config-file --host-architecture --default-release".split()
)
# Programs that run apt themselves, or ask it.
_READERS = frozenset(
    b"apt-cache apt-file add-apt-repository apt-add-repository tasksel unattended-upgrade dselect".split()
)
# Programs that look like they might run anything.
_QUIET_ANYWHERE = OS_TOOLS | QUIET | frozenset(PROCESS_STATE) | frozenset({b"exit", b"exec", b"pip", b"pip3", b"gem"})
_WRAPPERS = frozenset(b"sudo env nice ionice eatmydata exec command time".split())


class Apt(NamedTuple):
    """A call of apt-get, apt or aptitude: its sub-command, its options, and the packages or files named."""

    command: Command
    program: bytes
    verb: bytes
    sudo: bool
    options: tuple[bytes, ...]
    arguments: tuple[bytes, ...]


class Use(NamedTuple):
    """What a script does with the index lists: `reads` before it updates, or may (`unknown` names the command)."""

    reads: bool
    updates: bool
    unknown: bytes = b""


def unwrapped(command: Command) -> tuple[bytes, ...]:
    """The words of the command that is run in the end: `sudo`, `env` and the like taken off, with what they take."""
    words = [unquoted(word.text) for word in command.words]
    while words and words[0] in _WRAPPERS:
        words.pop(0)
        while words and (words[0].startswith(b"-") or (b"=" in words[0] and not words[0].startswith(b"/"))):
            words.pop(0)
    return tuple(words)


@lru_cache(4096)
def apt(command: Command) -> Apt | None:
    """The command as a call of apt; None if it is something else."""
    words = unwrapped(command)
    program = words[0].strip(b"'\"").rpartition(b"/")[2] if words else b""
    if program not in _APT:
        return None
    options: list[bytes] = []
    rest: list[bytes] = []
    takes = False
    for word in words[1:]:
        if takes or (word.startswith(b"-") and len(word) > 1):
            takes = not takes and _takes_value(word)
            options.append(word)
        else:
            rest.append(word)
    verb = rest[0] if rest else b""
    sudo = bool(command.words) and command.words[0].text == b"sudo"
    return Apt(command, program, verb, sudo, tuple(options), tuple(rest[1:]))


def _takes_value(option: bytes) -> bool:
    """Whether the option takes the next word; short ones may stand together, the last one with a value (`-yt`)."""
    if option.startswith(b"--"):
        return option in _WITH_VALUE
    return b"-" + option[-1:] in _WITH_VALUE and b"=" not in option


def updates(command: Command) -> bool:
    """Whether the command fetches the index lists."""
    call = apt(command)
    return call is not None and call.verb in (b"update", b"upd")


def keeps_lists_out(flags: Iterable[bytes]) -> bool:
    """Whether a mount of the RUN keeps the index lists out of the image, and for the next build."""
    return any(flag.startswith(b"--mount=") and b"/var/lib/apt" in flag for flag in flags)


def cleans_lists(command: Command) -> bool:
    """Whether the command deletes the index lists, or something of which they are a part."""
    words = unwrapped(command)
    if not words or words[0].rpartition(b"/")[2] not in (b"rm", b"find", b"truncate", b"shred"):
        return False
    return any(_covers_lists(word.strip(b"'\"")) for word in words[1:])


def _covers_lists(path: bytes) -> bool:
    if path.startswith((LISTS, b"/var/lib/apt", b"/var/lib/{", b"/var/{")):
        return b"apt" in path
    return path in (b"/var/lib/*", b"/var/*", b"/var/lib", b"lists/*", b"/var/lib/a*")


def lists_use(script: Script) -> Use:
    """What a script does with the index lists, in the order of its commands."""
    unknown = b""
    certain = {command.start for command in always_run(script)}
    for command in commands(script):
        call = apt(command)
        if updates(command) and command.start in certain:
            return Use(False, True, unknown)
        if call is not None and call.verb not in _NO_READS:
            return Use(True, False, unknown)
        texts = [unquoted(text) for text in texts_of(command)]
        if call is None and any(mentions_apt(text) for text in texts):
            return Use(True, False, unknown)
        if any(LISTS in text for text in texts) and not cleans_lists(command):
            return Use(True, False, unknown)
        words = unwrapped(command)
        program = words[0].strip(b"'\"").rpartition(b"/")[2] if words else b""
        if program in _READERS:
            return Use(True, False, unknown)
        if call is None and program and not _never_installs(command, program) and not unknown:
            unknown = b" ".join(words[:2])
    return Use(False, False, unknown)


def mentions_apt(text: bytes) -> bool:
    """Whether the text may call apt."""
    return _MENTIONED.search(text) is not None


def _never_installs(command: Command, program: bytes) -> bool:
    if name_of(command) is None:
        return False
    return program in _QUIET_ANYWHERE or program in _LANGUAGE or program in DAEMONS or program[:1] in b"[("


# Language package managers and servers: none of them calls apt.
_LANGUAGE = frozenset(
    b"""
    pip2 pipx uv poetry pipenv conda mamba gem bundle bundler cargo rustup composer pecl pear go yarn pnpm npm
    """.split()
)


def split_updates(script: Script) -> Iterator[Apt]:
    """The calls of apt that install from index lists which the same script does not fetch first."""
    for command in commands(script):
        if updates(command):
            return
        call = apt(command)
        if call is not None and call.verb in _READS and call.arguments:
            yield call
