"""What there is to learn of the clone that is the current folder."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ...adapters import store
from ...adapters.changed import Lines
from ...adapters.config import NOTHING, Configurations
from ...adapters.discovery import discover
from ...adapters.git import complaint, git
from ...adapters.patterns import Pattern, pattern
from ...adapters.plugins import installed
from ...adapters.settings import LEVELS, ConfigError
from ...adapters.shfmt import SILENT
from ...adapters.top import leaves
from ...engine.change import Change, Problem
from ...engine.options import Options
from ..bug import NO_MEMORY
from ..examine import Job
from ..request import Request
from .changes import Alone, Changes
from .grouping import Grouping
from .groups import Group, Told
from .ledgers import ledgers
from .making import Row, commits, cut, rows, sentence
from .overlaps import overlaps
from .settings import BotSettings
from .table import bot_settings
from .wire import Answer

_MOST_TOLD = 50  # of a group
_LINES = 3_000  # of a Dockerfile; the longest of two thousand real ones has 1,471
_ALL = "all"


class Asked(NamedTuple):
    """The folder, absolute and without links, and what to go by, as in `inspect`.

    `rules` is where the configuration files are, absolute and without links.
    """

    folder: str
    defaults: BotSettings
    lines: Mapping[str, Lines] | None
    rules: str


class NotLearnt(Exception):
    """What is to be looked at is no clone, or cannot be looked at here; the text is a sentence."""


def read(asked: Asked) -> Answer:
    """What there is to learn of the clone that the current folder is. Raises ConfigError and NotLearnt."""
    kept = _kept(asked.folder)
    known = {name: one.settings for name, one in installed().items()}
    configurations = Configurations(known, top=asked.rules)
    # Whoever proposes a change does not decide how it is looked at.
    said = configurations.of_bot(asked.rules) if asked.lines is None else None
    settings = bot_settings(said or NOTHING, known, asked.defaults)
    if asked.lines is None and (not settings.enabled or settings.mode != "pull-requests"):
        return Answer(said=said)
    looking = _Looking(asked, settings, configurations, kept)
    return Answer("", said, looking.groups(), looking.problems(), len(looking.jobs))


def _kept(folder: str) -> frozenset[str]:
    """The files that git keeps, by path."""
    if not os.path.lexists(os.path.join(folder, ".git")):
        raise NotLearnt("it is no clone: there is no .git in its folder")
    try:
        return frozenset(os.fsdecode(git(folder, "ls-files", "-z")).split("\0")[:-1])
    except (OSError, subprocess.SubprocessError) as error:
        raise NotLearnt(f"git does not tell which files it keeps{complaint(error)}") from error


class _Looking:
    """Looks at the Dockerfiles of a clone."""

    def __init__(
        self, asked: Asked, settings: BotSettings, configurations: Configurations, kept: frozenset[str]
    ) -> None:
        self._asked = asked
        self._settings = settings
        self._configurations = configurations
        self._problems: dict[str, None] = {}
        self._surroundings = Alone(None, None, asked.folder)
        self.jobs = self._jobs(self._paths(kept))

    def groups(self) -> list[Group]:
        """The groups, each with its changes and what there is to tell."""
        grouping = Grouping(self._settings, [job.name for job in self.jobs])

        def name(change: Change) -> str:
            # A person is told of all of them at once, one behind the other.
            return (
                _ALL
                if self._asked.lines is not None
                else grouping.name(change.transform, str(change.level), change.path)
            )

        surroundings = self._surroundings if self._asked.lines is None else None
        changes = Changes(self.jobs, surroundings, self._options_of, name)
        self._complain(changes)
        told = [row for outcome in changes.everything.all() for row in rows(outcome, installed())]
        names = changes.names() if self._asked.lines is None else [_ALL]
        found = [group for group in (self._group(one, changes) for one in names) if group.made]
        before = {path: text for outcome in changes.everything.all() for path, text in outcome.originals.items()}
        return _with_told(_with_shared(found, before), told, grouping)

    def problems(self) -> list[str]:
        """What could not be read."""
        return [*self._problems, *map(sentence, self._surroundings.contexts.problems)]

    def _group(self, name: str, changes: Changes) -> Group:
        found = changes.of_group(name)
        outcomes, left = cut(list(found.all()))
        made = [one for outcome in outcomes for one in commits(outcome)]
        if left:
            # Figures would be those of all of them.
            waits = f"{left} more changes wait until these are merged"
            return Group(name, made, [Told("held back", "", "", None, waits)])
        return Group(name, made, ledgers=ledgers(found, self._surroundings))

    def _complain(self, changes: Changes) -> None:
        for outcome in changes.everything.all():
            messages = {problem.message for problem in outcome.errors}
            # As if nothing was found, all that is open would be closed.
            if NO_MEMORY in messages:
                raise MemoryError
            if SILENT in messages:
                raise NotLearnt(SILENT)
            self._problems |= dict.fromkeys(sentence(problem, outcome) for problem in outcome.errors)

    def _paths(self, kept: frozenset[str]) -> list[str]:
        """The Dockerfiles, each by the path that git keeps it at: a link to it is none."""
        takes = [pattern(text) for text in self._settings.paths]
        leaves_out = [pattern(text) for text in self._settings.skip_paths]
        found = discover(["."])
        self._problems |= dict.fromkeys(map(sentence, found.problems))
        paths: dict[str, None] = {}
        for given in found.files:
            if leaves(given, self._asked.folder):
                self._tell(Problem(given, None, "a link that leads out of the repository, and is not followed"))
                continue
            if not os.path.lexists(os.path.realpath(given)):
                self._tell(Problem(given, None, "a link to what is not there"))
                continue
            path = os.path.relpath(os.path.realpath(given), self._asked.folder)
            if path not in kept or (self._asked.lines is not None and path not in self._asked.lines):
                continue
            if (not takes or _is_one(takes, path)) and not _is_one(leaves_out, path):
                paths[path] = None
        return list(paths)

    def _jobs(self, paths: Sequence[str]) -> list[Job]:
        jobs = []
        for path in paths:
            try:
                options = self._options(path)
            except ConfigError as error:
                self._tell(Problem(error.path, None, error.message))
                continue
            if _is_long(path):
                self._tell(Problem(path, None, f"longer than {_LINES:,} lines, which nobody has written"))
                continue
            lines = None if self._asked.lines is None else self._asked.lines[path]
            jobs.append(Job(path, path, options, surroundings=self._surroundings, lines=lines))
        return jobs

    def _options(self, path: str) -> Options:
        """As for the command line, and never further than the bot may go. Raises ConfigError."""
        layer = self._configurations.layer_for(os.path.join(self._asked.rules, path))
        most = LEVELS[self._settings.level]
        return Request().options(layer)._replace(level=most if layer.level is None else min(layer.level, most))

    def _options_of(self, path: str) -> Options | None:
        try:
            return self._options(path)
        except ConfigError as error:
            self._tell(Problem(error.path, None, error.message))
            return None

    def _tell(self, problem: Problem) -> None:
        self._problems[sentence(problem)] = None


def _with_shared(groups: Sequence[Group], before: Mapping[str, bytes]) -> list[Group]:
    """The groups, each with where another one changes the same."""
    after = {group.name: {path: text for made in group.made for path, text in made.files.items()} for group in groups}
    told: dict[str, list[Told]] = {group.name: list(group.told) for group in groups}
    for shared in overlaps(before, after):
        told[shared.group].append(shared.told)
    return [group._replace(told=told[group.name]) for group in groups]


def _with_told(groups: Sequence[Group], told: Sequence[Row], grouping: Grouping) -> list[Group]:
    """The groups, each with what is told of its files; a thing is told once, where it belongs."""
    files = {group.name: {made.path for made in group.made} for group in groups}
    shares: dict[str, list[Told]] = {group.name: list(group.told) for group in groups}
    for level, one in dict.fromkeys(told):
        own = grouping.name(one.transform, level, one.path)
        near = [name for name, paths in files.items() if one.path in paths]
        if near:
            shares[own if own in near else near[0]].append(one)
    return [group._replace(told=tuple(shares[group.name][:_MOST_TOLD])) for group in groups]


def _is_long(path: str) -> bool:
    """Whether a file would take minutes. What cannot be read is told where it is examined."""
    try:
        return store.read(path).count(b"\n") > _LINES
    except store.StoreError:
        return False


def _is_one(patterns: Sequence[Pattern], path: str) -> bool:
    return any(one.fullmatch(path) for one in patterns)
