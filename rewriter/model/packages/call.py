"""A command read as a call of a package manager: told from the shell tree, by the rows of `managers.py`."""

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from ...syntax.once import once
from ...syntax.script import Command, Script, commands
from ..effect import unquoted
from .managers import MANAGERS, Does, Manager

# Programs that run the rest of their words as a command, with those of their options that take the next word.
RUNNERS: Mapping[bytes, frozenset[bytes]] = {
    b"sudo": frozenset(b"-u -g -h -p -C -r -t -U -D -R --user --group --chdir".split()),
    b"env": frozenset(b"-u -C --unset --chdir".split()),
    b"nice": frozenset(b"-n --adjustment".split()),
    b"ionice": frozenset(b"-c -n -p --class --classdata".split()),
    **dict.fromkeys((b"eatmydata", b"exec", b"command", b"time"), frozenset[bytes]()),
}
_ASSIGNMENT = rb"\w+\+?="
_ASKS = frozenset({b"-v", b"-V", b"--version", b"-h", b"--help"})
_PYTHON = re.compile(rb"python(?:[23](?:\.\d+)?)?")


class Call(NamedTuple):
    """A call of a package manager.

    `prefix` are the words before its program (`sudo -E`, `env A=b`); `at` and `verb_at` are the indices, in the
    command's words, of its program and of the last word of its sub-command (the same one where it has none).
    `arguments` are the words behind the sub-command that are neither options nor their values; quotes are off.
    """

    command: Command
    manager: Manager
    prefix: tuple[bytes, ...]
    at: int
    verb_at: int
    verb: bytes
    options: tuple[bytes, ...]
    arguments: tuple[bytes, ...]

    @property
    def does(self) -> Does:
        if not self.verb:
            return Does.OTHER
        verbs = self.manager.verbs
        if not self.manager.letters:
            return verbs.get(self.verb, self.manager.other)
        operation = self.verb[:1]
        two = next((key for key in verbs if len(key) == 2 and key[:1] == operation and key[1:] in self.verb[1:]), b"")
        does = verbs.get(two or operation, self.manager.other)
        # `pacman -Sy` only fetches the lists.
        return Does.UPDATE if does is Does.INSTALL and not self.arguments and b"u" not in self.verb else does

    @property
    def program(self) -> bytes:
        """The program's name, without its folder."""
        return _base(unquoted(self.command.words[self.at].text))

    @property
    def shown(self) -> str:
        """Its program and sub-command, for a person."""
        verb = (b"-" if self.manager.letters and self.verb else b"") + self.verb
        return f"{self.program.decode()} {verb.decode('utf-8', 'replace')}".rstrip()

    @property
    def sudo(self) -> bytes:
        """`sudo` with its options where the call has it, as words in one line; else empty."""
        if not self.prefix or self.prefix[0] != b"sudo":
            return b""
        words = [word for word in self.prefix if not re.match(_ASSIGNMENT, word)]
        end = next((i for i, word in enumerate(words[1:], 1) if word in RUNNERS), len(words))
        return b" ".join(words[:end])

    def has(self, *options: bytes) -> bool:
        """Whether it has one of these options, with or without a value behind `=`; short ones may stand together."""
        for given in self.options:
            name = given.split(b"=")[0]
            if name in options or given in options:
                return True
            letters = name[1:] if _are_letters(name) else b""
            if any(len(option) == 2 and option[1:] in letters for option in options):
                return True
        return False

    @property
    def first_package(self) -> int:
        """The index, in the command's words, of the first of its arguments; it must have one."""
        words = self.command.words
        return next(i for i in range(self.verb_at + 1, len(words)) if unquoted(words[i].text) == self.arguments[0])


def _base(path: bytes) -> bytes:
    return path.strip(b"'\"").rpartition(b"/")[2]


@cache
def _by_program() -> Mapping[bytes, Manager]:
    return {program: manager for manager in MANAGERS for program in manager.programs}


