"""Dockerfiles that the transforms of the order change, with their build context and a source file that is touched.

They are built for real in e2e/test_reordered.py, and judged by the model in test_order.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

PACKAGE = '{"name": "app", "version": "1.0.0", "dependencies": {"is-number": "7.0.0"}}\n'
LOCK = """\
{
  "name": "app", "version": "1.0.0", "lockfileVersion": 3, "requires": true,
  "packages": {
    "": {"name": "app", "version": "1.0.0", "dependencies": {"is-number": "7.0.0"}},
    "node_modules/is-number": {"version": "7.0.0"}
  }
}
"""
NODE: Mapping[str, str] = {
    "package.json": PACKAGE,
    "package-lock.json": LOCK,
    "src/app.js": 'console.log(require("is-number")(2))\n',
    ".dockerignore": "node_modules\n**/node_modules\n",
}
PYTHON: Mapping[str, str] = {
    "requirements.txt": "click==8.1.8\n-r more.txt\n",
    "more.txt": "docopt==0.6.2\n",
    "app/main.py": "import click, docopt\n",
}
HOIST, SINK, FIRST = "hoist-packages", "sink-volatile", "copy-manifests-first"


class OrderCase(NamedTuple):
    """`touched` is the source file that changes; `transforms` are those that must have changed the order."""

    says: str
    dockerfile: str
    files: Mapping[str, str]
    touched: str
    transforms: tuple[str, ...]


CASES = (
    OrderCase(
        "a system package is installed above the copy of the project",
        "FROM debian:bookworm-slim\nCOPY . /app\nRUN apt-get update && apt-get install -y --no-install-recommends jq\n"
        "RUN jq --version > /app/version\n",
        {"src/a": "1"},
        "src/a",
        (HOIST,),
    ),
    OrderCase(
        "two RUNs of apt go up together, past a working directory of the project",
        "FROM debian:bookworm-slim\nWORKDIR /usr/src/app\nCOPY src .\n\nRUN apt-get update\n"
        "RUN apt-get install -y --no-install-recommends make\n\nRUN ls > list\n",
        {"src/a": "1"},
        "src/a",
        (HOIST,),
    ),
    OrderCase(
        "an install passes two copies, and not the one to /etc",
        "FROM debian:bookworm-slim\nCOPY conf /etc/app/\nCOPY src /opt/app/\nCOPY more /srv/app/\n"
        "RUN apt-get update && apt-get install -y --no-install-recommends file\n",
        {"conf/a": "1", "src/a": "1", "more/a": "1"},
        "more/a",
        (HOIST,),
    ),
    OrderCase(
        "an argument of the build goes below an install, with its label",
        "FROM debian:bookworm-slim\nARG VCS_REF\nLABEL revision=$VCS_REF\nCOPY conf /app/conf\n"
        "RUN apt-get update && apt-get install -y --no-install-recommends jq\nRUN jq --version > /version\n",
        {"conf/a": "1"},
        "conf/a",
        (HOIST, SINK),
    ),
    OrderCase(
        "a copy of the project goes below packages of Python by name",
        "FROM python:3.11-slim\nCOPY . /app\nRUN pip install --no-cache-dir click==8.1.8\nCMD python /app/app/main.py\n",
        PYTHON,
        "app/main.py",
        (SINK,),
    ),
    OrderCase(
        "requirements that include others are copied first",
        "FROM python:3.11-slim\nWORKDIR /app\nCOPY . .\nRUN pip install --no-cache-dir -r requirements.txt\n"
        "RUN python app/main.py\n",
        PYTHON,
        "app/main.py",
        (FIRST,),
    ),
    OrderCase(
        "requirements that are named by their place in the image",
        "FROM python:3.11-slim\n# all of it\nCOPY . /srv/app/\nRUN pip install --no-cache-dir -r /srv/app/requirements.txt\n",
        PYTHON,
        "app/main.py",
        (FIRST,),
    ),
    OrderCase(
        "the manifests of npm are copied first",
        "FROM node:20-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm cache clean --force\nRUN node src/app.js\n",
        NODE,
        "src/app.js",
        (FIRST,),
    ),
    OrderCase(
        "npm in a folder of the project, with an owner",
        "FROM node:20-slim\nCOPY --chown=1000:1000 . /srv/\nRUN cd /srv/web && npm ci\nRUN node /srv/web/src/app.js\n",
        {f"web/{name}" if name != ".dockerignore" else name: text for name, text in NODE.items()},
        "web/src/app.js",
        (FIRST,),
    ),
    OrderCase(
        "a folder of the context, in a stage that another copies from",
        "FROM node:20-slim AS build\nWORKDIR /build\nCOPY web ./\nRUN npm ci\nRUN cat src/app.js > out\n"
        "FROM debian:bookworm-slim\nCOPY --from=build /build/out /out\n"
        "RUN apt-get update && apt-get install -y --no-install-recommends jq\n",
        {f"web/{name}" if name != ".dockerignore" else name: text for name, text in NODE.items()},
        "web/src/app.js",
        (FIRST, HOIST),
    ),
    OrderCase(
        "packages of the system, and then requirements",
        "FROM python:3.11-slim\nWORKDIR /app\nCOPY . .\n"
        "RUN apt-get update && apt-get install -y --no-install-recommends jq\n"
        "RUN pip install --no-cache-dir -r requirements.txt\nRUN python app/main.py\n",
        PYTHON,
        "app/main.py",
        (FIRST,),
    ),
    OrderCase(
        "an argument, a copy and an install",
        "FROM node:20-slim\nARG GIT_COMMIT\nWORKDIR /app\nCOPY . .\n"
        "RUN apt-get update && apt-get install -y --no-install-recommends file\nRUN npm ci\nENV COMMIT=$GIT_COMMIT\n",
        NODE,
        "src/app.js",
        (FIRST, SINK),
    ),
)
