"""A connection of uvicorn's with an end: uvicorn itself waits for ever for a request that comes byte by byte."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

LONGEST = 30.0
"""Seconds for a connection. It has one request, whose body may take a third of that; the rest is for slow lines."""


class Connection(H11Protocol):
    """Is cut off after LONGEST, whatever it is busy with."""

    _end: asyncio.TimerHandle

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Start the clock."""
        super().connection_made(transport)
        self._end = self.loop.call_later(LONGEST, transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        self._end.cancel()
        super().connection_lost(exc)
