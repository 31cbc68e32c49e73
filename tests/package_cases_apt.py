r"""Cases of apt that are not about its lists: data for test_package_cases.py."""

from __future__ import annotations

from package_cases import ANSWERS, JOIN, LEAN, change, stay

APT_ANSWERS = [
    change("remove, purge and autoremove ask as well", "apt-get", ANSWERS, r"""
         FROM debian:bookworm-slim
        -RUN apt-get remove gcc && apt-get purge -y cpp && apt-get autoremove
        +RUN apt-get remove -y gcc && apt-get purge -y cpp && apt-get autoremove -y
        """),
    change("-q is quiet and no answer, nor is DEBIAN_FRONTEND", "apt-get", ANSWERS, r"""
         FROM debian:bookworm-slim
        -RUN apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get install -q tzdata
        +RUN apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get install -q -y tzdata
        """),
    change("upgrade and dist-upgrade ask", "apt-get", ANSWERS, r"""
         FROM ubuntu:22.04
        -RUN apt-get update && apt-get upgrade && apt-get dist-upgrade
        +RUN apt-get update && apt-get upgrade -y && apt-get dist-upgrade -y
        """),
    change("apt is apt-get where both do the same, and stays where not", "apt-get", ANSWERS, r"""
         FROM ubuntu:22.04
        -RUN apt update && apt full-upgrade -y && apt install -y git && apt remove -y vim
        +RUN apt-get update && apt full-upgrade -y && apt-get install -y git && apt-get remove -y vim
        """),
    change("apt behind sudo and with a path", "apt-get", ANSWERS, r"""
         FROM ubuntu:22.04
         USER builder
        -RUN sudo apt update && sudo /usr/bin/apt install curl
        +RUN sudo apt-get update && sudo /usr/bin/apt-get install -y curl
        """),
    change("the answer stands in front of a release and a version", "apt-get", ANSWERS, r"""
         FROM debian:bookworm-slim
        -RUN apt-get update && apt-get install -t bookworm-backports git=1:2.39.5-0+deb12u2
        +RUN apt-get update && apt-get install -y -t bookworm-backports git=1:2.39.5-0+deb12u2
        """),
    change("a list of lines with comments stays as it is", "apt-get", ANSWERS, r"""
         FROM debian:bookworm-slim
        -RUN apt-get update && apt-get install --no-install-recommends \
        +RUN apt-get update && apt-get install --no-install-recommends -y \
             # speaks to the registry
             curl \
             # reads its answers
             jq
        """),
    change("a file of one's own is installed as any other package", "apt-get", ANSWERS, r"""
         FROM ubuntu:24.04
         COPY tool.deb /tmp/
        -RUN apt-get update && apt install /tmp/tool.deb
        +RUN apt-get update && apt-get install -y /tmp/tool.deb
        """),
    change("in a branch it asks as well", "apt-get", ANSWERS, r"""
         ARG BASE
         FROM $BASE
        -RUN if command -v apt-get; then apt update && apt install curl; else apk add --no-cache curl; fi
        +RUN if command -v apt-get; then apt-get update && apt-get install -y curl; else apk add --no-cache curl; fi
        """),
    stay("--yes, --assume-yes, -qy and -qq are answers", "apt-get", ANSWERS, r"""
        FROM debian:bookworm-slim
        RUN apt-get update && apt-get install --yes curl && apt-get --assume-yes install jq
        RUN apt-get install -qy git && apt-get -qq install vim && apt-get install nano -y
        """),
    stay("an answer in a configuration option", "apt-get", ANSWERS, r"""
        FROM debian:bookworm-slim
        RUN apt-get update && apt-get -o APT::Get::Assume-Yes=true install curl && apt-get -q=2 install git
        """),
    stay("yes answers, and a simulation asks nothing", "apt-get", ANSWERS, r"""
        FROM debian:bookworm-slim
        RUN apt-get update && yes | apt-get install curl && apt-get --dry-run install vim && apt-get download jq
        """),
    stay("an answer that the file configures", "apt-get", ANSWERS, r"""
        FROM ubuntu:16.04
        RUN echo 'APT::Get::Assume-Yes "true";' >> /etc/apt/apt.conf.d/90forceyes
        RUN apt-get update && apt-get install curl
        """, "the file configures what `apt-get install` asks"),
    stay("a loop installs", "apt-get", ANSWERS, r"""
        FROM ubuntu:22.04
        RUN apt-get update && for p in curl git; do apt-get install $p; done
        """, "stands in a loop"),
    stay("apt with a variable may mean a pattern", "apt-get", ANSWERS, r"""
        FROM ubuntu:22.04
        ARG PACKAGES
        RUN apt-get update && apt install -y $PACKAGES
        """, "names a pattern or a variable"),
    stay("apt with files by a pattern", "apt-get", ANSWERS, r"""
        FROM ubuntu:22.04
        COPY dist/ /tmp/
        RUN apt install -y /tmp/*.deb
        """, "names a pattern or a variable"),
    stay("xargs has the words, and the input", "apt-get", ANSWERS, r"""
        FROM ubuntu:22.04
        COPY packages.txt /
        RUN apt-get update && cat /packages.txt | xargs apt-get install
        """),
    stay("neither printed nor quoted calls are answered", "apt-get", ANSWERS, r"""
        FROM ubuntu:22.04
        RUN echo "To get it: apt install curl" && sh -c "apt install -y git"
        """),
]  # fmt: skip

