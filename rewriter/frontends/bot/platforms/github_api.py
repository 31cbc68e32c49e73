"""Requests to GitHub's REST API: one at a time, within its limits, and asked again where that may help.

PyGithub carries them: it knows the kinds of refusals, Enterprise's addresses, and follows only redirects to the same
host. Its objects are not used: reading an attribute of one may silently send another request. Its retries neither, as
they have no limit to `retry-after`, do not know of status 429, and repeat what may have been done already.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from ..platform import Limited, NotAllowed, Passing, PlatformError
from ..token import Token, scrubbed
from .fitting import title, within
from .github_answers import Json, text
from .pages import MOST_PAGES, endless
from .words import because, cause

if TYPE_CHECKING:
    from github.GithubException import GithubException
    from github.Requester import Requester

VERSION = "2022-11-28"
"""The version of the API: https://docs.github.com/en/rest/about-the-rest-api/api-versions."""
_TIMEOUT = 30
_MARK = "<!-- dockfix:"
_PAUSES = (1.0, 4.0, 15.0)
_LONGEST = 300.0
_BETWEEN_WRITES = 1.0
_PAGE = 100
# Those of requests are OSErrors, half a JSON text is a ValueError, one of brackets alone a RecursionError. PyGithub
# reads a message in each refusal, and a time in its headers, whatever is there.
_UNREADABLE = (OSError, ValueError, RecursionError, AttributeError, TypeError, OverflowError)
_LONGEST_TITLE = 256
_LONGEST_BODY = 65_536
"""Characters: https://github.com/orgs/community/discussions/27190"""


class Refused(PlatformError):
    """GitHub understands the request and does not do it: something in it does not fit (status 422)."""


class Request(NamedTuple):
    """A request. `right` is what the token needs for it; `path` begins with a slash and is quoted already."""

    verb: str
    path: str
    right: str
    body: Json | None = None
    query: Mapping[str, str] | None = None


class Account(NamedTuple):
    """Whom the token is of. `login` is empty where GitHub does not tell: an app, as GITHUB_TOKEN is one."""

    login: str

    def wrote(self, user: Json, body: str) -> bool:
        """Whether it has written a text: for an app, another app may not have written what has a mark of ours."""
        if self.login:
            return text(user, "login") == self.login
        return text(user, "type") == "Bot" and _MARK in body


class Api:
    """GitHub at `address`. `sleep` takes seconds; all waiting for limits together is five minutes at most.

    Raises PlatformError where the token or the address cannot be right.
    """

    def __init__(self, token: str, address: str, sleep: Callable[[float], object]) -> None:
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            raise PlatformError("the token of GitHub is empty or holds what no token holds; copy it again")
        parts = urlsplit(address)
        here = parts.scheme == "http" and parts.hostname in {"127.0.0.1", "::1", "localhost"}
        if not parts.hostname or (parts.scheme != "https" and not here):
            raise PlatformError(f"{address!r} is no address for a token; give one that begins with https://")
        self._token = token
        self._address = address.rstrip("/")
        self._sleep = sleep
        self._left = _LONGEST
        self._written: float | None = None
        self._requester: Requester | None = None

    def ask(self, request: Request, found: Callable[[], Json | None] | None = None) -> Json:
        """The object that GitHub answers with; an empty one where it answers with a list.

        After a failure the request is sent again, but not if `found` gives what it has made: it is needed where
        doing it twice does harm.
        """
        _, answer = self._asked(request, found)
        return answer if isinstance(answer, dict) else {}

    def pages(self, request: Request, most: int | None = None) -> Iterator[Json]:
        """The items of all pages of a list, or of the first `most` pages.

        https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api
        """
        before: object = None
        for number in range(1, (most or MOST_PAGES) + 1):
            query = {**(request.query or {}), "per_page": str(_PAGE), "page": str(number)}
            headers, items = self._asked(request._replace(query=query), None)
            if items and items == before:
                raise endless()
            before = items
            yield from (item for item in items if isinstance(item, dict)) if isinstance(items, list) else ()
            if 'rel="next"' not in headers.get("link", ""):
                return
        if most is None:
            raise endless()

    def _asked(self, request: Request, found: Callable[[], Json | None] | None) -> tuple[Mapping[str, str], object]:
        failures = 0
        limits = 0
        while True:
            answer = self._sent(request)
            if isinstance(answer, tuple):
                return answer
            if not isinstance(answer, str) and _is_limit(answer):
                self._wait(answer, limits)
                limits += 1
            elif isinstance(answer, str) or answer.status >= 500:
                if failures == len(_PAUSES):
                    told, why = (
                        ("gives nothing that can be understood", answer)
                        if isinstance(answer, str)
                        else (f"answers with status {answer.status}", "")
                    )
                    raise Passing(f"GitHub {told} to {request.verb} {request.path}; try again later{why}")
                self._sleep(_PAUSES[failures])
                failures += 1
                done = found() if found else None
                if done is not None:
                    return {}, done
            else:
                raise _refusal(request, answer)

    def _sent(self, request: Request) -> tuple[Mapping[str, str], object] | GithubException | str:
        """What comes back; where that is nothing that can be understood, why, as the end of a sentence."""
        from github.GithubException import GithubException

        if request.verb != "GET":
            self._pause()
        try:
            headers, answer = self._connected().requestJsonAndCheck(
                request.verb,
                request.path,
                parameters=dict(request.query or {}),
                headers={"Accept": "application/vnd.github+json"},
                input=request.body and {name: _fitting(name, value) for name, value in request.body.items()},
            )
        except GithubException as error:
            return error
        except _UNREADABLE as error:
            return scrubbed(because(cause(error)), Token(self._token))
        except RuntimeError as error:  # a redirect to another host or scheme
            raise PlatformError(f"{self._address} is not where GitHub's API is: it leads elsewhere") from error
        if "json" not in headers.get("content-type", "json"):
            raise PlatformError(f"{self._address} does not answer as GitHub's API does; is the address right?")
        return headers, answer

    def _connected(self) -> Requester:
        if self._requester is None:
            from github import Auth

            from .github_requester import requester

            self._requester = requester(Auth.Token(self._token), self._address, _TIMEOUT, VERSION)
        return self._requester

    def _pause(self) -> None:
        """A second between writes, as GitHub asks for.

        https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
        """
        now = time.monotonic()
        if self._written is not None and now - self._written < _BETWEEN_WRITES:
            self._sleep(_BETWEEN_WRITES - (now - self._written))
        self._written = time.monotonic()

    def _wait(self, answer: GithubException, before: int) -> None:
        seconds = _seconds(answer.headers or {}, before)
        if seconds > self._left:
            raise Limited(f"there were too many requests to GitHub; it takes the next one in {seconds:.0f} s")
        self._left -= seconds
        self._sleep(seconds)


