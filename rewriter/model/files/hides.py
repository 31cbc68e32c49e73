"""Whether a step may hide anything at all: said by its text, without a look at what it means."""

from __future__ import annotations

import re

from ..facts import Facts

# What deletes, moves or changes files, or empties a store: by the names of the commands, and the words of managers.
_HIDES = re.compile(rb"\b(?:rm|mv|ch(?:mod|own|grp)|(?:dist-?)?clean|purge|prune|cc)\b|Scc")
_COPIES = ("COPY", "ADD")


def hiders(facts: Facts) -> tuple[int, ...]:
    """The RUNs that may hide what an earlier step has stored."""
    return tuple(
        index
        for index, one in enumerate(facts.instructions)
        if one.keyword == "RUN" and (_HIDES.search(one.rest) or any(map(_HIDES.search, one.bodies)))
    )


def copies(facts: Facts) -> tuple[int, ...]:
    """The COPYs and ADDs."""
    return tuple(index for index, one in enumerate(facts.instructions) if one.keyword in _COPIES)


def may_hide(facts: Facts) -> bool:
    """Whether there is a step that may, and one before it."""
    if len(facts.of(copies)) > 1:
        return True
    first = next((i for i, one in enumerate(facts.instructions) if one.keyword in ("RUN", *_COPIES)), None)
    return first is not None and any(index > first for index in facts.of(hiders))
