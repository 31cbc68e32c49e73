"""COPYs of what a RUN deletes later, with their build context: what becomes of them, for tests and real builds."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping, Sequence
from typing import NamedTuple


class CopyCase(NamedTuple):
    """`after` is what becomes of `before`; where it is empty, all stays, and `why` says why (empty: nobody would ask).

    `look` is what a person must look at before the change is made; `files` is the build context, None where it is not
    known.
    """

    says: str
    before: str
    after: str = ""
    look: str = ""
    why: str = ""
    files: Mapping[str, bytes] | None = None


def deb() -> bytes:
    """A Debian package of one file: https://manpages.debian.org/deb.5"""
    control = b"Package: tool\nVersion: 1\nArchitecture: all\nMaintainer: A <a@example.org>\nDescription: a tool\n"
    members = (
        ("debian-binary", b"2.0\n"),
        ("control.tar", _tar("./control", control)),
        ("data.tar", _tar("./tool", b"tool" * 500)),
    )
    return b"!<arch>\n" + b"".join(_member(name, data) for name, data in members)


def _tar(name: str, data: bytes) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.GNU_FORMAT) as tar:
        info = tarfile.TarInfo(name)
        info.size, info.mode = len(data), 0o644
        tar.addfile(info, io.BytesIO(data))
    return file.getvalue()


def _member(name: str, data: bytes) -> bytes:
    head = f"{name:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(data):<10}`\n".encode()
    return head + data + b"\n" * (len(data) % 2)


TOOLS = {"install.sh": b"echo hi > /made\n", "tool.deb": deb()}
APPLICATION = {
    "docs/d": b"d" * 2000,
    "src/a": b"a",
    "README.md": b"r",
    "CHANGES.md": b"c",
    "tests/t": b"t",
    "app.sh": b"echo app\n",
}

