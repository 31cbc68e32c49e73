r"""Files whose RUNs get cache mounts, or have a reason to get none: data for test_cache_mounts.py."""

from __future__ import annotations

from package_cases import change, stay

MOUNTS = ("cache-mounts",)

GIVEN = [
    change(
        "apt, lines that end in &&",
        "apt-get",
        MOUNTS,
        r"""
         FROM ubuntu:24.04
        -RUN apt-get update && \
        +RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \
        +  --mount=type=cache,target=/var/lib/apt/lists,sharing=locked \
        +  rm -f /etc/apt/apt.conf.d/docker-clean && \
        +  apt-get update && \
           apt-get install -y curl && \
        -  rm -rf /var/lib/apt/lists/* && \
           curl --version
        """,
    ),
    change(
        "apt, under errexit",
        "apt-get",
        MOUNTS,
        r"""
         FROM debian:12
        -RUN set -eux; \
        +RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \
        +    --mount=type=cache,target=/var/lib/apt/lists,sharing=locked \
        +    rm -f /etc/apt/apt.conf.d/docker-clean; \
        +    set -eux; \
             apt-get update; \
        -    apt-get install -y curl; \
        -    apt-get clean; \
        -    rm -rf /var/lib/apt/lists/*
        +    apt-get install -y curl
        """,
    ),
    change(
        "apt, a cleanup in front",
        "apt-get",
        MOUNTS,
        r"""
         FROM debian:12
        -RUN apt-get clean && apt-get update && apt-get install -y curl
        +RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \
        +    --mount=type=cache,target=/var/lib/apt/lists,sharing=locked \
        +    rm -f /etc/apt/apt.conf.d/docker-clean \
        +    && apt-get update && apt-get install -y curl
        """,
    ),
    change(
        "docker-clean goes once in a stage and those that are built from it",
        "apt-get",
        MOUNTS,
        r"""
         FROM debian:12 AS base
        -RUN apt-get update && apt-get install -y curl
        +RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \
        +    --mount=type=cache,target=/var/lib/apt/lists,sharing=locked \
        +    rm -f /etc/apt/apt.conf.d/docker-clean \
        +    && apt-get update && apt-get install -y curl
         COPY a /a
        -RUN apt-get update && apt-get install -y git
        +RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \
        +    --mount=type=cache,target=/var/lib/apt/lists,sharing=locked \
        +    apt-get update && apt-get install -y git
         FROM base
        -RUN apt-get update && apt-get install -y jq
        +RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \
        +    --mount=type=cache,target=/var/lib/apt/lists,sharing=locked \
        +    apt-get update && apt-get install -y jq
        """,
    ),
    change(
        "all managers of a RUN at once, behind the flags that it has",
        "apt-get",
        MOUNTS,
        r"""
         FROM debian:12
         RUN --mount=type=bind,source=requirements.txt,target=/r.txt \
        +    --mount=type=cache,target=/var/cache/apt,sharing=locked \
        +    --mount=type=cache,target=/var/lib/apt/lists,sharing=locked \
        +    --mount=type=cache,target=/root/.cache/pip \
        -    apt-get update \
        +    rm -f /etc/apt/apt.conf.d/docker-clean \
        +    && apt-get update \
             && apt-get install -y python3-pip \
        -    && pip install -r /r.txt \
        -    && rm -rf /var/lib/apt/lists/* ~/.cache/pip
        +    && pip install -r /r.txt
        """,
    ),
    change(
        "another escape character",
        "pip",
        MOUNTS,
        r"""
         # escape=`
         FROM python:3.12
        -RUN pip install flask
        +RUN --mount=type=cache,target=/root/.cache/pip `
        +    pip install flask
        """,
    ),
    change(
        "a variable moves the cache",
        "pip",
        MOUNTS,
        r"""
         FROM python:3.12
         ENV PIP_CACHE_DIR=/var/cache/pip
        -RUN pip install flask
        +RUN --mount=type=cache,target=/var/cache/pip \
        +    pip install flask
        """,
    ),
    change(
        "a variable that several programs read",
        "uv",
        MOUNTS,
        r"""
         FROM python:3.12
         ENV XDG_CACHE_HOME=/caches
        -RUN uv sync --frozen
        +RUN --mount=type=cache,target=/caches/uv \
        +    uv sync --frozen
        """,
    ),
    change(
        "poetry's virtual environments are not in the mounts",
        "poetry",
        MOUNTS,
        r"""
         FROM python:3.12
        -RUN poetry install
        +RUN --mount=type=cache,target=/root/.cache/pypoetry/artifacts,sharing=locked \
        +    --mount=type=cache,target=/root/.cache/pypoetry/cache,sharing=locked \
        +    poetry install
        """,
    ),
    change(
        "the home folder of a variable",
        "npm",
        MOUNTS,
        r"""
         FROM node:20
         ENV HOME=/srv
        -RUN npm ci
        +RUN --mount=type=cache,target=/srv/.npm \
        +    npm ci
        """,
    ),
    change(
        "yarn 1, as root",
        "yarn",
        MOUNTS,
        r"""
         FROM node:20
         COPY package.json yarn.lock ./
        -RUN yarn install --production && yarn cache clean
        +RUN --mount=type=cache,target=/usr/local/share/.cache/yarn,sharing=locked \
        +    yarn install --production
        """,
    ),
    change(
        "pnpm, where its manual puts it",
        "pnpm",
        MOUNTS,
        r"""
         FROM node:20
         ENV PNPM_HOME=/pnpm
        -RUN pnpm install --frozen-lockfile
        +RUN --mount=type=cache,target=/pnpm/store \
        +    pnpm install --frozen-lockfile
        """,
    ),
    change(
        "composer, in its own image",
        "composer",
        MOUNTS,
        r"""
         FROM composer:2 AS vendor
        -RUN composer install --no-dev
        +RUN --mount=type=cache,target=/tmp/cache,sharing=locked \
        +    composer install --no-dev
         FROM php:8.3-fpm
         COPY --from=vendor /app/vendor /srv/vendor
        """,
    ),
    change(
        "Go elsewhere than in its own image",
        "go",
        MOUNTS,
        r"""
         FROM debian:12 AS build
        -RUN go build -o /app .
        +RUN --mount=type=cache,target=/root/go/pkg/mod \
        +    --mount=type=cache,target=/root/.cache/go-build \
        +    go build -o /app .
         FROM scratch
         COPY --from=build /app /app
        """,
    ),
    change(
        "Maven and a wrapper of its own",
        "maven",
        MOUNTS,
        r"""
         FROM eclipse-temurin:21 AS build
        -RUN ./mvnw -B package
        +RUN --mount=type=cache,target=/root/.m2/repository,sharing=locked \
        +    --mount=type=cache,target=/root/.m2/wrapper,sharing=locked \
        +    ./mvnw -B package
         FROM eclipse-temurin:21-jre
         COPY --from=build /src/target/app.jar /
        """,
    ),
    change(
        ".NET, where what is published is restored anew",
        "dotnet",
        MOUNTS,
        r"""
         FROM mcr.microsoft.com/dotnet/sdk:8.0 AS build
         COPY app.csproj .
        -RUN dotnet restore
        +RUN --mount=type=cache,target=/root/.nuget/packages,sharing=locked \
        +    dotnet restore
         COPY . .
        -RUN dotnet publish -c Release -o /out
        +RUN --mount=type=cache,target=/root/.nuget/packages,sharing=locked \
        +    dotnet publish -c Release -o /out
         FROM mcr.microsoft.com/dotnet/aspnet:8.0
         COPY --from=build /out /app
        """,
    ),
    change(
        "dnf 4 and dnf 5",
        "dnf",
        MOUNTS,
        r"""
         FROM rockylinux:9 AS four
        -RUN dnf install -y nginx && dnf clean all
        +RUN --mount=type=cache,target=/var/cache/dnf,sharing=locked \
        +    dnf install -y nginx
         FROM fedora:41
        -RUN dnf install -y nginx && rm -rf /var/cache/libdnf5/*
        +RUN --mount=type=cache,target=/var/cache/libdnf5,sharing=locked \
        +    dnf install -y nginx
        """,
    ),
    change(
        "a later cleanup in a RUN of its own is none of its business",
        "npm",
        MOUNTS,
        r"""
         FROM node:20
        -RUN npm ci
        +RUN --mount=type=cache,target=/root/.npm \
        +    npm ci
         RUN rm -rf /root/.npm && npm cache clean --force
        """,
    ),
    change(
        "a script behind the keyword and a continuation",
        "npm",
        MOUNTS,
        r"""
         FROM node:20
         RUN \
             # the lock file counts
        +    --mount=type=cache,target=/root/.npm \
             npm ci
        """,
    ),
]

