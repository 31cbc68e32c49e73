"""Whether a RUN deletes a program that would have to delete, at its end, what it has stored.

`apk add -t tools go && go build && apk del tools && go clean -cache` fails: go is gone by then.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from ...syntax.script import Command, Script, commands
from .call import Call, call_of, unwrapped
from .managers import Does
from .stores import Store

# By program, what a folder or a variable is called that holds it; of others, as the program is.
_HOLDERS: Mapping[str, bytes] = {
    "go": rb"go|goroot|golang",
    **dict.fromkeys(
        ("npm", "yarn", "pnpm"), rb"\.?nvm|nvm_dir|node(?:js)?(?:_home)?|lib/node_modules|npm|yarn|pnpm|corepack"
    ),
    **dict.fromkeys(("gem", "bundle"), rb"ruby|gem|gem_home|\.?rbenv|\.?rvm|rubies"),
    **dict.fromkeys(("conda", "mamba", "micromamba"), rb"\w*(?:conda|mamba|miniforge)\w*"),
    "composer": rb"composer(?:\.phar)?|php",
    "dotnet": rb"\.?dotnet(?:_root)?",
}
# Wherever a program is, it may be below one of these.
_ABOVE = frozenset(
    b"/ /bin /sbin /lib /opt /root /home ~ $home /usr /usr/bin /usr/sbin /usr/lib /usr/share"
    b" /usr/local /usr/local/bin /usr/local/sbin /usr/local/lib /usr/local/share".split()
)
# What fetches and unpacks: packages that none of these programs needs once it is there.
_FETCHERS = frozenset(b"wget curl gnupg gnupg2 dirmngr software-properties-common apt-transport-https".split())
_REMOVERS: Mapping[bytes, frozenset[bytes]] = {
    b"dpkg": frozenset({b"-r", b"-P", b"--remove", b"--purge"}),
    b"rpm": frozenset({b"-e", b"--erase"}),
    b"apt-mark": frozenset({b"auto", b"minimize-manual"}),  # what a later `autoremove` takes
}


def vanished(script: Script, store: Store, last: Call) -> str:
    """Why the program that empties the store may be gone at the end of the RUN; empty where nothing says so.

    `last` is the last call that fills it. A store that is deleted by its path needs no program.
    """
    if b"{program}" not in store.clean and b"$(" not in store.clean:
        return ""
    found = tuple(commands(script))
    behind = (command for command in found if command.start > last.command.start)
    shown = next(_removals(behind, store, _added(found)), "")
    return f"its `{shown}` may delete {store.manager}, which would have to delete {store.what}" if shown else ""


def _removals(behind: Iterable[Command], store: Store, added: Mapping[bytes, frozenset[bytes]]) -> Iterator[str]:
    for command in behind:
        call, words = call_of(command), unwrapped(command)
        if call is not None and call.does is Does.REMOVE and _may_remove(call, store, added):
            yield call.shown
        elif words[:1] == (b"rm",) and any(_may_hold(word, store) for word in words[1:]):
            yield b" ".join(words).decode("utf-8", "replace")
        elif words and not _REMOVERS.get(words[0], frozenset[bytes]()).isdisjoint(words[1:]):
            yield b" ".join(words[:2]).decode("utf-8", "replace")


def _may_remove(call: Call, store: Store, added: Mapping[bytes, frozenset[bytes]]) -> bool:
    """Whether the program may be among the packages; what was asked for by name stays where only leftovers go.

    A manager removes itself only by its name. What needs a package goes with it, but not with apk, which keeps it then.
    """
    if call.manager.name == store.manager:
        return store.manager.encode() in call.arguments
    named = [name for name in call.arguments if name not in _FETCHERS]
    if call.manager.name != "apk":
        return bool(named)
    if not added.keys() >= set(named):
        return True  # What an earlier RUN has put into a group, nobody knows here.
    packages = (package for name in named for package in added[name])
    return any(re.search(rb"(?:^|[\W\d_])(?:%b)" % _name(store), package) for package in packages)


def _added(found: Iterable[Command]) -> Mapping[bytes, frozenset[bytes]]:
    """What `apk add` installs in a script, by the name under which it can be deleted: its own, or that of a group."""
    added: dict[bytes, frozenset[bytes]] = {}
    for call in map(call_of, found):
        if call is None or call.manager.name != "apk" or call.does is not Does.INSTALL:
            continue
        packages = frozenset(re.split(rb"[<>=~@]", package)[0] for package in call.arguments)
        group = _group(call.options)
        added |= {package: frozenset({package}) for package in packages} if not group else {group: packages}
    return added


def _group(options: Sequence[bytes]) -> bytes:
    """The value of `--virtual`; empty where it is not given."""
    for option, value in pairwise((*options, b"")):
        if option in (b"-t", b"--virtual"):
            return value
        if option.startswith(b"--virtual="):
            return option.partition(b"=")[2]
    return b""


def _may_hold(path: bytes, store: Store) -> bool:
    """Whether the program may be in what `rm` is given."""
    if path.startswith(b"-"):
        return False
    folder = re.sub(rb"[{}]", b"", path).lower().removesuffix(b"*").rstrip(b"/") or path[:1]
    # Of a version, too: `node-v22.1.0`, `go1.24`, `ruby-3.4`; and `$GOROOT`.
    held = rb"(?:.*/)?\$?(?:%b)(?:[-_@]?v?\d[^/]*)?(?:/(?:s?bin|lib))?" % _name(store)
    return folder in _ABOVE or re.fullmatch(held, folder) is not None


def _name(store: Store) -> bytes:
    return _HOLDERS.get(store.manager, re.escape(store.manager.encode()))
