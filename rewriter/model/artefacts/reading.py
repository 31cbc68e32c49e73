"""The RUNs of a stage, command by command: which install packages, which build, and what the others touch."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from ...syntax.script import Binary, Block, Command, If, Not, Pipe, Script, Sequence as Statements, children
from ..effect import unquoted
from ..facts import Facts
from ..packages.call import Call, call_of, unwrapped
from ..packages.managers import Does
from ..runs import Run
from ..steps.command import command_touches
from ..steps.gathering import NotKnown, Place, is_answered
from ..steps.places import is_known_base, matching
from ..steps.step import step_at
from ..steps.tools import TOOLS, Operands
from .built import Built, Known, built
from .fetched import FETCHERS, fetched
from .members import has_condition, members, sets_errexit
from .placed import placed
from .split import NotTold
from .trees import within_any
from .words import path_of, prefix_of

_LOOKS = frozenset(
    b"[[ test which command type ls pwd uname id whoami printenv date sleep sha256sum sha512sum md5sum sha1sum".split()
)
_SYSTEM = frozenset(b"chpasswd chsh passwd update-rc.d phpenmod phpdismod lighty-enable-mod".split())
_ASKS = frozenset({b"--version", b"-version", b"-v", b"-V", b"version", b"--help"})
_STATE = frozenset(b"set export unset".split())
# What decides where a build puts what it makes: set inside of a RUN, it is not followed.
_DECIDES = frozenset(
    b"PATH GOPATH GOBIN CARGO_* GEM_* BUNDLE_* PREFIX DESTDIR HOME PIP_* VIRTUAL_ENV NPM_* CDPATH".split()
)
# Nobody asks for what lies there: lists, downloads, temporary files.
_DISPOSABLE = re.compile(rb"/var/lib/apt/lists\b.*|/var/cache/.*|/tmp/?\*?|/var/tmp/?\*?|/var/log/.*|(?:/root|~|\$HOME)"
                         rb"/\.(?:cache|npm|m2|gradle|cargo/registry|cpanm|gem)\b.*")  # fmt: skip
_KEYS = (b"/etc/apt", b"/usr/share/keyrings")
_CONFIGURES = frozenset({"configure", "config", "Configure", "cmake", "Makefile.PL", "Build.PL", "meson"})


class Kind(Enum):
    """What a command is to the cut."""

    STATE = "it only looks, or changes the process"
    LISTS = "it refreshes or deletes what package managers keep"
    INSTALL = "it installs packages"
    BUILD = "it builds"
    PLACE = "it puts files where they belong"
    FETCH = "it fetches or unpacks files"
    SYSTEM = "it works on what is installed, or on users and groups"
    FILES = "it works on files that are known"


class Action(NamedTuple):
    """A command: `reads` and `writes` are trees, `puts` are paths at which it puts what it copies."""

    kind: Kind
    command: Command
    place: Place
    call: Call | None = None
    built: Built | None = None
    reads: tuple[bytes, ...] = ()
    writes: tuple[bytes, ...] = ()
    puts: tuple[bytes, ...] = ()


class Part(NamedTuple):
    """A member of a RUN's `&&` chain, with its text in one line; `plain`: it has no condition in it."""

    text: bytes
    actions: tuple[Action, ...]
    plain: bool = True


class ReadRun(NamedTuple):
    """A RUN; `loose`: a failure of a part does not end it, so that its parts cannot be told apart."""

    run: Run
    parts: tuple[Part, ...]
    loose: bool


