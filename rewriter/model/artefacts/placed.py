"""What cp, mv, install and strip put where: coreutils' and binutils' manuals."""

from __future__ import annotations

import posixpath
import re

from ...syntax.script import Command
from ..packages.call import unwrapped
from ..steps.gathering import Place
from .split import NotTold
from .words import path_of

# Folders that are there in any image: what is copied to one of them lands in it.
SYSTEM = frozenset(
    b"/ /bin /sbin /lib /etc /etc/init.d /home /media /mnt /opt /root /run /srv /tmp /usr /usr/bin /usr/sbin /usr/lib"
    b" /usr/include /usr/share /usr/src /usr/local /usr/local/bin /usr/local/sbin /usr/local/lib /usr/local/share"
    b" /usr/local/src /usr/local/etc /usr/local/include /var /var/cache /var/lib /var/log /var/tmp /var/www".split()
)
_VALUED = frozenset({b"-m", b"--mode", b"-o", b"--owner", b"-g", b"--group", b"-t", b"--target-directory", b"-S"})

Placed = tuple[tuple[bytes, ...], tuple[bytes, ...], tuple[bytes, ...]]


def placed(name: bytes, command: Command, place: Place) -> Placed:
    """What is read, what comes to stand where (paths), and what else is written. Raises NotTold."""
    words = unwrapped(command)
    raw = [word.text for word in command.words[len(command.words) - len(words) + 1 :]]
    operands: list[bytes] = []
    target = b""
    letters = b""
    at = 0
    while at < len(raw):
        word = raw[at]
        if word.startswith(b"--target-directory="):
            target = word.partition(b"=")[2]
        elif word in _VALUED and name != b"strip":
            target = raw[at + 1] if word in (b"-t", b"--target-directory") and at + 1 < len(raw) else target
            at += 1
        elif word.startswith(b"-"):
            letters += word[1:] if not word.startswith(b"--") else b""
        else:
            operands.append(word)
        at += 1
    if name == b"strip":
        return (), (), tuple(_known(place, word) for word in operands)
    if name == b"install" and b"d" in letters:
        return (), (), tuple(_known(place, word) for word in operands)
    sources, destination = (operands, target) if target else (operands[:-1], operands[-1] if operands else b"")
    if not sources or not destination:
        raise NotTold(f"what `{name.decode()}` copies where is not known")
    reads = tuple(path_of(place, _literal_start(word)) or b"/" for word in sources)
    puts = tuple(dict.fromkeys(_put(place, word, destination, len(sources) > 1 or bool(target)) for word in sources))
    # mv takes them away.
    return reads, puts, reads if name == b"mv" else ()


def _known(place: Place, word: bytes) -> bytes:
    path = path_of(place, word)
    if not path:
        raise NotTold(f"which file `{word.decode('utf-8', 'replace')}` is, is not known")
    return path


def _literal_start(word: bytes) -> bytes:
    """The folder in which a pattern looks; the word itself where it is none."""
    at = re.search(rb"[*?\[]", word)
    return (word[: at.start()].rpartition(b"/")[0] or b".") if at else word


def _put(place: Place, source: bytes, destination: bytes, into: bool) -> bytes:
    """The path at which a source comes to stand; the folder, where only that is sure."""
    folder = _known(place, destination)
    name = posixpath.basename(source.rstrip(b"/"))
    into = into or destination.rstrip(b"'\"").endswith((b"/", b"/.")) or folder in SYSTEM
    if not into:
        return folder
    if name in (b".", b"..") or re.search(rb"[*?\[$`]", name):
        if folder in SYSTEM:
            raise NotTold(f"what comes to stand in {folder.decode('utf-8', 'replace')} is not known")
        return folder
    return posixpath.join(folder, name) if folder in SYSTEM else folder
