"""Which folders of package managers can be cache mounts of a RUN, taken by itself, and why others can't."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ..syntax.script import always_run, commands
from .cleared import Cleared, cleared
from .effect import name_of
from .facts import Facts
from .image import Configuration
from .later import later_use
from .missed import is_offline, missed
from .packages.call import Call, calls_in
from .packages.managers import Does
from .packages.mounts import MOUNTS, UNFIT, CacheMount
from .packages.objections import by_manager, objection
from .packages.places import Place, is_mounted, place_of
from .packages.use import fills, kept_out
from .pragmas import ALL, ignored
from .runs import Run

TRANSFORM = "cache-mounts"
_FETCH = frozenset({Does.INSTALL, Does.UPGRADE})


class Mount(NamedTuple):
    """A folder that can be a mount of a RUN; `unknown` names a later command that may miss what it holds."""

    row: CacheMount
    place: Place
    unknown: str = ""


class Mountable(NamedTuple):
    """A RUN with its mounts, the cleanups that go for them, and by manager why there are none.

    `has` are the managers for which the owner of the file has seen to it.
    """

    run: Run
    mounts: tuple[Mount, ...]
    cleared: tuple[Cleared, ...]
    refused: Mapping[str, str]
    has: frozenset[str] = frozenset()

    def fetches_for(self, manager: str) -> bool:
        """Whether the RUN has, could have or would need mounts for this manager."""
        return manager in self.refused or manager in self.has or manager in managers_of(self.mounts)

    def without(self, reasons: Mapping[str, str]) -> Mountable:
        """The same RUN, and nothing for the managers that there are reasons against."""
        refused = {**self.refused, **reasons}
        while True:
            mounts = tuple(mount for mount in self.mounts if mount.row.manager not in refused)
            found = cleared(self.run, [(mount.row, mount.place) for mount in mounts])
            if not found.conflicts:
                return self._replace(mounts=mounts, cleared=found.cleared, refused=refused)
            refused |= found.conflicts


def managers_of(mounts: Iterable[Mount]) -> list[str]:
    """The managers that the mounts are for."""
    return list(dict.fromkeys(mount.row.manager for mount in mounts))


def mountable(facts: Facts, run: Run) -> Mountable:
    """The mounts that a RUN can have, but for what other RUNs say against them."""
    found = calls_in(run.script) if run.script is not None else ()
    mounts: list[Mount] = []
    refused: dict[str, str] = {}
    has: set[str] = set()
    for manager in dict.fromkeys(call.manager.name for call in found):
        calls = [call for call in found if call.manager.name == manager]
        rows = [row for row in MOUNTS if row.manager == manager and _filling(row, calls)]
        if manager in UNFIT and any(call.does in _FETCH for call in calls):
            refused[manager] = UNFIT[manager]
        elif any(_has(row, run) for row in rows):
            has.add(manager)
        for row in _usual(rows, run) if manager not in has else ():
            mount = _mount(facts, run, row, calls)
            if isinstance(mount, str):
                refused[manager] = mount
                break
            mounts.append(mount)
    return Mountable(run, tuple(mounts), (), refused, frozenset(has)).without({})


def _filling(row: CacheMount, calls: Iterable[Call]) -> list[Call]:
    """The calls that put something there, unless an option or a variable is against it."""
    return [
        call
        for call in calls
        if call.does in row.store.filled_by and (not row.programs or call.program in row.programs)
    ]


def _usual(rows: Sequence[CacheMount], run: Run) -> list[CacheMount]:
    """The rows, but not those that speak of other images where there is one that speaks of this."""
    image = run.config.base.decode("utf-8", "replace")
    usual = [row for row in rows if row.usual_in(image)]
    return [row for row in rows if row in usual or all(row.store is not other.store for other in usual)]


def _has(row: CacheMount, run: Run) -> bool:
    """Whether a mount is there already, or one elsewhere whose name tells that it is for this."""
    flags = [flag for flag in run.instruction.flags if flag.startswith(b"--mount=")]
    place = place_of(row, run.config)
    there = bool(place.path) and is_mounted(place.path, flags)
    return there or (bool(flags) and kept_out(row.store, flags, Configuration()))


def _mount(facts: Facts, run: Run, row: CacheMount, calls: Sequence[Call]) -> Mount | str:
    """The folder of this row as a mount of the RUN, or why it can't be one."""
    place = place_of(row, run.config)
    filling = _filling(row, calls)
    reason = (
        _ignored(facts, run)
        or _stores_nothing(run, row, filling)
        or place.refused
        or _elsewhere(run, row, filling)
        or _offline(run, filling)
        or _lacks(row, calls, run)
        or (objection if run.stage.shipped else by_manager)(facts, run, row.store, filling)
    )
    if reason:
        return reason
    found = missed(facts, run, row, place)
    if found.reason:
        return found.reason
    if found.unknown and all(call.does is Does.RESTORE for call in filling):
        return f"its `{filling[-1].shown}` fetches ahead, maybe for a later `{found.unknown}`"
    if row.manager != "apt-get":
        return Mount(row, place, found.unknown)
    later = later_use(facts, run.position, row.store)
    if later.reader is not None:
        return f"a later instruction still needs {row.store.what}"
    return Mount(row, place, later.unknown)