class Reader:
    """Reads the RUNs of a stage in their order; what earlier ones settle, later ones know. Raises NotTold."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._known = Known()

    def read(self, run: Run) -> ReadRun:
        if run.script is None or run.parsed is None:
            raise NotTold(run.refused)
        step = step_at(self._facts, run.position)
        place = Place(step.config, step.links, _start(step.config.workdir, run), step.instruction.rest)
        parts: list[Part] = []
        loose = False
        for script, strict in members(run.script):
            loose = loose or not strict
            actions: list[Action] = []
            place = self._walk(script, place, actions)
            text = run.parsed.text.clean(script.start, script.end)
            line = text.strip() if re.search(rb"['\"\\]", text) else b" ".join(text.split())
            parts.append(Part(line, tuple(actions), not has_condition(script)))
        errexit = any(sets_errexit(action.command) for part in parts for action in part.actions)
        return ReadRun(run, tuple(parts), loose and not (errexit or run.shell.errexit))

    def _walk(self, script: Script, place: Place, found: list[Action]) -> Place:
        match script:
            case Command():
                return self._command(script, place, found)
            case Binary() | Statements():
                for child in children(script):
                    place = self._walk(child, place, found)
                return place
            case Block():
                if script.redirects:
                    raise NotTold("what a group of commands is redirected to is not followed")
                end = self._walk(script.body, place, found)
                return place if script.subshell else end
            case Not() | Pipe() | If():
                for child in children(script):
                    self._walk(child, place, found)
                return place
        raise NotTold("of loops and what runs in the background nothing is known")

    def _command(self, command: Command, place: Place, found: list[Action]) -> Place:
        words = unwrapped(command)
        if not words:
            found.append(Action(Kind.STATE, command, place))
            return place
        name = words[0].rpartition(b"/")[2]
        if name in _STATE:
            for word in words[1:]:
                if name != b"set" and matching(word.partition(b"=")[0], _DECIDES):
                    raise NotTold(f"it sets {word.decode('utf-8', 'replace')}, which decides where things go")
            found.append(Action(Kind.STATE, command, place))
            return place
        if name in _LOOKS or words[0].startswith(b"[") or (len(words) == 2 and words[1] in _ASKS):
            written = _redirected(command, place)
            found.append(Action(Kind.FILES if written else Kind.STATE, command, place, writes=written))
            return place
        if name == b"cd":
            return self._changed(command, place, found)
        found.append(self._action(command, words, name, place))
        return place

    def _changed(self, command: Command, place: Place, found: list[Action]) -> Place:
        folder = path_of(place, command.words[1].text) if len(command.words) == 2 else b""
        if not folder:
            raise NotTold("where `cd` goes is not known")
        found.append(Action(Kind.STATE, command, place))
        return place._replace(folder=folder, moved=True)

    def _action(self, command: Command, words: Sequence[bytes], name: bytes, place: Place) -> Action:
        made = built(command, place, self._known)
        if made is not None:
            self._remember(command, place, made)
            return Action(Kind.BUILD, command, place, built=made, writes=_redirected(command, place))
        call = call_of(command)
        if call is not None:
            return _packages(command, call, place)
        if name == b"rm" and all(_DISPOSABLE.fullmatch(word) for word in words[1:] if not word.startswith(b"-")):
            return Action(Kind.LISTS, command, place)
        if name in (b"cp", b"mv", b"install", b"strip"):
            reads, puts, writes = placed(name, command, place)
            return Action(Kind.PLACE, command, place, reads=reads, puts=puts, writes=writes)
        if name in _SYSTEM:
            return Action(Kind.SYSTEM, command, place)
        if name == b"sed":
            return _edited(command, words, place)
        if name in FETCHERS:
            reads, writes = fetched(name, command, place)
            writes = (*writes, *_redirected(command, place))
            # A key is there for the install behind it; what goes into a pipe, somebody else puts down.
            of_packages = all(within_any(path, _KEYS) for path in writes)
            kind = Kind.FETCH if not of_packages else Kind.SYSTEM if writes else Kind.FILES
            return Action(kind, command, place, reads=reads, writes=writes if kind is Kind.FETCH else ())
        return _touched(command, name, place)

    def _remember(self, command: Command, place: Place, made: Built) -> None:
        programs = made.row.programs.split()
        if "venv" in programs:
            self._known = self._known._replace(environments=(*self._known.environments, *made.trees))
        elif words_name_path(command) and "bundle" in programs:
            self._known = self._known._replace(bundles=True)
        elif _CONFIGURES.intersection(programs):
            prefix = prefix_of(command, place)
            if prefix == b"?":
                raise NotTold("for which prefix it is configured is not known")
            self._known = self._known._replace(prefixes=((made.folder, prefix), *self._known.prefixes))


def words_name_path(command: Command) -> bool:
    """Whether `bundle config` settles where gems lie."""
    words = [unquoted(word.text) for word in command.words]
    return b"config" in words and any(word in (b"path", b"deployment") for word in words)


def _start(workdir: bytes | None, run: Run) -> bytes:
    """The folder in which a RUN begins; empty where it is not known."""
    if workdir is None:
        return b"/" if is_known_base(run.config) else b""
    if workdir.startswith(b"<workdir of the base>"):
        workdir = workdir.removeprefix(b"<workdir of the base>") if is_known_base(run.config) else b""
    return workdir if workdir.startswith(b"/") and b"$" not in workdir and b"<" not in workdir else b""


def _packages(command: Command, call: Call, place: Place) -> Action:
    if call.manager.name != "apt-get":
        raise NotTold(f"what `{call.shown}` leaves behind is not known")
    if call.does is Does.INSTALL and call.verb == b"install":
        if not call.arguments or any(re.search(rb"[*?\[$`/(]|^-", word) for word in call.arguments):
            raise NotTold(f"its `{call.shown}` names packages by a variable, a pattern or a file")
        return Action(Kind.INSTALL, command, place, call=call)
    if call.does in (Does.UPDATE, Does.CLEAN):
        return Action(Kind.LISTS, command, place, call=call)
    if call.does is Does.UPGRADE:
        return Action(Kind.SYSTEM, command, place, call=call)
    if call.does is Does.REMOVE:
        raise NotTold("it removes packages itself, so that which of them are needed is not told by what it installs")
    raise NotTold(f"what `{call.shown}` leaves behind is not known")


def _edited(command: Command, words: Sequence[bytes], place: Place) -> Action:
    """`sed -i` changes the files behind its script; without, it prints them."""
    rest = [word for word in words[1:] if not word.startswith(b"-")]
    files = rest if b"-e" in words or b"-f" in words else rest[1:]
    if b"-e" in words or b"-f" in words:
        raise NotTold("which files `sed` edits is not known")
    paths = [path_of(place, word) for word in files]
    if not all(paths):
        raise NotTold("which files `sed` edits is not known")
    in_place = any(word.startswith((b"-i", b"--in-place", b"-ri", b"-Ei", b"-ni")) for word in words[1:])
    writes = (*(paths if in_place else ()), *_redirected(command, place))
    return Action(Kind.FILES, command, place, reads=tuple(paths), writes=writes)


def _touched(command: Command, name: bytes, place: Place) -> Action:
    if not all(is_answered(word.text) for word in (*command.assigns, *command.words)):
        raise NotTold(f"of what `{name.decode('utf-8', 'replace')}` is given nothing is known")
    try:
        touched, _ = command_touches(command, place)
    except NotKnown as unknown:
        raise NotTold(str(unknown)) from unknown
    tool = TOOLS.get(name)
    if tool is not None and tool.operands in (Operands.SYSTEM, Operands.ACCOUNT):
        return Action(Kind.SYSTEM, command, place)
    writes = (*touched.writes, *(touched.makes if name == b"mkdir" else ()), *_redirected(command, place))
    return Action(Kind.FILES, command, place, reads=tuple(touched.reads), writes=writes)


_REDIRECT = re.compile(rb"(\d*|&)(<|>>?)(.*)", re.DOTALL)


def _redirected(command: Command, place: Place) -> tuple[bytes, ...]:
    """The files that redirects write; those of the system's own (/dev/null) are none."""
    found = []
    for redirect in command.redirects:
        match = _REDIRECT.fullmatch(redirect.text)
        if match is None:
            raise NotTold("one of its redirects is not understood")
        target = match[3].strip()
        if b">" not in match[2] or target.startswith((b"&", b"/dev/")):
            continue
        path = path_of(place, target)
        if not path:
            raise NotTold(f"where `{unquoted(redirect.text).decode('utf-8', 'replace')}` goes is not known")
        found.append(path)
    return tuple(found)
