"""A stage cut in two, as plain data: what the second half consists of."""

from __future__ import annotations

from typing import NamedTuple


class NotTold(Exception):
    """It cannot be told how the stage is to be cut; the text says why."""


class Carried(NamedTuple):
    """A path that comes along from the builder, without aliases resolved; `why` is for a person.

    `is_file`: for certain, it is no folder.
    """

    path: bytes
    why: str
    is_file: bool = False


class Piece(NamedTuple):
    """A step of the runtime stage: the instruction with the number `at`, or what is left of it.

    `commands` are the commands of a RUN that stay, as words in one line each; None: the instruction stays as it is.
    `moves`: it stands in the runtime stage alone.
    """

    at: int
    commands: tuple[bytes, ...] | None = None
    moves: bool = False


class Split(NamedTuple):
    """The builder holds the instructions up to `last`, but for those that move.

    The runtime stage begins with the pieces `before`, then takes what is `carried`, goes on with the pieces `behind`,
    and then with what follows `last` as it stands. `gone` are packages that no longer come along, `added` those that
    must be named now, each with the reason, and `left` are folders that stay behind.
    """

    last: int
    before: tuple[Piece, ...]
    carried: tuple[Carried, ...]
    behind: tuple[Piece, ...]
    gone: tuple[str, ...]
    added: tuple[tuple[str, str], ...]
    left: tuple[bytes, ...]
