"""What goes wrong with clones."""

from __future__ import annotations

import re

# What git says of servers that fail, and of a network that does.
_PASSES = re.compile(
    r"returned error: (?:429|5\d\d)|Could not resolve host|connect to server|Failed to connect|Connection re"
    r"|timed out|Operation too slow|Empty reply from server"
)


class CloneError(Exception):
    """A repository cannot be cloned, read or pushed to; the text is a sentence for the user, without any token.

    `passes`: it may go right next time, and nobody has to do anything for that.
    """

    def __init__(self, text: str, *, passes: bool = False) -> None:
        super().__init__(text)
        self.passes = passes


class MovedError(CloneError):
    """Somebody was there first: a branch is not where it was expected to be."""


class GitFailed(CloneError):
    """Git ended otherwise than well. `status` is its exit status, `said` what it said, line by line.

    In that there is no token, but what a terminal would act on: it is for looking into, not for showing.
    """

    def __init__(self, text: str, status: int, said: str) -> None:
        super().__init__(text, passes=_PASSES.search(said) is not None)
        self.status = status
        self.said = said