def fitting(body: str) -> str:
    """A body as it is sent."""
    return within(body, _LONGEST_BODY)


def _fitting(name: str, value: object) -> object:
    """A field as GitHub takes it: what is too long has the whole request refused."""
    if not isinstance(value, str):
        return value
    return fitting(value) if name == "body" else title(value, _LONGEST_TITLE) if name == "title" else value


def _is_limit(answer: GithubException) -> bool:
    """Whether it is one of the limits, the primary or a secondary one, and not a right that is missing.

    https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
    """
    from github.GithubException import RateLimitExceededException

    headers = answer.headers or {}
    if answer.status == 403:
        told = "retry-after" in headers or headers.get("x-ratelimit-remaining") == "0"
        return told or isinstance(answer, RateLimitExceededException)
    return answer.status == 429


def _seconds(headers: Mapping[str, str], before: int) -> float:
    """How long to wait. The clock is GitHub's: this machine's may be wrong."""
    after, least = headers.get("retry-after", ""), _PAUSES[min(before, len(_PAUSES) - 1)]
    if after.isdecimal():
        return max(least, float(after))
    reset = headers.get("x-ratelimit-reset", "")
    if headers.get("x-ratelimit-remaining") == "0" and reset.isdecimal():
        return max(least, float(reset) - _now(headers.get("date", "")) + 1)
    return 60.0 * (1 << before)


def _now(date: str) -> float:
    try:
        return parsedate_to_datetime(date).timestamp()
    except ValueError:
        return time.time()


def _refusal(request: Request, answer: GithubException) -> PlatformError:
    told = f"{request.verb} {request.path}: {_message(answer)}"
    if answer.status == 401:
        return NotAllowed(f"GitHub does not know the token, or not any more; make another ({told})")
    if answer.status in {403, 404}:
        return NotAllowed(f"the token may not do that, or there is no such thing; it needs {request.right} ({told})")
    if answer.status == 422:
        return Refused(f"GitHub refuses it ({told})")
    return PlatformError(f"GitHub refuses it with status {answer.status} ({told})")


def _message(answer: GithubException) -> str:
    """GitHub's own words, without what could play tricks on a terminal."""
    data = answer.data if isinstance(answer.data, dict) else {}
    errors = data.get("errors")
    told = [text(data, "message")]
    for one in errors if isinstance(errors, list) else [errors]:
        if isinstance(one, dict):
            told.append(text(one, "message") or f"{text(one, 'field')} is {text(one, 'code')}")
        elif isinstance(one, str):
            told.append(one)
    words = "; ".join(told)
    return "".join(letter if letter.isprintable() else " " for letter in words)[:300]
