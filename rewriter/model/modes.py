"""What `chmod` makes of the mode of a file.

Source: POSIX, the utility chmod. Bits beyond read, write and execute (setuid, setgid, sticky) are left out
here: not every builder gives them to a copy.
"""

from __future__ import annotations

import re

# No builder gives a RUN another one.
UMASK = 0o022
_OCTAL = re.compile(rb"0?[0-7]{3}")
_CLAUSE = re.compile(rb"([ugoa]*)((?:[-+=][rwxX]*)+)")
_ACTION = re.compile(rb"([-+=])([rwxX]*)")
_WHO = {"u": 0o700, "g": 0o070, "o": 0o007, "a": 0o777}
_BITS = {"r": 0o444, "w": 0o222, "x": 0o111}


def is_mode(word: bytes) -> bool:
    """Whether the word is a mode, octal or symbolic, of the nine bits alone."""
    return _OCTAL.fullmatch(word) is not None or all(_CLAUSE.fullmatch(clause) for clause in word.split(b","))


def changed(word: bytes, mode: int | None) -> int | None:
    """The mode of a file of `mode` (None: not known) behind `chmod word`; None where that is not known.

    `word` is one of `is_mode`.
    """
    if _OCTAL.fullmatch(word):
        return int(word, 8)
    if mode is not None:
        return _by_symbols(word, mode)
    # `a=rx` says all.
    least, most = _by_symbols(word, 0), _by_symbols(word, 0o777)
    return least if least == most else None


def _by_symbols(word: bytes, mode: int) -> int:
    for clause in word.split(b","):
        match = _CLAUSE.fullmatch(clause)
        if match is None:
            raise ValueError(f"{word!r} is not a mode")
        affected = 0
        for who in match[1].decode():
            affected |= _WHO[who]
        affected = affected or 0o777 & ~UMASK
        for action, letters in _ACTION.findall(match[2]):
            mode = _acted(action, letters.decode(), affected, mode)
    return mode


def _acted(action: bytes, letters: str, affected: int, mode: int) -> int:
    bits = 0
    for letter in letters:
        # `X` is execute for what somebody may execute already.
        bits |= _BITS.get(letter, 0o111 if mode & 0o111 else 0)
    bits &= affected
    if action == b"+":
        return mode | bits
    return mode & ~bits if action == b"-" else mode & ~affected | bits
