"""What one command does to the process that runs it, told from its words."""

import re
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from ..syntax.script import Command, Word
from .commands import (
    DAEMON_ENDINGS,
    DAEMON_WORDS,
    DAEMONS,
    ENGINE_NAMES,
    MANAGERS,
    NO_DAEMONS,
    OS_TOOLS,
    PROCESS_STATE,
    QUIET,
    RUNNERS,
    RUNS_UNSEEN_TEXT,
    SHELL_PREFIXES,
    SHELL_RUNNERS,
    SPECIAL_BUILTINS,
    STARTS_NOTHING,
    WRITES_FILES,
)

# What is not compiled here is compiled when it is first looked for: few files have any of it.
DYNAMIC = re.compile(rb"[$`*?\[\\]")
# A variable in front of a literal path: what it names is a program, no builtin.
_PROGRAM = re.compile(rb"\$(?:\w+|\{\w+\})(?:/[\w.+-]+)+|[\w./+-]*/[\w./+-]*")
# Wherever an expansion may assign, it has one of these; that some only compare does no harm.
_ASSIGNS = rb"\$\{[^}]*=|=~|^\{\w+\}$|\{\w+\}[<>]"
_ARITHMETIC = rb"(?s)\$\(\(|\$\[|^\(\(|^\[\[.*-(?:eq|ne|lt|le|gt|ge)\b"
_ARITHMETIC_ASSIGNS = rb"\+\+|--|(?<![=!<>])=(?!=)|<<=|>>="
_OWN_PROCESS = rb"\$\$|\$\{?BASHPID|\$\{?BASH_SUBSHELL"
# What tells of the commands before in the same process.
_HISTORY = rb"\$(?:_(?!\w)|\{_\}|\{?(?:LINENO|SECONDS|BASH_COMMAND|EPOCHSECONDS|HISTCMD|PIPESTATUS|BASH_SUBSHELL)\b)"
_SETS = rb"\b(?:set|shopt|trap)\b"
_FAILS = rb"0*[1-9][0-9]{0,2}"
_ENGINE_FILE = rb"/dev/(?!(?:null|stdout|stderr|stdin|tty|fd|zero|u?random)\b)|/etc/hostname\b"
_DEVICE = re.compile(rb"/dev/(?!(?:null|stdout|stderr|stdin|tty|fd)\b)")
_BACKGROUND = rb"(?<![&>|\\])&(?![&>\d])"
_WORD = rb"[\w.+/-]+"
# A command without any of these has no expansion, no redirect, and no path of the engine's in its words.
_REMARKABLE = re.compile(rb"[$`({=~<>&|]|/dev/|/etc/hostname|\[\[")
# Arguments of these stay with the shell after a special builtin: POSIX 2.14.
_KEEPS_ASSIGNMENTS = frozenset({b":", b"times", b"break", b"continue"})


class Exit(IntEnum):
    """Whether a command may end its process: no, only the loop that it stands in, with failure, or in any way."""

    NO = 0
    LOOP = 1
    FAILURE = 2
    ANY = 3


class Effect(NamedTuple):
    """What one command does to its process; the texts say why. `unseen`: it runs text that we do not see.

    `name` is that of `name_of`. `ends` tells how the command itself ends its process, `exits` also what it runs. Of its
    substitutions, `lists` says that one runs several statements, where errexit is heeded, so it is in there; `sets`
    that one sets shell options of its own, errexit maybe among them. `history`: it asks for what ran before it.
    """

    shell: str = ""
    container: str = ""
    unseen: bool = False
    exits: Exit = Exit.NO
    name: bytes | None = b""
    ends: Exit = Exit.NO
    lists: bool = False
    sets: bool = False
    history: bool = False


# Each command of a file is asked about some ten times.
_REMEMBERED = 4096


def unquoted(word: bytes) -> bytes:
    """The word without its quotes; escapes and expansions stay."""
    return word.replace(b'"', b"").replace(b"'", b"")


