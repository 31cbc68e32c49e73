"""Drives a headless Chromium: what a page looks like, what its tree is, and what it asks of the network."""

from __future__ import annotations

import json
import shutil
import struct
import subprocess
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser")
_OPTIONS = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    *"""--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
    --disable-component-update --disable-sync --disable-default-apps --disable-extensions --disable-domain-reliability
    --disable-client-side-phishing-detection --no-pings --no-proxy-server --hide-scrollbars --disable-dev-shm-usage
    """.split(),
)
_NO_PAGE = "not an origin"


class Picture(NamedTuple):
    """The pixels of a PNG, `rows` of red, green, blue one after the other."""

    width: int
    height: int
    rows: tuple[bytes, ...]

    def colours(self) -> Iterator[tuple[int, int, int]]:
        """Each pixel's."""
        for row in self.rows:
            yield from zip(row[::3], row[1::3], row[2::3], strict=True)


def screenshot(url: str, target: Path, width: int, height: int, *options: str) -> Picture:
    """The page as it is first seen in a window of that size; the PNG is left in `target`."""
    _run(url, f"--screenshot={target}", f"--window-size={width},{height}", *options)
    return read_png(target.read_bytes())


def dom(url: str, *options: str) -> str:
    """The tree of the page, when it is loaded and its scripts have run, as HTML."""
    return _run(url, "--dump-dom", *options)


def requests(url: str, log: Path) -> list[str]:
    """The addresses that the page made the browser ask for, in vain or not.

    What Chromium asks of its makers on its own account has no origin, and goes nowhere: no name is resolved.
    """
    _run(url, "--dump-dom", f"--log-net-log={log}")
    asked = [event.get("params", {}) for event in json.loads(log.read_text())["events"]]
    return [each["url"] for each in asked if "url" in each and each.get("initiator", _NO_PAGE) != _NO_PAGE]


def _run(url: str, *options: str) -> str:
    assert PROGRAM is not None
    with tempfile.TemporaryDirectory() as profile:
        command = [PROGRAM, *_OPTIONS, f"--user-data-dir={profile}"]
        done = subprocess.run([*command, *options, url], capture_output=True, timeout=90, check=True)
    return done.stdout.decode()


def read_png(data: bytes) -> Picture:
    """The pixels of a PNG as Chromium writes it: 8 bits a channel, not interlaced (PNG specification, 9.2)."""
    width, height, depth, colour, _, _, interlace = struct.unpack(">IIBBBBB", data[16:29])
    assert (depth, interlace, colour in (2, 6)) == (8, 0, True)
    size = 3 if colour == 2 else 4
    body = zlib.decompress(b"".join(_chunks(data, b"IDAT")))
    above, rows, stride = bytes(width * size), [], width * size + 1
    for start in range(0, height * stride, stride):
        above = _unfiltered(body[start], body[start + 1 : start + stride], above, size)
        rows.append(above if size == 3 else b"".join(above[at : at + 3] for at in range(0, len(above), 4)))
    return Picture(width, height, tuple(rows))


def _chunks(data: bytes, kind: bytes) -> Iterator[bytes]:
    at = 8
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        if data[at + 4 : at + 8] == kind:
            yield data[at + 8 : at + 8 + length]
        at += 12 + length


def _unfiltered(kind: int, line: bytes, above: bytes, size: int) -> bytes:
    if kind == 0:
        return line
    if kind == 2:
        return bytes((value + up) & 255 for value, up in zip(line, above, strict=True))
    row = bytearray(line)
    for at, value in enumerate(line):
        left = row[at - size] if at >= size else 0
        corner = above[at - size] if at >= size else 0
        guess = left if kind == 1 else (left + above[at]) // 2 if kind == 3 else _paeth(left, above[at], corner)
        row[at] = (value + guess) & 255
    return bytes(row)


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda value: abs(guess - value))
