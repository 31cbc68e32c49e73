"""What a script does to the process that runs it, command by command.

Each RUN is a new process; a merge puts two scripts into one. So for every command of a script we keep what
the earlier ones changed in the shell (`cd`, `umask`, variables, options, ...), what they left in the container
that lives as long as the RUN (background processes, files the engine mounts), whether errexit is in force, and
whether the shell remembers a path for its name that may have gone stale.
"""

from collections.abc import Mapping
from typing import NamedTuple

from ..syntax.once import once
from ..syntax.script import Background, Binary, Block, Command, Compound, If, Not, Pipe, Script, Sequence, commands
from .effect import DYNAMIC, Effect, arguments, effect
from .remembered import is_remembered, mentions, spared

# Errexit: TRAP is not errexit, but a trap on ERR, which is heeded and ignored in the same places and may do anything.
OFF, ON, UNKNOWN, TRAP = "off", "on", "unknown", "trap"


class Status(NamedTuple):
    """The process before a command: errexit, and the texts of what changed the shell and the container so far."""

    errexit: str = OFF
    shell: tuple[bytes, ...] = ()
    container: tuple[bytes, ...] = ()


class Entry(NamedTuple):
    """A command's status, and whether the path that the shell remembers for it may be stale.

    `history`: how many commands ran before in this process, for those that ask; else 0.
    """

    status: Status
    stale: bool = False
    history: int = 0


_ON_ERROR = {b"ERR", b"DEBUG", b"RETURN"}


def _on_error(word: bytes) -> bool:
    """Whether a word of `trap` names, or may name, the condition that commands fail."""
    return word.upper() in _ON_ERROR or (DYNAMIC.search(word) is not None and b" " not in word)


class Walked(NamedTuple):
    """What a walk through a script by a new process gives: the entry of each leaf, and the status behind it."""

    entries: Mapping[int, Entry]
    status: Status


# Each RUN is walked in every round, and a round changes few of them.
@once
def walked(script: Script, errexit: bool = False, settled: frozenset[bytes] = frozenset()) -> Walked:
    """The walk of a new process through the script."""
    process = Process(errexit, settled)
    process.walk(script)
    return Walked(process.entries, process.status)


