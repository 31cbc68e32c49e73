"""What commands do with a store: which fill it, which empty it, which mounts and variables keep it out of the image."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from ...syntax.script import Command, texts
from ..bases import environment_of
from ..effect import unquoted
from ..image import Configuration
from .call import Call, call_of, run_words, unwrapped
from .managers import MANAGERS
from .stores import STORES, Store

_DELETERS = frozenset({b"rm", b"find", b"truncate", b"shred", b"unlink"})
_NO = frozenset({b"", b"0", b"false", b"no", b"off"})
_HOMES = (b"~/", b"$HOME/", b"/root/")


def fills(store: Store, call: Call) -> bool:
    """Whether the call leaves something in the store."""
    if call.manager.name != store.manager or call.does not in store.filled_by:
        return False
    if call.has(*store.elsewhere):
        return False
    given = (*(word.text for word in call.command.assigns), *call.prefix)
    if any(word.split(b"=")[0] in store.off | store.moved for word in given):
        return False
    return not (store.option and call.has(store.option))


def empties(store: Store, command: Command, config: Configuration | None = None) -> bool:
    """Whether the command deletes what is in the store, or something of which that is a part.

    `config` tells where variables move the store to.
    """
    itself = store_of(b" ".join(texts(command))) if store.clean else None
    if itself is not None and itself.clean == store.clean:
        return True
    call = call_of(command)
    if call is not None:
        known = _is_of(store, call.manager.name) and call.verb in store.emptied_by
        if call.has(*store.emptied_unless):
            return False
        return known and (not store.emptied_with or call.has(*store.emptied_with))
    words = unwrapped(command)
    if not words or words[0].rpartition(b"/")[2] not in _DELETERS:
        return False
    places = (*store.paths, *_moved_to(store, config))
    return any(_covers(word.strip(b"'\""), path) for word in words[1:] for path in places)


def _is_of(store: Store, manager: str) -> bool:
    """Whether the manager has this store, too: dnf and yum share one, and conda and mamba."""
    return any(
        other.manager == manager and other.clean == store.clean and not set(other.paths).isdisjoint(store.paths)
        for other in STORES
    )


def _moved_to(store: Store, config: Configuration | None) -> list[bytes]:
    if config is None:
        return []
    env = _environment(config)
    return [env[name] for name in store.moved if env.get(name)]


def _environment(config: Configuration) -> Mapping[bytes, bytes]:
    return {**environment_of(config.base.decode("utf-8", "replace")), **config.env}


def _covers(deleted: bytes, path: bytes) -> bool:
    """Whether deleting the one path, maybe with a glob at its end, deletes what is in the other."""
    path = _at_home(path)
    for alternative in map(_at_home, _braces(re.sub(rb"\$\{(\w+)\}", rb"$\1", deleted))):
        whole = alternative.rstrip(b"/*") if alternative.endswith((b"*", b"/")) else alternative
        if whole and (path + b"/").startswith(whole + b"/"):
            return True
        if whole.count(b"/") > 1 and alternative.endswith(b"*") and path.startswith(whole):
            return True
        if whole.startswith(path + b"/") and b"*" in alternative:
            return True  # Some of the files in it: whoever wrote that meant the store.
    return path.endswith(b"/lists") and deleted == b"lists/*"


def _braces(path: bytes) -> Iterable[bytes]:
    """The path with each alternative of its first braces."""
    match = re.match(rb"([^{}]*)\{([^{}]*)\}(.*)", path)
    if not match:
        return [path]
    return [match[1] + part + match[3] for part in match[2].split(b",")]


def _at_home(path: bytes) -> bytes:
    for home in _HOMES:
        if path.startswith(home):
            return b"~/" + path.removeprefix(home)
    return path


def kept_out(store: Store, flags: Iterable[bytes], config: Configuration) -> bool:
    """Whether a mount of the RUN holds the store, or a variable keeps it empty."""
    given = [values[name] for values in (config.env, config.args) for name in store.off if name in values]
    if any(text and (store.off_by_any or text.lower() not in _NO) for text in given):
        return True
    if b"/dev/null" in _moved_to(store, config):
        return True
    return any(_mounted(store, flag[8:], config) for flag in flags if flag.startswith(b"--mount="))


def _mounted(store: Store, mount: bytes, config: Configuration) -> bool:
    fields = dict(field.partition(b"=")[::2] for field in mount.split(b","))
    target = next((fields[name] for name in (b"target", b"dst", b"destination") if name in fields), b"").rstrip(b"/")
    if fields.get(b"type") not in (b"cache", b"tmpfs") or not target:
        return False
    if b"$" in target or store.manager.encode() in target:
        return True  # It may be, or its name says that it is.
    places = (_by_variable(path, config) for path in store.paths)
    return any(_overlap(place, target) for place in (*places, *_moved_to(store, config)))


def _by_variable(path: bytes, config: Configuration) -> bytes:
    """The path with the value of the variable that it begins with, where that is known."""
    name, slash, rest = path.partition(b"/")
    return _environment(config).get(name[1:], name) + slash + rest if name.startswith(b"$") else path


def _overlap(place: bytes, target: bytes) -> bool:
    """Whether one of them lies in the other; `~` may be the home folder of anybody."""
    if not place.startswith(b"~/"):
        return (place + b"/").startswith(target + b"/") or (target + b"/").startswith(place + b"/")
    tail = place[1:]
    parents = [tail[:end] for end in range(2, len(tail) + 1) if tail[end : end + 1] in (b"", b"/")]
    return any(target.endswith(parent) for parent in parents) or tail + b"/" in target + b"/"


def moved_by(store: Store, config: Configuration) -> str:
    """The variable that moves the store elsewhere; empty if none is set."""
    names = [name for name in store.moved if name in config.env or name in config.args]
    return names[0].decode() if names else ""


def cleanup_for(store: Store, call: Call) -> bytes:
    """The command that empties the store which this call has filled."""
    program = call.command.words[call.at].text
    command = store.clean.replace(b"{program}", program)
    return call.sudo + b" " + command if call.sudo else command


def store_of(cleanup: bytes) -> Store | None:
    """The store that a cleanup command empties; None where it is none that is known."""
    words = cleanup.split(b" ")
    if words[0] == b"sudo":
        words = words[run_words(words) :]
    if not words:
        return None
    words[0] = words[0].strip(b"'\"").rpartition(b"/")[2]
    return _cleanups().get(b" ".join(words))


@cache
def _cleanups() -> dict[bytes, Store]:
    return {
        store.clean.replace(b"{program}", program): store
        for store in STORES
        if store.clean
        for program in _programs()[store.manager]
    }


@cache
def _programs() -> dict[str, frozenset[bytes]]:
    return {manager.name: manager.programs for manager in MANAGERS}


@cache
def _mention(store: Store) -> re.Pattern[bytes]:
    names = _programs()[store.manager] | store.readers
    return re.compile(
        rb"(?<![\w./-])(?:(?:/usr(?:/local)?)?/bin/|\./)?(?:"
        + b"|".join(map(re.escape, sorted(names)))
        + rb")(?![\w./=-])"
    )


def mentions(store: Store, text: bytes) -> bool:
    """Whether the text may call the store's manager, or a program that reads the store."""
    return _mention(store).search(text) is not None


def is_named(store: Store, command: Command) -> bool:
    """Whether a word of the command names a folder of the store."""
    return any(path in unquoted(text) for text in texts(command) for path in store.paths)
