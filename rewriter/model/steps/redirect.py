"""The file that a redirect reads or writes."""

from __future__ import annotations

import re
from typing import NamedTuple

_TO_FILE = re.compile(rb"\d*(>>?\|?|<|&>>?)\s*(?![<>&(|])(\S+)", re.DOTALL)


class Redirect(NamedTuple):
    """The word that names the file; `reads`: the file is read, else it is written."""

    target: bytes
    reads: bool


def redirect_of(text: bytes) -> Redirect | None:
    """The redirect that is written so; None where it is one to a stream, a here-document, or not understood."""
    match = _TO_FILE.fullmatch(text)
    return Redirect(match[2], match[1] == b"<") if match is not None else None