@cache
def _by_module() -> Mapping[bytes, Manager]:
    return {manager.module.encode(): manager for manager in MANAGERS if manager.module}


def run_words(words: Sequence[bytes]) -> int:
    """How many words stand before the command that is run in the end: `sudo -E`, `env A=b`, `nice -n 5`."""
    at = 0
    while at < len(words) and _base(words[at]) in RUNNERS:
        valued = RUNNERS[_base(words[at])]
        at += 1
        while at < len(words) and (words[at].startswith(b"-") or re.match(_ASSIGNMENT, words[at])):
            at += 2 if words[at] in valued else 1
    return at


@lru_cache(4096)
def unwrapped(command: Command) -> tuple[bytes, ...]:
    """The words of the command that is run in the end, quotes off; `sudo`, `env` and the like taken off."""
    words = tuple(unquoted(word.text) for word in command.words)
    return words[run_words(words) :]


@lru_cache(4096)
def call_of(command: Command) -> Call | None:
    """The command as a call of a package manager; None if it is something else."""
    words = unwrapped(command)
    if not words:
        return None
    program = _base(words[0])
    at = len(command.words) - len(words)
    manager = _by_program().get(program)
    if manager is None and _PYTHON.fullmatch(program):
        module = next((index for index, word in enumerate(words) if word == b"-m"), len(words))
        if module + 1 >= len(words) or not all(word.startswith(b"-") for word in words[1:module]):
            return None
        manager = _by_module().get(words[module + 1])
        at += module + 1
    if manager is None:
        return None
    return _call(command, manager, at)


def _call(command: Command, manager: Manager, at: int) -> Call:
    prefix = tuple(unquoted(word.text) for word in command.words[:at])
    options: list[bytes] = []
    rest: list[int] = []
    takes = ended = False
    for index in range(at + 1, len(command.words)):
        word = unquoted(command.words[index].text)
        if takes:
            takes = False
            options.append(word)
        elif not ended and word == b"--":
            ended = True
        elif not ended and index == at + 1 and word.startswith(b"+"):
            options.append(word)  # `cargo +nightly build`
        elif not ended and word.startswith(b"-") and len(word) > 1:
            takes = takes_value(manager, word)
            options.append(word)
        else:
            rest.append(index)
    verb, used = _verb(command, manager, options, rest)
    arguments = tuple(unquoted(command.words[index].text) for index in rest[used:])
    verb_at = rest[used - 1] if used else at
    return Call(command, manager, prefix, at, verb_at, verb, tuple(options), arguments)


def takes_value(manager: Manager, option: bytes) -> bool:
    """Whether the option takes the next word. Short ones may stand together: the first one that has a value takes what
    is left of the word, and the next word only if nothing is (`-yt stable`, but `-DskipTests`)."""
    if option in manager.valued:
        return True
    if not _are_letters(option):
        return False
    valued = next((at for at in range(1, len(option)) if b"-" + option[at : at + 1] in manager.valued), 0)
    return valued == len(option) - 1


def _are_letters(option: bytes) -> bool:
    """Whether these are short options in one word."""
    return len(option) > 2 and option.startswith(b"-") and option[1:].isalpha()


def _verb(command: Command, manager: Manager, options: Sequence[bytes], rest: Sequence[int]) -> tuple[bytes, int]:
    """The sub-command, and how many of the words that are no options it takes up."""
    if manager.letters:
        letters = next((option[1:] for option in options if re.fullmatch(rb"-[A-Z][a-z]*", option)), b"")
        return letters, 0
    words = [unquoted(command.words[index].text) for index in rest[:2]]
    both = b" ".join(words)
    if len(words) == 2 and both in manager.verbs:
        return both, 2
    if words:
        return words[0], 1
    return (b"" if _ASKS.intersection(options) else manager.bare), 0


@once
def calls_in(script: Script) -> tuple[Call, ...]:
    """The calls of package managers in a script, in the order in which they are written."""
    return tuple(call for call in map(call_of, commands(script)) if call is not None)
