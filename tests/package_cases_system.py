r"""Cases of the package managers of other distributions: data for test_package_cases.py."""

from __future__ import annotations

from package_cases import ANSWERS, LEAN, LISTS, change, stay

APK = [
    change("an update in front goes with the add", "apk", LISTS, r"""
         FROM alpine:3.20
        -RUN apk update && \
        -    apk add git openssh-client && \
        +RUN apk add --no-cache git openssh-client && \
             adduser -D git
        """),
    change("an update in front of an upgrade goes as well", "apk", LISTS, r"""
         FROM alpine:3.20
        -RUN apk update \
        -    && apk upgrade \
        -    && apk add bash
        +RUN apk upgrade --no-cache \
        +    && apk add --no-cache bash
        """),
    change("--no-cache takes the place of --update and of -U", "apk", LISTS, r"""
         FROM node:20-alpine
        -RUN apk add --update python3 make g++ && apk --update add curl
        -RUN apk add -U tzdata
        +RUN apk add --no-cache python3 make g++ && apk --no-cache add curl
        +RUN apk add --no-cache tzdata
        """),
    change("an update in front of an add with the flag has no use", "apk", LISTS, r"""
         FROM alpine:3.19
        -RUN apk update && apk add --no-cache nginx
        +RUN apk add --no-cache nginx
        """),
    change("the flag stands in front of a virtual package", "apk", LISTS, r"""
         FROM python:3.12-alpine
         RUN set -eux; \
        -    apk add --virtual .build-deps \
        +    apk add --no-cache --virtual .build-deps \
                 gcc \
                 musl-dev \
             ; \
             pip install --no-cache-dir cffi; \
             apk del --no-network .build-deps
        """),
    change("packages in a variable, behind sudo", "apk", LISTS, r"""
         FROM alpine:3.20
         ARG PACKAGES="curl jq"
         USER builder
        -RUN sudo apk add $PACKAGES
        +RUN sudo apk add --no-cache $PACKAGES
        """),
    change("where a comment bars the join, the index is deleted", "apk", LISTS, r"""
         FROM alpine:3.20
         RUN apk update \
             # for the health check
        -    && apk add curl
        +    && apk add curl \
        +    && rm -rf /var/cache/apk/*
        """),
    change("where a loop adds, the index is deleted", "apk", LISTS, r"""
         FROM alpine:3.20
        -RUN apk update && for package in curl git; do apk add "$package"; done
        +RUN apk update && for package in curl git; do apk add "$package"; done \
        +    && rm -rf /var/cache/apk/*
        """),
    stay("what is stored is deleted", "apk", LISTS, r"""
        FROM alpine:3.20
        RUN apk update && apk add curl && rm -rf /var/cache/apk/*
        RUN apk add --update git && rm -f /var/cache/apk/*.tar.gz
        """),
    stay("the flag stands on either side of the sub-command", "apk", LISTS, r"""
        FROM alpine:3.20
        RUN apk add --no-cache curl && apk --no-cache add git && apk --no-cache upgrade
        """),
    stay("a cache mount holds the index", "apk", LISTS, r"""
        # syntax=docker/dockerfile:1
        FROM alpine:3.20
        RUN --mount=type=cache,target=/var/cache/apk ln -s /var/cache/apk /etc/apk/cache && apk add curl
        """),
    stay("the branch of another distribution", "apk", LISTS, r"""
        ARG BASE=alpine:3.20
        FROM ${BASE}
        RUN if command -v apk; then apk add curl; else apt-get install -y curl; fi
        """, "it stands in a branch"),
    stay("a loop adds", "apk", LISTS, r"""
        FROM alpine:3.20
        RUN for package in curl git; do apk add "$package"; done
        """, "a loop"),
    stay("a later search reads the index", "apk", LISTS, r"""
        FROM alpine:3.20
        RUN apk add --update curl
        RUN apk search -e openjdk | tee /versions
        """, "a later instruction still needs apk's package index"),
    stay("a stage that is not shipped, and what is no command", "apk", LISTS, r"""
        FROM golang:1.22-alpine AS build
        RUN apk add git

        FROM alpine:3.20
        RUN echo "apk add curl" > /help.txt && sh -c "apk add jq"
        COPY --from=build /app /app
        """),
]  # fmt: skip

