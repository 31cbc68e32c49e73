"""A forge on 127.0.0.1 that answers in the recorded shapes of a real one, with state; GitLab's and Gitea's are on it.

Each request is checked against the shapes below shapes/ (method, path, parameters, types), and so is each answer of
ours: what does not fit is in `violations`.
"""

from __future__ import annotations

import json
import re
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import jsonschema

SHAPES = Path(__file__).parent / "shapes"
TOKEN = "secret-token_of.nobody"  # noqa: S105  (it opens nothing)

Json = Any


class Asked(NamedTuple):
    """A request: which operation, with what names in its path (unquoted), query and body."""

    operation: str
    names: Mapping[str, str]
    query: Mapping[str, str]
    body: Json


class Refusal(Exception):
    """An answer that is no success."""

    def __init__(self, status: int, told: Json, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.told = told
        self.headers = headers or {}


class Page(NamedTuple):
    """A list of which only a page is sent."""

    entries: list[Json]


class Forge:
    """What both have in common. `shapes` and `root`, the path of the API, and `handlers` are the subclass's."""

    shapes = ""
    root = ""
    account = "dockfix-bot"

    def __init__(self) -> None:
        described = json.loads((SHAPES / self.shapes).read_text())
        self._operations = described["operations"]
        self._definitions = described["definitions"]
        self.lock = threading.RLock()
        self.log: list[Asked] = []
        self.violations: list[str] = []
        self.failures: dict[int, Callable[[], str | Refusal]] = {}
        self.address = ""

    @property
    def operations(self) -> set[str]:
        """The names of all that there are shapes for."""
        return {one["name"] for one in self._operations}

    @property
    def used(self) -> set[str]:
        """The names of those that were asked for."""
        return {one.operation for one in self.log}

    def fail(self, at: int, how: str | Refusal) -> None:
        """Make a request fail, counted from 1 from now on; `how`: reset (before it is done), lost (after), or so."""
        self.failures[len(self.log) + at] = lambda: how

    def is_token(self, headers: Mapping[str, str]) -> bool:
        raise NotImplementedError

    def handle(self, asked: Asked) -> Json:
        """Give the answer, or raise Refusal: by the method that is called as the operation."""
        return getattr(self, asked.operation)(asked)

    def paged(self, page: Page, asked: Asked) -> tuple[Json, dict[str, str]]:
        raise NotImplementedError

    def answer(
        self, method: str, target: str, headers: Mapping[str, str], text: bytes
    ) -> tuple[int, Json, Mapping[str, str]] | None:
        """What is answered; None: the connection breaks."""
        with self.lock:
            asked = self._asked(method, target, text)
            self.log.append(asked)
            how = self.failures.pop(len(self.log), lambda: "")()
            try:
                if how == "reset":
                    return None
                if isinstance(how, Refusal):
                    raise how
                answer, told = self._done(asked, headers)
            except Refusal as refusal:
                return refusal.status, refusal.told, refusal.headers
            if how == "lost":
                return None
            return *answer, told

    def _done(self, asked: Asked, sent: Mapping[str, str]) -> tuple[tuple[int, Json], Mapping[str, str]]:
        if not self.is_token(sent):
            # It echoes what it was sent, as servers that are made to be debugged do.
            raise Refusal(401, {"message": f"401 Unauthorized: {dict(sent)}"})
        answer, headers = self.handle(asked), {}
        if isinstance(answer, Page):
            answer, headers = self.paged(answer, asked)
        operation = next(one for one in self._operations if one["name"] == asked.operation)
        self._check(f"answer of {asked.operation}", operation["answer"], answer)
        return (operation["status"], answer), headers

    def _asked(self, method: str, target: str, text: bytes) -> Asked:
        parts = urlsplit(target)
        for one in self._operations:
            names = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(one["path"]))
            pattern = self.root + names.replace(f"<{one.get('rest')}>[^/]+", f"<{one.get('rest')}>.+")
            match = re.fullmatch(pattern, parts.path)
            if match and method == one["method"]:
                names = {name: unquote(value) for name, value in match.groupdict().items()}
                query = dict(parse_qsl(parts.query, keep_blank_values=True))
                self._check_query(one, query)
                body = json.loads(text) if text else None
                if "body" in one:
                    self._check(f"body of {one['name']}", one["body"], body)
                elif body:
                    self.violations.append(f"{one['name']}: there is no body {body}")
                return Asked(one["name"], names, query, body)
        self.violations.append(f"{method} {target}: no shape is recorded")
        return Asked("unknown", {}, {}, None)

    def unknown(self, asked: Asked) -> Json:
        raise Refusal(404, {"message": "404 Not Found"})

    def _check_query(self, operation: Json, query: Mapping[str, str]) -> None:
        for name, value in query.items():
            shape = operation.get("query", {}).get(name)
            if shape is None:
                self.violations.append(f"{operation['name']}: there is no parameter {name}")
                continue
            typed: Json = value
            if shape.get("type") == "integer" and value.isdecimal():
                typed = int(value)
            if shape.get("type") == "boolean" and value.lower() in ("true", "false"):
                typed = value.lower() == "true"
            self._check(f"{operation['name']}?{name}", shape, typed)

    def _check(self, what: str, shape: Json, told: Json) -> None:
        schema = {**shape, "definitions": self._definitions}
        validator = jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker())
        self.violations += [f"{what}: {error.json_path}: {error.message}" for error in validator.iter_errors(told)]


AnyForge = TypeVar("AnyForge", bound=Forge)


@contextmanager
def serving(forge: AnyForge) -> Iterator[AnyForge]:
    """The forge, at its address; at the end all that was asked and answered has been in shape."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(forge))
    forge.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield forge
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert forge.violations == []


def _handler(forge: Forge) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_any(self) -> None:
            text = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            answer = forge.answer(self.command, self.path, dict(self.headers.items()), text)
            if answer is None:
                # With a reset, not an end: nothing of an answer was sent.
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.close_connection = True
                self.connection.close()
                return
            status, told, headers = answer
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_any  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    return Handler


def link(asked: Asked, address: str, page: int) -> str:
    """The header that leads to another page."""
    return f'<{address}?{urlencode({**asked.query, "page": page})}>; rel="next"'
