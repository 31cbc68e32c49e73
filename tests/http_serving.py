"""An HTTP server of a test: on this machine alone, in threads of its own, ended without a wait."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

# How often it looks whether it is to end, in seconds: each test waits for half of that. The library's 0.5 add up.
_LOOK = 0.02


class Serving:
    """Serves from now on; `address` has no slash at the end."""

    def __init__(self, handler: Callable[..., BaseHTTPRequestHandler]) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        Thread(target=self._server.serve_forever, args=(_LOOK,), daemon=True).start()

    def stop(self) -> None:
        """Answer nobody any more."""
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def served_by(handler: Callable[..., BaseHTTPRequestHandler]) -> Iterator[str]:
    """The address of a server for the time of a `with` block."""
    server = Serving(handler)
    try:
        yield server.address
    finally:
        server.stop()
