"""Answers of an API, read only as far as one can be: a host that never ends takes neither all memory nor all time."""

from __future__ import annotations

import time
from collections.abc import Iterator

from ..platform import PlatformError

MOST = 100_000_000
"""Bytes of an answer, unpacked: a page of a hundred pull requests, each with the longest body, has 30 MB."""
_LONGEST = 120.0  # seconds


def bounded(parts: Iterator[bytes]) -> Iterator[bytes]:
    """The parts of an answer. Raises PlatformError for one that is too long, or takes too long."""
    size, end = 0, time.monotonic() + _LONGEST
    for part in parts:
        size += len(part)
        if size > MOST or time.monotonic() > end:
            what = f"{MOST // 1_000_000} MB" if size > MOST else f"{_LONGEST:.0f} s"
            raise PlatformError(f"an answer does not end within {what}; is the address that of the platform's API?")
        yield part
