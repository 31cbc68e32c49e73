"""The webhooks and the health, over HTTP: little is read, less is said, and nothing that came in is sent back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from time import monotonic, time
from typing import NamedTuple

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from ..journal import JournalError
from .allowed import Allowed, is_name
from .desk import Desk
from .events import EVENTS, Surprise, What, about, parse, repositories
from .queue import Queue
from .signatures import HEADERS, Secrets, header, is_signed, marks
from .worker import Worker

_HEALTH_LASTS = 1.0
"""Seconds for which a look at the health counts: everybody may ask, and each look is written to the disk."""


class Settings(NamedTuple):
    """What webhooks are taken: of a platform of this `kind`, about `allowed` repositories, of at most `limit` bytes.

    A body must come within `patience` seconds, and `grace` are the seconds that work in progress gets at the end.
    """

    kind: str
    allowed: Allowed
    secrets: Secrets
    limit: int
    patience: float
    grace: float


class Refused(Exception):
    """A request is not taken: the status, and a sentence for who has sent it, without anything that they sent."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


def application(settings: Settings, desk: Desk, worker: Worker, tell: Callable[[str], None]) -> Starlette:
    """The application, which works off the queue as long as it is served."""

    @asynccontextmanager
    async def working(_app: Starlette) -> AsyncIterator[None]:
        running = asyncio.create_task(worker.run())
        door.is_working = lambda: not running.done()
        yield
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await worker.stop(settings.grace)

    door = _Door(settings, desk, worker, tell)
    routes = [
        Route("/webhooks/{kind}", door.webhook, methods=["POST"]),
        Route("/healthz", door.health, methods=["GET"]),
    ]
    return Starlette(routes=routes, lifespan=working)


class _Door:
    def __init__(self, settings: Settings, desk: Desk, worker: Worker, tell: Callable[[str], None]) -> None:
        self._settings = settings
        self._desk = desk
        self._worker = worker
        self._tell = tell
        self.is_working: Callable[[], bool] = lambda: False
        self._health: tuple[float, Response] = (-_HEALTH_LASTS, Response())

    async def webhook(self, request: Request) -> Response:
        try:
            return await self._taken(request)
        except Refused as refused:
            self._tell(f"refused ({refused.status}): {refused.reason}")
            return PlainTextResponse(f"{refused.reason}\n", refused.status)
        except JournalError as error:
            self._tell(str(error))
            return PlainTextResponse("it cannot be queued now; send it again\n", 503, {"retry-after": "60"})

    async def health(self, _request: Request) -> Response:
        at, known = self._health
        if monotonic() - at >= _HEALTH_LASTS:
            known = await self._looked()
            self._health = (monotonic(), known)
        return known

    async def _looked(self) -> Response:
        try:
            told = await self._desk.ask(Queue.health)
        except JournalError as error:
            self._tell(str(error))
            return JSONResponse({"status": "down", "reason": "the journal cannot be written"}, 503)
        if not self.is_working():
            return JSONResponse({"status": "down", "reason": "nothing is worked off"}, 503)
        return JSONResponse({"status": "up", **told._asdict()})

    async def _taken(self, request: Request) -> Response:
        settings, kind = self._settings, request.path_params["kind"]
        if kind != settings.kind:
            raise Refused(404, "no webhooks of this platform are taken here")
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise Refused(415, "the webhook must send application/json")
        if not header(request.headers, HEADERS[kind].signature):
            raise Refused(401, "the webhook is not signed; give it the secret of this service")
        body = await self._body(request)
        if not is_signed(kind, request.headers, body, settings.secrets, time()):
            raise Refused(401, "the signature is wrong; give the webhook the secret of this service")
        told = marks(kind, request.headers, body)
        if not told:
            raise Refused(400, "the delivery has no number")
        event = header(request.headers, HEADERS[kind].event)
        if EVENTS.get((kind, event)) is What.PING:
            return PlainTextResponse("pong\n")
        return await self._queued(told, self._wanted(event, body))

    async def _body(self, request: Request) -> bytes:
        limit = self._settings.limit
        too_large = Refused(413, f"the body has more than {limit} bytes")
        length = request.headers.get("content-length", "")
        if length.isascii() and length.isdigit() and (len(length) > 15 or int(length) > limit):
            raise too_large
        body = bytearray()
        try:
            async with asyncio.timeout(self._settings.patience):
                async for part in request.stream():
                    body += part
                    if len(body) > limit:
                        raise too_large
        except TimeoutError as error:
            raise Refused(408, "the body did not come in time") from error
        except ClientDisconnect as error:
            raise Refused(400, "the body ended before its end") from error
        return bytes(body)

    def _wanted(self, event: str, body: bytes) -> Sequence[str]:
        try:
            kind, payload = self._settings.kind, parse(body)
            names = repositories(kind, event, payload, self._worker.base(about(kind, payload)))
        except Surprise as surprise:
            raise Refused(400, str(surprise)) from surprise
        if not all(map(is_name, names)):
            raise Refused(400, "the event names what can be no repository")
        # A webhook of a whole organisation tells of others, too, and GitLab switches off one that is refused often.
        return [name for name in dict.fromkeys(names) if name in self._settings.allowed]

    async def _queued(self, told: Sequence[str], names: Sequence[str]) -> Response:
        if not names:
            return PlainTextResponse("nothing to do\n")
        if not await self._desk.ask(lambda queue: queue.receive(told, names)):
            raise Refused(409, "this delivery has come before")
        self._tell(f"queued: {', '.join(names)}")
        self._worker.wake()
        return PlainTextResponse("queued\n", 202)
