"""Package managers, for real: what is no longer stored or installed, and that what the file relies on still works."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class PackageCase(NamedTuple):
    """A Dockerfile that is built before and after what dockfix makes of it.

    `transforms` are the changes at `level`, in their order. `announced`: the names of what is ignored beyond the noise
    of two builds. `empty`: folders without a file in the image that came of it. `works` is run in that image and must
    succeed.

    `installs`: for each install that no longer takes recommendations, what it names afterwards and what was named
    before it, for the ledger. Where there are none, the images must be identical but for what is announced.
    """

    dockerfile: str
    transforms: tuple[str, ...]
    announced: frozenset[str] = frozenset()
    empty: tuple[str, ...] = ()
    works: str = "true"
    installs: tuple[tuple[str, str], ...] = ()
    level: str = "safe"
    files: Mapping[str, str] = {}
    engine: str = "docker"
    is_core: bool = False


# pip stores what it downloads only where the index allows it, but always what it builds: docopt has no wheel.
MERGE, LISTS, CACHES = "merge-runs", "clean-package-lists", "clean-download-caches"
RECOMMENDS, ANSWERS, JOIN = "no-install-recommends", "noninteractive-install", "join-installs"
NO_LISTS = frozenset({"package index lists"})
NO_CACHES = frozenset({"download caches"})
NO_LONGER_HIDDEN = frozenset({"no longer hidden"})
APT, PIP, NPM = "/var/lib/apt/lists", "/root/.cache/pip", "/root/.npm/_cacache"

# A package of Python with an extension in C, and a project of npm with a lock file.
EXTENSION = {
    "ext/setup.py": "from setuptools import Extension, setup\n"
    'setup(name="sums", version="1", ext_modules=[Extension("sums", ["sums.c"])])\n',
    "ext/sums.c": """\
#include <Python.h>
static PyObject *two(PyObject *self, PyObject *args) { return PyLong_FromLong(2); }
static PyMethodDef methods[] = {{"two", two, METH_NOARGS, ""}, {0}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "sums", "", -1, methods};
PyMODINIT_FUNC PyInit_sums(void) { return PyModule_Create(&module); }
""",
}
NODE = {
    "package.json": '{"name": "app", "version": "1.0.0", "dependencies": {"is-number": "7.0.0"}}\n',
    "package-lock.json": """\
{
  "name": "app", "version": "1.0.0", "lockfileVersion": 3, "requires": true,
  "packages": {
    "": {"name": "app", "version": "1.0.0", "dependencies": {"is-number": "7.0.0"}},
    "node_modules/is-number": {"version": "7.0.0"}
  }
}
""",
    "app.js": 'console.log(require("is-number")(2))\n',
}
# An authority of its own signs a server's certificate; the server runs in the build, and is asked over https.
DOWNLOAD = {
    "download.sh": """\
#!/bin/sh
set -eu
mkdir /tmp/tls && cd /tmp/tls
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout ca.key -out ca.crt 2>/dev/null
openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout key -out request 2>/dev/null
echo subjectAltName=DNS:localhost > names
openssl x509 -req -days 2 -in request -CA ca.crt -CAkey ca.key -CAcreateserial -extfile names -out crt 2>/dev/null
port=$(shuf -i 33000-60000 -n 1)
echo downloaded > answer
openssl s_server -quiet -accept "$port" -key key -cert crt -WWW >/dev/null 2>&1 &
server=$!
ask() { "$@" "https://localhost:$port/answer"; }
for _ in 1 2 3 4 5 6 7 8 9; do if ask curl -sko /dev/null; then break; fi; sleep 1; done
# Nobody has heard of the authority yet (60), or there is no bundle at all (77): curl checks.
code=0
ask curl -fsS || code=$?
test $code = 60 || test $code = 77
cp ca.crt /usr/local/share/ca-certificates/authority.crt
update-ca-certificates >/dev/null || echo there is no bundle to put it into
ask curl -fsSo /downloaded
rm /usr/local/share/ca-certificates/authority.crt
update-ca-certificates --fresh >/dev/null
kill $server
rm -r /tmp/tls
"""
}

PACKAGES: Mapping[str, PackageCase] = {
    "an update, an install and their user each have a RUN": PackageCase(
        """\
