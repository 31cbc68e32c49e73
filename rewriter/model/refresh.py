"""Package lists that a RUN deletes only to fetch them again at once."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..syntax.script import Binary, Command, Script, texts
from .packages.call import Call, call_of, calls_in
from .packages.managers import Does
from .packages.stores import LISTS
from .packages.use import store_of

# What may stand between two fetches so that the second one brings the same: apt from the lists at hand, and tools that
# touch no source of packages.
_HARMLESS = frozenset(b"rm mkdir chmod chown touch true echo".split())
_VERBS = frozenset(b"install clean autoclean autoremove remove purge upgrade dist-upgrade full-upgrade".split())
# A package from the archive itself; a local file or a variable may bring a source of its own.
_BRINGS_SOURCE = rb"keyring|release|apt-|certificates|software-properties|repo"
_PACKAGE = rb"[a-z0-9][a-z0-9+.-]*(?::[a-z0-9]+)?(?:=[\w.+:~*-]+)?(?:/[\w-]+)?"


class Refresh(NamedTuple):
    """A cleanup of the lists and the update directly behind it, with their neighbours in the `&&` chain."""

    before: Command
    cleanup: Command
    update: Command
    behind: Command


def refreshes(script: Script) -> tuple[Refresh, ...]:
    """The pairs whose dropping changes nothing: the lists were fetched before, in the same `&&` chain."""
    updates = sum(call.does is Does.UPDATE for call in calls_in(script))
    return tuple(_refreshes(list(_links(script)))) if updates > 1 else ()


def _links(script: Script) -> Iterator[Script]:
    """The links of an `&&` chain."""
    if isinstance(script, Binary) and script.operator == "&&":
        yield from _links(script.left)
        yield from _links(script.right)
    else:
        yield script


def _refreshes(links: Sequence[Script]) -> Iterator[Refresh]:
    fetched: Call | None = None
    for index, link in enumerate(links):
        if not isinstance(link, Command) or link.redirects:
            fetched = None
            continue
        call = _apt(link)
        if call is not None and call.does is Does.UPDATE:
            fetched = call
        elif fetched is not None and _is_cleanup(link):
            found = _pair(links, index, fetched)
            if found is None:
                fetched = None
            else:
                yield found
        elif not _keeps_sources(link, call):
            fetched = None


def _pair(links: Sequence[Script], index: int, fetched: Call) -> Refresh | None:
    around = links[index - 1 : index + 3]
    if len(around) < 4 or not all(isinstance(link, Command) for link in around):
        return None
    before, cleanup, update, behind = (link for link in around if isinstance(link, Command))
    call = _apt(update)
    same = call is not None and call.does is Does.UPDATE and texts(update) == texts(fetched.command)
    return Refresh(before, cleanup, update, behind) if same else None


def _apt(command: Command) -> Call | None:
    call = call_of(command)
    return call if call is not None and call.manager.name == "apt-get" else None


def _is_cleanup(command: Command) -> bool:
    return store_of(b" ".join(texts(command))) is LISTS[0]


def _keeps_sources(command: Command, call: Call | None) -> bool:
    if call is not None:
        return call.verb in _VERBS and all(map(_is_plain, call.arguments))
    words = [word.text for word in command.words]
    return bool(words) and words[0] in _HARMLESS and not any(b"apt" in word or b"$" in word for word in words)


def _is_plain(package: bytes) -> bool:
    """Whether the package comes from the archive and brings or unlocks no further source, by its name."""
    return re.fullmatch(_PACKAGE, package) is not None and re.search(_BRINGS_SOURCE, package) is None