@lru_cache(_REMEMBERED)
def name_of(command: Command) -> bytes | None:
    """The word that names the command, quotes off, `command` and `time` passed over; None if an expansion makes it.

    A word with a slash outside of expansions is a path, hence no builtin.
    """
    at = _name_at(command)
    if at == len(command.words):
        return b""
    name = unquoted(command.words[at].text)
    if name[:1] in b"[(" or _PROGRAM.fullmatch(name):
        return name
    return None if DYNAMIC.search(name) else name


def arguments(command: Command) -> list[bytes]:
    """The words behind the one that names the command, quotes off."""
    return [unquoted(word.text) for word in command.words[_name_at(command) + 1 :]]


def _name_at(command: Command) -> int:
    """The index of the word that names the command; the number of words if none does."""
    prefixed = False
    for index, word in enumerate(command.words):
        name = unquoted(word.text)
        if name not in SHELL_PREFIXES and not (prefixed and name.startswith(b"-")):
            return index
        prefixed = True
    return len(command.words)


@lru_cache(_REMEMBERED)
def effect(command: Command, functions: frozenset[bytes] = frozenset()) -> Effect:
    """What the command does to the process that runs it; `functions` are the names defined before."""
    # Remembered without its place, too: it is the same command wherever a change has moved it.
    parts = [tuple([word.text for word in part]) for part in (command.assigns, command.words, command.redirects)]
    return _effect(*parts, functions)


_Texts = tuple[bytes, ...]


@lru_cache(_REMEMBERED)
def _effect(assigns: _Texts, words: _Texts, redirects: _Texts, functions: frozenset[bytes]) -> Effect:
    parts = [tuple(Word(0, 0, text) for text in part) for part in (assigns, words, redirects)]
    command = Command(0, 0, *parts)
    name = name_of(command)
    if not assigns and not _REMARKABLE.search(unquoted(b"\0".join((*words, *redirects)))):
        plain = _on_process(command, name, functions, remarkable=False)
        return plain._replace(name=name, ends=_exit(command, name), history=name == b"hash")
    inside = [text for text in texts_of(command) if _substitutes(text)]
    return _on_process(command, name, functions)._replace(
        name=name,
        ends=_exit(command, name),
        lists=any(b";" in text for text in inside),
        sets=any(re.search(_SETS, text) for text in inside),
        history=name == b"hash" or any(re.search(_HISTORY, text) for text in texts_of(command)),
    )


def _on_process(
    command: Command, name: bytes | None, functions: frozenset[bytes], *, remarkable: bool = True
) -> Effect:
    container = _container(command, name, remarkable)
    if name is None or name in RUNS_UNSEEN_TEXT or name in functions:
        shown = "a command named by a variable" if name is None else f"`{name.decode(errors='replace')}`"
        return Effect(f"{shown}, which runs text that is not seen", container, True, Exit.ANY)
    if name in _EXITS:
        shell = "it sets variables" if command.assigns else ""
        return Effect(shell, container, False, _exit(command, name))
    if name == b"exec":
        return Effect("`exec` changes the shell", container, False, _exit(command, name))
    if command.assigns and (not command.words or name in _KEEPS_ASSIGNMENTS):
        return Effect("it sets variables", container)
    if name in PROCESS_STATE or _prints_to_variable(command, name):
        changed = PROCESS_STATE.get(name, "variables")
        ends = Exit.FAILURE if name in SPECIAL_BUILTINS else Exit.NO
        return Effect(f"`{name.decode()}` changes {changed}", container, False, ends)
    if remarkable and any(map(_assigns, texts_of(command))):
        return Effect("it assigns a variable in an expansion", container)
    return Effect("", container)


def texts_of(command: Command) -> tuple[bytes, ...]:
    """All that is written in the command."""
    return tuple(word.text for word in (*command.assigns, *command.words, *command.redirects))


def _prints_to_variable(command: Command, name: bytes) -> bool:
    return name == b"printf" and any(word.startswith(b"-v") for word in arguments(command))


def _assigns(text: bytes) -> bool:
    if re.search(_ASSIGNS, text):
        return True
    return re.search(_ARITHMETIC, text) is not None and re.search(_ARITHMETIC_ASSIGNS, text) is not None


