"""Where curl, wget, git, tar and unzip put what they fetch or unpack: their manuals."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Sequence

from ...syntax.script import Command
from ..effect import unquoted
from ..packages.call import unwrapped
from ..steps.gathering import Place
from .split import NotTold
from .words import path_of

FETCHERS = frozenset(b"curl wget git tar unzip".split())
_ADDRESS = re.compile(rb"[a-z][a-z+]*://|git@")
_IN_FOLDER = frozenset(b"checkout submodule pull fetch reset apply am lfs clean switch cherry-pick merge init".split())
# Options whose value is the next word, by the program; those of a path are asked for by name.
_VALUED = {
    b"curl": frozenset(b"-o --output -H --header -A -e -u -X -d -m --retry --retry-delay --connect-timeout --proto"
                       b" --cacert -b -c --max-time --user --data --output-dir".split()),
    b"wget": frozenset(b"-O --output-document -P --directory-prefix -t -T --header -U --user-agent -o -a"
                       b" --tries --timeout --progress".split()),
    b"git": frozenset(b"-b --branch --depth -C -c -j --jobs --filter --recurse-submodules-depth -o".split()),
    b"tar": frozenset(b"-C --directory -f --file --exclude --wildcards-match-slash".split()),
    b"unzip": frozenset({b"-d", b"-x"}),
}  # fmt: skip

Fetched = tuple[tuple[bytes, ...], tuple[bytes, ...]]


def fetched(name: bytes, command: Command, place: Place) -> Fetched:
    """What it reads and what it writes: files, or folders that it fills. Raises NotTold."""
    words = unwrapped(command)
    raw = [word.text for word in command.words[len(command.words) - len(words) + 1 :]]
    values, operands, letters = _cut(name, raw)

    def path(word: bytes) -> bytes:
        found = path_of(place, word)
        if not found:
            raise NotTold(f"where `{name.decode()}` puts what it fetches is not known")
        return found

    def here() -> bytes:
        return place.folder or _unknown(name)

    match name:
        case b"tar":
            archives = [value for option, value in values if option in ("f", "--file")]
            if not letters & set("xt") and not any(word in (b"--extract", b"--get") for word in raw):
                raise NotTold("what `tar` packs is not followed")
            folder = next((path(value) for option, value in values if option in ("C", "--directory")), None) or here()
            return tuple(path(one) for one in archives if one != b"-"), (folder,)
        case b"unzip":
            folder = next((path(value) for option, value in values if option == "d"), None) or here()
            return tuple(path(one) for one in operands[:1]), (folder,)
        case b"git":
            return (), (_of_git(values, operands, path),)
    named = [value for option, value in values if option in ("o", "--output", "O", "--output-document")]
    folder = next((path(value) for option, value in values if option in ("P", "--directory-prefix")), b"")
    if name == b"curl" and not named and "O" not in letters and b"--remote-name" not in raw:
        return (), ()
    if named:
        return (), tuple(path(one) for one in named if one not in (b"-", b"/dev/null"))
    names = [
        posixpath.basename(unquoted(word).partition(b"?")[0]) for word in operands if _ADDRESS.match(unquoted(word))
    ]
    if not names or any(re.search(rb"[$*`]", one) or not one for one in names):
        return (), (folder or here(),)
    return (), tuple(posixpath.join(folder or here(), one) for one in names)


def _unknown(name: bytes) -> bytes:
    raise NotTold(f"in which folder `{name.decode()}` works is not known")


def _cut(name: bytes, raw: Sequence[bytes]) -> tuple[list[tuple[str, bytes]], list[bytes], set[str]]:
    """The options with their values, what is none, and the letters of the short ones."""
    values: list[tuple[str, bytes]] = []
    operands: list[bytes] = []
    letters: set[str] = set()
    valued = _VALUED[name]
    at = 0
    while at < len(raw):
        word = unquoted(raw[at])
        if word.startswith(b"--"):
            option, equals, value = word.partition(b"=")
            if not equals and option in valued and at + 1 < len(raw):
                at += 1
                value = raw[at]
            values.append((option.decode("ascii", "replace"), value))
        elif (word.startswith(b"-") and len(word) > 1) or (name == b"tar" and at == 0):
            at = _short(name, raw, at, values, letters)
        else:
            operands.append(raw[at])
        at += 1
    return values, operands, letters


def _short(name: bytes, raw: Sequence[bytes], at: int, values: list[tuple[str, bytes]], letters: set[str]) -> int:
    """Reads letters that stand together; gives the place of the last word that they take."""
    old = not raw[at].startswith(b"-")
    text = unquoted(raw[at]).lstrip(b"-").decode("ascii", "replace")
    for place, letter in enumerate(text):
        letters.add(letter)
        if f"-{letter}".encode() not in _VALUED[name]:
            continue
        rest = text[place + 1 :]
        if rest and not old:
            values.append((letter, rest.encode()))
            return at
        if at + 1 < len(raw):
            at += 1
            values.append((letter, raw[at]))
        if not old:
            return at
    return at


def _of_git(values: list[tuple[str, bytes]], operands: list[bytes], path: Callable[[bytes], bytes]) -> bytes:
    """The folder of a clone, or the one in which it works."""
    folder = next((value for option, value in values if option == "C"), b".")
    verb = unquoted(operands[0]) if operands else b""
    if verb in _IN_FOLDER:
        return path(folder)
    if verb == b"config":
        return b"/root/.gitconfig"
    if verb != b"clone" or len(operands) < 2:
        raise NotTold(f"what `git {verb.decode('utf-8', 'replace')}` does is not known")
    if len(operands) > 2:
        return path(operands[2])
    return path(posixpath.basename(unquoted(operands[1]).rstrip(b"/")).removesuffix(b".git"))
