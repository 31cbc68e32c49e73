"""Which repositories the service works on: those that its operator has named, whatever a webhook says."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...terminal import printable

# What GitHub, GitLab and Gitea allow in names, of groups in groups, too; a dash in front would be an option of git.
_PART = r"(?!\.{1,2}(?:/|\Z))[A-Za-z0-9_.][A-Za-z0-9_.-]{0,99}"
_NAME = re.compile(rf"{_PART}(?:/{_PART}){{1,20}}")
_PATTERN = re.compile(r"[A-Za-z0-9_.*-]+(?:/[A-Za-z0-9_.*-]+)+")


class PatternError(Exception):
    """It is no pattern; the text is a sentence for the user."""


def is_name(name: str) -> bool:
    """Whether it can be the name of a repository."""
    return _NAME.fullmatch(name) is not None


class Allowed:
    """The repositories that patterns are about."""

    def __init__(self, patterns: Sequence[str]) -> None:
        """Each is `owner/name`; `*` stands for any part of a name, `owner/**` for all below, in groups in groups, too.

        Raises PatternError; none at all are wrong, too.
        """
        wrong = [one for one in patterns if not _PATTERN.fullmatch(one)]
        if wrong or not patterns:
            said = f"{printable(wrong[0])} names no repositories" if wrong else "no repositories are named"
            raise PatternError(f"{said}: say `owner/name`, `owner/*`, or `group/**` with what is in its groups")
        self._patterns = [_compiled(one) for one in patterns]

    def __contains__(self, name: object) -> bool:
        """Whether the service works on it. The platforms do not tell upper case from lower."""
        return isinstance(name, str) and any(one.fullmatch(name) for one in self._patterns)


def _compiled(pattern: str) -> re.Pattern[str]:
    # A run of stars is one star or two: `*****` would be tried in very many ways.
    parts = re.split(r"(\*+)", pattern)
    told = [re.escape(one) if "*" not in one else "[^/]*" if one == "*" else ".*" for one in parts]
    return re.compile("".join(told), re.IGNORECASE)