_EXITS = {b"exit": Exit.ANY, b"return": Exit.ANY, b"break": Exit.LOOP, b"continue": Exit.LOOP}


def _exit(command: Command, name: bytes | None) -> Exit:
    """How the command may end its process; `exit` with a number that is not 0 can only fail."""
    words = arguments(command)
    # Numbers above 255 wrap around, each shell in its own way.
    if name == b"exit" and len(words) == 1 and re.fullmatch(_FAILS, words[0]) and int(words[0]) < 256:
        return Exit.FAILURE
    if name == b"exec":
        return Exit.ANY if words else Exit.NO
    return _EXITS.get(name or b"", Exit.NO)


def _container(command: Command, name: bytes | None, remarkable: bool) -> str:
    """What the command leaves to others in the same container, beyond the shell that runs it.

    `remarkable` is False for one whose words are known to have nothing of _REMARKABLE in them.
    """
    texts = [unquoted(text) for text in texts_of(command)]
    written = texts if name in WRITES_FILES else [unquoted(word.text) for word in command.redirects]
    if any(_base(text).lstrip(b"<>|& ") in ENGINE_NAMES or _DEVICE.search(text) for text in written):
        return "it writes a file that the engine makes anew for each RUN"
    for text in texts if remarkable else ():
        if re.search(_ENGINE_FILE, text):
            return "it uses a file that the engine makes anew for each RUN"
        if re.search(_OWN_PROCESS, text):
            return "it asks for the shell's own process, which is that of what follows"
        if b">(" in text:
            return "it writes to a process that may outlive it"
    program = program_of(command)
    return _daemon(program, texts) or _hidden_daemon(_base(program), texts)


def _base(path: bytes) -> bytes:
    return path.rpartition(b"/")[2]


def program_of(command: Command) -> bytes:
    """The program that is run in the end: `sudo`, `env`, `gosu user` and the like are passed over."""
    words = [unquoted(word.text) for word in command.words]
    while words and _base(words[0]) in RUNNERS:
        operands = RUNNERS[_base(words.pop(0))]
        while words and (operands or words[0].startswith(b"-") or b"=" in words[0]):
            operands -= not words[0].startswith(b"-")
            words.pop(0)
    return words[0] if words else b""


def _daemon(program: bytes, texts: list[bytes]) -> str:
    found = _started(program, texts)
    return found if found and not STARTS_NOTHING.intersection(text.split(b"=")[0] for text in texts) else ""


def _started(program: bytes, texts: list[bytes]) -> str:
    base = _base(program)
    shown = base.decode(errors="replace")
    if base in DAEMONS:
        return f"`{shown}` {DAEMONS[base]}"
    if base.endswith(DAEMON_ENDINGS) and base not in NO_DAEMONS:
        return f"`{shown}` may start a daemon"
    if b"/etc/init.d/" in program:
        return "it starts a service"
    return "it starts a daemon" if any(text.startswith(DAEMON_WORDS) for text in texts) else ""


def _hidden_daemon(program: bytes, texts: list[bytes]) -> str:
    """A daemon or a background process in a script for another shell, or in a substitution."""
    for text in texts:
        script = program in SHELL_RUNNERS and b" " in text
        if not script and not _substitutes(text):
            continue
        if re.search(_BACKGROUND, text):
            return "it may start a background process"
        called = {_base(word) for word in re.findall(_WORD, text)}
        if any(word in DAEMONS or (word.endswith(DAEMON_ENDINGS) and word not in NO_DAEMONS) for word in called):
            return "it may start a daemon"
    return ""


def leaves_nothing(command: Command) -> bool:
    """Whether the command is known to leave no process behind."""
    if name_of(command) is None:
        return False
    name = program_of(command)
    base = _base(name) if name.startswith((b"/bin/", b"/usr/bin/", b"/usr/sbin/", b"/sbin/")) else name
    if base in SHELL_RUNNERS:
        return False
    known = base in OS_TOOLS or base in QUIET or base in MANAGERS or base in PROCESS_STATE
    return known or not base or base == b"exit" or base[:1] in b"[("


def _substitutes(text: bytes) -> bool:
    return b"$(" in text or b"`" in text or b"<(" in text
