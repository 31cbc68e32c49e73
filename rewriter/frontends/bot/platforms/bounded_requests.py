"""The same for what is asked by requests, as PyGithub and python-gitlab do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from requests.adapters import HTTPAdapter

from .bounded import bounded

if TYPE_CHECKING:
    import requests
    from urllib3.response import BaseHTTPResponse


class Bounded(HTTPAdapter):
    """Its answers raise PlatformError where they are read too far."""

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float | None, float | None] | None = None,
        verify: bool | str = True,
        cert: str | tuple[str, str] | None = None,
        proxies: dict[str, str] | None = None,
    ) -> requests.Response:
        """As requests does it; what it gives is not read yet."""
        answer = super().send(request, stream, timeout, verify, cert, proxies)
        answer.raw = _Raw(answer.raw)
        return answer


class _Raw:
    """The answer as urllib3 has it."""

    def __init__(self, raw: BaseHTTPResponse) -> None:
        self._raw = raw

    def stream(self, amount: int, decode_content: bool | None = None) -> Iterator[bytes]:
        return bounded(self._raw.stream(amount, decode_content))

    def __getattr__(self, name: str) -> object:
        return getattr(self._raw, name)