class Process:
    """Walks a script forward, and keeps the entry of each leaf of the flow graph by its start offset."""

    def __init__(self, errexit: bool = False, settled: frozenset[bytes] = frozenset()) -> None:
        """`settled` are commands that stand first on PATH already, so that nothing can come before them."""
        self.entries: dict[int, Entry] = {}
        self.status = Status(ON if errexit else OFF)
        self._settled = settled
        self._functions: frozenset[bytes] = frozenset()
        self._remembered: frozenset[bytes] = frozenset()
        self._outdated: frozenset[bytes] = frozenset()

    def walk(self, script: Script) -> None:
        """Take the script's effects into `status`, and note the entry of each leaf on the way."""
        self._settle(self._walk(script))

    def _walk(self, script: Script) -> frozenset[str]:
        """Walk on; `status` is then that of success, and the answer is what errexit may be after a failure."""
        match script:
            case Command():
                found = effect(script, self._functions)
                self._entry(script, self.status, self._is_stale(script, found), found.history)
                self._command(script, found)
            case Binary():
                return self._binary(script)
            case Not():
                failed = self._walk(script.body)
                succeeded = self.status.errexit
                self._errexit_is(failed)
                return frozenset({succeeded})
            case Sequence():
                return self._sequence(script)
            case If():
                self._if(script)
            case Block() if script.redirects:
                self._opaque(script, script.subshell)
            case Block() if script.subshell:
                self._subshell(script.body)
            case Block():
                return self._walk(script.body)
            case Pipe() | Background():
                self._opaque(script, True)
                if isinstance(script, Background):
                    self._leave(b"&")
            case Compound():
                self._opaque(script, False)
                self._compound(script)
        return frozenset({self.status.errexit})

    def _errexit_is(self, values: frozenset[str]) -> None:
        value = next(iter(values)) if len(values) == 1 else UNKNOWN
        if value != self.status.errexit:
            self.status = self.status._replace(errexit=value)

    def _settle(self, failed: frozenset[str]) -> None:
        """Success and failure come together again."""
        self._errexit_is(failed | {self.status.errexit})

    def _entry(self, script: Script, status: Status, stale: bool, asks: bool) -> None:
        self.entries[script.start] = Entry(status, stale, len(self.entries) + 1 if asks else 0)

    def _leave(self, text: bytes) -> None:
        self.status = self.status._replace(container=(*self.status.container, text))

    def _is_stale(self, command: Command, found: Effect) -> bool:
        if not self._outdated:
            return False
        if found.name in self._outdated:
            return True
        texts = [w.text for w in (*command.words, *command.assigns) if b"$(" in w.text or b"`" in w.text]
        return any(mentions(text, name) for text in texts for name in self._outdated)

    def _command(self, command: Command, found: Effect) -> None:
        name = found.name
        if name and is_remembered(name) and name not in self._settled:
            self._remembered |= {name}
        if found.shell:
            self.status = self.status._replace(shell=(*self.status.shell, _text(command)))
        if found.container:
            self._leave(_text(command))
        if found.unseen:
            self.status = self.status._replace(errexit=UNKNOWN)
        if name == b"trap" and any(map(_on_error, arguments(command))):
            self.status = self.status._replace(errexit=TRAP)
        if name in (b"set", b"shopt"):
            self.status = self.status._replace(errexit=_errexit(command, self.status.errexit))
        kept = spared(command, name)
        if kept is not None:
            self._outdated |= self._remembered - kept

    def _binary(self, script: Binary) -> frozenset[str]:
        failed = self._walk(script.left)
        if script.operator == "&&":
            return failed | self._walk(script.right)
        succeeded = self.status.errexit
        self._errexit_is(failed)
        failed = self._walk(script.right)
        self._settle(frozenset({succeeded}))
        return failed

    def _sequence(self, script: Sequence) -> frozenset[str]:
        *others, last = script.items
        for item in others:
            self.walk(item)
        return self._walk(last)

    def _if(self, script: If) -> None:
        if script.redirects:
            self._opaque(script, False)
            return
        failed = self._walk(script.condition)
        self.walk(script.then)
        ends = {self.status.errexit}
        self._errexit_is(failed)
        if script.otherwise is not None:
            self.walk(script.otherwise)
        self._settle(frozenset(ends))

    def _subshell(self, body: Script) -> None:
        outer = self._shell_state()
        self.walk(body)
        self._leave_subshell(outer)

    def _shell_state(self) -> tuple[Status, frozenset[bytes], frozenset[bytes]]:
        return self.status, self._remembered, self._functions

    def _leave_subshell(self, outer: tuple[Status, frozenset[bytes], frozenset[bytes]]) -> None:
        """Back to the shell as it was; what was left in the container stays, and so does what was installed."""
        container = self.status.container
        status, self._remembered, self._functions = outer
        self.status = status._replace(container=container)
        self._outdated &= self._remembered

    def _opaque(self, script: Script, subshell: bool) -> None:
        """A leaf that holds commands: one entry for all of it."""
        outer = self._shell_state()
        stale = asks = False
        for command in commands(script):
            found = effect(command, self._functions)
            stale = stale or self._is_stale(command, found)
            asks = asks or found.history
            self._command(command, found)
        self._entry(script, outer[0], stale, asks)
        if self.status.errexit != outer[0].errexit:
            self.status = self.status._replace(errexit=UNKNOWN)
        if subshell:
            self._leave_subshell(outer)

    def _compound(self, script: Compound) -> None:
        """A loop sets its variable, a function definition its name."""
        self.status = self.status._replace(shell=(*self.status.shell, script.text))
        if script.kind == "function_definition":
            name = script.text.removeprefix(b"function ").lstrip().split(b"(")[0].split()[0]
            self._functions |= {name}


def _text(command: Command) -> bytes:
    return b" ".join(word.text for word in (*command.assigns, *command.words, *command.redirects))


def _errexit(command: Command, before: str) -> str:
    """Errexit after a `set` or `shopt` command."""
    words = arguments(command)
    if effect(command).name == b"shopt":
        return UNKNOWN if b"errexit" in words or any(DYNAMIC.search(word) for word in words) else before
    result = before
    while words and words[0][:1] in (b"-", b"+", b"$", b"`"):
        word = words.pop(0)
        if DYNAMIC.search(word) or word.startswith(b"--"):
            return result if word == b"--" else UNKNOWN
        named = words.pop(0) if word.endswith(b"o") and words else b""
        if DYNAMIC.search(named):
            return UNKNOWN
        if b"e" in word or named == b"errexit":
            result = ON if word[:1] == b"-" else OFF
    return result
