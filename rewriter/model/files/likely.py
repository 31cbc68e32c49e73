"""What most files have not: a fetch, and a deletion behind it. Told by the text, before anything is read closely."""

from __future__ import annotations

import re

from ..facts import Facts
from ..stages import layout

_FETCHES = re.compile(rb"\b(?:curl|wget|aria2c|clone|tar|unzip)\b")
_STAGE = re.compile("download|fetch|expand|extract|unpack")
_KEEPS = re.compile(rb"(?s)\b(?:curl|wget|aria2c)\b.*\b(?:tar|unzip|dpkg|rpm)\b")


def may_delete(facts: Facts) -> bool:
    """Whether a RUN that deletes something stands behind one that fetches something."""
    texts = [one.rest if one.keyword == "RUN" else b"" for one in facts.instructions]
    first = next((index for index, text in enumerate(texts) if _FETCHES.search(text)), len(texts))
    return any(b"rm" in text for text in texts[first + 1 :])


def may_add(facts: Facts) -> bool:
    """Whether a RUN that deletes something stands behind an ADD that fetches something."""
    adds = (index for index, one in enumerate(facts.instructions) if one.keyword == "ADD" and b"://" in one.rest)
    first = next(adds, len(facts.instructions))
    return any(one.keyword == "RUN" and b"rm" in one.rest for one in facts.instructions[first + 1 :])


def may_keep(facts: Facts) -> bool:
    """Whether a RUN fetches and unpacks."""
    return any(one.keyword == "RUN" and _KEEPS.search(one.rest) for one in facts.instructions)


def has_such_stages(facts: Facts) -> bool:
    """Whether it is the file's own style to fetch or unpack in a stage that has its name from that."""
    return any(_STAGE.match(stage.name) and stage.base != "scratch" for stage in facts.of(layout).stages)
