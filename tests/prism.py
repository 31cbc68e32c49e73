"""GitHub's official OpenAPI description, and prism, which holds requests and answers against it.

Both come from npm once, into .e2e/. In front of prism stands a recorder: what prism says is not in what the adapter sees.
"""

from __future__ import annotations

import fcntl
import json
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import pytest
from command import environment
from http_serving import Serving
from vscode_extension import npm

Json = dict[str, Any]
PACKAGES = ("@octokit/openapi@23.0.2", "@stoplight/prism-cli@5.14.2")
_FOLDER = Path(__file__).parent.parent / ".e2e" / "prism"
_START = 180


class Exchanged(NamedTuple):
    """A request and what became of it. `operation` is its name in the description, empty where there is none such.

    `violations` are what prism says is wrong about the request or the answer.
    """

    verb: str
    path: str
    operation: str
    status: int
    violations: list[str]


def installed() -> Path:
    """The folder with both packages. Skips the test where there is no npm."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        pytest.skip("npm is not installed")
    _FOLDER.mkdir(parents=True, exist_ok=True)
    with (_FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = _FOLDER / "done"
        if not done.exists() or done.read_text() != repr(PACKAGES):
            succeeded, said = npm(
                _FOLDER, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-save", *PACKAGES
            )
            assert succeeded, said
            _slimmed()
            done.write_text(repr(PACKAGES))
    return _FOLDER


def _slimmed() -> None:
    """Without the descriptions of other editions, some 370 MB."""
    for other in (_FOLDER / "node_modules/@octokit/openapi/generated").glob("*.json"):
        if other.name != "api.github.com.json":
            other.unlink()


class Description:
    """The description, with only the paths of some operations: prism then starts in seconds rather than in a minute.

    What is asked outside of them has no operation, so that nothing is hidden by it. It is made stricter, too: members of
    a body and parameters that it does not know are wrong, as GitHub ignores them, and what they were to say. A refusal of
    which it only says that there is one has a JSON object, as all of GitHub's have.
    """

    def __init__(self, operations: Iterable[str]) -> None:
        wanted = set(operations)
        whole = json.loads((installed() / "node_modules/@octokit/openapi/generated/api.github.com.json").read_text())
        named = {
            operation["operationId"]: (verb.upper(), path)
            for path, item in whole["paths"].items()
            for verb, operation in item.items()
            if isinstance(operation, dict) and operation.get("operationId") in wanted
        }
        assert set(named) == wanted, f"GitHub has no operation {wanted - set(named)}"
        paths = {path for _, path in named.values()}
        self._names = {(verb, _pattern(path)): name for name, (verb, path) in named.items()}
        head = {name: whole[name] for name in ("openapi", "info", "servers")}
        part = _with_components({**head, "paths": {path: whole["paths"][path] for path in sorted(paths)}}, whole)
        self._queries = {}
        for name, (verb, path) in named.items():
            operation = part["paths"][path][verb.lower()]
            _made_strict(operation.get("requestBody", {}))
            for status, answer in operation["responses"].items():
                if status >= "400" and "$ref" not in answer:
                    answer.setdefault("content", {"application/json": {"schema": {"type": "object"}}})
            known = [_resolved(one, part) for one in operation.get("parameters", [])]
            self._queries[name] = {one["name"] for one in known if one["in"] == "query"}
        self.text = json.dumps(part)

    def operation(self, verb: str, path: str) -> str:
        """The name of the operation, empty where there is none."""
        found = (name for (one, pattern), name in self._names.items() if one == verb and re.fullmatch(pattern, path))
        return next(found, "")

    def unknown(self, operation: str, query: str) -> list[str]:
        """The parameters that an operation does not have."""
        return [name for name, _ in parse_qsl(query) if name not in self._queries.get(operation, ())]


def _made_strict(schema: Json) -> None:
    """Wherever an object has named members, it has no others."""
    for value in schema.values():
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, dict):
                _made_strict(inner)
    if isinstance(schema.get("properties"), dict):
        schema.setdefault("additionalProperties", False)


def _resolved(one: Json, whole: Json) -> Json:
    *_, kind, name = one.get("$ref", "//").split("/")
    return whole["components"][kind][name] if name else one


def _pattern(path: str) -> str:
    return re.sub(r"\\\{[^}]*\}", "[^/]+", re.escape(path))


def _with_components(part: Json, whole: Json) -> Json:
    """Add what is referred to, and what that refers to."""
    components: Json = {}
    waiting = [json.dumps(part["paths"])]
    while waiting:
        for kind, name in re.findall(r'"#/components/([\w-]+)/([^"]+)"', waiting.pop()):
            if name not in components.setdefault(kind, {}):
                components[kind][name] = whole["components"][kind][name]
                waiting.append(json.dumps(components[kind][name]))
    return {**part, "components": components}


@contextmanager
def running(description: Description, upstream: str, folder: Path) -> Iterator[str]:
    """The address of prism before `upstream`: it refuses what does not fit the description, on both ways."""
    (folder / "description.json").write_text(description.text)
    port = _free_port()
    program = installed() / "node_modules/.bin/prism"
    command = ["node", str(program), "proxy", "--errors", "--host", "127.0.0.1", "--port", str(port)]
    with (folder / "prism.log").open("wb") as log:
        prism = subprocess.Popen(
            [*command, str(folder / "description.json"), upstream],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment(),
        )
    try:
        until = time.monotonic() + _START
        while not _listens(port):
            assert prism.poll() is None, (folder / "prism.log").read_text()
            assert time.monotonic() < until, f"prism does not start within {_START} s"
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        prism.terminate()
        prism.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as some:
        some.bind(("127.0.0.1", 0))
        return int(some.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as some:
        return some.connect_ex(("127.0.0.1", port)) == 0


class Recorder(Serving):
    """Stands before prism, and notes each exchange in `seen`."""

    def __init__(self, description: Description, prism: str) -> None:
        self.seen: list[Exchanged] = []
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _do(self) -> None:
                content = self.rfile.read(int(self.headers.get("content-length") or 0))
                there = HTTPConnection(urlsplit(prism).netloc, timeout=120)
                headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
                there.request(self.command, self.path, body=content or None, headers=headers)
                answer = there.getresponse()
                body = answer.read()
                there.close()
                path, query = urlsplit(self.path).path, urlsplit(self.path).query
                operation = description.operation(self.command, path)
                said = description.unknown(operation, query) + _violations(answer, body)
                recorder.seen.append(Exchanged(self.command, path, operation, answer.status, said))
                self.send_response(answer.status)
                for name in ("content-type", "link", "location", "retry-after"):
                    if name in answer.headers:
                        self.send_header(name, answer.headers[name])
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _do  # noqa: N815 - the names are the library's

            def log_message(self, *_: object) -> None:
                """Nothing: `seen` is the log."""

        super().__init__(Handler)


def _violations(answer: HTTPResponse, body: bytes) -> list[str]:
    """The description does not name every status that a request may be refused with: that is but a warning."""
    found = json.loads(answer.headers.get("sl-violations", "[]"))
    said = [json.dumps(one) for one in found if one["severity"] == "Error" or answer.status < 400]
    return said or ([body.decode()] if "problem+json" in answer.headers.get("content-type", "") else [])
