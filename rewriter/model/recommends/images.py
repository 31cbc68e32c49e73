"""What Docker's official images hold of Debian's packages, as data: a row for each kind of image.

The source of a row is the Dockerfile that the image is built from. A row names the packages that it installs and keeps;
what they depend on comes from the table. Tags whose words are not all known are not answered: images of other
distributions (alpine, jammy), and what is new.
"""

import re
from functools import cache
from typing import NamedTuple

from . import adds, has, suites


class Row(NamedTuple):
    """A kind of image: the words of its tag besides version and suite, what it installs, and the Dockerfile's place.

    With `remains`, the build deletes its tools but keeps the libraries that its programs use, which no list names.
    Then, and for packages that only some versions hold (`unsure`), nothing can be said of what is not named.
    """

    image: str
    words: str
    packages: str
    source: str
    remains: bool = False
    unsure: str = ""


_CURL = "ca-certificates curl gnupg netbase wget"
_SCM = f"{_CURL} git mercurial openssh-client procps subversion"
_FULL = f"""{_SCM}
    autoconf automake bzip2 default-libmysqlclient-dev dpkg-dev file g++ gcc imagemagick libbz2-dev libc6-dev
    libcurl4-openssl-dev libdb-dev libevent-dev libffi-dev libgdbm-dev libglib2.0-dev libgmp-dev libjpeg-dev libkrb5-dev
    liblzma-dev libmagickcore-dev libmagickwand-dev libmaxminddb-dev libncurses5-dev libncursesw5-dev libpng-dev
    libpq-dev libreadline-dev libsqlite3-dev libssl-dev libtool libwebp-dev libxml2-dev libxslt1-dev libyaml-dev make
    patch unzip xz-utils zlib1g-dev"""
_PHP = "autoconf ca-certificates curl dpkg-dev file g++ gcc libc6-dev make pkg-config re2c xz-utils"
_NEWER = "sq git-lfs"  # on some suites, and not from the start

ROWS = (
    Row("debian", "", "", "debuerreotype/docker-debian-artifacts: debootstrap's variant minbase"),
    Row("debian", "slim", "", "debuerreotype/docker-debian-artifacts: the same packages, fewer of their files"),
    Row("buildpack-deps", "curl", _CURL, "docker-library/buildpack-deps: debian/SUITE/curl", unsure=_NEWER),
    Row("buildpack-deps", "scm", _SCM, "docker-library/buildpack-deps: debian/SUITE/scm", unsure=_NEWER),
    Row("buildpack-deps", "", _FULL, "docker-library/buildpack-deps: debian/SUITE", unsure=_NEWER),
    Row(
        "python",
        "",
        f"{_FULL} libbluetooth-dev tk-dev uuid-dev",
        "docker-library/python: Dockerfile-linux.template, from buildpack-deps:SUITE",
        remains=True,  # versions that compile with clang remove it again
        unsure=_NEWER,
    ),
    Row("python", "slim", "ca-certificates netbase tzdata", "docker-library/python: Dockerfile-linux.template", True),
    Row("node", "", _FULL, "nodejs/docker-node: Dockerfile-debian.template, from buildpack-deps:SUITE", unsure=_NEWER),
    Row("node", "slim", "", "nodejs/docker-node: VERSION/SUITE-slim, which removes all tools again", True),
    Row("ruby", "", _FULL, "docker-library/ruby: Dockerfile.template, from buildpack-deps:SUITE", True, _NEWER),
    Row("ruby", "slim", "ca-certificates", "docker-library/ruby: Dockerfile.template", True, "bzip2 procps"),
    Row(
        "golang",
        "",
        f"{_SCM} g++ gcc libc6-dev make pkg-config",
        "docker-library/golang: Dockerfile-linux.template, from buildpack-deps:SUITE-scm",
        unsure=_NEWER,
    ),
    Row(
        "rust", "", _FULL, "rust-lang/docker-rust: Dockerfile-debian.template, from buildpack-deps:SUITE", unsure=_NEWER
    ),
    Row("rust", "slim", "ca-certificates gcc libc6-dev", "rust-lang/docker-rust: Dockerfile-slim.template"),
    Row("php", "", _PHP, "docker-library/php: Dockerfile-linux.template", True),
    Row("php", "cli", _PHP, "docker-library/php: Dockerfile-linux.template", True),
    Row("php", "fpm", _PHP, "docker-library/php: Dockerfile-linux.template", True),
    Row("php", "zts", _PHP, "docker-library/php: Dockerfile-linux.template", True),
    Row("php", "apache", f"{_PHP} apache2", "docker-library/php: Dockerfile-linux.template", True),
    Row("perl", "", _FULL, "Perl/docker-perl: generate.pl, from buildpack-deps:SUITE", unsure=_NEWER),
    Row("perl", "slim", "make netbase", "Perl/docker-perl: generate.pl", True, "ca-certificates"),
)
_BY_TAG = {(row.image, row.words): row for row in ROWS}
_NUMBERS = {"11": "bullseye", "12": "bookworm", "13": "trixie"}
# Suites without a table; what the rows name, the images of these hold too.
_OTHER_SUITES = frozenset("buster forky sid".split())
# The first release of each image after all its tags had left buster: with it, a tag without a suite means one that is
# in the table, or a later one.
_SINCE = {"python": (3, 11), "node": (20,), "ruby": (3, 2), "golang": (1, 20), "rust": (1, 67), "php": (8, 2)}
# Programs, of which no image keeps one that its row does not name or need.
_PROGRAMS = frozenset(
    f"{_FULL} {_PHP} apache2 build-essential clang cmake cron default-jdk default-jre emacs gdb golang iputils-ping jq"
    " less nano nginx nodejs npm openssh-server perl pkg-config postgresql-client python3 python3-pip python3-venv"
    " rsync ruby sqlite3 sudo supervisor tree vim wget zip".split()
)
_LIBRARIES = frozenset(name for name in _PROGRAMS if name.startswith(("lib", "zlib")) and name != "libtool")
# Ubuntu's minimal image has these, or had them in some release.
_MAYBE_IN_UBUNTU = frozenset("bzip2 netbase procps".split())
# Tags of minimal images of which none has a program: before, apt still needed gnupg, and much else was in them.
_BARE = {
    "debian": r"(?!jessie|wheezy|squeeze|[678](?:\.|-|$)).*",
    "ubuntu": r"latest|rolling|devel|(?:1[89]|2\d)\.\d\d|(?:bionic|focal|jammy|noble)(?:-\d{8}(?:\.\d)?)?",
}

