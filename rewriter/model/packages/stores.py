"""What package managers leave behind and can do without: package lists and download caches, and how each is kept out.

Rows are data. Where a row has an `option`, a call with it stores nothing; otherwise `clean` at the end of the RUN
deletes what was stored.
"""

from functools import cache
from typing import NamedTuple

from .manager import Does, names as _names

_FETCHES = frozenset({Does.INSTALL, Does.RESTORE, Does.UPGRADE})
_BUILDS = _FETCHES | {Does.BUILD}
_ANY_USE = _BUILDS | {Does.READ}
_NOBODY: frozenset[Does] = frozenset()


class Store(NamedTuple):
    """One such place of a manager.

    `paths` hold it (`~`: the home folder of who runs the manager), unless one of the variables `moved` is set.
    `filled_by`: the calls that fill it. `option` keeps a call from
    filling it, in place of one of the options `instead_of`; `clean` deletes it, `{program}` being that of the call.
    `emptied_by` are sub-commands that delete it, given one of the options `emptied_with` where there are such, and
    none of `emptied_unless`; `off` are variables that keep it empty (`off_by_any`: whatever their value), `elsewhere`
    options of a call that fills none, or another one. `needed_by`: what a later call may
    not find any more; `readers`: programs that read it, besides the manager's own. `weighs` says what it holds.
    `root`: it belongs to root.
    """

    manager: str
    what: str
    weighs: str
    paths: tuple[bytes, ...]
    filled_by: frozenset[Does]
    option: bytes = b""
    instead_of: frozenset[bytes] = frozenset()
    clean: bytes = b""
    emptied_by: frozenset[bytes] = frozenset()
    emptied_with: frozenset[bytes] = frozenset()
    emptied_unless: frozenset[bytes] = frozenset()
    off: frozenset[bytes] = frozenset()
    off_by_any: bool = False
    elsewhere: frozenset[bytes] = frozenset()
    moved: frozenset[bytes] = frozenset()
    needed_by: frozenset[Does] = _NOBODY
    readers: frozenset[bytes] = frozenset()
    root: bool = False


LISTS = (
    Store(
        "apt-get",
        "apt's package lists",
        "the lists (20 to 30 MB) are stale the next day, and a later `rm` would only hide them",
        (b"/var/lib/apt/lists",),
        frozenset({Does.UPDATE}),
        clean=b"rm -rf /var/lib/apt/lists/*",
        emptied_by=_names("distclean dist-clean"),
        needed_by=_ANY_USE,
        readers=_names(
            "apt-cache apt-file add-apt-repository apt-add-repository tasksel unattended-upgrade dselect apt-key"
        ),
        root=True,
    ),
    Store(
        "apk",
        "apk's package index",
        "the index (2 MB and more) is stale the next day; with `--no-cache` it is fetched anew and never stored",
        (b"/var/cache/apk", b"/etc/apk/cache"),
        frozenset({Does.UPDATE, Does.INSTALL, Does.UPGRADE}),
        option=b"--no-cache",
        instead_of=_names("-U --update --update-cache"),
        clean=b"rm -rf /var/cache/apk/*",
        elsewhere=_names("-p --root"),
        # Before apk 2.12, an `apk add` that finds no index does not fetch one.
        needed_by=frozenset({Does.READ, Does.INSTALL, Does.UPGRADE}),
        root=True,
    ),
    *(
        Store(
            manager,
            f"{manager}'s metadata and packages",
            "the metadata (tens of MB) is stale the next day, and the next call fetches what it needs",
            paths,
            frozenset({Does.UPDATE, Does.INSTALL, Does.UPGRADE}),
            clean=b"{program} clean all",
            emptied_by=_names("clean"),
            elsewhere=_names("--installroot --downloadonly"),
            root=True,
        )
        for manager, paths in (
            ("dnf", (b"/var/cache/dnf", b"/var/cache/libdnf5")),
            ("yum", (b"/var/cache/yum", b"/var/cache/dnf")),
            ("microdnf", (b"/var/cache/dnf", b"/var/cache/yum", b"/var/cache/libdnf5")),
        )
    ),
    Store(
        "zypper",
        "zypper's metadata and packages",
        "the metadata (tens of MB) is stale the next day, and the next call fetches what it needs",
        (b"/var/cache/zypp",),
        frozenset({Does.UPDATE, Does.INSTALL, Does.UPGRADE}),
        clean=b"zypper clean -a",
        emptied_by=_names("clean cc"),
        elsewhere=_names("-R --root --installroot"),
        root=True,
    ),
    Store(
        "pacman",
        "pacman's package cache",
        "every package that was installed stays there as an archive, and `pacman -Scc --noconfirm` deletes none",
        (b"/var/cache/pacman/pkg",),
        frozenset({Does.INSTALL, Does.UPGRADE}),
        clean=b"rm -rf /var/cache/pacman/pkg/*",
        emptied_by=_names("Scc"),
        emptied_unless=_names("--noconfirm"),
        elsewhere=_names("-r --root --sysroot -b --dbpath --cachedir"),
        root=True,
    ),
)