DNF = [
    change("a clean at the end of each RUN", "dnf", LISTS, r"""
         FROM fedora:41
        -RUN dnf -y update
        +RUN dnf -y update \
        +    && dnf clean all
         RUN dnf install -y \
                 gcc-c++ \
        -        make
        +        make \
        +    && dnf clean all
        """),
    change("sudo and a path", "dnf", LISTS, r"""
         FROM rockylinux:9
         USER builder
        -RUN sudo /usr/bin/dnf install -y git
        +RUN sudo /usr/bin/dnf install -y git \
        +    && sudo /usr/bin/dnf clean all
        """),
    change("a clean in front empties nothing of what comes", "dnf", LISTS, r"""
         FROM almalinux:9
        -RUN dnf clean all && dnf -y install epel-release && dnf -y install htop
        +RUN dnf clean all && dnf -y install epel-release && dnf -y install htop \
        +    && dnf clean all
        """),
    change("install and remove ask", "dnf", ANSWERS, r"""
         FROM fedora:41
        -RUN dnf install nginx && dnf remove --setopt=clean_requirements_on_remove=1 gcc && dnf clean all
        +RUN dnf install -y nginx && dnf remove --setopt=clean_requirements_on_remove=1 -y gcc && dnf clean all
        """),
    change("no weak dependencies, whatever stands in front of the sub-command", "dnf", LEAN, r"""
         FROM fedora:41
        -RUN dnf -y --nodocs install httpd && dnf clean all
        +RUN dnf -y --nodocs install --setopt=install_weak_deps=False httpd && dnf clean all
        """),
    stay("the known cleanups", "dnf", LISTS, r"""
        FROM fedora:41
        RUN dnf install -y git && dnf clean all && rm -rf /var/cache/yum
        RUN dnf install -y make && rm -rf /var/cache/dnf /var/cache/libdnf5
        RUN dnf -y upgrade; dnf -y clean all
        """),
    stay("a cache mount", "dnf", LISTS, r"""
        # syntax=docker/dockerfile:1
        FROM fedora:41
        RUN --mount=type=cache,target=/var/cache/libdnf5 dnf install -y git
        RUN --mount=type=cache,target=/var/cache dnf install -y make
        """),
    stay("only the branch of one distribution installs", "dnf", LISTS, r"""
        ARG BASE
        FROM $BASE
        RUN if [ -f /etc/fedora-release ]; then dnf install -y curl; else apk add --no-cache curl; fi
        """, "it stands in a branch"),
    stay("weak dependencies are decided already", "dnf", LEAN, r"""
        FROM fedora:41
        RUN dnf install -y --setopt=install_weak_deps=0 curl && dnf --setopt=install_weak_deps=False install -y git
        """),
    stay("packages in a variable", "dnf", LEAN, r"""
        FROM fedora:41
        ARG EXTRA
        RUN dnf install -y $EXTRA
        """, "names packages by a variable or a pattern"),
    stay("what is answered", "dnf", ANSWERS, r"""
        FROM fedora:41
        RUN dnf -y install git && dnf install curl -y && dnf --assumeyes upgrade && yes | dnf install jq
        RUN dnf install --setopt=assumeyes=1 make && dnf install --downloadonly gcc
        """),
]  # fmt: skip

YUM = [
    change("one clean for all installs of a RUN", "yum", LISTS, r"""
         FROM centos:7
         RUN yum -y update && \
             yum -y install epel-release && \
        -    yum -y install nginx
        +    yum -y install nginx && \
        +    yum clean all
        """),
    change("an rpm of the web fetches metadata, too", "yum", LISTS, r"""
         FROM amazonlinux:2
        -RUN yum install -y https://example.org/tool-1.0.rpm
        +RUN yum install -y https://example.org/tool-1.0.rpm \
        +    && yum clean all
        """),
    change("under errexit", "yum", LISTS, r"""
         FROM centos:7
         RUN set -ex; \
             yum install -y which; \
        -    which bash
        +    which bash; \
        +    yum clean all
        """),
    change("install, update and groupinstall ask", "yum", ANSWERS, r"""
         FROM centos:7
        -RUN yum update && yum install httpd && yum groupinstall "Development Tools" && yum clean all
        +RUN yum update -y && yum install -y httpd && yum groupinstall -y "Development Tools" && yum clean all
        """),
    stay("a clean behind a semicolon, a deleted folder", "yum", LISTS, r"""
        FROM centos:7
        RUN yum -y install httpd; yum clean all
        RUN yum install -y git && rm -rf /var/cache/yum/*
        """),
    stay("a user may not delete what is root's", "yum", LISTS, r"""
        FROM registry.example.org/base
        USER 1001
        RUN yum install -y git
        """, "it does not run as root"),
    stay("a loop installs", "yum", LISTS, r"""
        FROM centos:7
        RUN for p in git make; do yum install -y $p; done
        """, "a loop"),
    stay("what is answered, configured or opaque", "yum", ANSWERS, r"""
        FROM centos:7
        RUN yum -y install git && yum install --assumeyes make && yum list installed && bash -c "yum install gcc"
        """),
    stay("yum has no option against recommendations", "yum", LEAN, r"""
        FROM centos:7
        RUN yum install -y httpd && yum clean all
        """),
]  # fmt: skip