FROM debian:bookworm-slim
RUN apt-get update
RUN apt-get install --no-install-recommends make
COPY Makefile /
RUN make -f /Makefile
""",
        (MERGE, ANSWERS, LISTS),
        NO_LISTS,
        (APT,),
        "make -f /Makefile && test -f /made",
        level="review",
        files={"Makefile": "all:\n\techo made > /made\n"},
    ),
    "sudo fetches and deletes the lists": PackageCase(
        """\
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends sudo && rm -rf /var/lib/apt/lists/* \\
    && useradd --create-home app && echo 'app ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/app
USER app
RUN sudo apt-get update && sudo apt-get install -y --no-install-recommends file
""",
        (LISTS,),
        NO_LISTS,
        (APT,),
        "file --version",
    ),
    "only the stage that is shipped is cleaned": PackageCase(
        """\
FROM debian:bookworm-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends bc
RUN echo 1 + 1 | bc > /two
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends file
COPY --from=build /two /two
RUN file /two > /kind
""",
        (LISTS,),
        NO_LISTS,
        (APT,),
        "test -s /kind",
        engine="buildah",
    ),
    "pip stores no downloads": PackageCase(
        """\
FROM python:3.11-slim
COPY requirements.txt .
RUN pip install -r requirements.txt
RUN python -m pip install docopt==0.6.2
CMD ["python", "-c", "import click"]
""",
        (MERGE, CACHES),
        NO_CACHES,
        (PIP,),
        "python -c 'import click, docopt'",
        files={"requirements.txt": "click==8.1.8\n"},
        is_core=True,
    ),
    "pip is run by a user": PackageCase(
        """\
FROM python:3.11-slim
RUN useradd --create-home app
USER app
RUN pip install --user docopt==0.6.2 \\
    && python -c 'import docopt'
""",
        (CACHES,),
        NO_CACHES,
        ("/home/app/.cache/pip",),
        "python -c 'import docopt'",
        engine="buildah",
    ),
    "the lists of apt and the downloads of pip": PackageCase(
        """\
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates python3-pip \\
    && pip install --break-system-packages docopt==0.6.2
RUN python3 -c 'import docopt'
""",
        (MERGE, CACHES, LISTS),
        NO_LISTS | NO_CACHES,
        (APT, PIP),
        "python3 -c 'import docopt'",
    ),
    "npm's cache is emptied behind an install": PackageCase(
        """\
FROM node:20-slim
WORKDIR /app
RUN npm init -y && npm install --no-audit --no-fund is-number@7.0.0
RUN node -e 'require("is-number")'
""",
        (MERGE, CACHES),
        NO_CACHES,
        (NPM,),
        "node -e 'require(\"is-number\")'",
        is_core=True,
    ),
    "npm installs by the lock file, for a user": PackageCase(
        """\
FROM node:20-slim
WORKDIR /app
RUN chown node /app
USER node
COPY package.json package-lock.json ./
RUN npm ci
COPY app.js .
CMD ["node", "app.js"]
""",
        (CACHES,),
        NO_CACHES,
        ("/home/node/.npm/_cacache",),
        "node app.js",
        files=NODE,
    ),
    "npm installs a program for everybody": PackageCase(
        """\
FROM node:20-slim
RUN npm install -g semver@7.6.3
RUN semver 1.2.3
""",
        (MERGE, CACHES),
        NO_CACHES,
        (NPM,),
        "semver 1.2.3",
        engine="buildah",
    ),
    "yarn's cache is emptied where it is yarn 1": PackageCase(
        """\
FROM node:20-slim
WORKDIR /app
RUN npm install -g yarn@1.22.22 && npm cache clean --force
COPY package.json .
RUN yarn config set registry "$(npm config get registry)" && yarn install --production
COPY app.js .
CMD ["node", "app.js"]
""",
        (CACHES,),
        NO_CACHES | {"compiled JavaScript"},
        ("/usr/local/share/.cache/yarn",),
        "node app.js",
        files=NODE,
    ),
    "curl loses all but its certificates": PackageCase(
        """\
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y curl openssl
COPY download.sh /
RUN /download.sh
""",
        (RECOMMENDS, LISTS),
        NO_LISTS,
        (APT,),
        "test -s /downloaded && test -s /etc/ssl/certs/ca-certificates.crt",
        (("ca-certificates curl openssl", ""),),
        "review",
        DOWNLOAD,
        is_core=True,
    ),
    "git keeps ssh where it is used": PackageCase(
        """\
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y git
RUN GIT_SSH_COMMAND="ssh -o BatchMode=yes" git init /work && ssh -V
""",
        (MERGE, RECOMMENDS, LISTS),
        NO_LISTS | NO_LONGER_HIDDEN,
        (APT,),
        "ssh -V && git -C /work status && test -s /etc/ssl/certs/ca-certificates.crt",
        (("ca-certificates git openssh-client", ""),),
        "review",
    ),
    "openssh-client loses xauth": PackageCase(
        """\
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y openssh-client
CMD ["ssh", "-V"]
""",
        (RECOMMENDS, LISTS),
        NO_LISTS,
        (APT,),
        "ssh -V",
        (("openssh-client", ""),),
        "review",
        engine="buildah",
    ),
    "an extension in C is compiled by pip": PackageCase(
        """\
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y python3-pip
COPY ext /ext
RUN pip install --break-system-packages --no-build-isolation --no-index /ext && rm -r /ext
RUN python3 -c 'import sums'
""",
        (MERGE, RECOMMENDS, CACHES, LISTS),
        NO_LISTS,
        (APT, PIP),
        'python3 -c "import sums; assert sums.two() == 2"',
        (("build-essential python3-dev python3-pip", ""),),
        "review",
        EXTENSION,
    ),
    "a display without a screen keeps xauth": PackageCase(
        """\
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y xvfb
RUN xvfb-run --auto-servernum true
""",
        (MERGE, RECOMMENDS, LISTS),
        NO_LISTS,
        (APT,),
        "xauth -V",
        (("xauth xvfb", ""),),
        "review",
    ),
    "two installs become one": PackageCase(
        """\
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y wget
RUN apt-get install -y gnupg
RUN gpg --version && wget --version
""",
        (MERGE, JOIN, RECOMMENDS, LISTS),
        NO_LISTS | NO_LONGER_HIDDEN,
        (APT,),
        "gpg --version && wget --version",
        (("ca-certificates wget gnupg", ""),),
        "review",
    ),
    "two installs, of which the second knows what the first brought": PackageCase(
        """\
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y openssh-client
ENV LANG=C.UTF-8
RUN apt-get update && apt-get install -y wget
CMD ["wget", "--version"]
""",
        (RECOMMENDS, RECOMMENDS, LISTS, LISTS),
        NO_LISTS | NO_LONGER_HIDDEN,
        (APT,),
        "ssh -V && wget --version",
        (("openssh-client", ""), ("ca-certificates wget", "openssh-client")),
        "review",
        engine="buildah",
    ),
}
