"""The classes of the protocol, made in half the time.

There are 554 of them, and attrs compiles for each how to compare and to print it, which nobody here does: of the 0.47 s
that loading the protocol takes before the first answer, that is 0.2 s.
"""

from __future__ import annotations

from functools import partial

import attrs


def load() -> None:
    """Import lsprotocol's types without comparison and repr; where they are loaded already, they stay as they are."""
    define = attrs.define
    attrs.define = partial(define, eq=False, repr=False)
    try:
        import lsprotocol.types  # noqa: F401
    finally:
        attrs.define = define
