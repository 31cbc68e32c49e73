"""The commands of a RUN, each with the folder that it runs in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ...syntax.script import Command, Script, Word, always_run, commands
from ..effect import unquoted
from ..facts import Facts
from ..packages.call import unwrapped
from ..runs import Run, runs
from ..steps.gathering import Place
from ..steps.paths import EVERYTHING, is_plain
from ..steps.places import begins_in_root
from ..steps.step import Step, step_at
from ..steps.walk import Walk
from ..steps.workdir import workdir_of


class Located(NamedTuple):
    """A command with where it runs. `words` are its words behind `sudo` and the like, without quotes; `raw` as written.

    `place.folder` is empty where the folder is not known. `always`: it has run in each build in which the RUN succeeds.
    """

    command: Command
    words: tuple[bytes, ...]
    raw: tuple[Word, ...]
    place: Place
    always: bool

    @property
    def name(self) -> bytes:
        """The name of the program, without the folder."""
        return self.words[0].rpartition(b"/")[2] if self.words else b""


Redirected = tuple[Word, Place]


class LocatedRun(NamedTuple):
    """The commands of a RUN, and its redirects with where they are."""

    run: Run
    commands: tuple[Located, ...]
    redirects: tuple[Redirected, ...]


def located(facts: Facts, index: int) -> LocatedRun | None:
    """The commands of the RUN at the index, in the order in which they are written; None where it is opaque."""
    return facts.at(_located, index)


def _located(facts: Facts, index: int) -> LocatedRun | None:
    run = facts.of(runs).get(index)
    if run is None or run.script is None:
        return None
    script, step = run.script, step_at(facts, index)
    key = (_located, id(script), id(step.config), step.links, step.instruction.rest, run.shell)
    # The script and the configuration are kept with the answer, so that no other ones get their identities.
    return LocatedRun(run, *facts.lasting(key, lambda: (*_walked(run, script, step), script, step.config))[:2])


def _walked(run: Run, script: Script, step: Step) -> tuple[tuple[Located, ...], tuple[Redirected, ...]]:
    folder = EVERYTHING if begins_in_root(step.config) else workdir_of(step.config)
    walk = _Locating(run, script)
    walk.walk(script, Place(step.config, step.links, folder, step.instruction.rest))
    return tuple(walk.found), tuple(walk.redirected)


class _Locating(Walk):
    def __init__(self, run: Run, script: Script) -> None:
        super().__init__(run, script)
        self._always = frozenset(command.start for command in always_run(script))
        self.found: list[Located] = []
        self.redirected: list[Redirected] = []

    def command(self, command: Command, place: Place) -> bytes | None:
        words = tuple(unwrapped(command))
        raw = command.words[len(command.words) - len(words) :]
        self.found.append(Located(command, words, raw, place, command.start in self._always))
        return _goes_to(raw, place)

    def redirects(self, redirects: tuple[Word, ...], place: Place) -> None:
        self.redirected += [(redirect, place) for redirect in redirects]

    def other(self, script: Script, place: Place) -> Place:
        lost = place._replace(folder=b"", moved=True)
        for command in commands(script):
            self.redirects(command.redirects, lost)
            self.command(command, lost)
        return lost


def _goes_to(raw: Sequence[Word], place: Place) -> bytes | None:
    """The folder into which a command changes; empty where that is not known, None where it stays."""
    name = unquoted(raw[0].text) if raw else b""
    if name in (b"pushd", b"popd", b"eval", b".", b"source"):
        return b""
    if name not in (b"cd", b"chdir"):
        return None
    if len(raw) != 2 or raw[1].text.startswith(b"-"):
        return b""
    path = place.literal(raw[1].text)
    tree = place.tree(raw[1].text)
    return tree if is_plain(path) and b" " not in path and (tree != EVERYTHING or path == b"/") else b""