APT_LEAN = [
    change("curl speaks https: the certificates stay", "apt-get", LEAN, r"""
         FROM debian:bookworm-slim
        -RUN apt-get update && apt-get install -y curl jq
        +RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates curl jq
        """),
    change("certificates that are named already are not named again", "apt-get", LEAN, r"""
         FROM debian:bookworm-slim
         RUN apt-get update \
        -    && apt-get install -y \
        +    && apt-get install -y --no-install-recommends \
                 wget \
                 ca-certificates \
             && rm -rf /var/lib/apt/lists/*
        """),
    change("certificates that an earlier RUN installs are not named again", "apt-get", LEAN, r"""
         FROM debian:bookworm-slim
         RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates
        -RUN apt-get update && apt-get install -y curl
        +RUN apt-get update && apt-get install -y --no-install-recommends curl
        """),
    change("what needs nothing gets nothing", "apt-get", LEAN, r"""
         FROM debian:bookworm-slim
        -RUN apt-get update && apt-get install -y procps tini
        +RUN apt-get update && apt-get install -y --no-install-recommends procps tini
        """),
    change("git over ssh needs ssh, on a line of its own", "apt-get", LEAN, r"""
         # syntax=docker/dockerfile:1
         FROM debian:bookworm-slim
         RUN apt-get update && \
        -    apt-get install -y \
        +    apt-get install -y --no-install-recommends \
        +        ca-certificates \
                 git \
        +        openssh-client \
                 rsync && \
             rm -rf /var/lib/apt/lists/*
         RUN --mount=type=ssh git clone ssh://git@example.org/team/private.git /src
        """),
    change("git over https needs no ssh", "apt-get", LEAN, r"""
         FROM debian:bookworm-slim
        -RUN apt-get update && apt-get install -y git && git clone https://example.org/team/public.git /src
        +RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates git && git clone https://example.org/team/public.git /src
        """),
    change("cmake calls a compiler and make", "apt-get", LEAN, r"""
         FROM debian:bookworm-slim
        -RUN apt-get update && apt-get install -y cmake
        +RUN apt-get update && apt-get install -y --no-install-recommends cmake gcc libc6-dev make
         COPY . /src
         RUN cmake -S /src -B /build && cmake --build /build
        """),
    change("pip may compile", "apt-get", LEAN, r"""
         FROM debian:bookworm-slim
        -RUN apt-get update && apt-get install -y python3-pip
        +RUN apt-get update && apt-get install -y --no-install-recommends build-essential python3-dev python3-pip
         RUN pip install --break-system-packages --no-cache-dir numpy
        """),
    change("xvfb-run calls xauth", "apt-get", LEAN, r"""
         FROM debian:bookworm-slim
        -RUN apt-get update && apt-get install -y firefox-esr xvfb
        +RUN apt-get update && apt-get install -y --no-install-recommends firefox-esr xauth xvfb
         CMD ["xvfb-run", "firefox-esr"]
        """),
    change("gpg is called by name", "apt-get", LEAN, r"""
         FROM debian:bookworm-slim
        -RUN apt-get update && apt-get install -y build-essential
        +RUN apt-get update && apt-get install -y --no-install-recommends build-essential gnupg
         COPY release.asc release.tar.gz /tmp/
         RUN gpg --verify /tmp/release.asc /tmp/release.tar.gz
        """),
    change("the larger image has certificates, the slim one has none", "apt-get", LEAN, r"""
         FROM node:20 AS full
        -RUN apt-get update && apt-get install -y aria2
        +RUN apt-get update && apt-get install -y --no-install-recommends aria2
         COPY . .

         FROM node:20-slim AS slim
        -RUN apt-get update && apt-get install -y aria2
        +RUN apt-get update && apt-get install -y --no-install-recommends aria2 ca-certificates
         COPY --from=full package.json .

         FROM full
         CMD ["aria2c"]

         FROM slim
         CMD ["aria2c"]
        """),
    change("xvfb alone needs no xauth", "apt-get", LEAN, r"""
         FROM debian:bookworm-slim
        -RUN apt-get update && apt-get install -y xvfb
        +RUN apt-get update && apt-get install -y --no-install-recommends xvfb
         CMD ["Xvfb", ":99"]
        """),
    change("a release, a version and an option at the end", "apt-get", LEAN, r"""
         FROM debian:bookworm-slim
        -RUN apt-get update && apt-get install -t bookworm-backports tini=0.19.0-1 -y
        +RUN apt-get update && apt-get install --no-install-recommends -t bookworm-backports tini=0.19.0-1 -y
        """),
    change("a version of curl is curl", "apt-get", LEAN, r"""
         FROM debian:bookworm-slim
        -RUN apt-get update && apt-get -o Acquire::Retries=3 install -y curl=7.88.1-10+deb12u12
        +RUN apt-get update && apt-get -o Acquire::Retries=3 install -y --no-install-recommends ca-certificates curl=7.88.1-10+deb12u12
        """),
    change("in the branch of one distribution", "apt-get", LEAN, r"""
         ARG BASE
         FROM $BASE
        -RUN if command -v apt-get; then apt-get update && apt-get install -y procps; else apk add --no-cache procps; fi
        +RUN if command -v apt-get; then apt-get update && apt-get install -y --no-install-recommends procps; else apk add --no-cache procps; fi
        """),
    change("each install of a RUN, behind sudo and env", "apt-get", LEAN, r"""
         FROM debian:bookworm-slim
         USER builder
         RUN sudo apt-get update \
        -    && sudo apt-get install -y procps \
        +    && sudo apt-get install -y --no-install-recommends procps \
        -    && sudo env DEBIAN_FRONTEND=noninteractive apt-get install -qq tzdata
        +    && sudo env DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends tzdata
        """),
    change("of Ubuntu's packages it is said that nothing is known", "apt-get", LEAN, r"""
         FROM ubuntu:24.04
        -RUN apt-get update && apt-get install -y wget unzip
        +RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates wget unzip
        """),
    stay("the option says it, on either side of the sub-command", "apt-get", LEAN, r"""
        FROM debian:bookworm-slim
        RUN apt-get update && apt-get install --no-install-recommends -y curl && apt-get -y --no-install-recommends install git
        """),
    stay("a configuration option says it", "apt-get", LEAN, r"""
        FROM debian:bookworm-slim
        RUN apt-get update && apt-get -o APT::Install-Recommends=0 install -y curl
        RUN apt-get update && apt-get install -y -o APT::Install-Recommends=false git
        """),
    stay("recommended packages are asked for", "apt-get", LEAN, r"""
        FROM debian:bookworm-slim
        RUN apt-get update && apt-get install -y --install-recommends libreoffice
        """),
    stay("the configuration is written in front", "apt-get", LEAN, r"""
        FROM debian:bookworm-slim
        RUN printf 'APT::Install-Recommends "0";\nAPT::Install-Suggests "0";\n' > /etc/apt/apt.conf.d/01norecommend
        RUN apt-get update && apt-get install -y curl
        """, "the file configures whether recommended packages are installed"),
    stay("the configuration is copied", "apt-get", LEAN, r"""
        FROM debian:bookworm-slim
        COPY docker/99-no-recommends /etc/apt/apt.conf.d/
        RUN apt-get update && apt-get install -y curl
        """, "the file configures whether recommended packages are installed"),
    stay("packages in a variable", "apt-get", LEAN, r"""
        FROM debian:bookworm-slim
        ARG BUILD_DEPS="gcc libc6-dev"
        RUN apt-get update && apt-get install -y $BUILD_DEPS
        """, "names packages by a variable or a pattern"),
    stay("a loop over packages", "apt-get", LEAN, r"""
        FROM debian:bookworm-slim
        RUN apt-get update && for p in curl git; do apt-get install -y "$p"; done
        """, "stands in a loop"),
    stay("a function that installs", "apt-get", LEAN, r"""
        FROM debian:bookworm-slim
        RUN get() { apt-get install -y "$@"; }; apt-get update && get curl git
        """, "a function"),
    stay("build-dep does not name what it brings", "apt-get", LEAN, r"""
        FROM debian:bookworm
        RUN apt-get update && apt-get build-dep -y emacs
        """, "its `apt-get build-dep` does not name what it installs"),
    stay("dist-upgrade does not name what it brings", "apt-get", LEAN, r"""
        FROM debian:bookworm
        RUN apt-get update && apt-get -y dist-upgrade
        """, "its `apt-get dist-upgrade` does not name what it installs"),
    stay("aptitude has its own option", "apt-get", LEAN, r"""
        FROM debian:bookworm
        RUN aptitude update && aptitude install -y curl
        """, "--without-recommends"),
    stay("what xargs installs is not known", "apt-get", LEAN, r"""
        FROM debian:bookworm-slim
        COPY packages.txt /
        RUN apt-get update && grep -v '^#' /packages.txt | xargs apt-get install -y
        """),
    stay("a stage that is not shipped weighs nothing", "apt-get", LEAN, r"""
        FROM golang:1.22 AS build
        RUN apt-get update && apt-get install -y upx-ucl

        FROM scratch
        COPY --from=build /app /app
        """),
]  # fmt: skip

