"""Lists come in pages, and a server that is wrong about which is the last one would be asked without an end."""

from __future__ import annotations

from ..platform import PlatformError

MOST_PAGES = 1_000
"""Of one list; each has up to a hundred entries."""


def endless() -> PlatformError:
    """What is said of a list that has more pages, or the same one again and again."""
    return PlatformError(f"the platform lists the same again and again, or on more than {MOST_PAGES:,} pages")
