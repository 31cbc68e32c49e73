"""Where a clone comes from: the address, what git may use to reach it, and what nobody must read."""

from __future__ import annotations

import base64
import binascii
import os
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from .errors import CloneError
from .platform import Credentials, Repository

Settings = tuple[tuple[str, str], ...]
"""Keys and values of git's configuration."""

_SHORTEST = 8  # characters of a secret: shorter words, such as "Bearer", are in other texts, too


class Origin(NamedTuple):
    """The repository's name and address; `protocol` is https, http or file; then the address is an absolute path."""

    name: str
    url: str
    protocol: str
    credentials: Credentials | None

    @property
    def settings(self) -> Settings:
        """What git is told so that it can talk to it.

        It stands as the promisor of what a partial clone leaves out, without being one in the clone's configuration:
        so nothing that reads the clone later asks the network for anything.
        """
        known: Settings = (
            ("remote.origin.url", self.url),
            ("remote.origin.promisor", "true"),
            ("remote.origin.partialCloneFilter", "blob:none"),
        )
        if self.credentials is None or self.protocol == "file":
            return known
        return (*known, (f"http.{self.credentials.url}.extraHeader", self.credentials.header))

    def scrubbed(self, text: str) -> str:
        """The text without what the credentials hold, also where a server has decoded that."""
        for secret in _secrets(self.credentials.header if self.credentials else ""):
            text = text.replace(secret, "***")
        return text


def origin(repository: Repository, credentials: Credentials | None) -> Origin:
    """Where a repository is. Raises CloneError for addresses that git would do something else with."""
    url = repository.clone_url
    if "\0" in url or "\n" in url:
        raise CloneError(f"{repository.name}: its address is not one of a repository")
    try:
        parts = urlsplit(url)
    except ValueError:  # such as `[` without `]`
        parts = urlsplit("")
    if parts.scheme == "file" and not parts.netloc:
        url = unquote(parts.path)
    if os.path.isabs(url):
        if not os.path.isdir(url):
            raise CloneError(f"{repository.name}: there is no folder {url}")
        return Origin(repository.name, os.path.realpath(url), "file", None)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise CloneError(f"{repository.name}: its address is none of https, http, or a folder on this machine")
    if "@" in parts.netloc:
        raise CloneError(f"{repository.name}: its address has a name or password in it; give a token instead")
    return Origin(repository.name, url, parts.scheme, credentials)


def _secrets(header: str) -> list[str]:
    """What must not be read, the longest first: the header's words, and what they are when decoded."""
    words = [header, *header.split()[1:]]
    for word in header.split():
        try:
            decoded = base64.b64decode(word, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            continue
        words += [decoded, *decoded.split(":")[1:]]
    return sorted((word for word in words if len(word) >= _SHORTEST), key=len, reverse=True)
