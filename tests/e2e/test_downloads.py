"""What is fetched and deleted, measured: the image is the same, and weighs less by what was hidden."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

import pytest
from http_serving import served_by
from rig.rig import Rig
from verified import Verified, verify, write

ONLY = ("--only", "download-then-delete")


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def _archive(path: Path) -> None:
    """An archive whose members have owners, modes, times and links of their own."""
    with tarfile.open(path, "w") as archive:
        for name, mode, content in (
            ("tool-1/bin/tool", 0o4755, b"#!/bin/sh\n"),
            ("tool-1/data", 0o640, b"x" * 3_000_000),
        ):
            member = tarfile.TarInfo(name)
            member.size, member.mode, member.uid, member.gid, member.mtime = len(content), mode, 33, 34, 1_000_000_000
            archive.addfile(member, io.BytesIO(content))
        for name, kind, target in (
            ("tool-1/same", tarfile.LNKTYPE, "tool-1/data"),
            ("tool-1/to", tarfile.SYMTYPE, "data"),
        ):
            member = tarfile.TarInfo(name)
            member.type, member.linkname, member.mtime = kind, target, 1_000_000_000
            archive.addfile(member)


@pytest.fixture
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where `tool.tar` can be fetched."""
    folder = tmp_path_factory.mktemp("served")
    _archive(folder / "tool.tar")
    with served_by(partial(_Quiet, directory=str(folder))) as address:
        yield address


def assert_lighter(found: Verified) -> None:
    """The images are the same, and the bytes of the layers fall by the hidden ones, within one per cent."""
    assert found.differences() == []
    before, after = found.comparison["before"], found.comparison["after"]
    hidden = before["hidden_bytes"] - after["hidden_bytes"]
    assert hidden > 1_000_000
    assert abs(before["bytes"] - after["bytes"] - hidden) <= 0.01 * hidden


def test_what_add_fetches_is_in_no_layer(rig: Rig, tmp_path: Path, address: str) -> None:
    dockerfile = f"""\
FROM debian:bookworm-slim
ADD {address}/tool.tar /opt/
RUN ls -l --time-style=+%s /opt/tool.tar > /listed && tar xf /opt/tool.tar -C /srv
RUN sha256sum /opt/tool.tar > /sum && rm /opt/tool.tar
"""
    write(tmp_path, {"Dockerfile": dockerfile})
    found = verify(rig, "docker", tmp_path, *ONLY)
    assert [change["title"] for change in found.found["changes"]] == [
        "fetch tool.tar in a stage, and mount it where it is used"
    ]
    assert_lighter(found)


def test_what_three_runs_fetch_unpack_and_delete_weighs_nothing(rig: Rig, tmp_path: Path, address: str) -> None:
    dockerfile = f"""\
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*
RUN curl -fsS -o /tmp/tool.tar {address}/tool.tar
RUN tar xf /tmp/tool.tar -C /opt
RUN mv /opt/tool-1/bin/tool /usr/local/bin/ && rm -rf /opt/tool-1 /tmp/tool.tar
"""
    write(tmp_path, {"Dockerfile": dockerfile})
    assert_lighter(verify(rig, "docker", tmp_path, *ONLY))


def test_what_stages_fetch_and_unpack_is_the_same(rig: Rig, tmp_path: Path, address: str) -> None:
    dockerfile = f"""\
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*
RUN curl -fsS -o /tmp/tool.tar {address}/tool.tar
RUN mkdir /opt/tool && tar xf /tmp/tool.tar -C /opt/tool --strip-components=1
RUN rm /tmp/tool.tar
ENV PATH=/opt/tool/bin:$PATH
"""
    write(tmp_path, {"Dockerfile": dockerfile, ".dockfix.toml": '[transforms.download-then-delete]\nform = "stages"\n'})
    found = verify(rig, "docker", tmp_path, *ONLY)
    assert [change["title"] for change in found.found["changes"]] == [
        "fetch and unpack /opt/tool in stages of their own"
    ]
    assert_lighter(found)
