"""What commands do with the paths that their words name: a function for each kind of operands."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from ..effect import unquoted
from .gathering import Gathering, NotKnown
from .options import Words
from .places import PACKAGES, SYSTEM, TEMPORARY, USR, home
from .tools import Operands

_NUMBERS = re.compile(rb"\d*:?\d*")
_REPOSITORY = re.compile(rb"(?:https?|ssh|git)://|git@")
_ADDRESS = re.compile(rb"(?:https?|ftp)://")
# What only a change of an account does to files: it takes over, moves or removes a home folder that is not named.
_MOVES_HOME = re.compile(rb"-[a-zA-Z]*[ugdmr][a-zA-Z]*|--(?:uid|gid|home|move-home|remove.*)(?:=.*)?")
_ADDS = frozenset({b"useradd", b"adduser", b"groupadd", b"addgroup", b"groupmod", b"gpasswd"})
_ELSEWHERE = (b"-R", b"--root", b"-P", b"--prefix", b"-k", b"--skel", b"--conf", b"-b", b"--base-dir")
_TAKES_TEXT = re.compile(rb"-[a-zA-Z]*[scg]|--shell|--comment|--gecos")


def _make(gathering: Gathering, words: Words) -> None:
    has_mode = bool(words.values)
    for word in words.operands:
        if "p" in words.letters or "parents" in words.longs:
            gathering.make(word)
            if has_mode:
                gathering.write(word, is_new=False)
        else:
            gathering.write(word)


def _remove(gathering: Gathering, words: Words) -> None:
    for word in words.operands:
        gathering.write(word, is_new=False)


def _write(gathering: Gathering, words: Words) -> None:
    for word in words.operands:
        gathering.write(word)


def _read(gathering: Gathering, words: Words) -> None:
    for word in words.operands:
        gathering.read(word)


def _change(gathering: Gathering, words: Words) -> None:
    if not _NUMBERS.fullmatch(unquoted(words.operands[0]) if words.operands else b"x"):
        gathering.accounts()
    for word in words.operands[1:]:
        gathering.write(word, is_new=False)


def _link(gathering: Gathering, words: Words) -> None:
    if len(words.operands) != 2 or not ("s" in words.letters or "symbolic" in words.longs):
        raise NotKnown("a hard link is another name of a file")
    gathering.write(words.operands[1])


def _copy(gathering: Gathering, words: Words) -> None:
    if len(words.operands) < 2:
        raise NotKnown("it is not known what it copies")
    for word in words.operands[:-1]:
        gathering.read(word)
    gathering.write(words.operands[-1])


def _move(gathering: Gathering, words: Words) -> None:
    _copy(gathering, words)
    for word in words.operands[:-1]:
        gathering.write(word, is_new=False)


def _fetch(gathering: Gathering, words: Words) -> None:
    """A file for each -o; curl's -O and a wget without -O name one by the address, in the folder that they run in."""
    is_wget = words.program == b"wget"
    addresses = [gathering.place.literal(word) for word in words.operands]
    if not addresses or not all(_ADDRESS.match(address) for address in addresses):
        raise NotKnown("what it fetches is not known")
    if any(text.startswith(b"@") for name, text in words.values if not name):
        raise NotKnown("it reads a header from a file")
    written = words.valued("write")
    for word in (*written, *words.valued("folder")):
        if word != b"-":
            gathering.write(word)
    by_address = is_wget and not written and not words.valued("folder")
    if by_address or "O" in words.letters or "remote-name" in words.longs:
        gathering.write(b".", is_new=False)
    if is_wget:
        # Who was met by https, and when.
        gathering.write_trees(home(gathering.place.config) + b"/.wget-hsts")


def _clone(gathering: Gathering, words: Words) -> None:
    if words.operands[:1] != (b"clone",) or len(words.operands) != 3:
        raise NotKnown("of git, only the clone of an address into a folder is known")
    if not _REPOSITORY.match(gathering.place.literal(words.operands[1])):
        raise NotKnown("what it clones is not known")
    gathering.make(words.operands[2])
    gathering.write(words.operands[2], is_new=False)
    gathering.write_trees(home(gathering.place.config) + b"/.ssh", TEMPORARY)


def _unpack(gathering: Gathering, words: Words) -> None:
    """An archive may hold anything, the top folder and links out of it too; so all below the folder is written."""
    archives = words.valued("archive") or list(words.operands[:1])
    folders = words.valued("folder") or [b"."]
    if len(folders) > 1 or (
        words.valued("archive") and not ({"x"} & words.letters or {"extract", "get"} & words.longs)
    ):
        raise NotKnown("it is not known what it unpacks")
    for word in archives:
        if word != b"-":
            gathering.read(word)
    gathering.write(folders[0])
    gathering.accounts()


def _dearmor(gathering: Gathering, words: Words) -> None:
    if "dearmor" not in words.longs:
        raise NotKnown("of gpg, only --dearmor is known")
    _read(gathering, words)
    for word in words.valued("write"):
        gathering.write(word)
    gathering.write_trees(home(gathering.place.config) + b"/.gnupg")


def account(gathering: Gathering, program: bytes, raw: Sequence[bytes]) -> None:
    """Sources: useradd(8), adduser(8) of Debian, and busybox's; home folders are copied from /etc/skel."""
    gathering.write_trees(b"/etc", b"/home", b"/var/mail", b"/var/spool", b"/var/log", b"/var/lib")
    gathering.need_folders(b"/home")
    gathering.read_trees(*USR)
    changes = program not in _ADDS
    takes_text = False
    for word in raw:
        plain = unquoted(word)
        if plain.startswith(_ELSEWHERE) or (changes and _MOVES_HOME.fullmatch(plain)):
            raise NotKnown("it works on files that are not named")
        if takes_text or plain.startswith((b"--shell=", b"--gecos=", b"--comment=")):
            pass
        elif b"$" in gathering.place.literal(word):
            raise NotKnown("a variable may name the home folder")
        elif b"/" in plain:
            path = plain.partition(b"=")[2] if plain.startswith(b"--") else re.sub(rb"^-[a-zA-Z]*[dhb]", b"", plain)
            gathering.write(path)
        takes_text = _TAKES_TEXT.fullmatch(plain) is not None


def on_system(gathering: Gathering, raw: Sequence[bytes]) -> None:
    """A file that is named (`apt-key add key`) lies anywhere; what has a slash in it may be written, too."""
    for word in raw:
        if not unquoted(word).startswith(b"-"):
            gathering.read(word)
            if b"/" in word:
                gathering.write(word, is_new=False)
    gathering.heed(PACKAGES)
    gathering.read_trees(*SYSTEM)
    gathering.write_trees(*SYSTEM, TEMPORARY)
    gathering.reach_out()


HANDLERS: Mapping[Operands, Callable[[Gathering, Words], None]] = {
    Operands.IGNORE: lambda _, __: None,
    Operands.READ: _read,
    Operands.MAKE: _make,
    Operands.REMOVE: _remove,
    Operands.WRITE: _write,
    Operands.CHANGE: _change,
    Operands.LINK: _link,
    Operands.COPY: _copy,
    Operands.MOVE: _move,
    Operands.FETCH: _fetch,
    Operands.CLONE: _clone,
    Operands.UNPACK: _unpack,
    Operands.DEARMOR: _dearmor,
}