MOUNTED: Sequence[CopyCase] = (
    CopyCase(
        "a script run and deleted in one RUN",
        before=(
            "FROM debian:bookworm-slim\nCOPY install.sh /tmp/install.sh\nRUN sh /tmp/install.sh && rm /tmp/install.sh\n"
        ),
        after=(
            "FROM debian:bookworm-slim\n"
            "RUN --mount=type=bind,source=install.sh,target=/tmp/install.sh \\\n"
            "    sh /tmp/install.sh\n"
        ),
        files=TOOLS,
    ),
    CopyCase(
        "a package in a folder that is there",
        before=("FROM debian:bookworm-slim\nCOPY tool.deb /tmp/\nRUN dpkg -i /tmp/tool.deb && rm -f /tmp/tool.deb\n"),
        after=(
            "FROM debian:bookworm-slim\n"
            "RUN --mount=type=bind,source=tool.deb,target=/tmp/tool.deb \\\n"
            "    dpkg -i /tmp/tool.deb\n"
        ),
        files=TOOLS,
    ),
    CopyCase(
        "four files out of a folder that stays",
        before=(
            "FROM debian:bookworm-slim\nCOPY s/a s/b s/c s/d /tmp/\nRUN sh /tmp/a && rm /tmp/a /tmp/b /tmp/c /tmp/d\n"
        ),
        after=(
            "FROM debian:bookworm-slim\n"
            "RUN --mount=type=bind,source=s/a,target=/tmp/a \\\n"
            "    --mount=type=bind,source=s/b,target=/tmp/b \\\n"
            "    --mount=type=bind,source=s/c,target=/tmp/c \\\n"
            "    --mount=type=bind,source=s/d,target=/tmp/d \\\n"
            "    sh /tmp/a\n"
        ),
        files={"s/a": b"#!/bin/sh\ntest -f /tmp/b\n", "s/b": b"b\n", "s/c": b"c\n", "s/d": b"d\n"},
    ),
    CopyCase(
        "used in two RUNs and deleted in a third",
        before=(
            "FROM debian:bookworm-slim\n"
            "COPY install.sh /tmp/\n"
            "RUN sh /tmp/install.sh a\n"
            "RUN sh /tmp/install.sh b\n"
            "RUN rm /tmp/install.sh\n"
        ),
        after=(
            "FROM debian:bookworm-slim\n"
            "RUN --mount=type=bind,source=install.sh,target=/tmp/install.sh \\\n"
            "    sh /tmp/install.sh a\n"
            "RUN --mount=type=bind,source=install.sh,target=/tmp/install.sh \\\n"
            "    sh /tmp/install.sh b\n"
        ),
        files=TOOLS,
    ),
    CopyCase(
        "made executable first",
        before=(
            "FROM debian:bookworm-slim\n"
            "COPY install.sh /opt/install.sh\n"
            "RUN chmod +x /opt/install.sh && /opt/install.sh && rm /opt/install.sh\n"
        ),
        after=(
            "FROM debian:bookworm-slim\n"
            "RUN --mount=type=bind,source=install.sh,target=/opt/install.sh,rw \\\n"
            "    chmod +x /opt/install.sh && /opt/install.sh\n"
        ),
        files=TOOLS,
    ),
    CopyCase(
        "deleted together with package lists",
        before=(
            "FROM debian:bookworm-slim\n"
            "COPY requirements.txt /tmp/requirements.txt\n"
            "RUN pip install -r /tmp/requirements.txt && rm -rf /var/lib/apt/lists/* /tmp/requirements.txt\n"
        ),
        after=(
            "FROM debian:bookworm-slim\n"
            "RUN --mount=type=bind,source=requirements.txt,target=/tmp/requirements.txt \\\n"
            "    pip install -r /tmp/requirements.txt && rm -rf /var/lib/apt/lists/*\n"
        ),
        files={"requirements.txt": b"x\n"},
    ),
    CopyCase(
        "a folder of scripts",
        before=(
            "FROM debian:bookworm-slim\n"
            "COPY scripts /tmp/scripts\n"
            "RUN sh /tmp/scripts/a.sh && cat /tmp/scripts/b > /made && rm -rf /tmp/scripts\n"
        ),
        after=(
            "FROM debian:bookworm-slim\n"
            "RUN --mount=type=bind,source=scripts,target=/tmp/scripts \\\n"
            "    sh /tmp/scripts/a.sh && cat /tmp/scripts/b > /made\n"
        ),
        look="a script that itself changes /tmp/scripts would fail",
        files={"scripts/a.sh": b"true\n", "scripts/b": b"b\n"},
    ),
    CopyCase(
        "two files into a folder that goes with them",
        before=(
            "FROM debian:bookworm-slim\n"
            "COPY a.sh b.sh /tmp/setup/\n"
            "RUN sh /tmp/setup/a.sh && sh /tmp/setup/b.sh && rm -rf /tmp/setup\n"
        ),
        after=(
            "FROM debian:bookworm-slim\n"
            "RUN --mount=type=bind,source=a.sh,target=/tmp/setup/a.sh \\\n"
            "    --mount=type=bind,source=b.sh,target=/tmp/setup/b.sh \\\n"
            "    sh /tmp/setup/a.sh && sh /tmp/setup/b.sh\n"
        ),
        files={"a.sh": b"true\n", "b.sh": b"true\n"},
    ),
    CopyCase(
        "all files of a folder by a pattern",
        before=(
            "FROM debian:bookworm-slim\nCOPY setup/*.sh /tmp/setup/\nRUN sh /tmp/setup/a.sh && rm -rf /tmp/setup\n"
        ),
        after=(
            "FROM debian:bookworm-slim\n"
            "RUN --mount=type=bind,source=setup,target=/tmp/setup \\\n"
            "    sh /tmp/setup/a.sh\n"
        ),
        look="a script that itself changes /tmp/setup would fail",
        files={"setup/a.sh": b"true\n", "setup/b.sh": b"1\n", "setup/c.sh": b"1\n", "setup/d.sh": b"1\n"},
    ),
    CopyCase(
        "by its name in the folder that the RUN changes to",
        before=(
            "FROM debian:bookworm-slim\n"
            "COPY install.sh /tmp/install.sh\n"
            "RUN cd /tmp && sh ./install.sh && rm install.sh\n"
        ),
        after=(
            "FROM debian:bookworm-slim\n"
            "RUN --mount=type=bind,source=install.sh,target=/tmp/install.sh \\\n"
            "    cd /tmp && sh ./install.sh\n"
        ),
        files=TOOLS,
    ),
    CopyCase(
        "copied to where WORKDIR is",
        before=("FROM debian:bookworm-slim\nWORKDIR /build\nCOPY install.sh .\nRUN sh install.sh && rm install.sh\n"),
        after=(
            "FROM debian:bookworm-slim\n"
            "WORKDIR /build\n"
            "RUN --mount=type=bind,source=install.sh,target=/build/install.sh \\\n"
            "    sh install.sh\n"
        ),
        files=TOOLS,
    ),
    CopyCase(
        "other instructions in between, and a comment",
        before=(
            "FROM debian:bookworm-slim\n"
            "# The installer.\n"
            "COPY install.sh /tmp/\n"
            "\n"
            "ENV A=b\n"
            "EXPOSE 80\n"
            "\n"
            "# Install.\n"
            "RUN sh /tmp/install.sh\n"
            "RUN rm /tmp/install.sh\n"
        ),
        after=(
            "FROM debian:bookworm-slim\n"
            "\n"
            "ENV A=b\n"
            "EXPOSE 80\n"
            "\n"
            "# The installer.\n"
            "# Install.\n"
            "RUN --mount=type=bind,source=install.sh,target=/tmp/install.sh \\\n"
            "    sh /tmp/install.sh\n"
        ),
        files=TOOLS,
    ),
    CopyCase(
        "read into a file by a redirect",
        before=(
            "FROM debian:bookworm-slim\n"
            "COPY key.asc /tmp/key.asc\n"
            "RUN gpg --dearmor < /tmp/key.asc > /etc/key.gpg && rm /tmp/key.asc\n"
        ),
        after=(
            "FROM debian:bookworm-slim\n"
            "RUN --mount=type=bind,source=key.asc,target=/tmp/key.asc \\\n"
            "    gpg --dearmor < /tmp/key.asc > /etc/key.gpg\n"
        ),
        files={"key.asc": b"k"},
    ),
    CopyCase(
        "copied elsewhere by cp",
        before=(
            "FROM debian:bookworm-slim\n"
            "COPY app.conf /tmp/app.conf\n"
            "RUN cp /tmp/app.conf /etc/app.conf && rm /tmp/app.conf\n"
        ),
        after=(
            "FROM debian:bookworm-slim\n"
            "RUN --mount=type=bind,source=app.conf,target=/tmp/app.conf \\\n"
            "    cp /tmp/app.conf /etc/app.conf\n"
        ),
        files={"app.conf": b"k"},
    ),
    CopyCase(
        "nobody uses it",
        before=(
            "FROM debian:bookworm-slim\nCOPY notes.txt /tmp/notes.txt\nRUN echo hi > /made\nRUN rm /tmp/notes.txt\n"
        ),
        after=("FROM debian:bookworm-slim\nRUN echo hi > /made\n"),
        files={"notes.txt": b"k"},
    ),
    CopyCase(
        "statements under set -e",
        before=(
            "FROM debian:bookworm-slim\n"
            "COPY install.sh /tmp/install.sh\n"
            "RUN set -e; sh /tmp/install.sh; rm /tmp/install.sh; echo done\n"
        ),
        after=(
            "FROM debian:bookworm-slim\n"
            "RUN --mount=type=bind,source=install.sh,target=/tmp/install.sh \\\n"
            "    set -e; sh /tmp/install.sh; echo done\n"
        ),
        files=TOOLS,
    ),
    CopyCase(
        "a non-root user",
        before=(
            "FROM debian:bookworm-slim\n"
            "USER 1000\n"
            "COPY install.sh /tmp/install.sh\n"
            "RUN sh /tmp/install.sh && rm -f /tmp/install.sh\n"
        ),
        after=(
            "FROM debian:bookworm-slim\n"
            "USER 1000\n"
            "RUN --mount=type=bind,source=install.sh,target=/tmp/install.sh \\\n"
            "    sh /tmp/install.sh\n"
        ),
        files=TOOLS,
    ),
    CopyCase(
        "sources built with make need a look",
        before=(
            "FROM debian:bookworm-slim\n"
            "RUN mkdir /out\n"
            "COPY . /src\n"
            "RUN cd /src && make && cp app /out/ && cd / && rm -rf /src\n"
        ),
        after=(
            "FROM debian:bookworm-slim\n"
            "RUN mkdir /out\n"
            "RUN --mount=type=bind,target=/src,rw \\\n"
            "    cd /src && make && cp app /out/ && cd /\n"
        ),
        look="what `make` does there is not known; a rename or a hard link out of a mount fails",
        files={"Makefile": b"x", "a.c": b"1"},
    ),
    CopyCase(
        "two copies that one RUN deletes",
        before=(
            "FROM debian:bookworm-slim\n"
            "COPY a.sh /tmp/\n"
            "COPY b.sh /tmp/\n"
            "RUN sh /tmp/a.sh && sh /tmp/b.sh && rm /tmp/a.sh /tmp/b.sh\n"
        ),
        after=(
            "FROM debian:bookworm-slim\n"
            "RUN --mount=type=bind,source=a.sh,target=/tmp/a.sh \\\n"
            "    --mount=type=bind,source=b.sh,target=/tmp/b.sh \\\n"
            "    sh /tmp/a.sh && sh /tmp/b.sh\n"
        ),
        files={"a.sh": b"true\n", "b.sh": b"true\n"},
    ),
    CopyCase(
        "without the context a script needs a look",
        before=(
            "FROM debian:bookworm-slim\nCOPY install.sh /tmp/install.sh\nRUN sh /tmp/install.sh && rm /tmp/install.sh\n"
        ),
        after=(
            "FROM debian:bookworm-slim\n"
            "RUN --mount=type=bind,source=install.sh,target=/tmp/install.sh \\\n"
            "    sh /tmp/install.sh\n"
        ),
        look="a script that itself changes /tmp/install.sh would fail",
        files=None,
    ),
    CopyCase(
        "without the context a package does not",
        before=(
            "FROM debian:bookworm-slim\nCOPY tool.deb /tmp/tool.deb\nRUN dpkg -i /tmp/tool.deb && rm /tmp/tool.deb\n"
        ),
        after=(
            "FROM debian:bookworm-slim\n"
            "RUN --mount=type=bind,source=tool.deb,target=/tmp/tool.deb \\\n"
            "    dpkg -i /tmp/tool.deb\n"
        ),
        files=None,
    ),
    CopyCase(
        "a base that is not known needs a look",
        before=("FROM example/base\nCOPY tool.deb /tmp/tool.deb\nRUN dpkg -i /tmp/tool.deb && rm /tmp/tool.deb\n"),
        after=(
            "FROM example/base\n"
            "RUN --mount=type=bind,source=tool.deb,target=/tmp/tool.deb \\\n"
            "    dpkg -i /tmp/tool.deb\n"
        ),
        look="example/base may itself hold /tmp/tool.deb",
        files=TOOLS,
    ),
    CopyCase(
        "a script that deletes something else, elsewhere",
        before=(
            "FROM debian:bookworm-slim\n"
            "COPY install.sh /tmp/install.sh\n"
            "RUN sh /tmp/install.sh && rm -f /tmp/install.sh\n"
        ),
        after=(
            "FROM debian:bookworm-slim\n"
            "RUN --mount=type=bind,source=install.sh,target=/tmp/install.sh \\\n"
            "    sh /tmp/install.sh\n"
        ),
        files={"install.sh": b"true\nrm -rf /var/lib/apt/lists/* /var/tmp/*\n"},
    ),
    CopyCase(
        "a RUN that has flags already",
        before=(
            "FROM debian:bookworm-slim\n"
            "COPY install.sh /tmp/install.sh\n"
            "RUN --network=none sh /tmp/install.sh && rm /tmp/install.sh\n"
        ),
        after=(
            "FROM debian:bookworm-slim\n"
            "RUN --network=none --mount=type=bind,source=install.sh,target=/tmp/install.sh \\\n"
            "    sh /tmp/install.sh\n"
        ),
        files=TOOLS,
    ),
)


