"""What may differ between two ways to write a call of a package manager: the witness of ChangeCall and JoinCalls."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from ...syntax.script import Command, Word, same_variables, texts
from ..effect import DYNAMIC, unquoted
from .arguments import ARGUMENTS, NO_CACHE, rows
from .call import Call, call_of, takes_value
from .kept import KEPT
from .managers import Does
from .stores import STORES

Words = tuple[bytes, ...]

# `apt` says itself that it is not for scripts; for these sub-commands `apt-get` does the same.
SAME_AS_APT_GET = frozenset({b"update", b"install", b"remove"})
# A plain package of the archive, which brings no further source of packages with it.
_PACKAGE = rb"[a-z0-9](?:[a-z0-9+.-]*[a-z0-9+])?(?::[a-z0-9]+)?"
_BRINGS_SOURCE = rb"keyring|release|^apt-|certificates|software-properties|repo"


class Difference(NamedTuple):
    """What a call has more than another: arguments of the table, packages by name; `wrong` says what may not differ."""

    arguments: Words = ()
    packages: Words = ()
    wrong: str = ""


def command_of(words: Iterable[bytes]) -> Command:
    """A command of these words; its offsets mean nothing."""
    return Command(0, 0, (), tuple(Word(0, 0, word) for word in words))


def difference(before: Words, after: Words, keep: Iterable[bytes] = ()) -> Difference:
    """What the call `after` (its words) has more than `before`, if only by what the tables, or `keep`, allow."""
    old, new = call_of(command_of(before)), call_of(command_of(after))
    if old is None or new is None or old.manager is not new.manager or old.verb != new.verb:
        return Difference(wrong="it is no longer the same call of a package manager")
    asked = {name.decode("utf-8", "replace") for name in old.arguments}
    by_rule = (row.package.encode() for row in KEPT if not row.brought_by or not row.brought_by.isdisjoint(asked))
    keepable = {*keep, *by_rule}
    allowed = {row.word for row in rows(old, ARGUMENTS) if not old.has(*row.said, *row.contrary)}
    replaced = {word for store in STORES if store.option in allowed for word in store.instead_of}
    arguments: list[bytes] = []
    packages: list[bytes] = []
    dropped: list[bytes] = []
    at = 0
    for index, word in enumerate(after):
        while at < len(before) and before[at] != word and before[at] in replaced:
            dropped.append(before[at])
            at += 1
            if word in allowed:
                break
        if at < len(before) and (before[at] == word or (index == new.at and _is_apt_get(old, new))):
            at += 1
        elif word in allowed and (index > new.verb_at or dropped):
            arguments.append(word)
        elif index > new.verb_at and word in keepable and old.manager.name == "apt-get":
            packages.append(word)
        else:
            return Difference(wrong=f"the word {word.decode('utf-8', 'replace')} is new")
    dropped += before[at:]
    if not replaced.issuperset(dropped) or (dropped and not arguments):
        return Difference(wrong="words are gone")
    if Counter(new.arguments) != Counter(old.arguments) + Counter(packages):
        return Difference(wrong="the packages are not the same")
    if Counter(new.options) + Counter(dropped) != Counter(old.options) + Counter(arguments):
        return Difference(wrong="the options are not the same")
    return Difference(tuple(arguments), tuple(packages))


def _is_apt_get(old: Call, new: Call) -> bool:
    """Whether the program is `apt` before and `apt-get` after, in the same folder."""
    before, after = (unquoted(call.command.words[call.at].text) for call in (old, new))
    return old.program == b"apt" and before + b"-get" == after and old.verb in SAME_AS_APT_GET


def joined(first: Command, second: Command) -> Words | None:
    """The words of the one call that does what these two do, one after the other; None if there is none."""
    left, right = call_of(first), call_of(second)
    if left is None or right is None or left.manager is not right.manager:
        return None
    if first.redirects or second.redirects or not same_variables(first, second):
        return None
    if left.prefix != right.prefix or left.program != right.program:
        return None
    if left.manager.name == "apk":
        return _with_own_index(left, right)
    return _both(left, right) if left.manager.name == "apt-get" else None


def _with_own_index(update: Call, call: Call) -> Words | None:
    """`apk update` before a call that fetches the index for itself, once it is told not to use the stored one."""
    row = next(rows(call, NO_CACHE), None)
    if update.does is not Does.UPDATE or update.options or update.arguments or row is None:
        return None
    words = texts(call.command)
    dropped = next(store.instead_of for store in STORES if store.option == row.word and store.manager == row.manager)
    if call.has(row.word):
        return words
    return with_argument(call, row.word, dropped)


def with_argument(call: Call, word: bytes, dropped: frozenset[bytes] = frozenset()) -> Words:
    """The call's words with one more: in the place of the first of the `dropped` ones, else behind the sub-command."""
    words = texts(call.command)
    gone = next((index for index, given in enumerate(words) if given in dropped), None)
    if gone is not None:
        return (*words[:gone], word, *words[gone + 1 :])
    at = place_of_argument(call)
    return (*words[:at], word, *words[at:])


