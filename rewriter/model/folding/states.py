"""Modes and owners of what copies bring, as `chmod` and `chown` change them, and the flags that say the same."""

from __future__ import annotations

from typing import NamedTuple

from ..image import Configuration
from ..modes import changed
from ..steps.places import is_root
from .changes import Change
from .landing import MADE, Landing
from .places import Brought, NotSure

_ROOT = (b"0", b"root")
_SPECIAL = 0o7000


class Flag(NamedTuple):
    """A flag that a copy gets in the place of `before` (empty: it has none of that name)."""

    before: bytes
    after: bytes


class State(NamedTuple):
    """What the files of a copy have, in their order; `chmod` and `chown` are those that a command has changed."""

    modes: tuple[int | None, ...]
    owners: tuple[tuple[bytes, bytes], ...]
    settled: tuple[bool, ...]
    chmod: frozenset[int] = frozenset()
    chown: frozenset[int] = frozenset()


def begun(found: Landing) -> State:
    """What the files of a copy have at first."""
    modes = tuple(found.mode if found.mode is not None else file.mode for file in found.files)
    settled = tuple(found.mode is not None or file.settled for file in found.files)
    return State(modes, (found.owner or (b"0", b"0"),) * len(modes), settled)


def applied(state: State, brought: Brought, change: Change, config: Configuration) -> State:
    """The state behind a command; raises NotSure."""
    _check_user(brought.landing, change, config)
    return _moded(state, brought, change) if change.mode else _owned(state, brought, change)


def _check_user(found: Landing, change: Change, config: Configuration) -> None:
    """What a copy brings is root's. Nobody else may change it, so that with an unknown user it is root, or fails."""
    if config.user is None or is_root(config):
        return
    if not change.mode or found.owner is None or found.owner[0] != config.user.partition(b":")[0]:
        raise NotSure(f"USER {config.user.decode('utf-8', 'replace')} may not change what the copy brings")


def _moded(state: State, brought: Brought, change: Change) -> State:
    modes, settled = list(state.modes), list(state.settled)
    absolute = changed(change.mode, None)
    for index in brought.files:
        mode = modes[index]
        if absolute is None and (mode is None or mode & _SPECIAL):
            raise NotSure(f"what `{change.shown}` makes of a file whose mode is not known is not known")
        if absolute is None and not settled[index]:
            raise NotSure(f"the mode of a file here ({mode:o}) is not that of every checkout")
        modes[index] = absolute if absolute is not None else changed(change.mode, mode)
        settled[index] = True
    return state._replace(modes=tuple(modes), settled=tuple(settled), chmod=state.chmod.union(brought.files))


def _owned(state: State, brought: Brought, change: Change) -> State:
    owners = list(state.owners)
    for index in brought.files:
        mode = state.modes[index]
        if mode is None or mode & _SPECIAL:
            raise NotSure(f"what `{change.shown}` makes of a setuid bit is not known")
        user, group = owners[index]
        owners[index] = (change.user or user, change.group or group)
        if not all(owners[index]):
            raise NotSure("it is not known which group the copy gives")
    return state._replace(owners=tuple(owners), chown=state.chown.union(brought.files))


def flags(found: Landing, state: State) -> tuple[Flag, ...]:
    """The flags by which the copy leaves its files in that state; raises NotSure where there are none."""
    return (*_owner_flag(found, state), *_mode_flag(found, state))


def _mode_flag(found: Landing, state: State) -> tuple[Flag, ...]:
    if not state.chmod:
        return ()
    mode = state.modes[0]
    if mode is None or any(other != mode for other in state.modes) or not all(state.settled):
        raise NotSure("the copy brings files that get another mode, too")
    if found.tree and mode != MADE:
        raise NotSure("the folders in what is copied would get that mode, too")
    return _flag(found, b"--chmod", b"%03o" % mode)


def _owner_flag(found: Landing, state: State) -> tuple[Flag, ...]:
    if not state.chown:
        return ()
    user, group = state.owners[0]
    if any(other != (user, group) for other in state.owners):
        raise NotSure("the copy brings files that get another owner, too")
    if found.owner is None and user in _ROOT and group in _ROOT:
        return ()
    return _flag(found, b"--chown", user + b":" + group)


def _flag(found: Landing, name: bytes, text: bytes) -> tuple[Flag, ...]:
    before = next((flag for flag in found.flags if flag.startswith(name + b"=")), b"")
    after = name + b"=" + text
    return (Flag(before, after),) if before != after else ()
