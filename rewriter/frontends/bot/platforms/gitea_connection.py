"""The connection to a Gitea or Forgejo: requests by httpx, and what goes wrong in the port's words."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast
from urllib.parse import quote

from ..platform import Credentials, NotAllowed, PlatformError
from ..token import Token, scrubbed
from .bounded import bounded
from .pages import MOST_PAGES, endless
from .waiting import REPEATABLE, TIMEOUT, Unsure, Waiting
from .words import because, cause, words

if TYPE_CHECKING:
    import httpx

_NEEDED = "it needs the scopes write:repository and write:issue, and its account the right to write there"
_PAGE = 50
"""The most on one page where the server's settings are as they come (MAX_RESPONSE_ITEMS)."""

Told = TypeVar("Told")
Result = TypeVar("Result")


class Refused(PlatformError):
    """The request does not fit; `status` is that of the answer."""

    def __init__(self, text: str, status: int) -> None:
        super().__init__(text)
        self.status = status


class Missing(NotAllowed):
    """It is not there, or not for this token. `is_answer`: the server knows what was asked for, and says so."""

    def __init__(self, text: str, *, is_answer: bool = False) -> None:
        super().__init__(text)
        self.is_answer = is_answer


class Request(NamedTuple):
    """A request to do something, which is named in errors. `path` is below the API's root, `body` sent as JSON."""

    method: str
    path: str
    doing: str
    body: Mapping[str, object] | None = None
    query: Mapping[str, str | int] | None = None


class Connection:
    """To the server at an address; `sleep` takes seconds."""

    def __init__(self, token: Token, address: str, sleep: Callable[[float], object]) -> None:
        self._token = token
        self._address = address
        self._waiting = Waiting(sleep)
        self.once = self._waiting.once

    def credentials(self) -> Credentials:
        """What git sends: https://docs.gitea.com/development/api-usage"""
        pair = base64.b64encode(f"oauth2:{self._token.secret}".encode()).decode()
        return Credentials(f"{self._address}/", f"Authorization: Basic {pair}")

    def ask(self, request: Request, read: Callable[[Told], Result], *, repeatable: bool | None = None) -> Result:
        """What `read` makes of the answer. `repeatable`: it may be done twice, which else the method tells.

        Raises PlatformError; Unsure for what may have been done.
        """
        return self._read(request, self._json(request, self._answer(request, repeatable=repeatable)), read)

    def pages(self, request: Request, read: Callable[[Told], Result], most: int | None = None) -> Iterator[Result]:
        """What `read` makes of each entry of all pages, or of the first `most`."""
        seen, before = 0, None
        for page in range(1, (most or MOST_PAGES) + 1):
            query = {**(request.query or {}), "page": page, "limit": _PAGE}
            answer = self._answer(request._replace(query=query))
            listed = self._json(request, answer)
            if not isinstance(listed, list):
                raise self._strange(request)
            if listed and listed == before:
                raise endless()
            before = listed
            yield from (self._read(request, one, read) for one in listed)
            seen += len(listed)
            total = answer.headers.get("x-total-count", "")
            if not listed or (total.isdecimal() and seen >= int(total)):
                return
        if most is None:
            raise endless()

    @cached_property
    def _client(self) -> httpx.Client:
        import httpx

        # It follows no redirects of itself: the token stays with this host.
        headers = {"Authorization": f"token {self._token.secret}", "Accept": "application/json"}
        return httpx.Client(base_url=f"{self._address}/api/v1", headers=headers, timeout=TIMEOUT)

    def _answer(self, request: Request, *, repeatable: bool | None = None) -> httpx.Response:
        import httpx

        attempt, repeats = 1, request.method in REPEATABLE if repeatable is None else repeatable
        while True:
            try:
                answer = self._sent(request)
            except (httpx.TransportError, httpx.DecodingError) as error:
                if not self._waiting.before(attempt, None, {}, repeatable=repeats):
                    told = scrubbed(cause(error), self._token)
                    raise Unsure(f"{self._address} cannot be reached to {request.doing}: {told}") from None
            else:
                # httpx gives the names of headers in small letters.
                if not self._waiting.before(attempt, answer.status_code, dict(answer.headers), repeatable=repeats):
                    self._raise_for(request, answer)
                    return answer
            attempt += 1

    def _sent(self, request: Request) -> httpx.Response:
        import httpx

        query = dict(request.query or {})
        with self._client.stream(request.method, request.path, json=request.body, params=query) as answer:
            content = b"".join(bounded(answer.iter_bytes()))
        # Of the headers, those count that do not say how it was packed.
        packing = (b"content-", b"transfer-")
        told = [one for one in answer.headers.raw if not one[0].lower().startswith(packing)]
        return httpx.Response(answer.status_code, headers=told, content=content)

    def _raise_for(self, request: Request, answer: httpx.Response) -> None:
        status, doing = answer.status_code, request.doing
        if status < 300:
            return
        if status < 400:
            raise PlatformError(f"{self._address} leads elsewhere: give the address or name that it has now")
        if status == 401:
            raise NotAllowed(f"{self._address} does not know the token: it is wrong, or has expired")
        if status in (403, 404):
            is_answer = status == 404 and "message" in _object(answer)
            raise Missing(f"the token may not {doing}, or it is not there ({status}): {_NEEDED}", is_answer=is_answer)
        said = scrubbed(words(_object(answer).get("message") or answer.text), self._token)
        if status >= 500:
            raise Unsure(f"{self._address} fails to {doing} ({status}); try again later{because(said)}")
        raise Refused(f"{self._address} refuses to {doing} ({status}){because(said)}", status)

    def _json(self, request: Request, answer: httpx.Response) -> object:
        if not answer.content:
            return None
        try:
            told: object = answer.json()
        except (ValueError, RecursionError):
            raise self._strange(request) from None
        return told

    def _read(self, request: Request, told: object, read: Callable[[Told], Result]) -> Result:
        try:
            return read(cast("Told", told))
        except (KeyError, TypeError, ValueError, AttributeError):
            raise self._strange(request) from None

    def _strange(self, request: Request) -> PlatformError:
        return PlatformError(f"{self._address} does not answer as Gitea does, asked to {request.doing}")


def _object(answer: httpx.Response) -> Mapping[str, object]:
    """Empty where it is none."""
    try:
        told = answer.json()
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def below(*parts: str | int) -> str:
    """A path with these names in it, each one quoted, whatever is in it; raises PlatformError where one leads out."""
    if not {"", ".", ".."}.isdisjoint(map(str, parts)):
        raise PlatformError(f"{'/'.join(map(str, parts))}: there can be nothing of such a name")
    return "".join(f"/{quote(str(part), safe='')}" for part in parts)


def at(name: str, *parts: str | int) -> str:
    """The path of a repository, `owner/name`, or of something below it."""
    owner, _, repo = name.partition("/")
    return below("repos", owner, repo, *parts)