COLLECTED: Sequence[CopyCase] = (
    CopyCase(
        "the docs of a whole folder, removed later",
        before=("FROM debian:bookworm-slim\nCOPY . /app\nRUN rm -rf /app/docs\n"),
        after=(
            "FROM debian:bookworm-slim AS app-files\n"
            "COPY . /app\n"
            "RUN rm -rf /app/docs\n"
            "\n"
            "FROM debian:bookworm-slim\n"
            "COPY --from=app-files /app /app\n"
        ),
        files=APPLICATION,
    ),
    CopyCase(
        "several paths at once",
        before=("FROM debian:bookworm-slim\nCOPY . /app\nRUN rm -rf /app/docs /app/tests /app/README.md\n"),
        after=(
            "FROM debian:bookworm-slim AS app-files\n"
            "COPY . /app\n"
            "RUN rm -rf /app/docs /app/tests /app/README.md\n"
            "\n"
            "FROM debian:bookworm-slim\n"
            "COPY --from=app-files /app /app\n"
        ),
        files=APPLICATION,
    ),
    CopyCase(
        "a pattern",
        before=("FROM debian:bookworm-slim\nCOPY . /app\nRUN rm -f /app/*.md\n"),
        after=(
            "FROM debian:bookworm-slim AS app-files\n"
            "COPY . /app\n"
            "RUN rm -rf /app/*.md\n"
            "\n"
            "FROM debian:bookworm-slim\n"
            "COPY --from=app-files /app /app\n"
        ),
        files=APPLICATION,
    ),
    CopyCase(
        "other work in the same RUN stays",
        before=("FROM debian:bookworm-slim\nCOPY . /app\nRUN rm -rf /app/docs && echo done > /done\n"),
        after=(
            "FROM debian:bookworm-slim AS app-files\n"
            "COPY . /app\n"
            "RUN rm -rf /app/docs\n"
            "\n"
            "FROM debian:bookworm-slim\n"
            "COPY --from=app-files /app /app\n"
            "RUN echo done > /done\n"
        ),
        files=APPLICATION,
    ),
    CopyCase(
        "where the RUN changes to the folder",
        before=("FROM debian:bookworm-slim\nCOPY . /app\nRUN cd /app && rm -rf docs tests\n"),
        after=(
            "FROM debian:bookworm-slim AS app-files\n"
            "COPY . /app\n"
            "RUN rm -rf /app/docs /app/tests\n"
            "\n"
            "FROM debian:bookworm-slim\n"
            "COPY --from=app-files /app /app\n"
        ),
        files=APPLICATION,
    ),
    CopyCase(
        "in the folder that WORKDIR has made",
        before=('FROM debian:bookworm-slim\nWORKDIR /app\nCOPY . .\nRUN rm -rf docs\nCMD ["sh", "app.sh"]\n'),
        after=(
            "FROM debian:bookworm-slim AS app-files\n"
            "COPY . /app\n"
            "RUN rm -rf /app/docs\n"
            "\n"
            "FROM debian:bookworm-slim\n"
            "WORKDIR /app\n"
            "COPY --from=app-files /app /app\n"
            'CMD ["sh", "app.sh"]\n'
        ),
        files=APPLICATION,
    ),
    CopyCase(
        "an owner",
        before=("FROM debian:bookworm-slim\nCOPY --chown=1000:1000 . /app\nRUN rm -rf /app/docs\n"),
        after=(
            "FROM debian:bookworm-slim AS app-files\n"
            "COPY . /app\n"
            "RUN rm -rf /app/docs\n"
            "\n"
            "FROM debian:bookworm-slim\n"
            "COPY --from=app-files --chown=1000:1000 /app /app\n"
        ),
        files=APPLICATION,
    ),
    CopyCase(
        "a folder of the context",
        before=("FROM debian:bookworm-slim\nCOPY src /srv/app/src\nRUN rm -f /srv/app/src/a\n"),
        after=(
            "FROM debian:bookworm-slim AS src-files\n"
            "COPY src /srv/app/src\n"
            "RUN rm -rf /srv/app/src/a\n"
            "\n"
            "FROM debian:bookworm-slim\n"
            "COPY --from=src-files /srv/app/src /srv/app/src\n"
        ),
        files={"src/a": b"1" * 3000, "src/b": b"2"},
    ),
    CopyCase(
        "words beside it stay",
        before=("FROM debian:bookworm-slim\nCOPY . /app\nRUN rm -rf /app/docs /var/lib/apt/lists/*\n"),
        after=(
            "FROM debian:bookworm-slim AS app-files\n"
            "COPY . /app\n"
            "RUN rm -rf /app/docs\n"
            "\n"
            "FROM debian:bookworm-slim\n"
            "COPY --from=app-files /app /app\n"
            "RUN rm -rf /var/lib/apt/lists/*\n"
        ),
        files=APPLICATION,
    ),
    CopyCase(
        "a user who is not root",
        before=(
            "FROM debian:bookworm-slim\nRUN useradd app\nCOPY --chown=app . /app\nUSER app\nRUN rm -rf /app/docs\n"
        ),
        after=(
            "FROM debian:bookworm-slim AS app-files\n"
            "COPY . /app\n"
            "RUN rm -rf /app/docs\n"
            "\n"
            "FROM debian:bookworm-slim\n"
            "RUN useradd app\n"
            "COPY --from=app-files --chown=app /app /app\n"
            "USER app\n"
        ),
        files=APPLICATION,
    ),
    CopyCase(
        "stages are named and numbered",
        before=(
            "FROM debian:bookworm-slim AS base\n"
            "RUN echo 1 > /one\n"
            "FROM debian:bookworm-slim\n"
            "RUN echo 2 > /two\n"
            "FROM debian:bookworm-slim\n"
            "COPY --from=0 /one /one\n"
            "COPY --from=1 /two /two\n"
            "COPY . /app\n"
            "RUN rm -rf /app/docs\n"
        ),
        after=(
            "FROM debian:bookworm-slim AS base\n"
            "RUN echo 1 > /one\n"
            "FROM debian:bookworm-slim\n"
            "RUN echo 2 > /two\n"
            "FROM debian:bookworm-slim AS app-files\n"
            "COPY . /app\n"
            "RUN rm -rf /app/docs\n"
            "\n"
            "FROM debian:bookworm-slim\n"
            "COPY --from=0 /one /one\n"
            "COPY --from=1 /two /two\n"
            "COPY --from=app-files /app /app\n"
        ),
        files=APPLICATION,
    ),
    CopyCase(
        "a stage that a later one is numbered behind",
        before=(
            "FROM debian:bookworm-slim\n"
            "COPY . /app\n"
            "RUN rm -rf /app/docs\n"
            "FROM debian:bookworm-slim\n"
            "RUN echo 2 > /two\n"
            "FROM debian:bookworm-slim\n"
            "COPY --from=1 /two /two\n"
        ),
        after=(
            "FROM debian:bookworm-slim AS app-files\n"
            "COPY . /app\n"
            "RUN rm -rf /app/docs\n"
            "\n"
            "FROM debian:bookworm-slim\n"
            "COPY --from=app-files /app /app\n"
            "FROM debian:bookworm-slim AS stage-1\n"
            "RUN echo 2 > /two\n"
            "FROM debian:bookworm-slim\n"
            "COPY --from=stage-1 /two /two\n"
        ),
        files=APPLICATION,
    ),
    CopyCase(
        "a default that the FROM line takes",
        before=("ARG VERSION=bookworm-slim\nFROM debian:$VERSION\nCOPY . /app\nRUN rm -rf /app/docs\n"),
        after=(
            "ARG VERSION=bookworm-slim\n"
            "FROM debian:$VERSION AS app-files\n"
            "COPY . /app\n"
            "RUN rm -rf /app/docs\n"
            "\n"
            "FROM debian:$VERSION\n"
            "COPY --from=app-files /app /app\n"
        ),
        files=APPLICATION,
    ),
    CopyCase(
        "a platform",
        before=("FROM --platform=linux/amd64 debian:bookworm-slim\nCOPY . /app\nRUN rm -rf /app/docs\n"),
        after=(
            "FROM --platform=linux/amd64 debian:bookworm-slim AS app-files\n"
            "COPY . /app\n"
            "RUN rm -rf /app/docs\n"
            "\n"
            "FROM --platform=linux/amd64 debian:bookworm-slim\n"
            "COPY --from=app-files /app /app\n"
        ),
        files=APPLICATION,
    ),
    CopyCase(
        "a comment above the copy and the stage",
        before=(
            "# The image.\n"
            "FROM debian:bookworm-slim\n"
            "\n"
            "# The application.\n"
            "COPY . /app\n"
            "# No docs.\n"
            "RUN rm -rf /app/docs\n"
        ),
        after=(
            "FROM debian:bookworm-slim AS app-files\n"
            "COPY . /app\n"
            "RUN rm -rf /app/docs\n"
            "\n"
            "# The image.\n"
            "FROM debian:bookworm-slim\n"
            "\n"
            "# The application.\n"
            "COPY --from=app-files /app /app\n"
            "# No docs.\n"
        ),
        files=APPLICATION,
    ),
    CopyCase(
        "a syntax that is too old for --exclude",
        before=("# syntax=docker/dockerfile:1.18\nFROM debian:bookworm-slim\nCOPY . /app\nRUN rm -rf /app/docs\n"),
        after=(
            "# syntax=docker/dockerfile:1.18\n"
            "FROM debian:bookworm-slim AS app-files\n"
            "COPY . /app\n"
            "RUN rm -rf /app/docs\n"
            "\n"
            "FROM debian:bookworm-slim\n"
            "COPY --from=app-files /app /app\n"
        ),
        files=APPLICATION,
    ),
    CopyCase(
        "a pattern, which --exclude takes otherwise",
        before=("# syntax=docker/dockerfile:1\nFROM debian:bookworm-slim\nCOPY . /app\nRUN rm -rf /app/*.md\n"),
        after=(
            "# syntax=docker/dockerfile:1\n"
            "FROM debian:bookworm-slim AS app-files\n"
            "COPY . /app\n"
            "RUN rm -rf /app/*.md\n"
            "\n"
            "FROM debian:bookworm-slim\n"
            "COPY --from=app-files /app /app\n"
        ),
        files=APPLICATION,
    ),
    CopyCase(
        "a folder, in which --exclude may look elsewhere",
        before=("# syntax=docker/dockerfile:1\nFROM debian:bookworm-slim\nCOPY src /app\nRUN rm -rf /app/a\n"),
        after=(
            "# syntax=docker/dockerfile:1\n"
            "FROM debian:bookworm-slim AS app-files\n"
            "COPY src /app\n"
            "RUN rm -rf /app/a\n"
            "\n"
            "FROM debian:bookworm-slim\n"
            "COPY --from=app-files /app /app\n"
        ),
        files=APPLICATION,
    ),
    CopyCase(
        "a mode",
        before=("FROM debian:bookworm-slim\nCOPY --chmod=755 . /app\nRUN rm -rf /app/docs\n"),
        after=(
            "FROM debian:bookworm-slim AS app-files\n"
            "COPY --chmod=755 . /app\n"
            "RUN rm -rf /app/docs\n"
            "\n"
            "FROM debian:bookworm-slim\n"
            "COPY --from=app-files /app /app\n"
        ),
        files=APPLICATION,
    ),
    CopyCase(
        "a source that a build argument names",
        before=("FROM debian:bookworm-slim\nARG PART=src\nENV A=b\nCOPY ${PART}/ /app\nRUN rm -rf /app/a\n"),
        after=(
            "FROM debian:bookworm-slim AS app-files\n"
            "ARG PART=src\n"
            "COPY ${PART}/ /app\n"
            "RUN rm -rf /app/a\n"
            "\n"
            "FROM debian:bookworm-slim\n"
            "ARG PART=src\n"
            "ENV A=b\n"
            "COPY --from=app-files /app /app\n"
        ),
        files=APPLICATION,
    ),
)


