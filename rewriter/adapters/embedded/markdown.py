"""Dockerfiles in fenced code blocks of Markdown, also in lists and quotations.

What is a fence is told by markdown-it, since that hangs on lists, quotations and HTML around it (CommonMark 0.31,
4.5 and 5); a fence counts where its info string says `dockerfile`, `containerfile`, or `docker` and holds a whole one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...model.embedded import Bar, Carried, Embedded, Left, found
from .whole import missing

if TYPE_CHECKING:
    from markdown_it.token import Token

_SOUGHT = re.compile(rb"(?:```|~~~)[ \t]*[{.]*(?:docker|container)", re.IGNORECASE)
_LANGUAGE = re.compile(r"[{.]*(dockerfile|containerfile|docker)(?![\w.+/-])", re.IGNORECASE)
_LONE_CR = re.compile(rb"\r(?!\n)")


def in_markdown(document: bytes) -> Carried:
    """The Dockerfiles in the fences of a Markdown document."""
    if not _SOUGHT.search(document):
        return Carried()
    if lone := _LONE_CR.search(document):
        return Carried(left=(Left(lone.start(), "it has line ends of one CR, which are not understood"),))
    starts = [0, *(match.end() for match in re.finditer(rb"\n", document))]
    results = [one for token in _fences(document) if (one := _read(document, starts, token)) is not None]
    dockerfiles = tuple(one for one in results if isinstance(one, Embedded))
    return Carried(dockerfiles, tuple(one for one in results if isinstance(one, Left)))


def _fences(document: bytes) -> list[Token]:
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark")
    # What stands inside of a paragraph is not wanted.
    reader.core.ruler.enableOnly(["normalize", "block"])
    return [token for token in reader.parse(document.decode("utf-8", "surrogateescape")) if token.type == "fence"]


def _read(document: bytes, starts: list[int], token: Token) -> Embedded | Left | None:
    """None for a fence that holds something else."""
    language = _LANGUAGE.match(token.info.strip())
    if language is None or token.map is None or not token.content.strip():
        return None
    at = starts[token.map[0]]
    value = token.content.encode("utf-8", "surrogateescape")
    lacks = missing(value)
    if lacks:
        return None if language[1].lower() == "docker" else Left(at, f"this is no whole Dockerfile: {lacks}")
    embedded = found(f"L{token.map[0] + 1}", document, starts[token.map[0] + 1], value)
    if embedded is None:
        return Left(at, "its lines are not those of the file, but for one prefix that all have")
    fence = token.markup.encode()
    return embedded._replace(bars=(Bar(fence, f"the `{token.markup}` that it brings would end the block"),))
