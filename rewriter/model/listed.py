"""Names in words."""

from collections.abc import Sequence


def listed(names: Sequence[str], most: int) -> str:
    """The first names, and how many there are besides."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
