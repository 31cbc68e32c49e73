"""The failure-flow graph: which command runs next when one succeeds, and which when it fails.

It is built backwards, continuation-passing and hash-consed: `a && b` = build(a, build(b, ok, fail), fail);
`a || b` = build(a, ok, build(b, ok, fail)); `a ; b` = build(a, k, k) with k = build(b, ok, fail); `! a` swaps.
Errexit is part of it: where it is in force and not ignored, a failure goes to the end of the process. Layer
boundaries vanish by construction, and two texts mean the same when their roots are equal.
"""

from collections.abc import Hashable, Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from ..syntax.script import Background, Binary, Block, Command, Compound, If, Not, Pipe, Script, Sequence, commands
from .effect import Exit, effect
from .process import OFF, ON, TRAP, Entry

OK = 0
FAIL = 1


class Place(NamedTuple):
    """Where a leaf stands: where a failure under errexit and an `exit` lead, and whether errexit is heeded here."""

    hard: int
    ok_exit: int
    fail_exit: int
    heeded: bool = True


Texts = tuple[bytes, ...]


class Allowed(NamedTuple):
    """What licences let come, go or change, so that it is left out of the comparison.

    `at_end`: a command at the end of a RUN; `starts`: commands by their start in the script; `changed`: for the words
    of a command those as which they are read; `joined`: two neighbours by their starts, and the words of the one
    command as which they are read.
    """

    at_end: bytes | None = None
    starts: frozenset[int] = frozenset()
    changed: Mapping[Texts, Texts] = MappingProxyType({})
    joined: Mapping[tuple[int, int], Texts] = MappingProxyType({})


class Graph:
    """Interns nodes, so that equal ones are the same number. Nodes OK and FAIL are the ends of the build."""

    def __init__(self) -> None:
        self._nodes: dict[Hashable, int] = {}

    def node(self, key: Hashable, ok: int, fail: int) -> int:
        """The node that does `key`, then goes to `ok` or `fail`."""
        return self._nodes.setdefault((key, ok, fail), len(self._nodes) + 2)

    def run(
        self, script: Script, where: Hashable, entries: Mapping[int, Entry], after: int, allowed: Allowed | None = None
    ) -> "Flow":
        """The graph of one RUN: `where` is what its process runs in, `entries` are its own, `after` what follows it."""
        builder = _Builder(self, where, entries, after, allowed or Allowed())
        root = builder.build(script, after, FAIL, Place(FAIL, after, FAIL))
        return Flow(root, builder.elided)


class Flow(NamedTuple):
    """A graph's root, and how many commands at the end were left out."""

    root: int
    elided: int


class _Second(NamedTuple):
    """The second of two commands that are read as one: its start, its node, and where that leads."""

    start: int
    node: int
    ok: int
    failed: int


def _unheeded(place: Place) -> Place:
    """The place where errexit is ignored."""
    return place._replace(heeded=False) if place.heeded else place


def _with_words(command: Command, words: Texts) -> Texts:
    return (*(w.text for w in command.assigns), *words, *(w.text for w in command.redirects))


