"""The connection of python-gitlab: patient, and never led elsewhere."""

from __future__ import annotations

from urllib.parse import urlsplit

import requests

from .bounded_requests import Bounded
from .pages import MOST_PAGES, endless
from .waiting import REPEATABLE, Waiting


def session(waiting: Waiting) -> requests.Session:
    """One that waits as `waiting` does: python-gitlab itself would wait as long as the server likes.

    It follows no redirects, as these would take the header PRIVATE-TOKEN along to any host.
    """
    made = requests.Session()
    made.max_redirects = 0
    for scheme in ("http://", "https://"):
        made.mount(scheme, _Patient(waiting))
    return made


class _Patient(Bounded):
    def __init__(self, waiting: Waiting) -> None:
        super().__init__()
        self._waiting = waiting
        self._list = ""
        self._pages = 0

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float | None, float | None] | None = None,
        verify: bool | str = True,
        cert: str | tuple[str, str] | None = None,
        proxies: dict[str, str] | None = None,
    ) -> requests.Response:
        """As long as it helps, the request is sent again."""
        self._turn(request)
        attempt, repeatable = 1, request.method in REPEATABLE
        while True:
            try:
                answer = super().send(request, stream, timeout, verify, cert, proxies)
                answer.content  # noqa: B018  (read here, so that a connection that breaks in its middle is seen)
            except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError):
                if not self._waiting.before(attempt, None, {}, repeatable=repeatable):
                    raise
            else:
                told = {name.lower(): value for name, value in answer.headers.items()}
                if not self._waiting.before(attempt, answer.status_code, told, repeatable=repeatable):
                    return answer
                answer.close()
            attempt += 1

    def _turn(self, request: requests.PreparedRequest) -> None:
        """Raises PlatformError for a list that does not end: python-gitlab would follow it until memory does."""
        path = f"{request.method} {urlsplit(request.url or '').path!r}"
        self._pages = self._pages + 1 if path == self._list else 1
        self._list = path
        if self._pages > MOST_PAGES:
            raise endless()