def _ignored(facts: Facts, run: Run) -> str:
    names = facts.of(ignored).get(run.position, frozenset())
    return "" if names.isdisjoint({ALL, TRANSFORM}) else "a comment above says to leave it"


def _stores_nothing(run: Run, row: CacheMount, calls: Iterable[Call]) -> str:
    """The option of a call, or the variable, by which it stores nothing there."""
    for name in row.store.off:
        if kept_out(row.store._replace(off=frozenset({name})), (), run.config):
            return f"{name.decode()} keeps {row.manager} from storing anything"
    for call in calls:
        if not fills(row.store, call):
            told = (option for option in call.options if _tells(row, option))
            option = next(told, b"a variable").decode("utf-8", "replace")
            return f"its `{call.shown}` stores nothing there: {option}"
    return ""


def _tells(row: CacheMount, option: bytes) -> bool:
    return option.split(b"=")[0] in row.store.elsewhere | {row.store.option}


def _elsewhere(run: Run, row: CacheMount, calls: Iterable[Call]) -> str:
    """What in the RUN itself makes the folder, or the home folder, another one."""
    for call in calls:
        if call.sudo:
            return f"its `{call.shown}` runs with sudo, so it is not known who runs the RUN"
    moving = {b"HOME", *row.store.moved, *row.store.off, *(name for name, _ in row.moved)}
    for command in commands(run.script) if run.script is not None else ():
        exported = command.words[1:] if name_of(command) == b"export" else ()
        for word in (*command.assigns, *exported, *(word for word in command.words if b"=" in word.text)):
            name = word.text.split(b"=")[0]
            if name in moving:
                return f"it sets {name.decode('utf-8', 'replace')}"
    return ""


def _offline(run: Run, calls: Iterable[Call]) -> str:
    call = next((call for call in calls if is_offline(run, call)), None)
    return f"its `{call.shown}` fetches nothing, but takes what was fetched before" if call is not None else ""


def _lacks(row: CacheMount, calls: Sequence[Call], run: Run) -> str:
    """What else must be so for the calls of a manager to find what they need, and to keep it."""
    if row.manager == "pnpm" and any(call.has(b"-g", b"--global") for call in calls):
        return "what pnpm installs for everybody may be links into its store"
    return _apt(calls, run) if row.manager == "apt-get" else ""


def _apt(calls: Sequence[Call], run: Run) -> str:
    certain = {command.start for command in always_run(run.script)} if run.script is not None else set()
    updated = False
    for call in calls:
        if any(b"Dir::" in option or option in (b"-c", b"--config-file") for option in call.options):
            return f"an option of its `{call.shown}` may move apt's folders"
        # https://manpages.debian.org/stable/apt/apt.8.en.html#DIFFERENCES_TO_APT-GET(8)
        if call.does in _FETCH and call.program == b"apt":
            return f"`{call.shown}` deletes what it has fetched, and `apt-get` keeps it"
        updated = updated or (call.does is Does.UPDATE and call.command.start in certain)
        if call.does in _FETCH | {Does.READ} and not updated:
            return f"its `{call.shown}` has no update in front of it that always runs, and a mount may be empty"
    return "" if any(call.does in _FETCH for call in calls) else "it only fetches the package lists"
