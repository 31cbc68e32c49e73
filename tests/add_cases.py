"""ADDs that become COPYs and ADDs that stay, with their build context: for test_add_to_copy.py and real builds of it."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping
from typing import NamedTuple


def archive(mode: str = "w", form: int = tarfile.PAX_FORMAT) -> bytes:
    """A tar archive of one file, `packed`."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode, format=form) as tar:  # type: ignore[call-overload]
        info = tarfile.TarInfo("packed")
        info.size = 3
        tar.addfile(info, io.BytesIO(b"abc"))
    return file.getvalue()


def without_magic(data: bytes) -> bytes:
    """The archive as before POSIX: `ustar` is not in it, and the sum of its header is right."""
    head = bytearray(data[:512])
    head[257:512] = bytes(255)
    head[148:156] = b" " * 8
    head[148:156] = b"%06o\0 " % sum(head)
    return bytes(head) + data[512:]


class AddCase(NamedTuple):
    """`after` is what becomes of `before`, the lines below FROM; where it is empty, they stay, and `why` says why."""

    says: str
    before: str
    after: str = ""
    why: str = ""
    files: Mapping[str, bytes] = {}
    links: Mapping[str, str] = {}


TEXT = b"a text\n"
SCRIPT = b"#!/bin/sh\necho run\n"
V7 = without_magic(archive(form=tarfile.USTAR_FORMAT))

CASES = (
    AddCase("a file", "ADD a.conf /etc/a.conf\n", "COPY a.conf /etc/a.conf\n", files={"a.conf": TEXT}),
    AddCase("a file without an extension", "ADD run /run-it\n", "COPY run /run-it\n", files={"run": SCRIPT}),
    AddCase("an empty file", "ADD empty /empty\n", "COPY empty /empty\n", files={"empty": b""}),
    AddCase("a file of zeros", "ADD zeros /zeros\n", "COPY zeros /zeros\n", files={"zeros": bytes(20_000)}),
    AddCase("a zip, which ADD does not unpack", "ADD a.zip /a.zip\n", "COPY a.zip /a.zip\n",
            files={"a.zip": b"PK\x03\x04" + bytes(600)}),
    AddCase("a folder that holds an archive", "ADD data /data\n", "COPY data /data\n",
            files={"data/a.tar": archive(), "data/b/c": TEXT}),
    AddCase("the whole context", "ADD . /app/\n", "COPY . /app/\n", files={"a.tar": archive(), "b": TEXT}),
    AddCase("several sources", "ADD a b c/ /srv/\n", "COPY a b c/ /srv/\n", files={"a": TEXT, "b": TEXT, "c/d": TEXT}),
    AddCase("a pattern with an extension", "ADD *.conf /etc/x/\n", "COPY *.conf /etc/x/\n",
            files={"a.conf": TEXT, "b.conf": TEXT}),
    AddCase("the form of JSON", 'ADD ["a file", "/srv/a file"]\n', 'COPY ["a file", "/srv/a file"]\n', files={"a file": TEXT}),
    AddCase("owner and mode", "ADD --chown=33:33 --chmod=640 a /srv/a\n", "COPY --chown=33:33 --chmod=640 a /srv/a\n",
            files={"a": TEXT}),
    AddCase("a name from a variable", "ENV NAME=a.conf\nADD $NAME /etc/\n", "ENV NAME=a.conf\nCOPY $NAME /etc/\n",
            files={"a.conf": TEXT}),
    AddCase("lines that go on, with a comment between", "ADD a \\\n  # why\n  b \\\n  /srv/\n", "COPY a \\\n  # why\n  b \\\n  /srv/\n",
            files={"a": TEXT, "b": TEXT}),
    AddCase("small letters", "add a /srv/a\n", "copy a /srv/a\n", files={"a": TEXT}),
    AddCase("neighbours, one of which stays", "ADD a /srv/a\nADD b /srv/b\nADD c.tar /srv/c\nADD d /srv/d\n",
            "COPY a /srv/a\nCOPY b /srv/b\nADD c.tar /srv/c\nCOPY d /srv/d\n",
            files={"a": TEXT, "b": TEXT, "c.tar": archive(), "d": TEXT}),
    AddCase("a tar archive", "ADD a.tar /srv/\n", why="called as archives are", files={"a.tar": archive()}),
    AddCase("a tar archive by its contents", "ADD image /srv/\n", why="`image` is an archive", files={"image": archive()}),
    AddCase("a tar archive of GNU", "ADD image /srv/\n", why="is an archive", files={"image": archive(form=tarfile.GNU_FORMAT)}),
    AddCase("a tar archive from before POSIX", "ADD image /srv/\n", why="is an archive", files={"image": V7}),
    AddCase("a packed archive by its contents", "ADD image /srv/\n", why="is an archive", files={"image": archive("w:gz")}),
    AddCase("an archive packed by bzip2", "ADD image /srv/\n", why="is an archive", files={"image": archive("w:bz2")}),
    AddCase("an archive packed by xz", "ADD image /srv/\n", why="is an archive", files={"image": archive("w:xz")}),
    AddCase("a pointer in the place of an archive", "ADD a.tar.xz /srv/\n", why="called as archives are",
            files={"a.tar.xz": b"version https://git-lfs.github.com/spec/v1\n"}),
    AddCase("an archive among files", "ADD a b /srv/\n", why="`b` is an archive", files={"a": TEXT, "b": archive()}),
    AddCase("a pattern without an extension", "ADD dist/* /srv/\n", why="may be an archive one day", files={"dist/a": TEXT}),
    AddCase("a pattern for archives", "ADD *.tgz /srv/\n", why="may be an archive one day", files={"a.tgz": archive("w:gz")}),
    AddCase("a pattern that matches nothing", "ADD *.conf /srv/\n", why="nothing of the build context", files={"a": TEXT}),
    AddCase("a file that is not there", "ADD b /srv/\n", why="nothing of the build context is `b`", files={"a": TEXT}),
    AddCase("a link", "ADD a /srv/a\n", why="`a` is a link", files={"b": archive()}, links={"a": "b"}),
    AddCase("a build argument", "ARG NAME\nADD $NAME /srv/\n", why="depends on a variable", files={"a": TEXT}),
    AddCase("an address", "ADD https://example.org/a /srv/\n", why="it fetches something"),
    AddCase("a repository", "ADD git@github.com:a/b.git /srv/\n", why="it fetches something"),
    AddCase("an address beside a file", "ADD a https://example.org/b /srv/\n", why="it fetches something", files={"a": TEXT}),
    AddCase("a heredoc", "ADD <<EOF /srv/a\ntext\nEOF\n", why="it has a heredoc"),
    AddCase("a flag of its own", "ADD --unpack=true a /srv/\n", why="`--unpack` is a flag of ADD alone", files={"a": TEXT}),
    AddCase("a file below a pragma that says so", "# dockfix: ignore=add-to-copy\nADD a /srv/\n", why="a comment above",
            files={"a": TEXT}),
)  # fmt: skip