APT_JOIN = [
    change("three installs become one", "apt-get", JOIN, r"""
         FROM debian:bookworm-slim
         RUN apt-get update && \
        -    apt-get install -y curl && \
        -    apt-get install -y git jq && \
        -    apt-get install -y unzip && \
        +    apt-get install -y curl git jq unzip && \
             rm -rf /var/lib/apt/lists/*
        """),
    change("under errexit a semicolon is as good", "apt-get", JOIN, r"""
         FROM debian:bookworm-slim
         RUN set -ex; \
             apt-get update; \
        -    apt-get install -y --no-install-recommends curl; \
        -    apt-get install -y --no-install-recommends git
        +    apt-get install -y --no-install-recommends curl git
        """),
    change("options in another order are the same options", "apt-get", JOIN, r"""
         FROM debian:bookworm-slim
        -RUN apt-get update && apt-get -y install --no-install-recommends curl && apt-get install --no-install-recommends -y git
        +RUN apt-get update && apt-get -y install --no-install-recommends curl git
        """),
    change("both behind sudo, with the same variable", "apt-get", JOIN, r"""
         FROM debian:bookworm-slim
         USER builder
         RUN sudo apt-get update \
        -    && sudo DEBIAN_FRONTEND=noninteractive apt-get install -y tzdata \
        -    && sudo DEBIAN_FRONTEND=noninteractive apt-get install -y vim
        +    && sudo DEBIAN_FRONTEND=noninteractive apt-get install -y tzdata vim
        """),
    change("lists of lines become one list", "apt-get", JOIN, r"""
         FROM debian:bookworm-slim
         RUN apt-get update \
             && apt-get install -y \
                 curl \
                 git \
        -    && apt-get install -y \
                 jq \
                 zip \
             && rm -rf /var/lib/apt/lists/*
        """),
    stay("a comment tells of the second one", "apt-get", JOIN, r"""
        FROM debian:bookworm-slim
        RUN apt-get update \
            && apt-get install -y curl \
            # only for the tests
            && apt-get install -y xvfb
        """, "a comment stands between its two installs"),
    stay("a release, a version, a file", "apt-get", JOIN, r"""
        FROM debian:bookworm-slim
        RUN apt-get update \
            && apt-get install -y curl \
            && apt-get install -y -t bookworm-backports golang \
            && apt-get install -y git/bookworm-backports \
            && apt-get install -y nginx=1.22.1-9 \
            && apt-get install -y ./tool.deb
        """),
    stay("other options", "apt-get", JOIN, r"""
        FROM debian:bookworm-slim
        RUN apt-get update \
            && apt-get install -y curl \
            && apt-get install -y --no-install-recommends git \
            && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends tzdata \
            && apt-get install -y --reinstall --no-install-recommends libc6
        """),
    stay("a repository is added in between", "apt-get", JOIN, r"""
        FROM ubuntu:22.04
        RUN apt-get update \
            && apt-get install -y curl \
            && add-apt-repository -y ppa:git-core/ppa \
            && apt-get install -y git
        """),
    stay("a keyring may be what the next one needs", "apt-get", JOIN, r"""
        FROM debian:bookworm-slim
        RUN apt-get update \
            && apt-get install -y debian-archive-keyring apt-transport-https \
            && apt-get install -y git
        RUN apt-get update \
            && apt-get install -y ca-certificates \
            && apt-get install -y curl
        """),
    stay("the second one runs although the first one failed", "apt-get", JOIN, r"""
        FROM debian:bookworm-slim
        RUN apt-get update; apt-get install -y curl; apt-get install -y git
        RUN apt-get install -y gcc || apt-get install -y clang
        """),
    stay("they stand in two RUNs, or one in a branch", "apt-get", JOIN, r"""
        FROM debian:bookworm-slim
        RUN apt-get update && apt-get install -y curl
        RUN apt-get install -y git
        RUN if [ -n "$DEBUG" ]; then apt-get install -y gdb; fi; apt-get install -y jq
        """),
    stay("packages in a variable", "apt-get", JOIN, r"""
        FROM debian:bookworm-slim
        ARG EXTRA
        RUN apt-get update && apt-get install -y curl && apt-get install -y $EXTRA
        """),
    stay("a comment for hadolint says to leave it", "apt-get", LEAN, r"""
        FROM debian:bookworm-slim
        # hadolint ignore=DL3008,DL3015
        RUN apt-get update && apt-get install -y curl
        """, "a comment above says to leave it"),
    stay("a comment for hadolint says so for the whole file", "apt-get", LEAN, r"""
        # hadolint global ignore=DL3015
        FROM debian:bookworm-slim
        RUN apt-get update && apt-get install -y curl
        """, "a comment above says to leave it"),
    stay("a failure that is forgiven", "apt-get", ANSWERS, r"""
        FROM debian:bookworm-slim
        RUN apt-get update; apt-get remove vim; true
        """, "may fail without ending the build"),
    change("a C compiler has the headers of the C library", "apt-get", LEAN, r"""
         FROM debian:bookworm-slim
        -RUN apt-get update && apt-get install -y gcc && gcc -o /x /x.c
        +RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev && gcc -o /x /x.c
        """),
    change("cmake has what it calls", "apt-get", LEAN, r"""
         FROM debian:bookworm-slim
        -RUN apt-get update && apt-get install -y cmake
        +RUN apt-get update && apt-get install -y --no-install-recommends cmake gcc libc6-dev make
        """),
    change("pip that is called as a module compiles, too", "apt-get", LEAN, r"""
         FROM debian:bookworm-slim
        -RUN apt-get update && apt-get install -y python3-pip
        +RUN apt-get update && apt-get install -y --no-install-recommends build-essential python3-dev python3-pip
         RUN python3 -m pip install --break-system-packages thing
        """),
    change("a variable above says that git uses ssh", "apt-get", LEAN, r"""
         FROM debian:bookworm-slim
         ENV GIT_SSH_COMMAND="ssh -o StrictHostKeyChecking=yes"
        -RUN apt-get update && apt-get install -y git
        +RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates git openssh-client
        """),
    change("autoconf has automake", "apt-get", LEAN, r"""
         FROM debian:bookworm-slim
        -RUN apt-get update && apt-get install -y autoconf
        +RUN apt-get update && apt-get install -y --no-install-recommends autoconf automake
        """),
    change("what is called by the name of its package is kept", "apt-get", LEAN, r"""
         FROM debian:bookworm-slim
        -RUN apt-get update && apt-get install -y git && git log | less && patch --version
        +RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates git less patch && git log | less && patch --version
        """),
]  # fmt: skip

APT_CALLS = [*APT_ANSWERS, *APT_LEAN, *APT_JOIN]