LEFT = [
    stay("a variable keeps pip from storing", "pip", MOUNTS, r"""
        FROM python:3.12
        ENV PIP_NO_CACHE_DIR=1
        RUN pip install flask
        """, "PIP_NO_CACHE_DIR keeps pip from storing anything"),
    stay("an option does", "pip", MOUNTS, r"""
        FROM python:3.12
        RUN pip install flask && pip install --no-cache-dir django
        """, "its `pip install` stores nothing there: --no-cache-dir"),
    stay("apt deletes what apt-get keeps", "apt-get", MOUNTS, r"""
        FROM debian:12
        RUN apt update && apt install -y curl
        """, "`apt install` deletes what it has fetched"),
    stay("an update that may not run", "apt-get", MOUNTS, r"""
        FROM debian:12
        RUN if test -f /x; then apt-get update; fi; apt-get install -y curl
        """, "has no update in front of it that always runs"),
    stay("a later RUN installs without an update", "apt-get", MOUNTS, r"""
        FROM debian:12
        RUN apt-get update && apt-get install -y curl
        RUN apt-get install -y git
        """, "a later instruction still needs apt's package lists"),
    stay("a later RUN would keep its packages in the image", "apt-get", MOUNTS, r"""
        FROM debian:12
        RUN apt-get update && apt-get install -y curl
        RUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/* /tmp/*
        """, "a later RUN would leave what it fetches in the image"),
    stay("sudo", "apt-get", MOUNTS, r"""
        FROM gitpod/workspace-full
        RUN sudo apt-get update && sudo apt-get install -y curl
        """, "runs with sudo"),
    stay("a cleanup that decides whether the RUN fails", "apt-get", MOUNTS, r"""
        FROM debian:12
        RUN apt-get update; apt-get install -y curl; apt-get clean
        """, "decides whether the RUN fails"),
    stay("a cleanup behind ||", "npm", MOUNTS, r"""
        FROM node:20
        RUN npm ci && { true || npm cache clean --force; }
        """, "stands where it can't be dropped"),
    stay("a comment would be lost", "npm", MOUNTS, r"""
        FROM node:20
        RUN npm ci \
            # smaller
            && npm cache clean --force
        """, "has a comment beside it"),
    stay("the folder above is deleted, from within", "npm", MOUNTS, r"""
        FROM node:20
        RUN npm ci && cd /root && rm -rf .npm .config
        """, "deletes more than what a mount would hold"),
    stay("the RUN uses the folder", "pip", MOUNTS, r"""
        FROM python:3.12
        RUN pip install flask && du -s ~/.cache/pip
        """, "uses what would be a mount"),
    stay("the RUN moves the home folder", "pip", MOUNTS, r"""
        FROM python:3.12
        RUN export HOME=/tmp && pip install flask
        """, "it sets HOME"),
    stay("an install from what is there", "npm", MOUNTS, r"""
        FROM node:20
        RUN npm ci --offline
        """, "fetches nothing"),
    stay("no network", "npm", MOUNTS, r"""
        FROM node:20
        RUN --network=none npm ci
        """, "fetches nothing"),
    stay("a cache that is copied into the image", "npm", MOUNTS, r"""
        FROM node:20
        COPY npm-cache /root/.npm
        RUN npm ci
        """, "an earlier instruction copies to /root/.npm"),
    stay("a cache that another stage takes", "pip", MOUNTS, r"""
        FROM python:3.12 AS build
        RUN pip install flask
        FROM python:3.12
        COPY --from=build /root/.cache/pip/wheels /wheels
        """, "COPY takes /root/.cache/pip/wheels out of its stage"),
    stay("a repository that another stage takes, with all around it", "cargo", MOUNTS, r"""
        FROM rust:1.80 AS deps
        RUN cargo build
        FROM rust:1.80
        COPY --from=deps /usr/local /usr/local
        """, "COPY takes /usr/local out of its stage"),
    stay("a build that can't fetch what another one has fetched", "go", MOUNTS, r"""
        FROM golang:1.22 AS build
        RUN --mount=type=ssh go mod download
        RUN go build -o /app .
        FROM scratch
        COPY --from=build /app /app
        """, "only one of the RUNs that need it has the secret"),
    stay("one that has the access taken away", "go", MOUNTS, r"""
        FROM golang:1.22 AS build
        RUN go mod download && rm /root/.netrc
        RUN go build -o /app .
        FROM scratch
        COPY --from=build /app /app
        """, "one deletes what may be credentials"),
    stay("a build whose sources another one has installed", "maven", MOUNTS, r"""
        FROM maven:3 AS build
        RUN mvn -f lib install
        RUN mvn -f app package
        FROM eclipse-temurin:21
        COPY --from=build /app.jar /
        """, "one installs what it has built"),
    stay("modules for a script", "go", MOUNTS, r"""
        FROM golang:1.22 AS build
        RUN go mod download
        RUN make build
        FROM scratch
        COPY --from=build /app /app
        """, "fetches ahead, maybe for a later `make build`"),
    stay("modules for a RUN that can't be read", "go", MOUNTS, r"""
        FROM golang:1.22 AS build
        RUN go mod download
        RUN <<EOF
        go build -o /app .
        EOF
        FROM scratch
        COPY --from=build /app /app
        """, "can't be read: it has a heredoc"),
    stay("packages for a publish that restores nothing", "dotnet", MOUNTS, r"""
        FROM mcr.microsoft.com/dotnet/sdk:8.0 AS build
        RUN dotnet restore
        RUN dotnet publish --no-restore -o /out
        FROM mcr.microsoft.com/dotnet/aspnet:8.0
        COPY --from=build /out /app
        """, "fetches nothing, but takes what was fetched before"),
    stay("an image to build in", "go", MOUNTS, r"""
        FROM golang:1.22
        RUN go build ./...
        """, "no CMD or ENTRYPOINT"),
    stay("a user of whom nothing is known", "pip", MOUNTS, r"""
        FROM python:3.12
        USER app
        RUN pip install flask
        """, "it runs as app, whose number and home folder are not known"),
    stay("a folder of the user that is not there yet", "pip", MOUNTS, r"""
        FROM node:20
        USER node
        RUN pip install flask
        """, "node may not write to the folders above /home/node/.cache/pip"),
    stay("an image of which nothing is known", "go", MOUNTS, r"""
        FROM example.org/golang:1.22 AS build
        RUN go build -o /app .
        FROM scratch
        COPY --from=build /app /app
        """, "where go's module cache lies in this image is not known"),
    stay("a build argument moves the cache", "pip", MOUNTS, r"""
        FROM python:3.12
        ARG PIP_CACHE_DIR=/c
        RUN pip install flask
        """, "PIP_CACHE_DIR moves pip's download cache to a place that is not known"),
    stay("a mount above it", "pip", MOUNTS, r"""
        FROM python:3.12
        RUN --mount=target=/root/.cache,type=cache pip install flask
        """),
    stay("a mount elsewhere that is for it by its name", "pnpm", MOUNTS, r"""
        FROM node:20
        RUN --mount=type=cache,target=/tmp/pnpm-store pnpm install
        """),
    stay("a heredoc", "npm", MOUNTS, r"""
        FROM node:20
        RUN <<EOF
        npm ci
        EOF
        """, "it has a heredoc"),
    stay("exec form and ONBUILD", "npm", MOUNTS, r"""
        FROM node:20
        ONBUILD RUN npm ci
        RUN ["npm", "ci"]
        """, "it is in exec form"),
    stay("apk", "apk", MOUNTS, r"""
        FROM alpine:3.20
        RUN apk add curl
        """, "apk's index goes by the repository alone"),
    stay("a comment above", "npm", MOUNTS, r"""
        FROM node:20
        # dockfix: ignore=cache-mounts
        RUN npm ci
        """, "a comment above says to leave it"),
    stay("an old syntax", "npm", MOUNTS, r"""
        # syntax=docker/dockerfile:1.1.7
        FROM node:20
        RUN npm ci
        """, "it is not known that docker/dockerfile:1.1.7 has cache mounts"),
    stay("a syntax of somebody else", "npm", MOUNTS, r"""
        # syntax=example.org/frontend
        FROM node:20
        RUN npm ci
        """, "it is not known that example.org/frontend has cache mounts"),
]  # fmt: skip
