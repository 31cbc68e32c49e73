"""Waiting for a platform: for its limits as long as it says, and for what passes, a few times; and no longer."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import TypeVar
from urllib.parse import urlsplit

from ..platform import Limited, Passing, PlatformError

_PAUSES = (1.0, 4.0, 15.0)
"""Seconds before what failed is sent again."""
_LONGEST = 300.0
"""Seconds that are waited at most, all pauses of one adapter taken together."""
REPEATABLE = frozenset({"GET", "PUT", "PATCH"})
"""Methods of requests that do no harm when they are done twice; the adapters send no PATCH that adds anything."""
TIMEOUT = 60.0
"""Seconds without any answer after which a connection counts as broken."""

Result = TypeVar("Result")


class Unsure(Passing):
    """The platform failed at a request: it may have done it nevertheless."""


class Waiting:
    """What is left of the time that may be waited. `sleep` takes seconds."""

    def __init__(self, sleep: Callable[[float], object]) -> None:
        self._sleep = sleep
        self._left = _LONGEST

    def before(self, attempt: int, status: int | None, headers: Mapping[str, str], *, repeatable: bool = True) -> bool:
        """Whether a request is to be sent again after so many attempts, from 1: then this has waited already.

        `status` is that of the answer, None for a broken connection; the names of headers are in small letters.
        Raises Limited where a limit lasts longer than may be waited. What a limit refuses was not done, and may be
        sent again always.
        """
        if status == 429 or (status in (403, 503) and "retry-after" in headers):
            seconds = max(_asked(headers), _pause(attempt))
            if seconds > self._left:
                raise Limited(f"there were too many requests: the next one may be sent in {seconds:.0f} seconds")
        elif repeatable and (status is None or status >= 500) and attempt <= len(_PAUSES):
            seconds = _pause(attempt)
            if seconds > self._left:
                return False
        else:
            return False
        self._left -= seconds
        self._sleep(seconds)
        return True

    def once(self, send: Callable[[], Result], found: Callable[[], Result | None]) -> Result:
        """What `send` gives, which would do harm when done twice: after a failure, `found` looks whether it is done."""
        attempt = 1
        while True:
            try:
                return send()
            except Unsure:
                there = found()
                if there is not None:
                    return there
                if not self.before(attempt, None, {}):
                    raise
                attempt += 1


def if_possible(read: Callable[[], list[Result]]) -> list[Result]:
    """What is no reason to open no pull request: empty where it fails, but for a limit."""
    try:
        return read()
    except Limited:
        raise
    except PlatformError:
        return []


def checked(address: str, below: str) -> str:
    """The address of a platform, without `below`, what its API is below; raises PlatformError where it is unsafe."""
    parts = urlsplit(address)
    is_here = parts.hostname in {"127.0.0.1", "::1", "localhost"}
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and is_here)):
        raise PlatformError(f"{parts.hostname or address}: give an address that begins with https://")
    if parts.username is not None or parts.query or parts.fragment:
        raise PlatformError(f"{parts.hostname}: give its address without a user, a query or a fragment")
    return address.rstrip("/").removesuffix(below).rstrip("/")


def _pause(attempt: int) -> float:
    return _PAUSES[min(attempt, len(_PAUSES)) - 1]


def _asked(headers: Mapping[str, str]) -> float:
    """The seconds that the platform asks for: by https://www.rfc-editor.org/rfc/rfc9110#name-retry-after, or GitLab's.

    https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/#response-headers
    """
    after, reset = headers.get("retry-after", ""), headers.get("ratelimit-reset", "")
    try:
        if after.isdecimal():
            return float(after)
        if after:
            return parsedate_to_datetime(after).timestamp() - time.time()
        return float(reset) - time.time() if reset else 0.0
    except (ValueError, OverflowError):
        return 0.0
