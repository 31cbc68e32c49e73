"""What BuildKit rejects although the text can be cut into instructions: the rules of its `instructions` package."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from .instruction import Instruction
from .source import Diagnostic, Source
from .words import json_form, operands, pairs


class _Rule(NamedTuple):
    """How many words an instruction takes (`most` 0: any number) and which flags."""

    least: int
    most: int = 0
    flags: frozenset[bytes] = frozenset()
    json: bool = False


def _flags(names: str) -> frozenset[bytes]:
    return frozenset(name.encode() for name in names.split())


_COPY = "chown link chmod exclude"
_RULES = {
    "FROM": _Rule(1, 3, _flags("platform")),
    "RUN": _Rule(0, 0, _flags("mount network security device"), json=True),
    "COPY": _Rule(1, 0, _flags(f"{_COPY} from parents"), json=True),
    "ADD": _Rule(1, 0, _flags(f"{_COPY} keep-git-dir checksum unpack"), json=True),
    "HEALTHCHECK": _Rule(1, 0, _flags("interval timeout start-period start-interval retries")),
    "CMD": _Rule(0, json=True),
    "ENTRYPOINT": _Rule(0, json=True),
    "SHELL": _Rule(1, json=True),
    "VOLUME": _Rule(1, json=True),
    "ENV": _Rule(1),
    "LABEL": _Rule(1),
    "ARG": _Rule(1),
    "EXPOSE": _Rule(1),
    "ONBUILD": _Rule(1),
    "STOPSIGNAL": _Rule(1, 1),
    "MAINTAINER": _Rule(1),
    "USER": _Rule(1),
    "WORKDIR": _Rule(1),
}
_STAGE_NAME = rb"[a-z][a-z0-9._-]*"
_NO_TRIGGER = {b"ONBUILD", b"MAINTAINER", b"FROM"}


def problems(source: Source, found: Iterable[Instruction]) -> tuple[Diagnostic, ...]:
    """Why BuildKit rejects the file, in the order of the lines; empty if nothing is known against it."""
    result = list(source.problems)
    staged = False
    none = True
    for instruction in found:
        none = False
        staged = staged or instruction.keyword == "FROM"
        at = instruction.node.start
        told = _messages(instruction.keyword, instruction.flags, instruction.rest, source.escape)
        result += [Diagnostic(at, message) for message in told]
        if not staged and instruction.keyword not in ("ARG", "FROM"):
            result.append(Diagnostic(at, "no build stage yet: the first instruction must be FROM (or ARG)"))
            staged = True
    if none or not staged:
        result.append(Diagnostic(0, "it has no FROM instruction" if not none else "it has no instructions"))
    return tuple(sorted(result))


# Each instruction is checked again whenever another one of its file has changed.
@lru_cache(1024)
def _messages(keyword: str, flags: tuple[bytes, ...], rest: bytes, escape: bytes) -> tuple[str, ...]:
    rule = _RULES.get(keyword)
    if rule is None:
        return (f"unknown instruction {keyword!r}",)
    unknown = (flag for flag in flags if flag[2:].partition(b"=")[0] not in rule.flags)
    messages = [f"{keyword} has no flag {flag.decode('utf-8', 'replace')!r}" for flag in unknown]
    try:
        messages += _arguments(keyword, rest, rule, escape)
    except ValueError as error:
        messages.append(f"{keyword}: {error}")
    return tuple(messages)


def _arguments(keyword: str, rest: bytes, rule: _Rule, escape: bytes) -> Iterator[str]:
    if rule.json and json_form(rest) is None and keyword == "SHELL":
        yield "SHELL must be a JSON array of strings"
    if rule.least and not rest:
        yield f"{keyword} needs at least one argument"
        return
    if keyword in ("ENV", "LABEL"):
        if any(not name for name, _ in pairs(rest, escape)):
            yield f"{keyword} has a pair without a name"
    elif keyword in ("COPY", "ADD"):
        if len(operands(rest, escape)) < 2:
            yield f"{keyword} needs at least one source and a destination"
    elif rule.most:
        count = len(rest.split())
        if count > rule.most or (keyword == "FROM" and not _is_from(rest.split())):
            yield f"{keyword} has arguments that are not understood"
    elif keyword == "ONBUILD" and rest.split()[0].upper() in _NO_TRIGGER:
        yield f"ONBUILD can't trigger {rest.split()[0].decode('utf-8', 'replace')}"


def _is_from(given: list[bytes]) -> bool:
    if len(given) == 1:
        return True
    return len(given) == 3 and given[1].lower() == b"as" and re.fullmatch(_STAGE_NAME, given[2].lower()) is not None
