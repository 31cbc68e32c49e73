"""The token of a platform: from a file or the environment, and never in anything that is printed."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from urllib.parse import quote

from .platform import PlatformError
from .task import Place

_VARIABLES: Mapping[str, tuple[str, ...]] = {
    # In the order of https://cli.github.com/manual/gh_help_environment
    "github": ("DOCKFIX_TOKEN", "GH_TOKEN", "GITHUB_TOKEN"),
    # As GitLab's program glab has them, https://docs.gitlab.com/cli/. CI_JOB_TOKEN is of no use: it opens no merge
    # requests, https://docs.gitlab.com/ci/jobs/ci_job_token/
    "gitlab": ("DOCKFIX_TOKEN", "GITLAB_TOKEN", "GITLAB_ACCESS_TOKEN"),
    # Of Gitea's program tea, https://gitea.com/gitea/tea, and of Forgejo's Actions. Gitea's Actions call theirs
    # GITHUB_TOKEN, too: it is not looked at, as it may as well be one of GitHub.
    "gitea": ("DOCKFIX_TOKEN", "GITEA_TOKEN", "FORGEJO_TOKEN"),
}
"""The variables that a token may be in, by the kind of the platform; the first one that is not empty counts."""

_LONGEST = 10_000
"""Bytes; the longest that platforms give, signed ones of GitLab and GitHub, have about a thousand."""
_TOKEN = re.compile(r"[!-~]+")
_SENT = re.compile(r"\b(authorization: *\w+|basic|bearer) +[\w.~+/=-]{8,}", re.IGNORECASE | re.ASCII)


class Token:
    """A token that only `secret` gives away."""

    __slots__ = ("secret",)

    def __init__(self, secret: str) -> None:
        """Raises PlatformError where this is no token: then a header could hold more than one was meant to."""
        if not _TOKEN.fullmatch(secret):
            raise PlatformError("the token has blanks, line ends or other characters in it that no token has")
        self.secret = secret

    def __repr__(self) -> str:
        return "Token(...)"


def scrubbed(text: str, token: Token | None) -> str:
    """The text without the token, as it is or as addresses have it, and without what headers send of any token."""
    for form in (token.secret, quote(token.secret, safe="")) if token is not None else ():
        text = text.replace(form, "***")
    return _SENT.sub(r"\1 ***", text)


def token_of(place: Place, environment: Mapping[str, str] = os.environ) -> Token:
    """The token of a platform: from the file of the place, or else from the environment; raises PlatformError."""
    if place.token_file:
        return _in_file(place.token_file)
    names = _VARIABLES[place.kind]
    for name in names:
        if secret := environment.get(name, "").strip():
            return Token(secret)
    raise PlatformError(f"there is no token: put it into {' or '.join(names)}, or into a file and name that")


def warning(place: Place) -> str | None:
    """What is unsafe about where the token is: a sentence, for whoever starts the bot; raises PlatformError."""
    if not place.token_file:
        return None
    try:
        mode = os.stat(place.token_file).st_mode
    except OSError as error:
        raise _unreadable(place.token_file, error) from error
    if not mode & (stat.S_IRGRP | stat.S_IROTH):
        return None
    return f"{place.token_file}: other users of this machine can read the token: run chmod 600 on it"


def _in_file(path: str) -> Token:
    try:
        # A pipe that nobody writes to is not waited for.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise PlatformError(f"{path}: it is no regular file, as one with a token has to be")
            text = os.read(descriptor, _LONGEST + 1)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise _unreadable(path, error) from error
    secret = text.decode("ascii", "replace").strip()
    if not secret:
        raise PlatformError(f"{path}: it is empty, and should have the token in it")
    if len(text) > _LONGEST:
        raise PlatformError(f"{path}: it is too long for a token")
    return Token(secret)


def _unreadable(path: str, error: OSError) -> PlatformError:
    return PlatformError(f"{path}: the token cannot be read: {error.strerror}")
