"""What a script does to the process that runs it, command by command.

Each RUN is a new process; a merge puts two scripts into one. So for every command of a script we keep what
the earlier ones changed in the shell (`cd`, `umask`, variables, options, ...), what they left in the container
that lives as long as the RUN (background processes, files the engine mounts), whether errexit is in force, and
whether the shell remembers a path for its name that may have gone stale.
"""

import re
from enum import IntEnum
from typing import NamedTuple

from ..syntax.script import Background, Binary, Block, Command, Compound, If, Not, Pipe, Script, Sequence, commands
from .commands import (
    DAEMON_ENDINGS,
    DAEMON_WORDS,
    DAEMONS,
    ENGINE_FILES,
    FAMILIES,
    MANAGERS,
    NO_DAEMONS,
    ON_PATH,
    OS_TOOLS,
    PROCESS_STATE,
    QUIET,
    REPLACEABLE,
    RUNS_UNSEEN_TEXT,
    SHELL_PREFIXES,
    SHELL_RUNNERS,
    SPECIAL_BUILTINS,
    STARTS_NOTHING,
)

# Errexit: TRAP is not errexit, but a trap on ERR, which is heeded and ignored in the same places and may do anything.
OFF, ON, UNKNOWN, TRAP = "off", "on", "unknown", "trap"
_ASSIGNS = re.compile(rb"\$\{\w+:?=|\$\(\([^)]*(?:\+\+|--|[^=!<>]=[^=])|^\(\(|=~")
_OWN_PROCESS = re.compile(rb"\$\$|\$BASHPID|\$\{BASHPID")
# What tells of the commands before in the same process.
_HISTORY = re.compile(rb"\$(?:_(?!\w)|\{_\}|\{?(?:LINENO|SECONDS|BASH_COMMAND|EPOCHSECONDS|HISTCMD)\b)")
_BACKGROUND = re.compile(rb"(?<![&>|\\])&(?![&>\d])")
_SUBSTITUTED = re.compile(rb"(?:\$\(|`)\s*([^\s()`;|&]+)")
_DYNAMIC = re.compile(rb"[$`*?\[\\]")


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


class Exit(IntEnum):
    """Whether a command may end its process: no, only the loop that it stands in, with failure, or in any way."""

    NO = 0
    LOOP = 1
    FAILURE = 2
    ANY = 3


class Effect(NamedTuple):
    """What one command does to its process; the texts say why. `unseen`: it runs text that we do not see."""

    shell: str = ""
    container: str = ""
    unseen: bool = False
    exits: Exit = Exit.NO


def name_of(command: Command) -> bytes | None:
    """The word that names the command, quotes off, `command` and `time` passed over; None if a variable makes it.

    A word with a slash is a path, hence no builtin, variables in it or not.
    """
    for word in command.words:
        name = word.text.replace(b'"', b"").replace(b"'", b"")
        if name in SHELL_PREFIXES:
            continue
        if name[:1] in b"[(" or b"/" in name:
            return name
        return None if _DYNAMIC.search(name) else name
    return b""


def effect(command: Command, functions: frozenset[bytes] = frozenset()) -> Effect:
    """What the command does to the process that runs it; `functions` are the names defined before."""
    name = name_of(command)
    container = _container(command, name)
    if name is None or name in RUNS_UNSEEN_TEXT or name in functions:
        shown = "a command named by a variable" if name is None else f"`{name.decode(errors='replace')}`"
        return Effect(f"{shown}, which runs text that is not seen", container, True, Exit.ANY)
    if name in _EXITS:
        return Effect("", container, False, exit_of(command))
    if name == b"exec":
        return Effect("`exec` changes the shell", container, False, exit_of(command))
    if not command.words and command.assigns:
        return Effect("it sets variables", container)
    if name in PROCESS_STATE or (name == b"printf" and any(word.text == b"-v" for word in command.words)):
        changed = PROCESS_STATE.get(name, "variables")
        ends = Exit.FAILURE if name in SPECIAL_BUILTINS else Exit.NO
        return Effect(f"`{name.decode()}` changes {changed}", container, False, ends)
    texts = [word.text for word in (*command.words, *command.assigns, *command.redirects)]
    if any(_ASSIGNS.search(text) for text in texts):
        return Effect("it assigns a variable in an expansion", container)
    if name == b":" and command.assigns:
        return Effect("it sets variables", container)
    return Effect("", container)