CACHES = (
    Store(
        "pip",
        "pip's download cache",
        "wheels and downloads would stay in the image a second time",
        (b"~/.cache/pip",),
        _FETCHES,
        option=b"--no-cache-dir",
        emptied_by=frozenset({b"cache purge"}),
        off=_names("PIP_NO_CACHE_DIR"),
        off_by_any=True,
        elsewhere=_names("--no-cache --cache-dir"),
        moved=_names("PIP_CACHE_DIR XDG_CACHE_HOME PIP_CONFIG_FILE"),
    ),
    Store(
        "uv",
        "uv's download cache",
        "what was fetched but not installed would stay in the image (what is installed is linked to it)",
        (b"~/.cache/uv",),
        _FETCHES,
        option=b"--no-cache",
        emptied_by=frozenset({b"cache clean", b"cache prune", b"clean"}),
        off=_names("UV_NO_CACHE"),
        elsewhere=_names("-n --no-cache-dir --cache-dir"),
        moved=_names("UV_CACHE_DIR XDG_CACHE_HOME UV_CONFIG_FILE"),
    ),
    Store(
        "npm",
        "npm's download cache",
        "every package that was fetched stays there as an archive",
        (b"~/.npm",),
        _FETCHES,
        clean=b"{program} cache clean --force",
        emptied_by=frozenset({b"cache clean", b"cache clear", b"cache rm"}),
        elsewhere=_names("--cache"),
        moved=_names("NPM_CONFIG_CACHE npm_config_cache NPM_CONFIG_USERCONFIG"),
    ),
    Store(
        "yarn",
        "yarn's download cache",
        "every package that was fetched stays there unpacked",
        (b"/usr/local/share/.cache/yarn", b"~/.cache/yarn"),
        _FETCHES,
        clean=b"{program} cache clean",
        emptied_by=frozenset({b"cache clean"}),
        elsewhere=_names("--cache-folder"),
        moved=_names("YARN_CACHE_FOLDER XDG_CACHE_HOME"),
    ),
    Store(
        "pnpm",
        "what is left over in pnpm's store",
        "packages that no project links to, and what was fetched of the registry, stay there",
        (b"~/.local/share/pnpm/store", b"/pnpm/store"),
        _FETCHES,
        clean=b"{program} store prune",
        emptied_by=frozenset({b"store prune"}),
        elsewhere=_names("--store-dir"),
        moved=_names("PNPM_HOME XDG_DATA_HOME XDG_CACHE_HOME npm_config_store_dir"),
    ),
    Store(
        "composer",
        "composer's download cache",
        "every package that was fetched stays there as an archive",
        (b"~/.cache/composer", b"~/.composer/cache"),
        _FETCHES,
        clean=b"{program} clear-cache",
        emptied_by=_names("clear-cache clearcache cc"),
        elsewhere=_names("--no-cache"),
        moved=_names("COMPOSER_CACHE_DIR COMPOSER_HOME"),
    ),
    *(
        Store(
            manager,
            f"{manager}'s package archives and index",
            "every package that was installed stays there as an archive",
            (b"/opt/conda/pkgs", b"~/.conda/pkgs"),
            _FETCHES,
            clean=b"{program} clean -afy",
            emptied_by=_names("clean"),
            moved=_names("CONDA_PKGS_DIRS"),
        )
        for manager in ("conda", "mamba", "micromamba")
    ),
    *(
        Store(
            manager,
            "the gem archives",
            "every gem that was installed stays there as an archive",
            (b"/usr/local/bundle/cache", b"$GEM_HOME/cache", b"$(gem env gemdir)/cache", b"$BUNDLE_PATH"),
            _FETCHES,
            clean=b'rm -rf "$(gem env gemdir)"/cache/*',
            moved=_names("BUNDLE_PATH BUNDLE_DEPLOYMENT"),
            root=True,
        )
        for manager in ("gem", "bundle")
    ),
    Store(
        "poetry",
        "poetry's download cache",
        "wheels and downloads would stay in the image a second time; the virtual environments beside them stay",
        (b"~/.cache/pypoetry",),
        _FETCHES,
        clean=b"rm -rf ~/.cache/pypoetry/artifacts ~/.cache/pypoetry/cache",
        emptied_by=frozenset({b"cache clear"}),
        moved=_names("POETRY_CACHE_DIR POETRY_HOME XDG_CACHE_HOME POETRY_CONFIG_DIR"),
    ),
    Store(
        "pipenv",
        "pipenv's download cache",
        "wheels and downloads would stay in the image a second time; the virtual environment stays",
        (b"~/.cache/pipenv", b"~/.cache/pip"),
        _FETCHES,
        clean=b"rm -rf ~/.cache/pipenv ~/.cache/pip",
        moved=_names("PIPENV_CACHE_DIR PIP_CACHE_DIR XDG_CACHE_HOME"),
    ),
    Store(
        "go",
        "go's build cache",
        "objects of every package that was compiled stay there",
        (b"~/.cache/go-build",),
        frozenset({Does.INSTALL, Does.BUILD}),
        clean=b"{program} clean -cache",
        emptied_by=_names("clean"),
        emptied_with=_names("-cache --cache"),
        moved=_names("GOCACHE XDG_CACHE_HOME"),
        needed_by=_ANY_USE,
    ),
    Store(
        "go",
        "go's module cache",
        "the sources of every module that was fetched stay there",
        (b"/go/pkg/mod", b"~/go/pkg/mod", b"$GOPATH/pkg/mod"),
        _BUILDS,
        clean=b"{program} clean -modcache",
        emptied_by=_names("clean"),
        emptied_with=_names("-modcache --modcache"),
        elsewhere=_names("-mod=vendor"),
        moved=_names("GOMODCACHE GOFLAGS"),
        needed_by=_ANY_USE,
    ),
    Store(
        "cargo",
        "cargo's registry",
        "the archive and the sources of every crate that was fetched stay there",
        (b"/usr/local/cargo/registry", b"~/.cargo/registry", b"$CARGO_HOME/registry"),
        _BUILDS,
        clean=b'rm -rf "${CARGO_HOME:-$HOME/.cargo}/registry"',
        emptied_by=_names("cache"),
        needed_by=_ANY_USE,
    ),
    Store(
        "maven",
        "maven's local repository",
        "every artefact and plugin that was fetched stays there",
        (b"~/.m2",),
        _BUILDS,
        clean=b"rm -rf ~/.m2/repository",
        elsewhere=_names("-Dmaven.repo.local"),
        moved=_names("MAVEN_OPTS MAVEN_ARGS MAVEN_CONFIG HOME"),
        needed_by=_ANY_USE,
    ),
    Store(
        "gradle",
        "gradle's caches",
        "every artefact that was fetched stays there",
        (b"~/.gradle", b"/home/gradle/.gradle", b"$GRADLE_USER_HOME"),
        _BUILDS,
        clean=b'rm -rf "${GRADLE_USER_HOME:-$HOME/.gradle}/caches"',
        elsewhere=_names("-g --gradle-user-home"),
        moved=_names("GRADLE_USER_HOME"),
        needed_by=_ANY_USE,
    ),
    Store(
        "dotnet",
        "NuGet's packages",
        "every package that was fetched stays there, and a published program has its own copies",
        (b"~/.nuget", b"~/.local/share/NuGet"),
        _BUILDS,
        clean=b"{program} nuget locals all --clear",
        emptied_by=frozenset({b"nuget locals"}),
        moved=_names("NUGET_PACKAGES"),
        needed_by=_ANY_USE,
    ),
)

STORES = (*LISTS, *CACHES)


@cache
def stores_of(manager: str) -> tuple[Store, ...]:
    """Those that calls of this manager fill."""
    return tuple(store for store in STORES if store.manager == manager)
