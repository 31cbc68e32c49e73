"""What the builder gets of the build context of each Dockerfile, found and read when somebody asks for it."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from ..adapters.discovery import is_dockerfile
from .terminal import Terminal

if TYPE_CHECKING:
    from ..model.context import Context
    from .contexts import Contexts


# What no Dockerfile lacks that takes something from its context.
TAKES = re.compile(rb"^\s*(?:COPY|ADD|ONBUILD)\b|--mount=", re.IGNORECASE | re.MULTILINE)


def upwards(own: str, known: dict[str, list[str]]) -> list[str]:
    """The folder and those above it, up to the root of the repository; none above where there is no repository.

    What is `known` of other folders is not looked up again.
    """
    if own not in known:
        above = os.path.dirname(own)
        further = [] if above == own or os.path.lexists(os.path.join(own, ".git")) else upwards(above, known)
        in_repository = not further or os.path.lexists(os.path.join(further[-1], ".git"))
        known[own] = [own, *further] if in_repository else [own]
    return known[own]


def has_context(path: str, text: bytes, given: str | None, known: dict[str, list[str]]) -> bool:
    """Whether a Dockerfile takes anything from a context: its folder holds more, or is in a repository."""
    if not TAKES.search(text):
        return False
    own = os.path.dirname(os.path.abspath(path))
    if given is not None or len(upwards(own, known)) > 1:
        return True
    try:
        return not all(map(is_dockerfile, os.listdir(own)))
    except OSError:
        return True


class Surroundings:
    """Each folder is read once, whoever asks. In another process it begins anew, and shows no progress there."""

    def __init__(self, given: str | None, terminal: Terminal | None = None, top: str | None = None) -> None:
        """`given` is the folder that the user named; the terminal shows how far a large one is read.

        What is outside of the folder `top` is no context, and not looked at.
        """
        self._given = given
        self._terminal = terminal
        self._top = top
        self._contexts: Contexts | None = None
        self._above: dict[str, list[str]] = {}

    def __getstate__(self) -> dict[str, object]:
        return {"_given": self._given, "_terminal": None, "_top": self._top, "_contexts": None, "_above": {}}

    @property
    def contexts(self) -> Contexts:
        """The contexts, as far as they have been read."""
        if self._contexts is None:
            from .contexts import Contexts

            self._contexts = Contexts(self._given, self._terminal, self._top)
        return self._contexts

    def of(self, path: str, text: bytes) -> Context | None:
        """What the builder gets for a Dockerfile; None where that is not known: there are several contexts, or none.

        An inline Dockerfile has the path of its document, `#`, and the name of the service or target.
        """
        return self.contexts.sent_for(path, text) if self.has(path, text) else None

    def has(self, path: str, text: bytes) -> bool:
        """Whether there is a context to speak of."""
        return has_context(path, text, self._given, self._above)
