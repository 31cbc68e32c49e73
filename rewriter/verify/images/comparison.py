"""What differs between two images: plain data."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Generic, NamedTuple, TypeVar

from .contents import Hidden, LayerSize
from .expected import Rule

Measures = Mapping[bytes, Mapping[tuple[int, int], int]]
"""By path from the root: the bytes hidden there, by the layer that holds them and the one that hides them."""

MOST_ROWS = 2_000
"""Rows of one kind that are kept; what is beyond is counted."""

Row = TypeVar("Row")


class Kind(Enum):
    """What a difference is about."""

    CONFIGURATION = "configuration"
    FILE = "file"
    PACKAGE = "package"
    HIDDEN = "hidden"
    SMOKE = "smoke"

    def __str__(self) -> str:
        return self.value


class Difference(NamedTuple):
    """One thing that is not the same: of `where` (a path, a field, a package), `what`; empty where there is none."""

    kind: Kind
    where: str
    what: str
    before: str
    after: str


class Listed(NamedTuple, Generic[Row]):
    """The first rows of a list, and how many it has in `total`."""

    rows: tuple[Row, ...] = ()
    total: int = 0


class Ignored(NamedTuple):
    """Differences that do not count, and why."""

    rule: Rule
    differences: Listed[Difference]


class Side(NamedTuple):
    """One image. `bytes` are those of the files in all layers, `visible` of those that a container sees.

    `packages` counts them by manager; `unread` has a sentence for each package database that could not be read.
    `history` has a row for each step, with the number of the layer that it made, from 0; `asked` is what is hidden at
    the paths that were asked for.
    """

    layers: tuple[LayerSize, ...]
    bytes: int
    visible: int
    files: int
    hidden: Listed[Hidden]
    hidden_bytes: int
    packages: Mapping[str, int]
    unread: tuple[str, ...]
    history: tuple[tuple[str, int | None], ...] = ()
    asked: Measures = MappingProxyType({})


class Comparison(NamedTuple):
    """Two images, and what differs between them."""

    before: Side
    after: Side
    differences: Listed[Difference]
    ignored: tuple[Ignored, ...]
