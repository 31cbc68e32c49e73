"""What is known of base images, as data: the shell that they bring, which are Windows, what they set, users."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

# Docker's official images (library/*) and a few others whose configuration was looked up: none sets SHELL, so
# a RUN is `/bin/sh -c`. Others may, so what rests on their shell is modelled, not proved.
PLAIN_SHELL = frozenset(
    """
    adoptopenjdk almalinux alpine alt amazoncorretto amazonlinux archlinux bash buildpack-deps busybox cassandra
    centos clearlinux clojure composer couchdb debian docker drupal eclipse-mosquitto eclipse-temurin elasticsearch
    elixir erlang fedora gcc ghost golang gradle groovy haproxy haskell httpd ibmjava influxdb jenkins jetty joomla
    jruby julia kibana kong logstash mageia mariadb matomo maven mediawiki memcached mongo mysql nats neo4j nextcloud
    nginx node odoo openjdk opensuse oraclelinux perl photon php phpmyadmin postgres pypy python r-base rabbitmq
    redis redmine registry rethinkdb rockylinux ros ruby rust sapmachine scratch sl solr sonarqube spark swift swipl
    telegraf tomcat traefik ubuntu varnish vault wordpress zookeeper
    """.split()
)

_WINDOWS = re.compile(
    r"windows|nanoserver|servercore|dotnet/framework|microsoft/(iis|aspnet|mssql-server-windows)|ltsc20\d\d",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"(?:docker\.io/)?(?:library/)?([a-z0-9._-]+)(?:[:@].*)?")


def has_plain_shell(image: str) -> bool:
    """Whether RUN is known to be `/bin/sh -c` in this image; a variable in its tag does not matter."""
    match = _REFERENCE.fullmatch(image)
    return match is not None and match[1] in PLAIN_SHELL


def is_windows(image: str, platform: str) -> bool:
    """Whether this is a Windows image, by its name or the platform asked for."""
    return _WINDOWS.search(image) is not None or platform.lower().startswith("windows")


def _names(text: str) -> frozenset[bytes]:
    return frozenset(name.encode() for name in text.split())


# Official images whose tools stand in the first folder of their PATH (/usr/local/bin, /usr/local/cargo/bin): no
# installation can put another one before them.
_FIRST_ON_PATH = {
    "python": _names("python python3 pip pip3 idle"),
    "node": _names("node npm npx corepack"),
    "ruby": _names("ruby gem bundle bundler irb"),
    "php": _names("php pecl pear phpize docker-php-ext-install docker-php-ext-configure docker-php-ext-enable"),
    "rust": _names("cargo rustc rustup"),
    "pypy": _names("pip pip3"),
}


def first_on_path(image: str) -> frozenset[bytes]:
    """The commands of the image that stand first on its PATH."""
    match = _REFERENCE.fullmatch(image)
    return _FIRST_ON_PATH.get(match[1], frozenset()) if match else frozenset()


# Variables that decide where a package manager keeps its downloads; source: ENV in the image's own Dockerfile.
_ENVIRONMENT: Mapping[str, Mapping[bytes, bytes]] = {
    "golang": {b"GOPATH": b"/go"},
    "rust": {b"CARGO_HOME": b"/usr/local/cargo"},
    "lukemathwalker/cargo-chef": {b"CARGO_HOME": b"/usr/local/cargo"},  # built FROM rust
    "composer": {b"COMPOSER_HOME": b"/tmp"},
}
_NOTHING: Mapping[bytes, bytes] = MappingProxyType({})
_NAME = re.compile(r"(?:docker\.io/)?(?:library/)?([a-z0-9._/-]+?)(?:[:@].*)?")


def environment_of(image: str) -> Mapping[bytes, bytes]:
    """What the image is known to set of the variables that move the caches of package managers."""
    match = _NAME.fullmatch(image)
    return _ENVIRONMENT.get(match[1], _NOTHING) if match else _NOTHING


class User(NamedTuple):
    """A user of an image: numbers, and the home folder, which is there."""

    uid: int
    gid: int
    home: bytes


# Source: `useradd` or `adduser` in the image's own Dockerfile.
_USERS = {("node", b"node"): User(1000, 1000, b"/home/node")}


def user_of(image: str, name: bytes) -> User | None:
    """A user of the image that is not root; None if nothing is known of it."""
    match = _NAME.fullmatch(image)
    return _USERS.get((match[1], name)) if match else None