_REFERENCE = re.compile(
    r"(?:(?:index\.)?docker\.io/)?(?:library/)?(?P<image>[a-z0-9-]+)(?::(?P<tag>[\w][\w.-]*))?(?P<digest>@sha256:[0-9a-f]+)?"
)
_VERSION = r"(\d+(?:\.\d+)*)(?:(?:a|b|rc|RC|alpha|beta)\d+)?"
_MOVING = frozenset("current latest lts stable rc gallium hydrogen iron jod krypton threaded".split())
_DEBIAN = re.compile(r"(?:(11|12|13)(?:\.\d+)?|(bullseye|bookworm|trixie))(?:-\d{8}(?:\.\d+)?)?(?:-slim)?")


class _Image(NamedTuple):
    """An image by its row; `suite` is empty where the tag names none that is in the table."""

    row: Row
    suite: str
    version: tuple[int, ...]


def base_packages(image: str) -> tuple[str, tuple[str, ...]] | None:
    """The suite of an official image, and the packages it holds besides the minimal ones and what all depend on.

    None where the tag does not name the suite. A library that a -slim image keeps may be missing.
    """
    found = _image(image)
    return (found.suite, tuple(found.row.packages.split())) if found and found.suite else None


def holds(image: str, package: str) -> bool | None:
    """Whether an official image has the package: for certain, for certain not, or not known (None)."""
    name, tag = _split(image) or ("", "")
    found = _image(image)
    if found is None:
        maybe = _LIBRARIES | (_MAYBE_IN_UBUNTU if name == "ubuntu" else frozenset())
        bare = name in _BARE and re.fullmatch(_BARE[name], tag)
        return False if bare and package in _PROGRAMS - maybe else None
    named = found.row.packages.split()
    if package in named:
        return True
    there = [has(suite, named, package) for suite in ([found.suite] if found.suite else suites())]
    since = _SINCE.get(found.row.image)
    if (found.suite or (since and found.version >= since)) and all(there):
        return True
    if any(there) or package in found.row.unsure.split():
        return None
    if found.suite and not found.row.remains:
        # Nothing would be new if the table does not know the name, or if another package already provides it.
        return False if adds(found.suite, named, package) else None
    return False if package in _PROGRAMS - _LIBRARIES else None


_DEBIAN_ROW = ROWS[0]


def _split(image: str) -> tuple[str, str] | None:
    """The official image's name and the tag; None for another image, or where only a digest says which one it is."""
    match = _REFERENCE.fullmatch(image)
    if match is None or (match["digest"] and not match["tag"]):
        return None
    return match["image"], match["tag"] or "latest"


@cache
def _image(image: str) -> _Image | None:
    name, tag = _split(image) or ("", "")
    if name == "debian":
        match = _DEBIAN.fullmatch(tag)
        return _Image(_DEBIAN_ROW, match[2] or _NUMBERS[match[1]], ()) if match else None
    suite = ""
    version: tuple[int, ...] = ()
    rest = []
    for place, word in enumerate(tag.split("-")):
        number = re.fullmatch(_VERSION, word)
        if place == 0 and number:
            version = tuple(map(int, number[1].split(".")))
        elif word in suites() and not suite:
            suite = word
        elif word not in _MOVING and word not in _OTHER_SUITES:
            rest.append(word)
    row = _BY_TAG.get((name, "-".join(rest)))
    return _Image(row, suite, version) if row else None
