"""Bare repositories served over smart HTTP by git's own `git http-backend`, as hosts do, on this machine alone."""

from __future__ import annotations

import os
import socket
import struct
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import IO, NamedTuple
from urllib.parse import urlsplit

from command import environment
from http_serving import Serving

# What GitHub, GitLab and Gitea let one do: partial clones, objects by their names, pushes with a token.
_HOST = (
    ("safe.directory", "*"),
    ("uploadpack.allowFilter", "true"),
    ("uploadpack.allowAnySHA1InWant", "true"),
    ("http.receivepack", "true"),
    ("protocol.version", "2"),
)


class Asked(NamedTuple):
    """A request, with the header that names who asks."""

    method: str
    path: str
    authorization: str


class GitServer:
    """Serves the bare repositories below a folder. What goes wrong is switched on by its attributes.

    `token` is the Authorization header that is required, `fails` how many requests fail from now on, in the way that
    `failure` says: an HTTP status, or 0 for a connection that breaks; `redirect` is where all requests are sent,
    `refusal` what a request without the token is told; `host` what git is set to do. `before` is called with each
    request, `pushed` with the repository's name when one was pushed to.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.token = ""
        self.fails = 0
        self.failure = 500
        self.redirect = ""
        self.refusal = "no"
        self.host = dict(_HOST)
        self.before: Callable[[Asked], object] = lambda asked: None
        self.pushed: Callable[[str], object] = lambda name: None
        self.asked: list[Asked] = []
        handler = type("Handler", (_Handler,), {"git": self})
        self._serving = Serving(handler)

    @property
    def address(self) -> str:
        """Where it is, with a slash at the end."""
        return f"{self._serving.address}/"

    def url(self, name: str) -> str:
        """The address of a repository: `owner/name` for the folder `owner/name.git`."""
        return f"{self.address}{name}.git"

    def stop(self) -> None:
        self._serving.stop()


@contextmanager
def served(folder: Path) -> Iterator[GitServer]:
    """A server of the repositories below a folder, `owner/name.git`."""
    server = GitServer(folder)
    try:
        yield server
    finally:
        server.stop()


class _Handler(BaseHTTPRequestHandler):
    git: GitServer
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing is logged."""

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        with tempfile.TemporaryFile() as body:
            self._read_body(body)
            asked = Asked(self.command, self.path, self.headers.get("Authorization", ""))
            self.git.asked.append(asked)
            self.git.before(asked)
            if self.git.redirect:
                self._say(302, "elsewhere", Location=self.git.redirect + self.path.lstrip("/"))
            elif self.git.fails > 0:
                self.git.fails -= 1
                self._fail()
            elif self.git.token and asked.authorization != self.git.token:
                realm = {"WWW-Authenticate": 'Basic realm="git"'}
                self._say(401, self.git.refusal, **({} if asked.authorization else realm))
            else:
                self._serve(body)

    def _fail(self) -> None:
        if self.git.failure:
            self._say(self.git.failure, self.git.refusal)
            return
        # Reset, not closed: RST is sent where nothing lingers.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def _say(self, status: int, text: str, **headers: str) -> None:
        data = text.encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _read_body(self, body: IO[bytes]) -> None:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            while size := int(self.rfile.readline().split(b";")[0], 16):
                body.write(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
        else:
            body.write(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        body.seek(0)

    def _serve(self, body: IO[bytes]) -> None:
        parts = urlsplit(self.path)
        known = {
            "GIT_PROJECT_ROOT": str(self.git.folder),
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(os.fstat(body.fileno()).st_size),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "REMOTE_USER": "somebody",
            "REMOTE_ADDR": self.client_address[0],
            "GIT_CONFIG_COUNT": str(len(self.git.host)),
        }
        for at, (key, value) in enumerate(self.git.host.items()):
            known |= {f"GIT_CONFIG_KEY_{at}": key, f"GIT_CONFIG_VALUE_{at}": value}
        with subprocess.Popen(
            ["git", "http-backend"],
            stdin=body,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(**known),
        ) as backend:
            assert backend.stdout is not None
            self._pass_on(backend.stdout)
        if parts.path.endswith("/git-receive-pack") and self.command == "POST":
            self.git.pushed(parts.path.strip("/").removesuffix("/git-receive-pack").removesuffix(".git"))

    def _pass_on(self, answer: IO[bytes]) -> None:
        """What a CGI program says, with the end of the connection as its end."""
        status, headers = 200, []
        while line := answer.readline().rstrip(b"\r\n"):
            name, _, value = line.decode().partition(": ")
            if name == "Status":
                status = int(value.split()[0])
            else:
                headers.append((name, value))
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        try:
            while block := answer.read(1 << 16):
                self.wfile.write(block)
        except OSError:
            answer.read()
