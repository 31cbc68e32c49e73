r"""What dockfix makes of the ways in which real files call package managers: data for test_package_cases.py.

A case is a Dockerfile as such files look, cut down to what it is about, and what a careful maintainer would make of
it; written from the documentation, never from what comes out. This file holds those of apt's lists, the files beside it
the others.
"""

from __future__ import annotations

from textwrap import dedent
from typing import NamedTuple

LISTS = ("clean-package-lists",)
CACHES = ("clean-download-caches",)
ANSWERS = ("noninteractive-install",)
LEAN = ("no-install-recommends",)
JOIN = ("join-installs",)


class Case(NamedTuple):
    """A text before and after; `after` is None where it is left alone, for a `reason` if one is to be said."""

    says: str
    manager: str
    transforms: tuple[str, ...]
    before: str
    after: str | None
    reason: str = ""


def change(says: str, manager: str, transforms: tuple[str, ...], diff: str) -> Case:
    """A change, written as a diff of the whole file: of each line the first character says where it stands."""
    lines = dedent(diff.removeprefix("\n")).splitlines()
    before, after = ("".join(line[1:] + "\n" for line in lines if not line.startswith(gone)) for gone in "+-")
    return Case(says, manager, transforms, before, after)


def stay(says: str, manager: str, transforms: tuple[str, ...], text: str, reason: str = "") -> Case:
    """A file that is left alone."""
    return Case(says, manager, transforms, dedent(text.removeprefix("\n")), None, reason)


