"""Typical Dockerfiles that copy the whole project first, for the replay of a history: real ones, and made-up ones.

The histories and the lists of files are those of the six projects beside this one; the manifests hold made-up text of
the kind that such projects have, since only names are known. PHP and Rust have no such project: theirs is made up.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from dockfix.adapters.context import texts
from dockfix.model.context import Commit, Context

PROJECTS = Path(__file__).parent.parent.parent / "shared" / "corpus" / "projects"
needs_projects = pytest.mark.skipif(
    not PROJECTS.exists(), reason="the histories are not beside the project (../shared/corpus/projects)"
)
MADE_UP = ""
COMMITS = 1000


class ReplayCase(NamedTuple):
    """`project` is the name of a history, or empty for a made-up one; `manifests` are texts of files of the project.

    `ignore_file` takes the place of the project's own.
    """

    says: str
    project: str
    dockerfile: str
    manifests: Mapping[str, str]
    ignore_file: str | None = None


def _package(name: str, **more: object) -> str:
    return json.dumps({"name": name, "version": "1.0.0", **more})


_ETHERPAD = {
    "package.json": _package("etherpad", private=True, scripts={"build:ui": "pnpm -r run build"}),
    "pnpm-workspace.yaml": "packages:\n  - src\n  - admin\n  - bin\n  - ui\n  - doc\n",
    "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
    ".npmrc": "auto-install-peers=false\n",
    "src/.npmrc": "",
    **{f"{name}/package.json": _package(name, dependencies={"express": "5.0.0"}) for name in ("src", "admin", "bin")},
    **{f"{name}/package.json": _package(name) for name in ("ui", "doc")},
}
_REDASH = {
    "pyproject.toml": '[project]\nname = "redash"\nversion = "1"\ndependencies = ["flask"]\n',
    "uv.lock": "version = 1\n",
}
_REDASH_CLIENT = {
    "package.json": _package("redash-client", scripts={"build": "webpack"}),
    "pnpm-workspace.yaml": "packages:\n  - viz-lib\n",
    "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
    ".npmrc": "engine-strict=true\n",
    "viz-lib/package.json": _package("viz-lib"),
}
_WEBGOAT = {
    "pom.xml": "<project><modelVersion>4.0.0</modelVersion><groupId>g</groupId><artifactId>a</artifactId>"
    "<version>1</version></project>\n",
    ".mvn/wrapper/MavenWrapperDownloader.java": "class MavenWrapperDownloader {}\n",
    ".mvn/wrapper/maven-wrapper.jar": "a jar\n",
    ".mvn/wrapper/maven-wrapper.properties": "distributionType=only-script\n",
}
_GOGS = {
    "go.mod": "module gogs.io/gogs\n\ngo 1.26\n\nrequire github.com/a/b v1.0.0\n",
    "go.sum": "github.com/a/b v1.0.0 h1:x=\ngithub.com/a/b v1.0.0/go.mod h1:y=\n",
}
_BTCPAY_PROJECTS = {
    "BTCPayServer": ("Abstractions", "Client", "Common", "Data", "Rating"),
    "BTCPayServer.Abstractions": (),
    "BTCPayServer.Client": (),
    "BTCPayServer.Common": (),
    "BTCPayServer.Data": ("Abstractions", "Client", "Common"),
    "BTCPayServer.Rating": (),
}
_BTCPAY = {
    "nuget.config": "<configuration><packageSources /></configuration>\n",
    "Build/Common.csproj": "<Project><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>\n",
    "Build/Version.csproj": "<Project><PropertyGroup><Version>2.0.0</Version></PropertyGroup></Project>\n",
    **{
        f"{name}/{name}.csproj": '<Project Sdk="Microsoft.NET.Sdk"><Import Project="../Build/Version.csproj" />'
        '<Import Project="../Build/Common.csproj" /><ItemGroup>'
        + "".join(f'<ProjectReference Include="../BTCPayServer.{u}/BTCPayServer.{u}.csproj" />' for u in used)
        + "</ItemGroup></Project>\n"
        for name, used in _BTCPAY_PROJECTS.items()
    },
}
_RUBYGEMS = {
    "Gemfile": 'source "https://rubygems.org"\nruby file: ".ruby-version"\ngem "rails"\n',
    "Gemfile.lock": "GEM\n  specs:\n    rails (8.0.0)\n",
    ".ruby-version": "4.0.6\n",
}
_PHP = {
    "composer.json": '{"require": {"monolog/monolog": "^3"}, "autoload": {"psr-4": {"App\\\\": "src/"}}}\n',
    "composer.lock": '{"packages": []}\n',
}
_RUST = {"Cargo.toml": '[package]\nname = "app"\nversion = "1.0.0"\n', "Cargo.lock": "version = 4\n"}
_NPM = {
    "package.json": _package("shop", scripts={"build": "vite build"}),
    "package-lock.json": '{"lockfileVersion": 3}\n',
}

CASES = (
    ReplayCase(
        "Node.js, pnpm workspace",
        "ether__etherpad-lite",
        "FROM node:22\nWORKDIR /opt/etherpad\nCOPY . .\nRUN npm install -g pnpm@10\nRUN pnpm install --frozen-lockfile\n"
        "RUN pnpm run build:ui\n",
        _ETHERPAD,
    ),
    ReplayCase(
        "Node.js, pnpm workspace, and packages of the system",
        "ether__etherpad-lite",
        "FROM node:22-slim\nRUN npm install -g pnpm@10\nWORKDIR /opt/etherpad\nCOPY . .\n"
        "RUN apt-get update && apt-get install -y --no-install-recommends abiword\n"
        "RUN pnpm install --frozen-lockfile\nRUN pnpm run build:ui\n",
        _ETHERPAD,
    ),
    ReplayCase(
        "Node.js, a front end alone",
        "getredash__redash",
        "FROM node:24\nRUN npm install -g pnpm@10\nWORKDIR /frontend\nCOPY . .\nRUN pnpm install --frozen-lockfile\n"
        "RUN pnpm run build\n",
        _REDASH_CLIENT,
    ),
    ReplayCase(
        "Python, uv",
        "getredash__redash",
        "FROM python:3.13-slim\nRUN pip install --no-cache-dir uv\nWORKDIR /app\nCOPY . .\n"
        'RUN uv sync --locked --no-install-project\nCMD ["uv", "run", "manage.py"]\n',
        _REDASH,
    ),
    ReplayCase(
        "Python, uv, and packages of the system",
        "getredash__redash",
        "FROM python:3.13-slim\nARG GIT_COMMIT\nWORKDIR /app\nCOPY . .\n"
        "RUN apt-get update && apt-get install -y --no-install-recommends libpq-dev gcc\n"
        "RUN pip install --no-cache-dir uv\nRUN uv sync --locked --no-install-project\nENV COMMIT=$GIT_COMMIT\n",
        _REDASH,
    ),
    ReplayCase(
        "Java, Maven",
        "WebGoat__WebGoat",
        "FROM maven:3-eclipse-temurin-25\nWORKDIR /src\nCOPY . .\nRUN mvn -B dependency:go-offline\n"
        "RUN mvn -B package -DskipTests\n",
        _WEBGOAT,
        "target\n.git\n",
    ),
    ReplayCase(
        "Java, Maven, and packages of the system",
        "WebGoat__WebGoat",
        "FROM eclipse-temurin:25-jdk\nWORKDIR /src\nCOPY . .\n"
        "RUN apt-get update && apt-get install -y --no-install-recommends maven\nRUN mvn -B dependency:go-offline\n"
        "RUN mvn -B package -DskipTests\n",
        _WEBGOAT,
        "target\n.git\n",
    ),
    ReplayCase(
        "Go",
        "gogs__gogs",
        "FROM golang:1.26\nWORKDIR /gogs\nCOPY . .\nRUN go mod download\nRUN go build -o /usr/local/bin/gogs ./cmd/gogs\n",
        _GOGS,
    ),
    ReplayCase(
        "Go, with packages of the system",
        "gogs__gogs",
        "FROM golang:1.26-alpine\nWORKDIR /gogs\nCOPY . .\nRUN apk add --no-cache build-base git linux-pam-dev\n"
        "RUN go mod download\nRUN go build -tags pam -o /usr/local/bin/gogs ./cmd/gogs\n",
        _GOGS,
    ),
    ReplayCase(
        ".NET",
        "btcpayserver__btcpayserver",
        "FROM mcr.microsoft.com/dotnet/sdk:10.0\nWORKDIR /source\nCOPY . .\n"
        "RUN dotnet restore BTCPayServer/BTCPayServer.csproj\n"
        "RUN dotnet publish BTCPayServer/BTCPayServer.csproj --no-restore -o /app\n",
        _BTCPAY,
    ),
    ReplayCase(
        "Ruby, Bundler",
        "rubygems__rubygems.org",
        'FROM ruby:4.0\nWORKDIR /app\nENV BUNDLE_FROZEN=true\nCOPY . .\nRUN bundle install\nCMD ["bin/rails", "server"]\n',
        _RUBYGEMS,
    ),
    ReplayCase(
        "Ruby, Bundler, packages of the system, and assets",
        "rubygems__rubygems.org",
        "FROM ruby:4.0-slim\nWORKDIR /app\nENV BUNDLE_FROZEN=true\nCOPY . .\n"
        "RUN apt-get update && apt-get install -y --no-install-recommends build-essential libpq-dev\n"
        "RUN bundle install\nRUN bundle exec rake assets:precompile\n",
        _RUBYGEMS,
    ),
    ReplayCase(
        "PHP, Composer",
        MADE_UP,
        "FROM composer:2\nWORKDIR /app\nCOPY . .\nRUN composer install --no-dev --no-scripts --no-autoloader\n"
        "RUN composer dump-autoload --optimize\n",
        _PHP,
        "vendor\n.git\n",
    ),
    ReplayCase(
        "Rust, Cargo, with packages of the system",
        MADE_UP,
        "FROM rust:1.90\nWORKDIR /app\nCOPY . .\n"
        "RUN apt-get update && apt-get install -y --no-install-recommends protobuf-compiler\n"
        "RUN cargo build --release --locked\n",
        _RUST,
        "target\n.git\n",
    ),
    ReplayCase(
        "Node.js, npm",
        MADE_UP,
        "FROM node:22\nARG VCS_REF\nLABEL org.opencontainers.image.revision=$VCS_REF\nWORKDIR /app\nCOPY . .\nRUN npm ci\n"
        "RUN npm run build\n",
        _NPM,
        "node_modules\n.git\n",
    ),
)  # fmt: skip


def context_of(case: ReplayCase) -> tuple[Context, bytes]:
    """The whole context, with its history, and the ignore file."""
    files, history, own = _project(case.project) if case.project else _made_up(tuple(case.manifests))
    ignore_file = (case.ignore_file if case.ignore_file is not None else own).encode()
    known = {name: text.encode() for name, text in case.manifests.items()}
    known |= {"Dockerfile": case.dockerfile.encode(), ".dockerignore": ignore_file}
    missing = case.manifests.keys() - files.keys()
    assert not missing, f"the project has no {missing}"
    return texts(known, {path: size for path, size in files.items() if path not in known}, history), ignore_file


@cache
def _project(name: str) -> tuple[dict[str, int], Sequence[Commit], str]:
    with gzip.open(PROJECTS / f"{name}.json.gz", "rt", encoding="utf-8") as file:
        found = json.load(file)
    history = [Commit(row["commit"][:8], tuple(path for _, path in row["changes"])) for row in found["history"]]
    # One large file is listed without a size.
    sizes = {row["path"]: row["size"] or 0 for row in found["files"]}
    return sizes, history, found["texts"].get(".dockerignore", "")


@cache
def _made_up(manifests: Sequence[str]) -> tuple[dict[str, int], Sequence[Commit], str]:
    """Of 1,000 commits 3 % change the manifests, 10 % only the documentation, the others sources."""
    files = {**dict.fromkeys(manifests, 500), **{f"src/{n}.x": 3_000 for n in range(60)}, "docs/guide.md": 9_000}
    drawn = random.Random(5)
    history = []
    for number in range(COMMITS):
        kind = drawn.random()
        paths = list(manifests) if kind < 0.03 else ["docs/guide.md"] if kind < 0.13 else []
        if kind >= 0.13 or kind < 0.02:
            paths += [f"src/{drawn.randrange(60)}.x" for _ in range(drawn.randint(1, 5))]
        history.append(Commit(f"{number:08}", tuple(paths)))
    return files, history, ""
