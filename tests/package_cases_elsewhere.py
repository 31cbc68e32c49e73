r"""Stores that are mounted, moved, switched off or emptied in ways of their own: data for test_package_cases.py."""

from __future__ import annotations

from package_cases import ANSWERS, CACHES, JOIN, LEAN, LISTS, Case, change, stay


def silent(says: str, manager: str, run: str, head: str = "FROM example", tail: str = 'CMD ["/app"]') -> Case:
    """A RUN that leaves nothing behind, and of which nothing is to be said."""
    return stay(says, manager, CACHES, f"{head}\nRUN {run}\n{tail}\n")


def mounted(manager: str, target: str, run: str) -> Case:
    return silent(f"a mount on {target}", manager, f"--mount=type=cache,target={target} {run}")


ELSEWHERE = [
    mounted("maven", "/root/.m2/repository", "mvn package"),
    mounted("gradle", "/root/.gradle/caches", "gradle --no-daemon build"),
    mounted("dotnet", "/root/.nuget/packages", "dotnet publish -o /app"),
    mounted("npm", "/root/.npm/_cacache", "npm ci"),
    mounted("npm", "/home/node/.npm", "npm ci"),
    mounted("poetry", "/root/.cache/pypoetry/cache", "poetry install"),
    mounted("poetry", "/root/.cache", "poetry install"),
    mounted("cargo", "/root/.cargo/registry/cache", "cargo install ripgrep"),
    mounted("cargo", "$CARGO_HOME/registry", "cargo install ripgrep"),
    mounted("uv", "$UV_CACHE_DIR", "uv pip install flask"),
    mounted("pnpm", "/frontend/.cache/pnpm", "pnpm install"),
    silent("a mount on where a variable moves it", "gradle", "--mount=type=cache,target=/cache gradle --no-daemon build",
           "FROM gradle:8-jdk21\nENV GRADLE_USER_HOME=/cache"),
    silent("the cache is purged", "pip", "pip install flask && pip cache purge"),
    silent("any value of the variable switches it off", "pip", "pip install flask", "FROM python:3.12\nENV PIP_NO_CACHE_DIR=off"),
    silent("the variable is set for the call", "pip", "PIP_NO_CACHE_DIR=1 pip install flask"),
    silent("the variable is exported", "pip", "export PIP_NO_CACHE_DIR=1 && pip install flask"),
    silent("the option is written short", "pip", "pip install --no-cache flask"),
    silent("the cache is another one, and deleted", "pip", "pip install --cache-dir=/tmp/c flask && rm -rf /tmp/c"),
    silent("the option is one letter", "uv", "uv pip install -n flask"),
    silent("the option has pip's name", "uv", "uv pip install --no-cache-dir flask"),
    silent("the option", "composer", "composer install --no-cache"),
    silent("the folder is nowhere", "composer", "composer install", "FROM composer\nENV COMPOSER_CACHE_DIR=/dev/null"),
    silent("the cache is another one, and deleted", "npm", "npm ci --cache /tmp/n && rm -rf /tmp/n"),
    silent("the repository is another one", "maven", "mvn -Dmaven.repo.local=/tmp/m2 package && rm -rf /tmp/m2"),
    silent("conda cleans what mamba has stored", "mamba", "mamba install -y numpy && conda clean --all -y"),
    silent("its folder by its variable", "cargo", "cargo install ripgrep && rm -rf $CARGO_HOME/registry"),
    silent("its folder by its variable", "gem", "gem install rails && rm -rf $GEM_HOME/cache/*.gem"),
    silent("its folder by its variable in braces", "bundle",
           'bundle install && rm -rf ~/.bundle/ "${BUNDLE_PATH}"/ruby/*/cache'),
    silent("only the version is asked", "bundle", "bundle --version"),
    silent("only the version is asked", "yarn", "yarn -v && yarn --version"),
    silent("nothing was fetched", "go", "go build -mod=vendor ./... && go clean -cache"),
    stay("bundler installs elsewhere", "bundle", CACHES, """
        FROM ruby:3.3
        ENV BUNDLE_PATH=/bundle
        RUN bundle install
        """, "bundler is told to install elsewhere"),
    stay("a later yarn that is called with options of the first one", "yarn", CACHES, """
        FROM node:20
        RUN corepack enable && yarn install --non-interactive
        """, "not known to be yarn 1"),
    stay("nothing runs behind `exit`", "npm", CACHES, """
        FROM node:20
        RUN npm ci; exit 0
        """, "behind which nothing runs"),
    stay("another Ruby", "gem", CACHES, """
        FROM debian:bookworm
        RUN /opt/ruby/bin/gem install rails
        """, "called by its path"),
    change("the program that was called", "go", CACHES, """
         FROM debian:bookworm
        -RUN /usr/local/go/bin/go build -mod=vendor -o /app .
        +RUN /usr/local/go/bin/go build -mod=vendor -o /app . \\
        +    && /usr/local/go/bin/go clean -cache
         CMD ["/app"]
        """),
    change("the program that was called", "npm", CACHES, """
         FROM debian:bookworm
        -RUN /opt/node/bin/npm ci
        +RUN /opt/node/bin/npm ci \\
        +    && /opt/node/bin/npm cache clean --force
        """),
    change("a published program has its packages beside it", "dotnet", CACHES, """
         FROM mcr.microsoft.com/dotnet/sdk:8.0
         COPY . .
        -RUN dotnet publish -o /out
        +RUN dotnet publish -o /out \\
        +    && dotnet nuget locals all --clear
         ENTRYPOINT ["dotnet", "/out/App.dll"]
        """),
    change("root by his number and group", "apt-get", LISTS, """
         FROM debian:bookworm
         USER 0:0
        -RUN apt-get update && apt-get install -y curl
        +RUN apt-get update && apt-get install -y curl \\
        +    && rm -rf /var/lib/apt/lists/*
        """),
    stay("apt of Debian 13 deletes the lists itself", "apt-get", LISTS, """
        FROM debian:trixie
        RUN apt-get update && apt-get install -y curl && apt-get distclean
        """),
    stay("an older apk would miss the index", "apk", LISTS, """
        FROM alpine:3.12
        RUN apk update
        WORKDIR /app
        RUN for p in curl git; do apk add $p; done
        """, "a later instruction still needs apk's package index"),
    stay("the databases alone", "pacman", (*LISTS, *ANSWERS), """
        FROM archlinux
        RUN pacman -Sy
        """),
    stay("another root", "dnf", LISTS, """
        FROM fedora:41
        RUN dnf -y --installroot /mnt install bash
        """),
    change("what a quiet dnf asks", "dnf", ANSWERS, """
         FROM fedora:41
        -RUN dnf -q install nginx
        +RUN dnf -q install -y nginx
        """),
    change("microdnf reads no other words than 0 and 1", "microdnf", LEAN, """
         FROM redhat/ubi9-minimal
        -RUN microdnf install -y nginx
        +RUN microdnf install -y --setopt=install_weak_deps=0 nginx
        """),
    stay("the file configures it", "dnf", LEAN, """
        FROM fedora:41
        RUN echo install_weak_deps=False >> /etc/dnf/dnf.conf
        RUN dnf -y install nginx
        """, "the file configures"),
    change("a comment stays with its package, and each package has a line", "apt-get", LEAN, """
         FROM debian:bookworm
        -RUN apt-get update && apt-get install -y \\
        +RUN apt-get update && apt-get install -y --no-install-recommends \\
        +    ca-certificates \\
             # to fetch the tool
             curl \\
             jq
        """),
    change("one package on a line of its own", "apt-get", LEAN, """
         FROM debian:bookworm
        -RUN apt-get update && apt-get install -y \\
        +RUN apt-get update && apt-get install -y --no-install-recommends \\
        +    ca-certificates \\
             wget \\
             && wget https://example.org/x
        """),
    stay("a package that both install, or one that goes", "apt-get", JOIN, """
        FROM debian:bookworm
        RUN apt-get install -y curl git && apt-get install -y git jq && apt-get install -y vim-
        """),
]  # fmt: skip
