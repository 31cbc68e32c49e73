"""What a function makes of a piece of a shell tree, made once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

N = TypeVar("N")
P = ParamSpec("P")
T = TypeVar("T")

_MOST = 4096


def once(made: Callable[Concatenate[N, P], T]) -> Callable[Concatenate[N, P], T]:
    """Remember what the function gave for each object, and for what else it was given, which must be hashable.

    Objects count as the same by identity: to hash a tree, as `lru_cache` does, takes as long as to walk it. The ones
    that are remembered are kept, so that no other gets their identity.
    """
    known: dict[tuple[object, ...], tuple[N, T]] = {}

    @wraps(made)
    def found(node: N, /, *args: P.args, **kwargs: P.kwargs) -> T:
        key = (id(node), args, *kwargs.items())
        hit = known.get(key)
        if hit is None:
            if len(known) >= _MOST:
                known.clear()
            hit = known[key] = (node, made(node, *args, **kwargs))
        return hit[1]

    return found