APT_LISTS = [
    change("apt-get clean empties the archives, not the lists", "apt-get", LISTS, r"""
         FROM debian:bookworm-slim
         RUN apt-get update && apt-get install -y --no-install-recommends \
               curl \
               jq \
        -    && apt-get clean
        +    && apt-get clean \
        +    && rm -rf /var/lib/apt/lists/*
        """),
    change("&& stays at the ends of lines where the file has it there", "apt-get", LISTS, r"""
         FROM ubuntu:22.04
         ENV DEBIAN_FRONTEND=noninteractive
         RUN apt-get update -qq && \
             apt-get install -qq -y software-properties-common && \
        -    apt-get autoremove -y
        +    apt-get autoremove -y && \
        +    rm -rf /var/lib/apt/lists/*
        """),
    change("under errexit the cleanup is a statement behind the others", "apt-get", LISTS, r"""
         FROM debian:bookworm-slim
         RUN set -eux; \
             apt-get update; \
             apt-get install -y --no-install-recommends \
                 ca-certificates \
                 curl \
             ; \
        -    curl -fsSL https://example.org/tool -o /usr/local/bin/tool
        +    curl -fsSL https://example.org/tool -o /usr/local/bin/tool; \
        +    rm -rf /var/lib/apt/lists/*
        """),
    change("a last semicolon is not doubled", "apt-get", LISTS, r"""
         FROM debian:bookworm-slim
         RUN set -eux; \
             apt-get update; \
        -    apt-get install -y curl;
        +    apt-get install -y curl; \
        +    rm -rf /var/lib/apt/lists/*
        """),
    change("sudo keeps its options", "apt-get", LISTS, r"""
         FROM gitpod/workspace-full
         USER gitpod
        -RUN sudo -E apt-get update && sudo -E apt-get install -y graphviz
        +RUN sudo -E apt-get update && sudo -E apt-get install -y graphviz \
        +    && sudo -E rm -rf /var/lib/apt/lists/*
        """),
    change("a path, a variable in front and env are still apt-get", "apt-get", LISTS, r"""
         FROM debian:11
        -RUN /usr/bin/apt-get update && env DEBIAN_FRONTEND=noninteractive /usr/bin/apt-get install -y tzdata
        +RUN /usr/bin/apt-get update && env DEBIAN_FRONTEND=noninteractive /usr/bin/apt-get install -y tzdata \
        +    && rm -rf /var/lib/apt/lists/*
        """),
    change("a later rm only hides them", "apt-get", LISTS, r"""
         FROM python:3.11
        -RUN apt-get update && apt-get install -y libpq-dev
        +RUN apt-get update && apt-get install -y libpq-dev \
        +    && rm -rf /var/lib/apt/lists/*
         COPY . /app
         RUN apt-get clean && rm -rf /var/lib/apt/lists/*
        """),
    change("each RUN fetches its own lists", "apt-get", LISTS, r"""
         FROM node:20
        -RUN apt-get update && apt-get install -y chromium
        +RUN apt-get update && apt-get install -y chromium \
        +    && rm -rf /var/lib/apt/lists/*
         COPY . .
        -RUN apt-get update && apt-get install -y ffmpeg
        +RUN apt-get update && apt-get install -y ffmpeg \
        +    && rm -rf /var/lib/apt/lists/*
        """),
    change("what xargs installs is not known, but the lists are the same", "apt-get", LISTS, r"""
         FROM ubuntu:24.04
         COPY packages.txt /tmp/
         RUN apt-get update \
             && xargs -a /tmp/packages.txt apt-get install -y \
        -    && rm /tmp/packages.txt
        +    && rm /tmp/packages.txt \
        +    && rm -rf /var/lib/apt/lists/*
        """),
    change("packages in a variable need no lists afterwards either", "apt-get", LISTS, r"""
         FROM ubuntu:24.04
         ARG EXTRA_PACKAGES
        -RUN apt update && apt install -y git ${EXTRA_PACKAGES}
        +RUN apt update && apt install -y git ${EXTRA_PACKAGES} \
        +    && rm -rf /var/lib/apt/lists/*
        """),
    change("build-dep and dist-upgrade are done when the RUN ends", "apt-get", LISTS, r"""
         FROM debian:bookworm
        -RUN apt-get update && apt-get -y dist-upgrade && apt-get build-dep -y emacs
        +RUN apt-get update && apt-get -y dist-upgrade && apt-get build-dep -y emacs \
        +    && rm -rf /var/lib/apt/lists/*
        """),
    change("a mount on the archives is none on the lists", "apt-get", LISTS, r"""
         # syntax=docker/dockerfile:1
         FROM debian:bookworm-slim
         RUN --mount=type=cache,target=/var/cache/apt \
        -    apt-get update && apt-get install -y git
        +    apt-get update && apt-get install -y git \
        +    && rm -rf /var/lib/apt/lists/*
        """),
    change("only the stage that is shipped is cleaned", "apt-get", LISTS, r"""
         FROM debian:bookworm AS build
         RUN apt-get update && apt-get install -y build-essential
         COPY . /src
         RUN make -C /src

         FROM debian:bookworm-slim
        -RUN apt-get update && apt-get install -y libssl3
        +RUN apt-get update && apt-get install -y libssl3 \
        +    && rm -rf /var/lib/apt/lists/*
         COPY --from=build /src/app /usr/bin/
        """),
    change("a stage that a shipped one is built from is shipped, too", "apt-get", LISTS, r"""
         FROM debian:bookworm-slim AS base
        -RUN apt-get update && apt-get install -y curl
        +RUN apt-get update && apt-get install -y curl \
        +    && rm -rf /var/lib/apt/lists/*

         FROM base
         COPY app /usr/bin/app
        """),
    change("a child stage that fetches its own lists does not need these", "apt-get", LISTS, r"""
         FROM debian:bookworm-slim AS base
        -RUN apt-get update && apt-get install -y curl
        +RUN apt-get update && apt-get install -y curl \
        +    && rm -rf /var/lib/apt/lists/*

         FROM base
         RUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*
        """),
    change("root is root again", "apt-get", LISTS, r"""
         FROM jupyter/base-notebook
         USER root
        -RUN apt-get update && apt-get install -y texlive
        +RUN apt-get update && apt-get install -y texlive \
        +    && rm -rf /var/lib/apt/lists/*
         USER jovyan
        """),
    change("lists that are fetched anew behind a cleanup", "apt-get", LISTS, r"""
         FROM debian:bookworm-slim
         RUN apt-get update && apt-get install -y gnupg && rm -rf /var/lib/apt/lists/* \
        - && apt-get update && apt-get install -y nginx
        + && apt-get update && apt-get install -y nginx \
        + && rm -rf /var/lib/apt/lists/*
        """),
    stay("the usual cleanup", "apt-get", LISTS, r"""
        FROM debian:bookworm-slim
        RUN apt-get update \
            && apt-get install -y curl \
            && apt-get clean \
            && rm -rf /var/lib/apt/lists/* /tmp/* /var/tmp/*
        """),
    stay("the folder itself deleted, or all of /var/lib/apt", "apt-get", LISTS, r"""
        FROM debian:bookworm-slim
        RUN apt-get update && apt-get install -y curl && rm -r /var/lib/apt/lists
        RUN apt-get update && apt-get install -y git && rm -rf /var/cache/apt /var/lib/apt
        """),
    stay("braces and find delete them as well", "apt-get", LISTS, r"""
        FROM debian:bookworm
        SHELL ["/bin/bash", "-c"]
        RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/{apt,dpkg,cache,log}/
        RUN apt-get update && apt-get install -y git && find /var/lib/apt/lists -type f -delete
        """),
    stay("a later RUN installs from the same lists", "apt-get", LISTS, r"""
        FROM python:3.12
        RUN apt-get update
        RUN apt-get install -y gdal-bin
        RUN apt-get install -y libgdal-dev
        """, "a later instruction still needs apt's package lists"),
    stay("a stage built from it installs from the same lists", "apt-get", LISTS, r"""
        FROM ubuntu:22.04 AS base
        RUN apt-get update && apt-get install -y python3

        FROM base AS test
        RUN apt-get install -y python3-pytest

        FROM base
        COPY app.py /
        """, "a later instruction still needs apt's package lists"),
    stay("an ONBUILD installs from them", "apt-get", LISTS, r"""
        FROM debian:bookworm-slim
        RUN apt-get update && apt-get install -y curl
        ONBUILD COPY packages.txt /
        ONBUILD RUN apt-get install -y $(cat /packages.txt)
        """, "a later instruction still needs apt's package lists"),
    stay("add-apt-repository reads them later", "apt-get", LISTS, r"""
        FROM ubuntu:20.04
        RUN apt-get update && apt-get install -y software-properties-common
        RUN add-apt-repository -y ppa:deadsnakes/ppa
        """, "a later instruction still needs apt's package lists"),
    stay("the container installs when it starts", "apt-get", LISTS, r"""
        FROM debian:bookworm
        RUN apt-get update && apt-get install -y git
        CMD apt-get install -y $PLUGINS && exec /usr/bin/server
        """, "a later instruction still needs apt's package lists"),
    stay("a user may not delete what is root's", "apt-get", LISTS, r"""
        FROM example/with-setuid-apt
        USER app
        RUN apt-get update && apt-get install -y curl
        """, "it does not run as root"),
    stay("only the branch of one distribution fetches them", "apt-get", LISTS, r"""
        ARG BASE
        FROM $BASE
        RUN if command -v apt-get > /dev/null; then \
              apt-get update && apt-get install -y curl; \
            elif command -v yum > /dev/null; then \
              yum install -y curl && yum clean all; \
            fi
        """, "it stands in a branch"),
    stay("an update in a case may not run", "apt-get", LISTS, r"""
        FROM ubuntu:24.04
        ARG TARGETARCH
        RUN case "$TARGETARCH" in \
              arm64) apt-get update && apt-get install -y libatomic1 ;; \
            esac
        """, "it stands in a branch"),
    stay("an update behind || may not run", "apt-get", LISTS, r"""
        FROM ubuntu:24.04
        RUN command -v curl || { apt-get update && apt-get install -y curl; }
        """, "it stands in a branch"),
    stay("a loop that tries again may never get there", "apt-get", LISTS, r"""
        FROM ubuntu:24.04
        RUN for i in 1 2 3; do apt-get update && break || sleep 5; done && apt-get install -y curl
        """, "it stands in a branch"),
    stay("a function fetches them", "apt-get", LISTS, r"""
        FROM ubuntu:24.04
        RUN get() { apt-get update && apt-get install -y "$@"; }; get curl
        """, "it stands in a branch"),
    stay("once with sudo and once without", "apt-get", LISTS, r"""
        FROM ubuntu:24.04
        USER builder
        RUN apt-get update || sudo apt-get update && sudo apt-get install -y curl
        """, "some of its calls run with sudo and some without"),
    stay("a heredoc is a script of its own", "apt-get", LISTS, r"""
        # syntax=docker/dockerfile:1
        FROM debian:bookworm-slim
        RUN <<EOF
        set -e
        apt-get update
        apt-get install -y curl
        EOF
        """),
    stay("deleted from within their folder", "apt-get", LISTS, r"""
        FROM debian:bookworm-slim
        RUN apt-get update && apt-get install -y curl && cd /var/lib/apt && rm -rf lists/*
        """),
    stay("a comment of the shell would swallow the cleanup", "apt-get", LISTS, r"""
        FROM debian:bookworm-slim
        RUN apt-get update && apt-get install -y curl # for the health check
        """, "a shell comment"),
    stay("a script in quotes is not read", "apt-get", LISTS, r"""
        FROM debian:bookworm-slim
        RUN bash -c 'apt-get update && apt-get install -y curl'
        """),
    stay("what is only printed is no command", "apt-get", LISTS, r"""
        FROM debian:bookworm-slim
        RUN echo "apt-get update && apt-get install -y curl" > /usr/local/bin/setup && chmod +x /usr/local/bin/setup
        """),
    stay("a tmpfs holds the lists", "apt-get", LISTS, r"""
        # syntax=docker/dockerfile:1
        FROM debian:bookworm-slim
        RUN --mount=type=tmpfs,target=/var/lib/apt/lists --mount=type=cache,target=/var/cache/apt \
            apt-get update && apt-get install -y curl
        """),
]  # fmt: skip
