"""Dockerfiles that are built for real, before and after what dockfix makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from tarfile import USTAR_FORMAT, TarInfo
from typing import NamedTuple


class Case(NamedTuple):
    """A Dockerfile, its context, and what must come of it.

    `announced` are the names of what is ignored beyond the noise of two builds: what the change says that it does.
    """

    dockerfile: str
    transforms: tuple[str, ...]
    announced: frozenset[str] = frozenset()
    files: Mapping[str, str] = {}
    engines: tuple[str, ...] = ("docker", "buildah")
    is_core: bool = True
    arguments: tuple[str, ...] = ()


LISTS = frozenset({"package index lists"})
NO_LONGER_HIDDEN = frozenset({"no longer hidden"})
MERGE, CLEAN, DROP = "merge-runs", "clean-package-lists", "drop-repeated-update"
CACHES, RECOMMENDS = "clean-download-caches", "no-install-recommends"
ANSWERS, JOIN = "noninteractive-install", "join-installs"
MOUNTS = "cache-mounts"
ADD = "add-to-copy"
DELETED = "copy-then-delete"
FOLD = "chmod-on-copy"
DOWNLOAD = "download-then-delete"

# An archive of an empty file; it is text, too.
TAR = (TarInfo("conf/a.conf").tobuf(USTAR_FORMAT) + bytes(1024)).decode()

ONLY_DOWNLOAD = ("--only", DOWNLOAD)
# curl fetches it from there as from anywhere else; its members are always the same.
ARCHIVE = """\
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*
RUN mkdir -p /srv/tool/bin /srv/tool/doc && seq 400000 > /srv/tool/bin/tool && seq 300000 > /srv/tool/doc/text \\
    && chmod 755 /srv/tool/bin/tool && tar cf /srv/tool.tar --mtime=@1 --owner=33 --group=33 -C /srv tool
"""

CASES: Mapping[str, Case] = {
    "what a RUN uses and deletes is mounted, and what nobody uses is deleted in a stage of its own": Case(
        """\
FROM debian:bookworm-slim
COPY install.sh /opt/install.sh
RUN sh /opt/install.sh && rm /opt/install.sh
COPY . /app
RUN rm -rf /app/docs && echo done > /done
""",
        (DELETED,),
        NO_LONGER_HIDDEN,
        {"install.sh": "echo hi > /made\n", "docs/guide": "long\n", "app": "#!/bin/sh\n"},
    ),
    "a split update is merged and its lists are deleted": Case(
        """\
FROM debian:bookworm-slim
RUN apt-get update
RUN apt-get install -y --no-install-recommends socat
CMD ["socat", "-V"]
""",
        (MERGE, CLEAN),
        LISTS,
    ),
    "the process state of a RUN stays in it": Case(
        """\
FROM debian:bookworm-slim
RUN cd /opt && umask 077 && mkdir app && export NAME=x && echo "$PWD $NAME" > app/where
RUN pwd > /where && umask >> /where && echo "name: $NAME" >> /where
RUN test -f /nothing || echo missing >> /where
RUN set -f; echo /e*c > /star
RUN echo /e*c >> /star
""",
        (MERGE,),
        NO_LONGER_HIDDEN,
    ),
    "files and folders are copied, and an archive is still unpacked": Case(
        """\
FROM debian:bookworm-slim
ADD --chown=33:33 start.sh /usr/local/bin/start
ADD conf /etc/app
ADD packed /srv/packed/
RUN test -f /srv/packed/conf/a.conf && test -x /usr/local/bin/start
""",
        (ADD,),
        files={"start.sh": "#!/bin/sh\n", "conf/a.conf": "a\n", "conf/b/b.conf": "b\n", "packed": TAR},
    ),
    "modes and owners come with the copies, and what else the RUN does stays": Case(
        """\
FROM debian:bookworm-slim
RUN useradd --system --no-create-home app
ADD start.sh /usr/local/bin/start.sh
COPY app /srv/app
RUN chmod +x /usr/local/bin/start.sh && chown -R app:app /srv/app && start.sh > /srv/started
USER app
RUN test -O /srv/app/lib/b && start.sh
""",
        (ADD, FOLD),
        NO_LONGER_HIDDEN,
        files={"start.sh": "echo started\n", "app/a": "a\n", "app/lib/b": "b\n"},
    ),
    "users, folders, variables and comments stay where they are": Case(
        """\
