"""Texts that are no longer than a platform takes: it would refuse all that they are sent with."""

from __future__ import annotations

_CUT = "\n\n(This is longer than may be sent: a part of it is left out here.)\n\n"
_END = 500


def within(text: str, most: int) -> str:
    """The text; of a longer one the beginning, a sentence that says so, and the end, where the bot's marks are."""
    return text if len(text) <= most else f"{text[: most - len(_CUT) - _END]}{_CUT}{text[-_END:]}"


def within_bytes(text: str, most: int) -> str:
    """The same, where the platform counts bytes of UTF-8."""
    return text if len(text.encode()) <= most else within(text, most // 4)


def title(text: str, most: int) -> str:
    """A title, or its beginning."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
