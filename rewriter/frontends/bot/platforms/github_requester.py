"""PyGithub's requester, with answers that are read only as far as one can be."""

from __future__ import annotations

from github.Auth import Auth
from github.Requester import (
    HTTPRequestsConnectionClass,
    HTTPSRequestsConnectionClass,
    Requester,
    RequestsResponse,
)

from .bounded_requests import Bounded

_PAGE = 30  # PyGithub wants to know it, and pages are asked for by their size


def requester(auth: Auth, address: str, timeout: int, version: str) -> Requester:
    """One for the API at an address, which waits for nothing and asks nothing twice; `timeout` is in seconds."""
    kept = Bounded()

    class Own(Requester):
        """Its connections are its own, not those of all requesters."""

    class Http(HTTPRequestsConnectionClass):
        def getresponse(self) -> RequestsResponse:
            self.session.mount("http://", kept)
            return super().getresponse()

        def close(self) -> None:
            """What is kept is used again: a requester makes a connection for each request where classes are given."""

    class Https(HTTPSRequestsConnectionClass):
        def getresponse(self) -> RequestsResponse:
            self.session.mount("https://", kept)
            return super().getresponse()

        def close(self) -> None:
            """As above."""

    Own.injectConnectionClasses(Http, Https)
    return Own(auth, address, timeout, "dockfix", _PAGE, verify=True, retry=None, pool_size=None, api_version=version)
