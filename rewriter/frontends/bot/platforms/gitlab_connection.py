"""The connection to a GitLab: python-gitlab, and what goes wrong in the port's words."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, cast

from ..platform import Credentials, NotAllowed, PlatformError
from ..token import Token, scrubbed
from .gitlab_answers import Account
from .waiting import TIMEOUT, Unsure, Waiting
from .words import because, cause, words

if TYPE_CHECKING:
    import gitlab

_NEEDED = "it needs the scope api, and its account the role Developer"


class Connection:
    """To the GitLab at an address; `sleep` takes seconds."""

    def __init__(self, token: Token, address: str, sleep: Callable[[float], object]) -> None:
        self._token = token
        self._address = address
        self._waiting = Waiting(sleep)
        self.once = self._waiting.once

    @cached_property
    def client(self) -> gitlab.Gitlab:
        """Its calls belong inside of `asking`."""
        import gitlab

        from .gitlab_session import session

        # Whatever the server calls itself, the next page is asked for at the same address.
        return gitlab.Gitlab(
            self._address,
            private_token=self._token.secret,
            timeout=TIMEOUT,
            session=session(self._waiting),
            keep_base_url=True,
        )

    @cached_property
    def account(self) -> int:
        """The number of the account that the token is of."""
        return cast("Account", self.client.http_get("/user"))["id"]

    def credentials(self) -> Credentials:
        """What git sends."""
        pair = base64.b64encode(f"oauth2:{self._token.secret}".encode()).decode()
        return Credentials(f"{self._address}/", f"Authorization: Basic {pair}")

    @contextmanager
    def asking(self, doing: str) -> Iterator[None]:
        """Turns what goes wrong into PlatformError, with what was to be done."""
        import requests

        try:
            yield
        except refusal() as error:
            raise self._said(error, doing) from None
        except requests.TooManyRedirects:
            raise PlatformError(f"{self._address} leads elsewhere: give the address or name that it has now") from None
        except requests.RequestException as error:
            told = scrubbed(cause(error), self._token)
            raise Unsure(f"{self._address} cannot be reached to {doing}: {told}") from None
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
            told = scrubbed(repr(error), self._token)
            raise PlatformError(f"{self._address} does not answer as GitLab does, asked to {doing}: {told}") from None

    def _said(self, error: gitlab.GitlabError, doing: str) -> PlatformError:
        status = error.response_code or 0
        said = scrubbed(words(error.error_message), self._token)
        if status == 401:
            return NotAllowed(f"{self._address} does not know the token: it is wrong, or has expired")
        if status in (403, 404):
            why = f" (it says: {said[:300]})" if said and not said.startswith(str(status)) else ""
            return NotAllowed(f"the token may not {doing}, or it is not there ({status}): {_NEEDED}{why}")
        if status >= 500:
            return Unsure(f"{self._address} fails to {doing} ({status}); try again later{because(said)}")
        return PlatformError(f"{self._address} refuses to {doing} ({status}){because(said)}")


def refusal() -> type[gitlab.GitlabError]:
    """What python-gitlab raises for an answer that is no success."""
    import gitlab

    return gitlab.GitlabError
