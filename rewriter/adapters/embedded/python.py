"""Dockerfiles in string literals of Python, found by libcst.

Only literals count whose text in the file is their value, so that what is put there is what the program gets. Python
calls nothing a Dockerfile: a literal is taken for one if it holds a whole one, in capitals.
"""

from __future__ import annotations

import re
from textwrap import dedent
from typing import TYPE_CHECKING

from ...model.embedded import Bar, Carried, Embedded, Left, found
from ...syntax.edit import line_of
from .whole import missing

if TYPE_CHECKING:
    from .literals import Literal

_FROM = re.compile(rb"\bFROM[ \t]")
_FURTHER = re.compile(rb"(?:\b|\\n)(?:ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|LABEL|RUN|USER|VOLUME|WORKDIR)[ \t]")
_HEAD = re.compile(rb"\s*(?:#[^\n]*\n\s*)*(?:FROM|ARG)[ \t]")
# What `format` and its like fill in; `${NAME}` is a variable of the Dockerfile.
_NAMED = re.compile(rb"(?<![$\w{])\{\w+(?:[.\[:!][^{}\s]*)?\}(?!\})|%\(\w+\)[sdr]")
_NEWLINE = re.compile(rb"\\\r?\n")
_BACKSLASH = "it brings a backslash, which is an escape in this literal: put an `r` before its quotes"
_BRACE = "it brings a brace, which is a placeholder in an f-string"


def in_python(document: bytes) -> Carried:
    """The Dockerfiles in the string literals of a Python file."""
    if not (_FROM.search(document) and _FURTHER.search(document)):
        return Carried()
    from .literals import Unread, literals  # It brings libcst, which takes long to load.

    try:
        likely = [one for one in literals(document) if _is_likely(one)]
    except Unread:
        return Carried(left=(Left(0, "its syntax is not understood, so Dockerfiles in it are not found"),))
    results = [_read(document, one) for one in likely]
    dockerfiles = tuple(one for one in results if isinstance(one, Embedded))
    return Carried(dockerfiles, tuple(one for one in results if isinstance(one, Left)))


def _is_likely(literal: Literal) -> bool:
    return _HEAD.match(literal.value) is not None and not missing(_value(literal))


def _value(literal: Literal) -> bytes:
    if not literal.dedented:
        return literal.value
    return dedent(literal.value.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")


def _read(document: bytes, literal: Literal) -> Embedded | Left:
    if literal.trouble:
        return Left(literal.start, literal.trouble)
    if literal.filled or (not literal.braces and _NAMED.search(literal.value)):
        return Left(literal.start, "it is a template: something is put in the place of its placeholders")
    begin = literal.inside
    # A first line that ends at once is a habit of those who dedent.
    if not literal.raw and (opening := _NEWLINE.match(document, begin)):
        begin = opening.end()
    name = f"L{line_of(document, literal.start)}"
    embedded = found(name, document, begin, _value(literal))
    bars = _bars(literal)
    if embedded is None or any(bar.text in embedded.text for bar in bars):
        return Left(literal.start, "its text is not its value, but for line ends and an indentation: there are escapes")
    return embedded._replace(bars=bars)


def _bars(literal: Literal) -> tuple[Bar, ...]:
    bars = [Bar(literal.quote, "it brings the quotes that end this literal")]
    if not literal.raw:
        bars.append(Bar(b"\\", _BACKSLASH))
    if literal.braces:
        bars += [Bar(b"{", _BRACE), Bar(b"}", _BRACE)]
    return tuple(bars)