_EXITS = {b"exit": Exit.ANY, b"return": Exit.ANY, b"break": Exit.LOOP, b"continue": Exit.LOOP}


def exit_of(command: Command) -> Exit:
    """How the command may end its process; `exit` with a number that is not 0 can only fail."""
    name = name_of(command)
    words = [word.text for word in command.words[1:]]
    if name == b"exit" and len(words) == 1 and words[0].isdigit() and int(words[0]) % 256:
        return Exit.FAILURE
    if name == b"exec":
        return Exit.ANY if words else Exit.NO
    return _EXITS.get(name or b"", Exit.NO)


def _container(command: Command, name: bytes | None) -> str:
    texts = [word.text for word in (*command.words, *command.redirects)]
    for path in ENGINE_FILES:
        if any(path in text for text in texts):
            return f"it uses {path.decode()}, which the engine makes anew for each RUN"
    for word in command.words[:4]:
        base = word.text.strip(b"'\"").rpartition(b"/")[2]
        shown = base.decode(errors="replace")
        if base in DAEMONS and not STARTS_NOTHING.intersection(text.split(b"=")[0] for text in texts):
            return f"`{shown}` {DAEMONS[base]}"
        if word is command.words[0] and base.endswith(DAEMON_ENDINGS) and base not in NO_DAEMONS:
            return f"`{shown}` may start a daemon"
        if word is command.words[0] and name not in (b"sudo", b"env"):
            break
    if any(_OWN_PROCESS.search(text) for text in texts):
        return "it names the shell's own process, which is that of what follows"
    runs_shell = name is not None and name.rpartition(b"/")[2] in SHELL_RUNNERS
    if any(_BACKGROUND.search(text) for text in texts if runs_shell or b"$(" in text or b"`" in text):
        return "it may start a background process"
    if b"/etc/init.d/" in (name or b""):
        return "it starts a service"
    if any(text.startswith(DAEMON_WORDS) for text in texts):
        return "it starts a daemon"
    return ""


def leaves_nothing(command: Command) -> bool:
    """Whether the command is known to leave no process behind."""
    name = name_of(command)
    if name in (b"sudo", b"env") and len(command.words) > 1:
        rest = [word for word in command.words[1:] if not word.text.startswith(b"-") and b"=" not in word.text]
        name = rest[0].text if rest else b"env"
    if name is None:
        return False
    base = name.rpartition(b"/")[2] if name.startswith((b"/bin/", b"/usr/bin/", b"/usr/sbin/", b"/sbin/")) else name
    known = base in OS_TOOLS or base in QUIET or base in MANAGERS or base in PROCESS_STATE
    return known or not base or base == b"exit" or base[:1] in b"[("


_NOTHING: frozenset[bytes] = frozenset()
_PLAIN_PACKAGE = re.compile(rb"['\"]?@?[A-Za-z][\w./-]*(?:\[[\w,-]*\])?(?:[=<>~!@^]=?[\w.*^~-]+,?)*['\"]?")


def _spared(command: Command, name: bytes | None) -> frozenset[bytes] | None:
    """The commands whose remembered paths stay right although this one installs; None if it installs nothing."""
    if name is None:
        return _NOTHING
    if name in MANAGERS:
        return _spared_by_manager(command, name)
    if name and name not in OS_TOOLS and name not in QUIET and name not in PROCESS_STATE:
        # A program that replaces itself does so in place.
        return None if name in (b"exit", b"exec", b"return") or name[:1] in b"[(" else frozenset({name})
    texts = [word.text for word in (*command.words[1:], *command.redirects, *command.assigns)]
    inner = [match for text in texts for match in _SUBSTITUTED.findall(text)]
    if any(word not in OS_TOOLS and word not in QUIET and word not in PROCESS_STATE for word in inner):
        return _NOTHING
    return _NOTHING if any(mark in text for text in texts for mark in ON_PATH) else None


