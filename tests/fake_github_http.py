"""What is about HTTP in the fake GitHub: reading requests, failing when told to, and passing git's on to where git is."""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Callable
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from http_serving import Serving


class Answer(NamedTuple):
    status: int
    body: object = None
    headers: dict[str, str] = {}  # noqa: RUF012 - nobody changes it


class Asked(NamedTuple):
    """A request as it has come in. `status` is what it was answered with; 0: the connection was broken."""

    verb: str
    path: str
    query: dict[str, str]
    body: object
    token: str
    status: int = 0


class Broken(Exception):
    """The connection is to be broken."""


class Served(Serving):
    """An API on 127.0.0.1: `answer` gives the answers. `git` is the address of another server, for paths of git."""

    def __init__(self, answer: Callable[[Asked], Answer], git: Callable[[], str]) -> None:
        class Handler(_Handler):
            pass

        Handler.answer = staticmethod(answer)
        Handler.git = staticmethod(git)
        super().__init__(Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    answer: Callable[[Asked], Answer]
    git: Callable[[], str]

    def _do(self) -> None:
        content = self._content()
        parts = urlsplit(self.path)
        if ".git/" in parts.path:
            self._pass_on(content)
            return
        token = self.headers.get("authorization", "").partition(" ")[2]
        body = json.loads(content) if content else None
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        try:
            answer = self.answer(Asked(self.command, parts.path, query, body, token))
        except Broken:
            self._break()
            return
        text = json.dumps(answer.body).encode() if answer.body is not None else b""
        self.send_response_only(answer.status)
        kind = {"Content-Type": "application/json; charset=utf-8"} if text else {}
        for name, value in {
            "Date": self.date_time_string(),
            **kind,
            **answer.headers,
            "Content-Length": str(len(text)),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _do  # noqa: N815 - the names are the library's

    def _content(self) -> bytes:
        if self.headers.get("transfer-encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("content-length") or 0))
        content = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            content += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return content

    def _pass_on(self, content: bytes) -> None:
        """To the server of git, as if that were here: on GitHub both are at one host."""
        drop = {"host", "connection", "transfer-encoding", "content-length", "expect"}
        headers = {name: value for name, value in self.headers.items() if name.lower() not in drop}
        there = HTTPConnection(urlsplit(self.git()).netloc, timeout=120)
        there.request(self.command, self.path, body=content or None, headers=headers)
        answer = there.getresponse()
        body = answer.read()
        there.close()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in drop | {"date", "server"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _break(self) -> None:
        """A reset, not an orderly end."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def log_message(self, *_: object) -> None:
        """Nothing: the log is kept by who answers."""
