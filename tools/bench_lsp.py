"""Language servers beside each other: from the start to the first diagnostics, and from a keystroke to the next.

The client here does as little as it can: it waits for the diagnostics of the very version that it has sent. A server
gets the whole text with each keystroke where it asks for that, else the character that was typed.
"""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter, sleep
from typing import Any

_INCREMENTAL = 2  # https://microsoft.github.io/language-server-protocol, TextDocumentSyncKind
_KEYS = 10  # keystrokes in a session
_PAUSE = 0.05  # seconds between two keystrokes: nobody types faster
_CAPABILITIES = {"textDocument": {"publishDiagnostics": {"versionSupport": True, "relatedInformation": True}}}


@dataclass
class Times:
    """Seconds from the start to the first diagnostics, and from each keystroke to the diagnostics behind it."""

    first: float = 0.0
    keys: list[float] = field(default_factory=list)
    found: int = 0


class Client:
    """A server in a process of its own; it is killed where it takes longer than its limit, in seconds."""

    def __init__(self, argv: Sequence[str], folder: Path, limit: float) -> None:
        """Starts the server."""
        self._process = subprocess.Popen(
            argv, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._timer = threading.Timer(limit, self._process.kill)
        self._timer.start()

    def send(self, **message: Any) -> None:
        """Send a message."""
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def wait(self, *, number: int | None = None, version: int | None = None) -> Any:
        """The answer to a request, or the diagnostics of a version. Raises EOFError where the server has ended."""
        while True:
            message = self._message()
            if "method" in message and "id" in message:
                items = (message.get("params") or {}).get("items", [])
                self.send(id=message["id"], result=[None] * len(items) if items else None)
            elif number is not None and message.get("id") == number:
                return message["result"]
            elif version is not None and message.get("method") == "textDocument/publishDiagnostics":
                params = message["params"]
                if params.get("version") == version:
                    return params["diagnostics"]

    def close(self) -> None:
        """End the server."""
        self._timer.cancel()
        self._process.kill()
        self._process.wait()

    def _message(self) -> Any:
        assert self._process.stdout is not None
        length = 0
        while line := self._process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        if not length:
            raise EOFError
        return json.loads(self._process.stdout.read(length))


def session(argv: Sequence[str], folder: Path, text: str, keys: int, limit: float) -> Times:
    """Open the text as a Dockerfile in the folder, and type: a comment in the middle comes and goes.

    After `limit` seconds the session ends; what it has not come to by then counts as that long.
    """
    path = folder / "Dockerfile"
    path.write_text(text)
    times = Times()
    begun = perf_counter()
    client = Client(argv, folder, limit)
    try:
        root = {"processId": os.getpid(), "rootUri": folder.as_uri(), "capabilities": _CAPABILITIES}
        client.send(id=1, method="initialize", params=root)
        sync = client.wait(number=1)["capabilities"]["textDocumentSync"]
        is_incremental = (sync["change"] if isinstance(sync, dict) else sync) == _INCREMENTAL
        client.send(method="initialized", params={})
        document = {"uri": path.as_uri(), "languageId": "dockerfile", "version": 1, "text": text}
        client.send(method="textDocument/didOpen", params={"textDocument": document})
        times.found = len(client.wait(version=1))
        times.first = perf_counter() - begun
        for version in range(2, keys + 2):
            sleep(_PAUSE)
            times.keys.append(_typed(client, path.as_uri(), text, version, is_incremental))
    except (EOFError, BrokenPipeError):
        times = Times(times.first or limit, times.keys or [limit], times.found)
    finally:
        client.close()
    return times


def _typed(client: Client, uri: str, text: str, version: int, is_incremental: bool) -> float:
    lines = text.split("\n")
    middle = next(at for at in range(len(lines) // 2, len(lines)) if lines[at].startswith("RUN "))
    comes = version % 2 == 0
    start, end = {"line": middle, "character": 0}, {"line": middle + (not comes), "character": 0}
    if is_incremental:
        change: dict[str, Any] = {"range": {"start": start, "end": end}, "text": "# x\n" if comes else ""}
    else:
        change = {"text": "\n".join([*lines[:middle], *(["# x"] if comes else []), *lines[middle:]])}
    begun = perf_counter()
    document = {"uri": uri, "version": version}
    client.send(method="textDocument/didChange", params={"textDocument": document, "contentChanges": [change]})
    client.wait(version=version)
    return perf_counter() - begun


def medians(servers: Mapping[str, Sequence[str]], folder: Path, text: str, limit: float, runs: int) -> dict[str, Times]:
    """The medians of each server's times, in sessions that take turns; at its limit, a server counts with that."""
    folder.mkdir(parents=True, exist_ok=True)
    taken: dict[str, list[Times]] = {name: [] for name in servers}
    for _ in range(runs):
        for name, argv in servers.items():
            taken[name].append(session(argv, folder, text, _KEYS, limit))
    return {
        name: Times(
            median(one.first for one in found),
            [median(key for one in found for key in one.keys)],
            max(one.found for one in found),
        )
        for name, found in taken.items()
    }
