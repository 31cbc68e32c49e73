"""The words of a command, sorted into options and operands by the table of tools."""

from __future__ import annotations

from ...syntax.once import once
from ..steps.gathering import NotKnown
from ..steps.options import Words, read_words
from ..steps.tools import TOOLS
from .located import Located


@once
def sorted_words(one: Located) -> Words | None:
    """The words of a command, sorted by its row; None where it has none, or they are not understood."""
    tool = TOOLS.get(one.name)
    if tool is None:
        return None
    try:
        return read_words(one.name, tool, [word.text for word in one.raw[1:]])
    except NotKnown:
        return None