def with_packages(call: Call, word: bytes, packages: Sequence[bytes]) -> Words:
    """The call's words with one more behind the sub-command, and these packages among its own."""
    places = places_of_packages(call, packages)
    at = place_of_argument(call)
    words: list[bytes] = []
    for index, given in enumerate((*texts(call.command), None)):
        words += [word] if index == at else []
        words += places.get(index, [])
        words += [given] if given is not None else []
    return tuple(words)


def places_of_packages(call: Call, packages: Sequence[bytes]) -> dict[int, list[bytes]]:
    """Before which of the command's words each package goes: where they are sorted, in its place; else to the front."""
    own = [i for i in range(call.verb_at + 1, len(call.command.words)) if _name(call, i) in call.arguments]
    in_order = all(_name(call, left) <= _name(call, right) for left, right in pairwise(own))
    places: dict[int, list[bytes]] = {}
    for package in sorted(packages):
        behind = (index for index in own if _name(call, index) > package)
        at = next(behind, own[-1] + 1) if in_order else own[0]
        places.setdefault(at, []).append(package)
    return places


def _name(call: Call, index: int) -> bytes:
    return unquoted(call.command.words[index].text)


def with_program(call: Call, words: Words, suffix: bytes) -> Words:
    """The words, with the suffix behind the name of the call's program."""
    return (*words[: call.at], words[call.at] + suffix, *words[call.at + 1 :])


def place_of_argument(call: Call) -> int:
    """The index in the command's words where one more option goes: behind the sub-command and its first options."""
    at = call.verb_at + 1
    words = call.command.words
    while at < len(words) and words[at].text.startswith(b"-") and words[at].text != b"--":
        if takes_value(call.manager, words[at].text):
            break
        at += 1
    return at


def _both(left: Call, right: Call) -> Words | None:
    """One `install` of what both install: the same options, plain packages of the archive, no new source between."""
    if left.verb != b"install" or right.verb != b"install" or left.program == b"aptitude":
        return None
    options = sorted(left.options) == sorted(right.options) and not left.has(
        b"-t", b"--target-release", b"--default-release", b"-o", b"-c", b"--option", b"--config-file", b"-a"
    )
    packages = (*left.arguments, *right.arguments)
    if not options or not left.arguments or not right.arguments or len(set(packages)) < len(packages):
        return None
    if not all(map(_is_plain, packages)):
        return None
    if any(re.search(_BRINGS_SOURCE, package) for package in left.arguments):
        return None
    second = texts(right.command)
    at = right.first_package
    if len(right.arguments) != len(second) - at:
        return None  # Options behind a package.
    return (*texts(left.command), *second[at:])


def _is_plain(package: bytes) -> bool:
    return re.fullmatch(_PACKAGE, package) is not None and DYNAMIC.search(package) is None
