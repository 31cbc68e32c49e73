"""BuildKit's word rules: keyword and flags, JSON form, quoted words, NAME=value pairs, heredoc openers, expansion.

Where being bug for bug like BuildKit is the point, the work is done by e2b-dockerfile-utils, a port of
BuildKit's lexer; it is imported only for lines that need it.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

_GAP = re.compile(rb"[\t\v\f\r ]+")
_PLAIN_FLAG = re.compile(rb"--[^\s'\"\\`]+")
_PLAIN_WORDS = re.compile(rb"[^'\"\\`\x80-\xff]*")
_NAME = re.compile(rb"[A-Za-z_]\w*")
_HEREDOC_HOSTS = frozenset({"RUN", "COPY", "ADD"})


class Heredoc(NamedTuple):
    """A heredoc that an instruction opens: its end word, `<<-` (leading tabs go), and whether its body is expanded."""

    name: bytes
    chomp: bool
    expand: bool


class Head(NamedTuple):
    """An instruction line cut up: flags (quotes resolved) and where the rest begins, in bytes of the line."""

    flags: tuple[bytes, ...]
    rest: int


def head(line: bytes, escape: bytes) -> Head:
    """Cut keyword and `--flag` words off a logical line, by the rules of BuildKit's extractBuilderFlags."""
    at = len(line) - len(line.lstrip())
    gap = _GAP.search(line, at)
    if not gap:
        return Head((), len(line))
    at = gap.end()
    flags: list[bytes] = []
    while True:
        while at < len(line) and line[at : at + 1].isspace():
            at += 1
        if line[at : at + 2] != b"--":
            return Head(tuple(flags), at)
        flag, at = _flag(line, at, escape)
        if flag == b"--":
            return Head(tuple(flags), at)
        if flag:
            flags.append(flag)


def _flag(line: bytes, at: int, escape: bytes) -> tuple[bytes, int]:
    plain = _PLAIN_FLAG.match(line, at)
    if plain and (plain.end() == len(line) or line[plain.end() : plain.end() + 1].isspace()):
        return plain[0], plain.end()
    word = bytearray()
    quote = b""
    while at < len(line):
        char = line[at : at + 1]
        if char.isspace() and not quote:
            break
        if char == escape:
            at += 1
            word += line[at : at + 1]
        elif quote:
            if char == quote:
                quote = b""
            else:
                word += char
        elif char in (b"'", b'"'):
            quote = char
        else:
            word += char
        at += 1
    return bytes(word), at


def json_form(rest: bytes) -> tuple[str, ...] | None:
    """The strings of a JSON (exec) form; None where BuildKit would take the text as a shell form.

    `RUN [Net.ServicePointManager]::x` is not valid JSON, hence a shell form. A list that holds something
    else than strings raises ValueError: BuildKit rejects the file.
    """
    if not rest.lstrip().startswith(b"["):
        return None
    import json

    try:
        value = json.loads(rest.decode("utf-8", "surrogateescape"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, list):
        return None
    if not all(isinstance(item, str) for item in value):
        raise ValueError("only strings are supported in JSON arrays")
    return tuple(value)


def words(rest: bytes, escape: bytes) -> Sequence[bytes]:
    """Split at blanks outside of quotes; quotes and escapes stay in the words."""
    return rest.split() if _PLAIN_WORDS.fullmatch(rest) else _quoted_words(rest, escape)


def operands(rest: bytes, escape: bytes) -> Sequence[bytes]:
    """What COPY or ADD is given: the strings of its JSON form, or its words. Raises ValueError where BuildKit does."""
    listed = json_form(rest)
    return [_bytes(word) for word in listed] if listed else words(rest, escape)


def mount_fields(mount: bytes) -> dict[bytes, bytes]:
    """The fields of a --mount; names and the type in lower case, as BuildKit takes them in any."""
    pairs = [field.strip().partition(b"=") for field in mount.split(b",")]
    fields = {name.lower(): text for name, _, text in pairs}
    return {**fields, b"type": fields.get(b"type", b"bind").lower()}


# Each instruction is read again whenever another one of its file has changed.
@lru_cache(1024)
def _quoted_words(rest: bytes, escape: bytes) -> tuple[bytes, ...]:
    from e2b_dockerfile_utils import parse_words

    return tuple(_bytes(word) for word in parse_words(_str(rest), _str(escape)))


def pairs(rest: bytes, escape: bytes) -> list[tuple[bytes, bytes]]:
    """The (name, value) pairs of ENV or LABEL, values with their quotes; `NAME value` is the old form with one.

    Raises ValueError where BuildKit does.
    """
    found = words(rest, escape)
    if not found:
        return []
    if b"=" not in found[0]:
        cut = rest.split(None, 1)
        if len(cut) < 2:
            raise ValueError(f"{_str(cut[0])} must have a value")
        return [(cut[0], cut[1])]
    result = []
    for word in found:
        name, equals, value = word.partition(b"=")
        if not equals:
            raise ValueError(f"can't find = in {_str(word)!r}: it must be of the form name=value")
        result.append((name, value))
    return result


def heredocs(line: bytes, keyword: str) -> tuple[Heredoc, ...]:
    """The heredocs that a logical line opens, found as BuildKit does: by its word lexer over the whole line."""
    if keyword == "ONBUILD":
        inner = line.split(None, 2)
        if len(inner) < 3 or inner[1].decode("utf-8", "surrogateescape").upper() not in _HEREDOC_HOSTS:
            return ()
    elif keyword not in _HEREDOC_HOSTS:
        return ()
    if _is_exec_form(line):
        return ()
    from e2b_dockerfile_utils import ShellLex, parse_heredoc

    try:
        found = ShellLex("\\", raw_quotes=True, raw_escapes=True).process_words(_str(line))
        openers = [parse_heredoc(word) for word in found]
    except ValueError:
        return ()
    return tuple(Heredoc(_bytes(h.name), h.chomp, h.expand) for h in openers if h is not None)


def _is_exec_form(line: bytes) -> bool:
    rest = line[head(line, b"\\").rest :]
    try:
        return json_form(rest) is not None
    except ValueError:
        return True


def expand(word: bytes, known: Callable[[bytes], bytes | None], escape: bytes) -> bytes:
    """The word as the builder expands it: quotes and escapes resolved, known variables replaced, others kept.

    `known` gives what a variable holds. Raises ValueError where BuildKit does (an unclosed quote, a bad substitution).
    """
    if not any(char in word for char in b"$'\"\\`"):
        return word
    names = _NAME.findall(word) if b"$" in word else ()
    named = tuple((_str(name), _str(text)) for name in names if (text := known(name)) is not None)
    return _expanded(word, named, escape)


@lru_cache(1024)
def _expanded(word: bytes, env: tuple[tuple[str, str], ...], escape: bytes) -> bytes:
    from e2b_dockerfile_utils import ShellLex

    return _bytes(ShellLex(_str(escape), env=dict(env)).process_word(_str(word)))


def _str(text: bytes) -> str:
    return text.decode("utf-8", "surrogateescape")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
