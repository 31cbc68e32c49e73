"""Text from anywhere, made harmless for a page. HTML's own characters are left to the template, which escapes them."""

from __future__ import annotations

from typing import NamedTuple

from ...terminal import printable

LONGEST = 2_000
"""Characters of one line, or of one value, that are shown."""


class Span(NamedTuple):
    """A part of a sentence."""

    text: str
    is_code: bool


def shown(text: str) -> str:
    """The text on one line: control characters, direction marks and bytes that were no UTF-8 are spelt out."""
    return _spelt(clipped(text))


def shown_line(line: bytes | str) -> str:
    """A line of a file or of output: as `shown`, but tabs stay, since they align."""
    text = line.decode("utf-8", "surrogateescape") if isinstance(line, bytes) else line
    return "\t".join(map(_spelt, clipped(text).split("\t")))


def shown_lines(text: bytes, most: int) -> tuple[str, ...]:
    """The first lines of a text, and how many more there are."""
    lines = text.removesuffix(b"\n").split(b"\n") if text else []
    more = [f"... {len(lines) - most:,} more lines"] if len(lines) > most else []
    return (*(shown_line(line.removesuffix(b"\r")) for line in lines[:most]), *more)


def one_line(text: str, most: int = 400) -> str:
    """A step of a build: engines write it as it stands in the file, with the blanks of its continued lines."""
    return _spelt(clipped(" ".join(text.split()), most))


def spans(text: str) -> tuple[Span, ...]:
    """A sentence of ours, with what stands in `backticks` as code."""
    parts = shown(text).split("`")
    if len(parts) % 2 == 0:
        return (Span("`".join(parts), False),)
    return tuple(Span(part, index % 2 == 1) for index, part in enumerate(parts) if part)


def clipped(text: str, most: int = LONGEST) -> str:
    """The beginning of a text that is too long for anybody to read."""
    return text if len(text) <= most else f"{text[:most]}... ({len(text) - most:,} more characters)"


def counted(number: int, noun: str) -> str:
    """`1 file`, `1,234 files`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _spelt(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(f"\\x{ord(char) - 0xDC00:02x}" if "\udc80" <= char <= "\udcff" else char for char in printable(text))
