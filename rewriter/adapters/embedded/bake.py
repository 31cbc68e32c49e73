"""Inline Dockerfiles of Bake files: `dockerfile-inline` of a target, written as a heredoc.

What stands in a heredoc is text but for `${` and `%{` (HCL's hclsyntax/spec.md, template expressions); in quotes, and
in JSON, a line end is an escape.
"""

from __future__ import annotations

import re

from ...model.embedded import Bar, Carried, Embedded, Left, found
from ...syntax.edit import start_of
from ..builds.described import Wrong
from ..builds.hcl import Attribute, attributes, heredoc

_KEY = "dockerfile-inline"
_JSON = re.compile(rb'"dockerfile-inline"\s*:\s*"')
_OPENING = re.compile(rb"<<-?[^\n]*\n")
_TEMPLATES = (b"${", b"%{")
_BARS = tuple(Bar(mark, f"Bake would compute the `{mark.decode()}` that it brings") for mark in _TEMPLATES)


def in_bake(document: bytes) -> Carried:
    """The inline Dockerfiles of a Bake file."""
    if _KEY.encode() not in document:
        return Carried()
    if document.lstrip().startswith(b"{"):
        reason = "it is a text in JSON, where line ends are escapes: write it as a heredoc, in HCL"
        return Carried(left=tuple(Left(match.end() - 1, reason) for match in _JSON.finditer(document)))
    try:
        document.decode()
        results = [_read(document, one) for one in attributes(document, "target", _KEY)]
    except UnicodeDecodeError as error:
        return Carried(left=(Left(error.start, "this file is not UTF-8"),))
    except Wrong as error:
        return Carried(left=(Left(start_of(document, error.line or 1), f"this file is not understood: {error}"),))
    dockerfiles = tuple(one for one in results if isinstance(one, Embedded))
    return Carried(dockerfiles, tuple(one for one in results if isinstance(one, Left)))


def _read(document: bytes, one: Attribute) -> Embedded | Left:
    text = document[one.start : one.end]
    opening = _OPENING.match(text)
    if opening is None:
        return Left(one.start, "it is not written as a heredoc (`<<EOT`), which alone has line ends")
    if any(mark in text for mark in _TEMPLATES):
        return Left(one.start, "there is a `${` or a `%{` in it, and Bake computes what that stands for")
    value = heredoc(text.decode()).replace("\r\n", "\n").encode()
    embedded = found(one.label, document, one.start + opening.end(), value)
    if embedded is None:
        return Left(one.start, "its lines are not those of the file, but for an indentation")
    return embedded._replace(bars=_BARS)