class _Builder:
    def __init__(
        self, graph: Graph, where: Hashable, entries: Mapping[int, Entry], run_end: int, allowed: Allowed
    ) -> None:
        self._graph = graph
        self._where = where
        self._entries = entries
        self._run_end = run_end
        self._allowed = allowed
        self._first_of = {second: first for first, second in allowed.joined}
        self._seconds: dict[int, _Second] = {}
        self.elided = 0

    def build(self, script: Script, ok: int, fail: int, place: Place) -> int:
        match script:
            case Command():
                return self._command(script, ok, fail, place)
            case Binary(operator="&&"):
                right = self.build(script.right, ok, fail, place)
                return self.build(script.left, right, fail, _unheeded(place))
            case Binary():
                right = self.build(script.right, ok, fail, place)
                return self.build(script.left, ok, right, _unheeded(place))
            case Not():
                return self.build(script.body, fail, ok, _unheeded(place))
            case Sequence():
                return self._sequence(script.items, ok, fail, place)
            case If() if not script.redirects:
                then = self.build(script.then, ok, fail, place)
                otherwise = self.build(script.otherwise, ok, fail, place) if script.otherwise else ok
                return self.build(script.condition, then, otherwise, _unheeded(place))
            case Block() if not script.redirects:
                return self._block(script, ok, fail, place)
            case _:
                return self._opaque(script, ok, fail, place)

    def _sequence(self, items: Iterable[Script], ok: int, fail: int, place: Place) -> int:
        *others, last = items
        following = self.build(last, ok, fail, place)
        for item in reversed(others):
            following = self.build(item, following, following, place)
        return following

    def _block(self, script: Block, ok: int, fail: int, place: Place) -> int:
        if not script.subshell:
            return self.build(script.body, ok, fail, place)
        failed = self._failure(self._first_entry(script), fail, place)
        return self.build(script.body, ok, failed, Place(failed, ok, failed, place.heeded))

    def _first_entry(self, script: Script) -> Entry:
        """The entry of the first leaf inside: errexit as it is on the way in."""
        starts = [start for start in self._entries if script.start <= start < script.end]
        return self._entries[min(starts)]

    def _failure(self, entry: Entry, fail: int, place: Place) -> int:
        """Where a plain failure leads: to the end of the process where errexit is in force and heeded."""
        if not place.heeded or entry.status.errexit == OFF:
            return fail
        if entry.status.errexit == TRAP:
            return self._graph.node("trap on errors", place.hard, fail)
        if entry.status.errexit == ON or fail == place.hard:
            return place.hard
        return self._graph.node("errexit?", place.hard, fail)

    def _key(self, script: Script, text: Hashable, extra: Hashable = ()) -> Hashable:
        entry = self._entries[script.start]
        return (text, self._where, entry.status.shell, entry.status.container, entry.stale, entry.history, extra)

    def _command(self, command: Command, ok: int, fail: int, place: Place) -> int:
        text = self._words(command)
        if ok == self._run_end and self._allowed.at_end is not None and b" ".join(text) == self._allowed.at_end:
            self.elided += 1
            return ok
        if command.start in self._allowed.starts:
            return ok
        found = effect(command)
        if found.ends is Exit.FAILURE:
            return self._graph.node(("exit", text), place.fail_exit, place.fail_exit)
        if text == (b"exit", b"0"):
            return place.ok_exit
        if found.exits is Exit.ANY or found.unseen:
            # It may end the process, or under errexit change what a failure means to it.
            errexit = self._entries[command.start].status.errexit
            whole = found.unseen or found.name == b"return"
            mode = (place, errexit) if whole else (place.ok_exit, place.fail_exit)
            return self._graph.node(self._key(command, text, mode), ok, fail)
        entry = self._entries[command.start]
        inside: tuple[Hashable, ...] = (place.fail_exit,) if found.exits else ()
        if found.sets or (found.lists and entry.status.errexit != OFF):
            inside = (*inside, entry.status.errexit, place.heeded)
        failed = self._failure(entry, fail, place)
        second = self._seconds.get(command.start)
        if second is not None and (second.node, second.failed) == (ok, failed):
            text, ok = self._joined_words(command, second), second.ok
        node = self._graph.node(self._key(command, text, inside), ok, failed)
        if command.start in self._first_of:
            self._seconds[self._first_of[command.start]] = _Second(command.start, node, ok, failed)
        return node

    def _words(self, command: Command) -> Texts:
        """The command's texts, with what licences let change in them read as the changed ones."""
        words = tuple(word.text for word in command.words)
        return _with_words(command, self._allowed.changed.get(words, words))

    def _joined_words(self, command: Command, second: _Second) -> Texts:
        return _with_words(command, self._allowed.joined[command.start, second.start])

    def _opaque(self, script: Script, ok: int, fail: int, place: Place) -> int:
        """A pipeline, loop, function, background job or redirected group: one leaf, with its text as it stands."""
        entry = self._entries[script.start]
        inner = [effect(command) for command in commands(script)]
        extra: tuple[Hashable, ...] = ()
        plain = isinstance(script, Pipe) and all(
            isinstance(member, Command) and not effect(member).lists for member in script.members
        )
        heeds = entry.status.errexit != OFF and not plain
        if heeds or any(found.sets or found.name in (b"set", b"shopt") or found.unseen for found in inner):
            extra = (entry.status.errexit, place.heeded, place.hard)
        exits = max((found.exits for found in inner), default=Exit.NO)
        if exits >= Exit.FAILURE and not isinstance(script, Pipe | Background):
            extra = (*extra, place.fail_exit, exits is Exit.ANY and place.ok_exit)
        if any(found.name == b"return" for found in inner):
            extra = (*extra, place)  # Outside of a function it means something else to each shell.
        key = self._key(script, self._text(script), extra)
        if isinstance(script, Background):
            return self._graph.node(key, ok, ok)
        failed = self._failure(entry, fail, place)
        if failed != fail and not isinstance(script, Pipe):
            # A compound command may fail by what errexit passes over inside: `for ...; do a && b; done`.
            failed = self._graph.node("errexit?", failed, fail)
        return self._graph.node(key, ok, failed)

    def _text(self, script: Script) -> Hashable:
        """A leaf's words, nested as the script is, free of offsets."""
        match script:
            case Command():
                return self._words(script)
            case Compound():
                return (script.kind, script.text, tuple(word.text for word in script.redirects))
            case Binary():
                return (script.operator, self._text(script.left), self._text(script.right))
            case Pipe():
                return ("|", tuple(self._text(member) for member in script.members))
            case Not():
                return ("!", self._text(script.body))
            case Background():
                return ("&", self._text(script.body))
            case Sequence():
                return (";", tuple(self._text(item) for item in script.items))
            case Block():
                return (
                    "()" if script.subshell else "{}",
                    self._text(script.body),
                    tuple(w.text for w in script.redirects),
                )
            case If():
                branches = (
                    self._text(script.condition),
                    self._text(script.then),
                    script.otherwise and self._text(script.otherwise),
                )
                return ("if", branches, tuple(word.text for word in script.redirects))