MICRODNF = [
    change("a clean at the end", "microdnf", LISTS, r"""
         FROM registry.access.redhat.com/ubi9/ubi-minimal
        -RUN microdnf install -y java-17-openjdk-headless
        +RUN microdnf install -y java-17-openjdk-headless \
        +    && microdnf clean all
        """),
    change("update and install share one clean", "microdnf", LISTS, r"""
         FROM registry.access.redhat.com/ubi8/ubi-minimal:8.10
         USER root
         RUN microdnf update -y && \
             microdnf install --nodocs -y shadow-utils tar && \
        -    useradd -u 1001 app
        +    useradd -u 1001 app && \
        +    microdnf clean all
         USER 1001
        """),
    change("of two RUNs each has its own", "microdnf", LISTS, r"""
         FROM oraclelinux:9-slim
        -RUN microdnf module enable nodejs:20
        -RUN microdnf install nodejs
        +RUN microdnf module enable nodejs:20
        +RUN microdnf install nodejs \
        +    && microdnf clean all
        """),
    stay("what is cleaned", "microdnf", LISTS, r"""
        FROM registry.access.redhat.com/ubi9/ubi-minimal
        RUN microdnf install -y tar gzip && microdnf clean all
        RUN microdnf -y update && rm -rf /var/cache/yum /var/cache/dnf
        """),
    stay("microdnf asks nothing", "microdnf", ANSWERS, r"""
        FROM registry.access.redhat.com/ubi9/ubi-minimal
        RUN microdnf install tar && microdnf remove gzip && microdnf clean all
        """),
    stay("a stage that is not shipped", "microdnf", LISTS, r"""
        FROM registry.access.redhat.com/ubi9/ubi-minimal AS build
        RUN microdnf install -y gcc

        FROM registry.access.redhat.com/ubi9/ubi-micro
        COPY --from=build /app /app
        """),
    stay("weak dependencies are decided already", "microdnf", LEAN, r"""
        FROM registry.access.redhat.com/ubi9/ubi-minimal
        RUN microdnf install -y --setopt=install_weak_deps=0 --nodocs curl && microdnf clean all
        """),
    stay("an install that may not run", "microdnf", LISTS, r"""
        FROM registry.access.redhat.com/ubi9/ubi-minimal
        RUN command -v tar || microdnf install -y tar
        """, "behind `||`"),
]  # fmt: skip