FROM debian:bookworm-slim
LABEL org.opencontainers.image.title="x y"
ARG VERSION=1
ENV HOME_OF=/srv/app PATH=/srv/app/bin:$PATH
# the account
RUN useradd --system --home-dir /srv/app --create-home app
# its folders
RUN install -d -o app /srv/app/bin /srv/app/data && \\
    # for everybody
    chmod 1777 /srv/app/data

WORKDIR /srv/app
USER app
RUN echo "$VERSION" > version
RUN id -un > bin/me; ln bin/me bin/myself; ln -s me bin/link; chmod 4711 bin/me
VOLUME /srv/app/data
EXPOSE 8080/tcp
STOPSIGNAL SIGQUIT
HEALTHCHECK --interval=5s CMD test -f version
ENTRYPOINT ["cat"]
CMD ["version"]
""",
        (MERGE, MERGE),
    ),
    "a file that is deleted later is no longer hidden": Case(
        """\
FROM debian:bookworm-slim
RUN head -c 5000000 /dev/zero > /big
RUN sha256sum /big > /sum
RUN rm /big
""",
        (MERGE,),
        NO_LONGER_HIDDEN,
    ),
    "an update that follows its own cleanup is dropped": Case(
        """\
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends jq && rm -rf /var/lib/apt/lists/*
RUN apt-get update && apt-get install -y --no-install-recommends file && rm -rf /var/lib/apt/lists/*
""",
        (MERGE, DROP),
        NO_LONGER_HIDDEN,
        arguments=("--level", "safe"),
    ),
    "with errexit in force the cleanup is a statement of its own": Case(
        """\
FROM debian:bookworm-slim
RUN set -eux; \\
    apt-get update; \\
    apt-get install -y --no-install-recommends make
""",
        (CLEAN,),
        LISTS,
    ),
    "a stage that is copied from stays as it is": Case(
        """\
FROM debian:bookworm-slim AS build
RUN echo one > /one
RUN echo two > /two
FROM debian:bookworm-slim
COPY --from=build /one /two /in/
RUN cat /in/one > /out
RUN cat /in/two >> /out
""",
        (MERGE,),
        NO_LONGER_HIDDEN,
    ),
    "a shell of its own": Case(
        """\
FROM debian:bookworm-slim
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN echo a | tee /a > /dev/null
RUN [[ -f /a ]] && echo b > /b
RUN shopt -s nullglob; echo /x* > /c
RUN echo /x* > /d
""",
        (MERGE,),
    ),
    "an archive is fetched, unpacked and deleted in three RUNs, and one file stays": Case(
        ARCHIVE
        + """\
RUN curl -fsS -o /tmp/tool.tar file:///srv/tool.tar
RUN tar xf /tmp/tool.tar -C /opt
RUN mv /opt/tool/bin/tool /usr/local/bin/ && rm -rf /opt/tool /tmp/tool.tar
""",
        (DOWNLOAD,),
        NO_LONGER_HIDDEN,
        arguments=ONLY_DOWNLOAD,
    ),
    "a deletion moves up to where its file is used last": Case(
        ARCHIVE
        + """\
RUN curl -fsS -o /tool.tar file:///srv/tool.tar
RUN tar xf tool.tar -C /opt
ENV PATH=/opt/tool/bin:$PATH
RUN echo tool > /etc/tools && rm /tool.tar
""",
        (DOWNLOAD, DOWNLOAD),
        NO_LONGER_HIDDEN,
        arguments=ONLY_DOWNLOAD,
    ),
    "a copy moves out from between a fetch and its deletion": Case(
        ARCHIVE
        + """\
RUN curl -fsS -o /tmp/tool.tar file:///srv/tool.tar
COPY state.json /var/lib/app/
LABEL a=b
RUN tar xf /tmp/tool.tar -C /opt && rm /tmp/tool.tar
""",
        (DOWNLOAD, DOWNLOAD),
        NO_LONGER_HIDDEN,
        {"state.json": "{}"},
        arguments=ONLY_DOWNLOAD,
    ),
    "files of the context that are copied in between": Case(
        """\
FROM debian:bookworm-slim
COPY run.sh /usr/local/bin/
RUN run.sh > /one
RUN run.sh > /two
COPY data /data
RUN find /data -type f | sort > /list
RUN wc -l < /list > /count
""",
        (MERGE, MERGE),
        files={"run.sh": "#!/bin/sh\necho run\n", "data/a": "a", "data/b/c": "c"},
    ),
    "heredocs are left alone": Case(
        """\
FROM debian:bookworm-slim
RUN <<EOF
echo one > /one
EOF
RUN echo two > /two
RUN echo three > /three
COPY <<EOF /four
four
EOF
""",
        (MERGE,),
        engines=("docker",),
    ),
    "mounts of the same kind": Case(
        """\
FROM debian:bookworm-slim
RUN --mount=type=bind,source=a,target=/a cat /a > /one
RUN --mount=type=bind,source=a,target=/a cat /a > /two
""",
        (MERGE,),
        files={"a": "a"},
        is_core=False,
    ),
    "packages of Python": Case(
        """\
FROM python:3.11-slim
RUN pip install --no-cache-dir click==8.1.8
RUN pip install --no-cache-dir itsdangerous==2.2.0
RUN python -c 'import click, itsdangerous'
""",
        (MERGE,),
    ),
    "packages of Node.js": Case(
        """\
FROM node:20-slim
WORKDIR /app
RUN npm init -y
RUN npm install --no-audit --no-fund is-number@7.0.0
RUN node -e 'require("is-number")'
""",
        (MERGE, CACHES),
        NO_LONGER_HIDDEN | {"download caches"},
        is_core=False,
    ),
    "what nobody answers is answered, and apt called as scripts call it": Case(
        """\
FROM debian:bookworm-slim
RUN apt update && apt install --no-install-recommends make
RUN apt-get install --no-install-recommends patch
CMD ["make"]
""",
        (MERGE, ANSWERS, CLEAN),
        LISTS | NO_LONGER_HIDDEN,
        arguments=("--level", "safe"),
    ),
    "what is installed recommends nothing": Case(
        """\
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y bc
CMD ["bc"]
""",
        (RECOMMENDS, CLEAN),
        LISTS,
        is_core=False,
    ),
    "neighbouring installs are joined": Case(
        """\
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends make \\
    && apt-get install -y --no-install-recommends patch && rm -rf /var/lib/apt/lists/*
""",
        (JOIN,),
        is_core=False,
    ),
    "what pip fetches and builds stays with the builder": Case(
        """\
FROM python:3.11-slim
RUN pip install docopt==0.6.2
RUN python -c 'import docopt'
""",
        (MOUNTS,),
        frozenset({"download caches"}),
        arguments=("--only", MOUNTS),
    ),
    "what npm fetches stays with the builder": Case(
        """\
FROM node:20-slim
WORKDIR /app
RUN npm init -y && npm install --no-audit --no-fund is-number@7.0.0
RUN node -e 'require("is-number")'
""",
        (MOUNTS,),
        frozenset({"download caches"}),
        arguments=("--only", MOUNTS),
        is_core=False,
    ),
    "a user's mount leaves no folder of root's behind": Case(
        """\
FROM node:20-slim
WORKDIR /app
RUN chown node /app
USER node
RUN npm init -y && npm install --no-audit --no-fund is-number@7.0.0
RUN cd ~ && mkdir -p .npm/own
""",
        (MOUNTS,),
        frozenset({"download caches"}),
        arguments=("--only", MOUNTS),
        is_core=False,
    ),
    "a target in the middle": Case(
        """\
FROM debian:bookworm-slim AS runtime
RUN echo one > /one
RUN echo two > /two
FROM runtime AS test
RUN false
""",
        (MERGE,),
        arguments=("--target", "runtime"),
        is_core=False,
    ),
    "a script that may read the lists makes the cleanup a change for review": Case(
        """\
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends bc
COPY setup.sh /
RUN /setup.sh
""",
        (CLEAN,),
        LISTS,
        {"setup.sh": "#!/bin/sh\necho 1 + 1 | bc > /two\n"},
    ),
}
