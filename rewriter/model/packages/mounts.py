"""Which folders of package managers a cache mount may hold from one build to the next: a table, a row for each folder.

What a mount is: https://docs.docker.com/reference/dockerfile/#run---mounttypecache. All builds of a builder share the
one of a path, so a manager that does not expect others to write there at the same time needs `sharing=locked`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from ..bases import has_plain_shell
from .manager import names as _names
from .stores import STORES, Store

Moved = tuple[tuple[bytes, bytes | None], ...]


class CacheMount(NamedTuple):
    """A folder of a manager.

    `path` is where it lies (`~`: the home folder of who runs the manager) in the images that `usual_in` accepts, unless
    one of the variables `moved` is set: then it lies in their value, below that what is paired with them. A variable
    that is paired with None may move it anywhere if its value holds a path. An empty `path`: only a variable tells.
    `store` is what lies in there; which calls fill it, and how they are kept from that, its row says. `programs`: only
    these of the manager's. `locked`: one build at a time, `because` of what it says.

    `ahead`: what one call has fetched, a later one may take from there. `clears_more`: the manager's own command that
    empties it also deletes what lies elsewhere.
    """

    manager: str
    path: bytes
    store: Store
    because: str
    locked: bool = False
    moved: Moved = ()
    usual_in: Callable[[str], bool] = lambda _: True
    programs: frozenset[bytes] = frozenset()
    ahead: bool = False
    clears_more: bool = False


class Offline(NamedTuple):
    """How a call is told to fetch nothing: options, and variables with the values that say so."""

    options: frozenset[bytes]
    variables: Mapping[bytes, re.Pattern[bytes]] = {}


def _store(what: str) -> Store:
    return next(store for store in STORES if store.what == what)


_DNF_4 = re.compile(
    r"(?:docker\.io/|quay\.io/)?(?:library/|centos/|rockylinux/)?"
    r"(?:(?:rockylinux|almalinux|oraclelinux|centos):(?:stream)?(?:[89]|10)\b.*|fedora:(?:[23]\d|40)\b.*)"
)
_DNF_5 = re.compile(r"(?:docker\.io/)?(?:library/)?fedora(?::(?:4[1-9]|latest|rawhide)\b.*)?")
_YES = re.compile(rb"1|true|yes|on", re.IGNORECASE)

_APT = "apt needs its folders to itself: https://docs.docker.com/reference/dockerfile/#example-cache-apt-packages"
_GO = "Go locks in there what it writes: https://go.dev/ref/mod#module-cache, `go help cache`"
_CARGO = "cargo's lock on it, .package-cache, lies in the folder above: https://doc.rust-lang.org/cargo/guide/cargo-home.html"
_MAVEN = "Maven writes to it without a lock: https://maven.apache.org/resolver/local-repository.html"
_GRADLE = "its locks do not reach from one container to another: https://docs.gradle.org/current/userguide/dependency_caching.html"
_POETRY = "nothing is said of two poetries that write to it: https://python-poetry.org/docs/configuration/#cache-dir"

MOUNTS = (
    CacheMount("apt-get", b"/var/cache/apt", _store("apt's package lists"), _APT, True),
    # Not the folder above: its file extended_states says what was installed for others, and belongs to the image.
    CacheMount("apt-get", b"/var/lib/apt/lists", _store("apt's package lists"), _APT, True),
    *(
        CacheMount(
            "dnf",
            path,
            _store("dnf's metadata and packages"),
            "dnf locks elsewhere, in /run or /var/lib: https://dnf.readthedocs.io",
            True,
            usual_in=usual_in,
        )
        for path, usual_in in (
            (b"/var/cache/dnf", lambda image: _DNF_4.fullmatch(image) is not None),
            (b"/var/cache/libdnf5", lambda image: _DNF_5.fullmatch(image) is not None),
        )
    ),
    CacheMount(
        "pacman",
        b"/var/cache/pacman/pkg",
        _store("pacman's package cache"),
        "pacman's lock lies in /var/lib/pacman: https://man.archlinux.org/man/pacman.8",
        True,
        clears_more=True,  # `pacman -Scc` also deletes databases.
    ),
    CacheMount(
        "pip",
        b"~/.cache/pip",
        _store("pip's download cache"),
        "each file is put in place as a whole: https://pip.pypa.io/en/stable/topics/caching/",
        moved=((b"PIP_CACHE_DIR", b""), (b"PIP_CONFIG_FILE", None), (b"XDG_CACHE_HOME", b"/pip")),
    ),
    CacheMount(
        "uv",
        b"~/.cache/uv",
        _store("uv's download cache"),
        "several uv may use it: https://docs.astral.sh/uv/concepts/cache/#cache-safety",
        moved=((b"UV_CACHE_DIR", b""), (b"UV_CONFIG_FILE", None), (b"XDG_CACHE_HOME", b"/uv")),
    ),
    # Not the folder above: the virtual environments lie in there.
    *(
        CacheMount(
            "poetry",
            b"~/.cache/pypoetry" + below,
            _store("poetry's download cache"),
            _POETRY,
            True,
            moved=(
                (b"POETRY_CACHE_DIR", below),
                (b"POETRY_CONFIG_DIR", None),
                (b"XDG_CACHE_HOME", b"/pypoetry" + below),
            ),
        )
        for below in (b"/artifacts", b"/cache")
    ),
    CacheMount(
        "npm",
        b"~/.npm",
        _store("npm's download cache"),
        "it is made for several at a time: https://github.com/npm/cacache#features",
        moved=(
            (b"npm_config_cache", b""),
            (b"NPM_CONFIG_CACHE", b""),
            (b"NPM_CONFIG_USERCONFIG", None),
            (b"npm_config_userconfig", None),
        ),
    ),
    CacheMount(
        "yarn",
        b"/usr/local/share/.cache/yarn",
        _store("yarn's download cache"),
        "two yarn at a time spoil it: https://classic.yarnpkg.com/en/docs/cli/#toc-concurrency-and-mutex",
        True,
        moved=((b"YARN_CACHE_FOLDER", b""), (b"XDG_CACHE_HOME", b"/yarn")),
    ),
    CacheMount(
        "pnpm",
        b"~/.local/share/pnpm/store",
        _store("what is left over in pnpm's store"),
        "pnpm's own manual shares it: https://pnpm.io/docker",
        moved=(
            (b"npm_config_store_dir", b""),
            (b"NPM_CONFIG_STORE_DIR", b""),
            (b"PNPM_HOME", b"/store"),
            (b"XDG_DATA_HOME", b"/pnpm/store"),
        ),
        clears_more=True,  # `pnpm store prune` also empties ~/.cache/pnpm.
    ),
    CacheMount(
        "composer",
        b"",  # ~/.composer/cache or ~/.cache/composer: by whether there is /etc/xdg, and by what else there is.
        _store("composer's download cache"),
        "nothing is said of two composers that write to it: https://getcomposer.org/doc/06-config.md#cache-dir",
        True,
        moved=((b"COMPOSER_CACHE_DIR", b""), (b"COMPOSER_HOME", b"/cache")),
    ),
    CacheMount(
        "go",
        b"~/go/pkg/mod",
        _store("go's module cache"),
        _GO,
        moved=((b"GOMODCACHE", b""), (b"GOENV", None), (b"GOPATH", b"/pkg/mod")),
        usual_in=has_plain_shell,
        ahead=True,
    ),
    CacheMount(
        "go",
        b"~/.cache/go-build",
        _store("go's build cache"),
        _GO,
        moved=((b"GOCACHE", b""), (b"GOENV", None), (b"XDG_CACHE_HOME", b"/go-build")),
    ),
    *(
        CacheMount(
            "cargo",
            b"~/.cargo" + below,
            _store("cargo's registry"),
            _CARGO,
            True,
            moved=((b"CARGO_HOME", below),),
            usual_in=has_plain_shell,
            ahead=True,
        )
        for below in (b"/registry", b"/git/db")
    ),
    *(
        CacheMount(
            "maven",
            b"~/.m2" + below,
            _store("maven's local repository"),
            _MAVEN,
            True,
            moved=((b"MAVEN_OPTS", None), (b"MAVEN_ARGS", None), *moved),
            programs=programs,
            ahead=True,
        )
        for below, programs, moved in (
            (b"/repository", frozenset[bytes](), ()),
            (b"/wrapper", _names("mvnw"), ((b"MAVEN_USER_HOME", b"/wrapper"),)),
        )
    ),
    *(
        CacheMount(
            "gradle",
            b"~/.gradle" + below,
            _store("gradle's caches"),
            _GRADLE,
            True,
            moved=((b"GRADLE_USER_HOME", below), (b"GRADLE_OPTS", None)),
            programs=programs,
            ahead=True,
        )
        for below, programs in ((b"/caches", frozenset[bytes]()), (b"/wrapper", _names("gradlew")))
    ),
    CacheMount(
        "dotnet",
        b"~/.nuget/packages",
        _store("NuGet's packages"),
        "NuGet's locks lie in /tmp: https://learn.microsoft.com/nuget/consume-packages/managing-the-global-packages-and-cache-folders",
        True,
        moved=((b"NUGET_PACKAGES", b""),),
        ahead=True,
        clears_more=True,  # `dotnet nuget locals all --clear` empties two folders more.
    ),
)

# Managers that have no row, and why none is right.
UNFIT: Mapping[str, str] = {
    "apk": "apk's index goes by the repository alone, so two platforms would share one "
    "(https://github.com/moby/buildkit/issues/2598)",
    "zypper": "zypper's folders go by the name of the repository alone, so two releases would share one",
    "conda": "conda links what it installs to its packages, which it would copy out of a mount",
    "mamba": "mamba links what it installs to its packages, which it would copy out of a mount",
}

OFFLINE: Mapping[str, Offline] = {
    "apt-get": Offline(_names("--no-download")),
    "dnf": Offline(_names("-C --cacheonly")),
    "uv": Offline(_names("--offline"), {b"UV_OFFLINE": _YES}),
    "npm": Offline(_names("--offline"), {b"npm_config_offline": _YES, b"NPM_CONFIG_OFFLINE": _YES}),
    "yarn": Offline(_names("--offline")),
    "pnpm": Offline(_names("--offline"), {b"npm_config_offline": _YES}),
    "composer": Offline(frozenset(), {b"COMPOSER_DISABLE_NETWORK": _YES}),
    "go": Offline(frozenset(), {b"GOPROXY": re.compile(rb"off")}),
    "cargo": Offline(_names("--offline --frozen"), {b"CARGO_NET_OFFLINE": _YES}),
    "maven": Offline(_names("-o --offline")),
    "gradle": Offline(_names("--offline")),
    # What is not restored must have been: https://learn.microsoft.com/dotnet/core/tools/dotnet-publish
    "dotnet": Offline(_names("--no-restore --no-build")),
}