ZYPPER = [
    change("a clean at the end of what was refreshed and installed", "zypper", LISTS, r"""
         FROM opensuse/leap:15.6
         RUN zypper --non-interactive refresh \
        -    && zypper --non-interactive install git
        +    && zypper --non-interactive install git \
        +    && zypper clean -a
        """),
    change("the short names of the sub-commands, under errexit", "zypper", LISTS, r"""
         FROM registry.suse.com/bci/bci-base:15.6
         RUN set -euo pipefail; \
             zypper -n ref; \
        -    zypper -n in --no-recommends tar
        +    zypper -n in --no-recommends tar; \
        +    zypper clean -a
        """),
    change("update, install and remove ask", "zypper", ANSWERS, r"""
         FROM opensuse/tumbleweed
        -RUN zypper refresh && zypper update && zypper in git && zypper rm vim && zypper clean -a
        +RUN zypper refresh && zypper update -y && zypper in -y git && zypper rm -y vim && zypper clean -a
        """),
    change("no recommended packages", "zypper", LEAN, r"""
         FROM opensuse/leap:15.6
        -RUN zypper -n install nginx && zypper clean -a
        +RUN zypper -n install --no-recommends nginx && zypper clean -a
        """),
    stay("the known cleanups", "zypper", LISTS, r"""
        FROM opensuse/leap:15.6
        RUN zypper in -y vim && zypper clean --all
        RUN zypper in -y git && zypper cc -a
        RUN zypper in -y tar && rm -rf /var/cache/zypp/*
        """),
    stay("a cache mount", "zypper", LISTS, r"""
        # syntax=docker/dockerfile:1
        FROM opensuse/leap:15.6
        RUN --mount=type=cache,target=/var/cache/zypp zypper -n in git
        """),
    stay("what is answered", "zypper", ANSWERS, r"""
        FROM opensuse/leap:15.6
        RUN zypper -n in git && zypper --non-interactive dup && zypper in -y tar && zypper --gpg-auto-import-keys ref
        RUN zypper install --dry-run vim && zypper search nginx
        """),
    stay("the configuration decides", "zypper", LEAN, r"""
        FROM opensuse/leap:15.6
        RUN sed -i 's/# solver.onlyRequires = false/solver.onlyRequires = true/' /etc/zypp/zypp.conf
        RUN zypper -n in nginx
        """, "the file configures whether recommended packages are installed"),
    stay("recommendations are decided already", "zypper", LEAN, r"""
        FROM opensuse/leap:15.6
        RUN zypper -n in --no-recommends git && zypper -n in --recommends texlive
        """),
    stay("the branch of one distribution", "zypper", LISTS, r"""
        ARG BASE
        FROM $BASE
        RUN if grep -q suse /etc/os-release; then zypper -n in curl; else dnf install -y curl && dnf clean all; fi
        """, "it stands in a branch"),
]  # fmt: skip

PACMAN = [
    change("the archives go", "pacman", LISTS, r"""
         FROM archlinux:latest
        -RUN pacman -Syu --noconfirm base-devel git
        +RUN pacman -Syu --noconfirm base-devel git \
        +    && rm -rf /var/cache/pacman/pkg/*
        """),
    change("-Scc takes its default answer, a No", "pacman", LISTS, r"""
         FROM archlinux:base-devel
         RUN pacman -Syu --noconfirm && \
             pacman -S --noconfirm --needed go && \
        -    pacman -Scc --noconfirm
        +    pacman -Scc --noconfirm && \
        +    rm -rf /var/cache/pacman/pkg/*
        """),
    change("a package of one's own goes through the cache as well", "pacman", LISTS, r"""
         FROM archlinux
         COPY tool.pkg.tar.zst /tmp/
        -RUN pacman -U --noconfirm https://example.org/lib.pkg.tar.zst
        +RUN pacman -U --noconfirm https://example.org/lib.pkg.tar.zst \
        +    && rm -rf /var/cache/pacman/pkg/*
        """),
    change("install, upgrade and remove ask", "pacman", ANSWERS, r"""
         FROM archlinux
        -RUN pacman -Syu && pacman -S --needed git && pacman -Rns go && rm -rf /var/cache/pacman/pkg/*
        +RUN pacman -Syu --noconfirm && pacman -S --needed --noconfirm git && pacman -Rns --noconfirm go && rm -rf /var/cache/pacman/pkg/*
        """),
    stay("the archives are deleted", "pacman", LISTS, r"""
        FROM archlinux
        RUN pacman -Syu --noconfirm git && rm -f /var/cache/pacman/pkg/*
        RUN pacman -S --noconfirm go && rm -rf /var/cache/pacman
        """),
    stay("a cache mount", "pacman", LISTS, r"""
        # syntax=docker/dockerfile:1
        FROM archlinux
        RUN --mount=type=cache,target=/var/cache/pacman/pkg pacman -Syu --noconfirm git
        """),
    stay("a helper of the AUR is called by a user", "pacman", LISTS, r"""
        FROM example/arch-yay
        USER builder
        RUN yay -S --noconfirm hadolint-bin
        """, "it does not run as root"),
    stay("what is answered, or asks nothing", "pacman", ANSWERS, r"""
        FROM archlinux
        RUN pacman --noconfirm -Syu && yes | pacman -S git && pacman -Q && pacman -Ss editor && pacman-key --init
        """),
    stay("a stage that is not shipped", "pacman", LISTS, r"""
        FROM archlinux AS build
        RUN pacman -Syu --noconfirm gcc

        FROM scratch
        COPY --from=build /app /app
        """),
]  # fmt: skip

SYSTEM = [*APK, *DNF, *YUM, *MICRODNF, *ZYPPER, *PACMAN]
