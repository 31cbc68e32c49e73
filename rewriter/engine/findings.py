"""What a report says about a file: plain data."""

from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ..model.files.hidden import Hidden
    from ..model.layer_budget import LayerCount


class Severity(IntEnum):
    """How much a finding matters; they compare."""

    INFO = 1
    WARNING = 2
    ERROR = 3

    def __str__(self) -> str:
        return self.name.lower()


class Finding(NamedTuple):
    """Something that is so, in the text as it becomes; nothing is changed for its sake.

    `at` is the byte offset of the instruction that it is about, `also` are those of others; a comment above any of
    them can silence it. `about` is the same as data. The engine fills in who says it, and of which file.
    """

    at: int
    severity: Severity
    message: str
    about: "Hidden | LayerCount | None" = None
    also: tuple[int, ...] = ()
    report: str = ""
    path: str = ""
