"""What of a RUN stands in the runtime stage, too."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..effect import unquoted
from ..packages.call import call_of, unwrapped
from ..packages.managers import Does
from ..recommends import adds, closure
from ..recommends.images import base_packages
from .libraries import suite_of
from .needed import Needed, installs
from .reading import Action, Kind, Part
from .split import NotTold
from .stage import Read, is_work
from .trees import within_any

# No package of Debian's has files there: FHS 3.0 and Debian's policy 9.1.2.
_NOBODY_ELSE = (b"/usr/local", b"/opt", b"/srv", b"/home", b"/root", b"/var/lib/gems", b"/app")


# Names under which compilers stand among the alternatives.
_VERSIONED = re.compile(r"(?:gcc|g\+\+|cpp|clang|clang\+\+|cc|c\+\+|javac|gcov|rustc|cargo|go|gofmt)(?:-[\d.]+)?")


class Kept(NamedTuple):
    """The commands of a RUN that stay: those before the first one that builds, and those behind; `all`: none goes.

    `clears` are those that remove what packages have put where something comes along.
    """

    early: tuple[bytes, ...]
    late: tuple[bytes, ...]
    clears: tuple[bytes, ...]
    all: bool


class Staying:
    """Says of each command whether it stays."""

    def __init__(self, read: Read, paths: Sequence[bytes], packages: Needed, last: int) -> None:
        """`paths` come along; instructions behind `last` stay as they are."""
        self._read = read
        self._paths = paths
        self._packages = packages
        self._places = {key: at for at, (key, _) in enumerate(installs(read))}
        self._serving = frozenset(self._of_lists(last))

    def kept(self, index: int, first: int) -> Kept:
        """What stays of the RUN at the index, where `first` is that of the first one that builds. Raises NotTold."""
        run = self._read.runs[index]
        sides: tuple[list[bytes], list[bytes]] = ([], [])
        exports: list[bytes] = []
        clears = [part.text for part in run.parts if self._clears(part)]
        behind = index > first
        whole = True
        for part in run.parts:
            behind = behind or (index == first and any(is_work(self._read, action) for action in part.actions))
            text = self._text(index, part)
            whole = whole and (text == part.text or _is_of_process(part))
            if text:
                sides[behind].extend([*exports, text])
                exports = []
            elif _is_of_process(part) and part.text.startswith(b"export "):
                exports.append(part.text)
        if run.loose and not whole and (any(sides) or clears):
            raise NotTold("the failure of a command does not end its RUN, which cannot be told apart then")
        piped = any(b"|" in text for side in sides for text in side)
        if not whole and piped and any(_is_of_process(part) and b"pipefail" in part.text for part in run.parts):
            raise NotTold("`pipefail` is in force for a part of its RUN that is done in both stages")
        return Kept(tuple(sides[0]), tuple(sides[1]), tuple(clears), whole and not all(sides))

    def is_internal(self, action: Action) -> bool:
        """Whether all that it writes lies in a project, a temporary folder, or comes along."""
        trees = [*self._read.projects, *self._paths, b"/tmp", b"/var/tmp"]
        return all(within_any(path.rstrip(b"/") or b"/", trees) for path in action.writes)

    def _clears(self, part: Part) -> bool:
        """Whether it removes something from a folder that comes along, and that packages fill, too.

        COPY only adds to what the runtime stage has there, and that stage installs those packages anew.
        """
        actions = [action for action in part.actions if action.kind is not Kind.STATE]
        if not actions or not all(is_removal(action) for action in actions):
            return False
        shared = [path for path in self._paths if not within_any(path, (*self._read.projects, *_NOBODY_ELSE))]
        if not any(within_any(path.rstrip(b"/"), shared) for action in actions for path in action.writes):
            return False
        self._check_reads(part)
        return True

    def _text(self, index: int, part: Part) -> bytes:
        """The text of a part as the runtime stage has it; empty where it has none."""
        kinds = {action.kind for action in part.actions} - {Kind.STATE}
        if Kind.INSTALL in kinds or Kind.LISTS in kinds:
            return self._of_packages(index, part)
        if not kinds or any(is_work(self._read, action) for action in part.actions):
            return b""
        internal = [self.is_internal(action) for action in part.actions if action.writes]
        if all(internal) and Kind.SYSTEM not in kinds:
            return b""
        if any(internal):
            raise NotTold(f"`{_shown(part)}` writes to what is built and elsewhere")
        if not part.plain:
            raise NotTold("a condition decides about what is done in both stages")
        self._check_reads(part)
        self._check_programs(part)
        return part.text

    def _check_programs(self, part: Part) -> None:
        """What is done in both stages must find there what it runs, and what it speaks of."""
        suite = suite_of(self._read.stage.base)
        for action in part.actions:
            for word in action.command.words:
                name = posixpath.basename(unquoted(word.text)).decode("utf-8", "replace")
                if name in self._packages.gone or (action.kind is Kind.SYSTEM and _VERSIONED.fullmatch(name)):
                    raise NotTold(f"`{_shown(part)}` speaks of what no longer comes along")
            first = unwrapped(action.command)[:1]
            program = posixpath.basename(first[0]).decode("utf-8", "replace") if first else ""
            if suite and program and adds(suite, (), program) and program not in self._there(suite):
                raise NotTold(f"`{program}` came along with what no longer does")

    def _there(self, suite: str) -> dict[str, int]:
        """All packages that the runtime stage has."""
        names = [name for kept in self._packages.kept.values() for name in kept]
        names += [name for rows in self._packages.added.values() for name, _ in rows]
        found = base_packages(self._read.stage.base)
        return closure(suite, [*names, *(found[1] if found else ())])

    def _check_reads(self, part: Part) -> None:
        """What is done in both stages must find there what it reads."""
        for action in part.actions:
            if action.kind not in (Kind.FILES, Kind.PLACE):
                continue
            words = [word.text for word in action.command.words[1:]]
            if action.place.moved and any(not word.startswith((b"/", b"-")) for word in words):
                raise NotTold(f"`{_shown(part)}` stands behind a `cd`")
            if any(within_any(path, self._read.projects) for path in action.reads if path != b"/"):
                raise NotTold(f"`{_shown(part)}` takes from what is built")

    def _of_packages(self, index: int, part: Part) -> bytes:
        action = next(one for one in part.actions if one.kind in (Kind.INSTALL, Kind.LISTS))
        if len(part.actions) > 1 or not part.plain:
            raise NotTold("an install or a cleanup stands in a group of commands, which cannot be told apart")
        if action.kind is Kind.INSTALL:
            return self._installed(index, action)
        return part.text if (index, action.command.start) in self._serving else b""

    def _installed(self, index: int, action: Action) -> bytes:
        """The install with what stays of its packages; empty where nothing does."""
        call = action.call
        if call is None:
            return b""
        at = self._places[index, action.command.start]
        names = [*self._packages.kept[at], *(name for name, _ in self._packages.added.get(at, ()))]
        if not names:
            return b""
        given = {name.decode("utf-8", "replace") for name in call.arguments}
        words = [word.text for word in (*call.command.assigns, *call.command.words)]
        redirects = [word.text for word in call.command.redirects]
        if list(self._packages.kept[at]) == [name.decode("utf-8", "replace") for name in call.arguments] == names:
            return b" ".join([*words, *redirects])
        plain = [word for word in words if word.strip(b"'\"").decode("utf-8", "replace") not in given]
        return b" ".join([*plain, *(name.encode() for name in dict.fromkeys(names)), *redirects])

    def _of_lists(self, last: int) -> Iterator[tuple[int, int]]:
        """The refreshes that an install behind them needs before the next one, and the cleanups behind those."""
        waiting: list[tuple[int, int]] = []
        fetched = False
        for index, action in self._read.actions():
            key = (index, action.command.start)
            if action.kind is Kind.INSTALL and (index > last or self._installed(index, action)):
                yield from waiting
                fetched = fetched or bool(waiting)
                waiting = []
            elif action.kind is Kind.LISTS and _refreshes(action):
                waiting = [key]
            elif action.kind is Kind.LISTS and fetched:
                yield key


def is_removal(action: Action) -> bool:
    """Whether it is an `rm`."""
    words = action.command.words
    return bool(words) and words[0].text == b"rm"


def _refreshes(action: Action) -> bool:
    call = call_of(action.command)
    return call is not None and call.does is Does.UPDATE


def _is_of_process(part: Part) -> bool:
    """Whether it only looks, or changes the process."""
    return all(action.kind is Kind.STATE for action in part.actions)


def _shown(part: Part) -> str:
    return part.text.decode("utf-8", "replace")
