"""What the builder gets of the build context of each Dockerfile, found and read when somebody asks for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..model.context import Context
from .terminal import Terminal

if TYPE_CHECKING:
    from .contexts import Contexts


# What no Dockerfile lacks that takes something from its context.
TAKES = re.compile(rb"^\s*(?:COPY|ADD|ONBUILD)\b|--mount=", re.IGNORECASE | re.MULTILINE)


class Surroundings:
    """Each folder is read once, whoever asks. In another process it begins anew, and shows no progress there."""

    def __init__(self, given: str | None, terminal: Terminal | None = None) -> None:
        """`given` is the folder that the user named; the terminal shows how far a large one is read."""
        self._given = given
        self._terminal = terminal
        self._contexts: Contexts | None = None

    def __getstate__(self) -> dict[str, object]:
        return {"_given": self._given, "_terminal": None, "_contexts": None}

    @property
    def contexts(self) -> Contexts:
        """The contexts, as far as they have been read."""
        if self._contexts is None:
            from .contexts import Contexts

            self._contexts = Contexts(self._given, self._terminal)
        return self._contexts

    def of(self, path: str, text: bytes) -> Context | None:
        """What the builder gets for a Dockerfile; None where that is not known: there are several contexts, or none."""
        return self.contexts.sent_for(path, text)