def _spared_by_manager(command: Command, name: bytes) -> frozenset[bytes] | None:
    family = next(family for family in FAMILIES if name in family.managers)
    words = [word.text for word in command.words[1:]]
    if family.verbs.isdisjoint(words):
        return None
    for word in words:
        package = re.split(rb"[=<>~!@\[]", word.strip(b"'\""))[0]
        told = word.startswith(b"--") or _PLAIN_PACKAGE.fullmatch(word)
        if package in family.itself or not (told or word in family.verbs or word in (b"-g", b"-y", b"-U", b"-q")):
            return _NOTHING
    return family.names


_ON_ERROR = {b"ERR", b"DEBUG", b"RETURN"}


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
                self._note(script, self._is_stale(script))
                self._command(script)
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
        self.status = self.status._replace(errexit=next(iter(values)) if len(values) == 1 else UNKNOWN)

    def _settle(self, failed: frozenset[str]) -> None:
        """Success and failure come together again."""
        self._errexit_is(failed | {self.status.errexit})

    def _note(self, script: Script, stale: bool = False) -> None:
        self._entry(script, self.status, stale)

    def _entry(self, script: Script, status: Status, stale: bool) -> None:
        texts = [w.text for c in commands(script) for w in (*c.assigns, *c.words, *c.redirects)]
        asks = any(_HISTORY.search(text) for text in texts)
        self.entries[script.start] = Entry(status, stale, len(self.entries) + 1 if asks else 0)

    def _leave(self, text: bytes) -> None:
        self.status = self.status._replace(container=(*self.status.container, text))

    def _is_stale(self, command: Command) -> bool:
        if name_of(command) in self._outdated:
            return True
        texts = [w.text for w in (*command.words, *command.assigns) if b"$(" in w.text or b"`" in w.text]
        return any(_mentions(text, name) for text in texts for name in self._outdated)

    def _command(self, command: Command) -> None:
        name = name_of(command)
        found = effect(command, self._functions)
        text = b" ".join(word.text for word in (*command.assigns, *command.words, *command.redirects))
        if name and _is_remembered(name) and name not in self._settled:
            self._remembered |= {name}
        if found.shell:
            self.status = self.status._replace(shell=(*self.status.shell, text))
        if found.container:
            self._leave(text)
        if found.unseen:
            self.status = self.status._replace(errexit=UNKNOWN)
        if name == b"trap" and any(word.text in _ON_ERROR for word in command.words):
            self.status = self.status._replace(errexit=TRAP)
        if name in (b"set", b"shopt"):
            self.status = self.status._replace(errexit=_errexit(command, self.status.errexit))
        spared = _spared(command, name)
        if spared is not None:
            self._outdated |= self._remembered - spared

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
        stale = False
        for command in commands(script):
            stale = stale or self._is_stale(command)
            self._command(command)
        self._entry(script, outer[0], stale)
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


def runs_list_inside(command: Command) -> bool:
    """Whether a substitution of the command runs several statements: where errexit is heeded, so it is in there."""
    texts = [word.text for word in (*command.assigns, *command.words, *command.redirects)]
    return any(b";" in text and (b"$(" in text or b"`" in text) for text in texts)


def remembers(script: Script) -> frozenset[bytes]:
    """The commands whose paths a shell remembers from running the script."""
    names = (name_of(command) for command in commands(script))
    return frozenset(name for name in names if name and _is_remembered(name))


def _is_remembered(name: bytes) -> bool:
    """Whether a shell looks the name up on PATH and remembers where it was."""
    if b"/" in name or name in PROCESS_STATE or name[:1] in b"[(":
        return False
    return name not in OS_TOOLS or name in REPLACEABLE


def _mentions(text: bytes, name: bytes) -> bool:
    return re.search(rb"(?<![\w./-])" + re.escape(name) + rb"(?![\w./-])", text) is not None


def _errexit(command: Command, before: str) -> str:
    """Errexit after a `set` or `shopt` command."""
    words = [word.text for word in command.words[1:]]
    if name_of(command) == b"shopt":
        return UNKNOWN if b"errexit" in words else before
    result = before
    for index, word in enumerate(words):
        if word in (b"--", b"-"):
            break
        if _DYNAMIC.search(word):
            return UNKNOWN
        if word[:1] not in (b"-", b"+"):
            continue
        named = b"o" in word and words[index + 1 : index + 2] == [b"errexit"]
        if b"e" in word[1:] or named:
            result = ON if word[:1] == b"-" else OFF
    return result
