"""What goes wrong with clones."""

from __future__ import annotations


class CloneError(Exception):
    """A repository cannot be cloned, read or pushed to; the text is a sentence for the user, without any token."""


class MovedError(CloneError):
    """Somebody was there first: a branch is not where it was expected to be."""


class GitFailed(CloneError):
    """Git ended otherwise than well. `status` is its exit status, `said` what it said, line by line.

    In that there is no token, but what a terminal would act on: it is for looking into, not for showing.
    """

    def __init__(self, text: str, status: int, said: str) -> None:
        super().__init__(text)
        self.status = status
        self.said = said
