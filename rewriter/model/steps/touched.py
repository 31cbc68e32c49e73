"""What a step reads and writes, as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from .paths import EVERYTHING

Trees = Mapping[bytes, str]
_NONE: Trees = MappingProxyType({})
ALL_VARIABLES = frozenset({b"*"})


class Touched(NamedTuple):
    """What a step reads and writes.

    `reads` and `writes` are trees (see `paths`), each with who does it, for a person. `makes` are folders that the
    step makes where they are missing, each with the owner and mode that it gives them; `needs` are folders that must
    be there already. `relies` are programs and libraries that it uses: they may become another version, but not
    another program; `replaces` are trees in which the step may put other ones. `stands_in` is its working directory.

    `env` are patterns (`*` is all) of the variables that it may read, `sets` those that it sets; `asks` and `changes`
    are the fields of the configuration. `caches` are the cache mounts that it shares. `fixed` says why the step never
    changes places with any other; `why` says what of it is not known.
    """

    reads: Trees = _NONE
    writes: Trees = _NONE
    makes: Trees = _NONE
    needs: frozenset[bytes] = frozenset()
    relies: frozenset[bytes] = frozenset()
    replaces: frozenset[bytes] = frozenset()
    stands_in: bytes = b""
    env: frozenset[bytes] = frozenset()
    sets: frozenset[bytes] = frozenset()
    asks: frozenset[str] = frozenset()
    changes: frozenset[str] = frozenset()
    caches: frozenset[bytes] = frozenset()
    network: bool = False
    fixed: str = ""
    why: tuple[str, ...] = ()


def everything(who: str, why: str) -> Touched:
    """What is done by somebody of whom nothing is known."""
    return Touched(
        reads={EVERYTHING: who},
        writes={EVERYTHING: who},
        replaces=frozenset({EVERYTHING}),
        env=ALL_VARIABLES,
        asks=frozenset({"workdir"}),
        network=True,
        why=(why,),
    )


def merged(parts: Iterable[Touched]) -> Touched:
    """What several do together; the fields that only a whole step has are those of the first."""
    found = tuple(parts) or (Touched(),)
    return found[0]._replace(
        reads=_joined(part.reads for part in found),
        writes=_joined(part.writes for part in found),
        makes=_joined(part.makes for part in found),
        needs=frozenset[bytes]().union(*(part.needs for part in found)),
        relies=frozenset[bytes]().union(*(part.relies for part in found)),
        replaces=frozenset[bytes]().union(*(part.replaces for part in found)),
        env=frozenset[bytes]().union(*(part.env for part in found)),
        asks=frozenset[str]().union(*(part.asks for part in found)),
        caches=frozenset[bytes]().union(*(part.caches for part in found)),
        network=any(part.network for part in found),
        why=tuple(dict.fromkeys(text for part in found for text in part.why)),
    )


def _joined(parts: Iterable[Trees]) -> Trees:
    result: dict[bytes, str] = {}
    for part in parts:
        for path, who in part.items():
            result.setdefault(path, who)
    return result