EXCLUDED: Sequence[CopyCase] = (
    CopyCase(
        "the docs",
        before=("# syntax=docker/dockerfile:1\nFROM debian:bookworm-slim\nCOPY . /app\nRUN rm -rf /app/docs\n"),
        after=("# syntax=docker/dockerfile:1\nFROM debian:bookworm-slim\nCOPY --exclude=docs . /app\n"),
        files=APPLICATION,
    ),
    CopyCase(
        "several",
        before=(
            "# syntax=docker/dockerfile:1.19\nFROM debian:bookworm-slim\nCOPY . /app\nRUN rm -rf /app/docs /app/src/a\n"
        ),
        after=(
            "# syntax=docker/dockerfile:1.19\nFROM debian:bookworm-slim\nCOPY --exclude=docs --exclude=src/a . /app\n"
        ),
        files=APPLICATION,
    ),
    CopyCase(
        "with chown and others",
        before=(
            "# syntax=docker/dockerfile:1-labs\n"
            "FROM debian:bookworm-slim\n"
            "COPY --chown=1 . /app\n"
            "RUN rm -rf /app/docs && echo 1\n"
        ),
        after=(
            "# syntax=docker/dockerfile:1-labs\n"
            "FROM debian:bookworm-slim\n"
            "COPY --chown=1 --exclude=docs . /app\n"
            "RUN echo 1\n"
        ),
        files=APPLICATION,
    ),
    CopyCase(
        "a base that nobody knows",
        before=("# syntax=docker/dockerfile:1\nFROM example/base\nCOPY . /app\nRUN rm -rf /app/docs\n"),
        after=("# syntax=docker/dockerfile:1\nFROM example/base\nCOPY --exclude=docs . /app\n"),
        look="example/base may itself hold /app",
        files=APPLICATION,
    ),
    CopyCase(
        "a user who is not root",
        before=(
            "# syntax=docker/dockerfile:1\n"
            "FROM debian:bookworm-slim\n"
            "USER 1000\n"
            "COPY --chown=1000 . /app\n"
            "RUN rm -rf /app/docs\n"
        ),
        after=(
            "# syntax=docker/dockerfile:1\n"
            "FROM debian:bookworm-slim\n"
            "USER 1000\n"
            "COPY --chown=1000 --exclude=docs . /app\n"
        ),
        files=APPLICATION,
    ),
    CopyCase(
        "in the folder of WORKDIR",
        before=(
            "# syntax=docker/dockerfile:1\nFROM debian:bookworm-slim\nWORKDIR /app\nCOPY . .\nRUN rm -rf docs tests\n"
        ),
        after=(
            "# syntax=docker/dockerfile:1\n"
            "FROM debian:bookworm-slim\n"
            "WORKDIR /app\n"
            "COPY --exclude=docs --exclude=tests . .\n"
        ),
        files=APPLICATION,
    ),
    CopyCase(
        "where the RUN changes to",
        before=(
            "# syntax=docker/dockerfile:1\n"
            "FROM debian:bookworm-slim\n"
            "COPY . /app\n"
            "RUN cd /app && rm -rf docs && echo 1 > /made\n"
        ),
        after=(
            "# syntax=docker/dockerfile:1\n"
            "FROM debian:bookworm-slim\n"
            "COPY --exclude=docs . /app\n"
            "RUN cd /app && echo 1 > /made\n"
        ),
        files=APPLICATION,
    ),
    CopyCase(
        "a mode",
        before=(
            "# syntax=docker/dockerfile:1\nFROM debian:bookworm-slim\nCOPY --chmod=755 . /app\nRUN rm -rf /app/docs\n"
        ),
        after=("# syntax=docker/dockerfile:1\nFROM debian:bookworm-slim\nCOPY --chmod=755 --exclude=docs . /app\n"),
        files=APPLICATION,
    ),
    CopyCase(
        "words beside it stay",
        before=(
            "# syntax=docker/dockerfile:1.20\n"
            "FROM debian:bookworm-slim\n"
            "COPY . /app\n"
            "RUN rm -rf /app/docs /var/lib/apt/lists/*\n"
        ),
        after=(
            "# syntax=docker/dockerfile:1.20\n"
            "FROM debian:bookworm-slim\n"
            "COPY --exclude=docs . /app\n"
            "RUN rm -rf /var/lib/apt/lists/*\n"
        ),
        files=APPLICATION,
    ),
    CopyCase(
        "the newest syntax",
        before=("# syntax=docker/dockerfile:latest\nFROM debian:bookworm-slim\nCOPY . /app\nRUN rm -rf /app/docs\n"),
        after=("# syntax=docker/dockerfile:latest\nFROM debian:bookworm-slim\nCOPY --exclude=docs . /app\n"),
        files=APPLICATION,
    ),
    CopyCase(
        "the newest syntax without a tag",
        before=("# syntax=docker/dockerfile\nFROM debian:bookworm-slim\nCOPY . /app\nRUN rm -f /app/README.md\n"),
        after=("# syntax=docker/dockerfile\nFROM debian:bookworm-slim\nCOPY --exclude=README.md . /app\n"),
        files=APPLICATION,
    ),
    CopyCase(
        "a comment stays",
        before=(
            "# syntax=docker/dockerfile:1\n"
            "FROM debian:bookworm-slim\n"
            "# All of it.\n"
            "COPY . /app\n"
            "# But no docs.\n"
            "RUN rm -rf /app/docs\n"
        ),
        after=(
            "# syntax=docker/dockerfile:1\n"
            "FROM debian:bookworm-slim\n"
            "# All of it.\n"
            "COPY --exclude=docs . /app\n"
            "# But no docs.\n"
        ),
        files=APPLICATION,
    ),
)


KEPT: Sequence[CopyCase] = (
    CopyCase(
        "a pattern deletes it",
        before="FROM debian:bookworm-slim\nCOPY tool.deb /tmp/\nRUN dpkg -i /tmp/*.deb && rm -f /tmp/*.deb\n",
        why="`rm /tmp/*.deb` may delete other files, too",
        files=TOOLS,
    ),
    CopyCase(
        "a base with instructions for later",
        before="FROM node:onbuild\nCOPY . /app\nRUN rm -rf /app/docs\n",
        why="the instructions that its base has for later (ONBUILD) would run twice",
        files=APPLICATION,
    ),
    CopyCase(
        "an owner",
        before=(
            "FROM debian:bookworm-slim\n"
            "COPY --chown=app install.sh /tmp/install.sh\n"
            "RUN sh /tmp/install.sh && rm /tmp/install.sh\n"
        ),
        why="a mount has no `--chown`",
        files=TOOLS,
    ),
    CopyCase(
        "it is moved",
        before=(
            "FROM debian:bookworm-slim\n"
            "COPY app.conf /tmp/app.conf\n"
            "RUN mv /tmp/app.conf /etc/app.conf && rm -f /tmp/app.conf\n"
        ),
        why="`mv` deletes, moves or replaces it, which no mount bears",
        files={"app.conf": b"k"},
    ),
    CopyCase(
        "edited in place",
        before=(
            "FROM debian:bookworm-slim\n"
            "COPY app.conf /tmp/app.conf\n"
            "RUN sed -i s/a/b/ /tmp/app.conf && cat /tmp/app.conf && rm -f /tmp/app.conf\n"
        ),
        why="`sed` deletes, moves or replaces it, which no mount bears",
        files={"app.conf": b"k"},
    ),
    CopyCase(
        "a pattern of rm that would meet the mount",
        before=(
            "FROM debian:bookworm-slim\nCOPY tool.deb /tmp/\nRUN dpkg -i /tmp/tool.deb && rm -rf /tmp/tool.deb /tmp/*\n"
        ),
        why="`rm /tmp/*` would meet the mount",
        files=TOOLS,
    ),
    CopyCase(
        "the COPY makes its folder",
        before=(
            "FROM debian:bookworm-slim\nCOPY tool.deb /pkgs/tool.deb\nRUN dpkg -i /pkgs/tool.deb && rm /pkgs/tool.deb\n"
        ),
        why="the COPY makes the folder /pkgs, too, which would be missing",
        files=TOOLS,
    ),
    CopyCase(
        "the base may hold it",
        before=("FROM debian:bookworm-slim\nCOPY app.conf /etc/app.conf\nRUN cat /etc/app.conf && rm /etc/app.conf\n"),
        why="the base may hold /etc/app.conf, too",
        files={"app.conf": b"k"},
    ),
    CopyCase(
        "WORKDIR makes the folder",
        before=("FROM debian:bookworm-slim\nWORKDIR /src\nCOPY . .\nRUN make && rm -rf /src\n"),
        why="/src may be another step's, too: `WORKDIR` has to do with it",
        files={"Makefile": b"x"},
    ),
    CopyCase(
        "another step writes to the folder",
        before=(
            "FROM debian:bookworm-slim\n"
            "RUN mkdir /setup && touch /setup/x\n"
            "COPY a.sh b.sh /setup/\n"
            "RUN sh /setup/a.sh && rm -rf /setup\n"
        ),
        why="/setup may be another step's, too: `RUN` has to do with it",
        files={"a.sh": b"true\n", "b.sh": b"true\n"},
    ),
    CopyCase(
        "a RUN in between may use it",
        before=(
            "FROM debian:bookworm-slim\n"
            "COPY tool.deb /tmp/tool.deb\n"
            "RUN ./configure\n"
            "RUN dpkg -i /tmp/tool.deb && rm /tmp/tool.deb\n"
        ),
        why="in between, `configure` may use it, of which nothing is known",
        files=TOOLS,
    ),
    CopyCase(
        "the deletion may not run",
        before=(
            "FROM debian:bookworm-slim\nCOPY tool.deb /tmp/tool.deb\nRUN dpkg -i /tmp/tool.deb || rm /tmp/tool.deb\n"
        ),
        files=TOOLS,
    ),
    CopyCase(
        "the script deletes itself",
        before=(
            "FROM debian:bookworm-slim\n"
            "COPY install.sh /tmp/install.sh\n"
            "RUN sh /tmp/install.sh; rm -f /tmp/install.sh\n"
        ),
        why='`install.sh` may delete or replace itself: rm -- "$0"',
        files={"install.sh": b'true\nrm -- "$0"\n'},
    ),
    CopyCase(
        "the script empties its folder",
        before=(
            "FROM debian:bookworm-slim\n"
            "COPY install.sh /tmp/install.sh\n"
            "RUN sh /tmp/install.sh && rm -f /tmp/install.sh\n"
        ),
        why="`install.sh` may delete or replace itself: rm -rf /var/lib/apt/lists/* /tmp/*",
        files={"install.sh": b"true\nrm -rf /var/lib/apt/lists/* /tmp/*\n"},
    ),
    CopyCase(
        "what one RUN writes another one reads",
        before=(
            "FROM debian:bookworm-slim\nCOPY src /src\nRUN cd /src && make\nRUN cp /src/app /usr/bin/ && rm -rf /src\n"
        ),
        why="what one RUN changes there, another one needs",
        files={"src/a": b"1"},
    ),
    CopyCase(
        "an old syntax",
        before=(
            "# syntax=docker/dockerfile:1.1\n"
            "FROM debian:bookworm-slim\n"
            "COPY tool.deb /tmp/tool.deb\n"
            "RUN dpkg -i /tmp/tool.deb && rm /tmp/tool.deb\n"
        ),
        why="it is not known that docker/dockerfile:1.1 has mounts",
        files=TOOLS,
    ),
    CopyCase(
        "the deletion decides whether the RUN fails",
        before=(
            "FROM debian:bookworm-slim\nCOPY tool.deb /tmp/tool.deb\nRUN dpkg -i /tmp/tool.deb; rm /tmp/tool.deb\n"
        ),
        why="its `rm /tmp/tool.deb` decides whether the RUN fails",
        files=TOOLS,
    ),
    CopyCase(
        "a name with a blank",
        before=(
            "FROM debian:bookworm-slim\n"
            'COPY ["my tool.deb", "/tmp/tool.deb"]\n'
            "RUN dpkg -i /tmp/tool.deb && rm /tmp/tool.deb\n"
        ),
        why="the name `my tool.deb` would have to be quoted in a mount",
        files={"my tool.deb": b"1"},
    ),
    CopyCase(
        "an exec form in between",
        before=(
            "FROM debian:bookworm-slim\n"
            "COPY tool.deb /tmp/tool.deb\n"
            'RUN ["dpkg", "-i", "/tmp/tool.deb"]\n'
            "RUN rm /tmp/tool.deb\n"
        ),
        why="a RUN in between is opaque, and may use it",
        files=TOOLS,
    ),
    CopyCase(
        "a pattern without context",
        before=("FROM debian:bookworm-slim\nCOPY *.deb /tmp/\nRUN dpkg -i /tmp/*.deb && rm /tmp/a.deb\n"),
        files=None,
    ),
    CopyCase(
        "used before",
        before=("FROM debian:bookworm-slim\nCOPY . /app\nRUN cat /app/docs/d > /made\nRUN rm -rf /app/docs\n"),
        why="before it is deleted, `RUN` has to do with it",
        files=APPLICATION,
    ),
    CopyCase(
        "built before",
        before=("FROM debian:bookworm-slim\nWORKDIR /app\nCOPY . .\nRUN make\nRUN rm -rf docs\n"),
        why="before it is deleted, `make` may use it, of which nothing is known",
        files=APPLICATION,
    ),
    CopyCase(
        "made by an earlier step",
        before=("FROM debian:bookworm-slim\nWORKDIR /app\nRUN mkdir docs && touch docs/x\nCOPY . .\nRUN rm -rf docs\n"),
        why="/app/docs may be another step's, too: `RUN` has to do with it",
        files=APPLICATION,
    ),
    CopyCase(
        "base may hold",
        before=("FROM debian:bookworm-slim\nCOPY . /var/www/html\nRUN rm -rf /var/www/html/docs\n"),
        why="the base may hold /var/www/html, too",
        files=APPLICATION,
    ),
    CopyCase(
        "base not known",
        before=("FROM example/base\nCOPY . /app\nRUN rm -rf /app/docs\n"),
        why="whether USER of the base may delete something, is not known",
        files=APPLICATION,
    ),
    CopyCase(
        "variable",
        before=("FROM debian:bookworm-slim\nCOPY . /app\nRUN rm -rf /app/$WHAT\n"),
        files=APPLICATION,
    ),
    CopyCase(
        "not always",
        before=("FROM debian:bookworm-slim\nCOPY . /app\nRUN test -f /x || rm -rf /app/docs\n"),
        files=APPLICATION,
    ),
    CopyCase(
        "in a loop",
        before=("FROM debian:bookworm-slim\nCOPY . /app\nRUN for x in docs tests; do rm -rf /app/$x; done\n"),
        files=APPLICATION,
    ),
    CopyCase(
        "unshipped",
        before=(
            "FROM debian:bookworm-slim AS build\n"
            "COPY . /app\n"
            "RUN rm -rf /app/docs\n"
            "FROM debian:bookworm-slim\n"
            "COPY --from=build /app /app\n"
        ),
        files=APPLICATION,
    ),
)
