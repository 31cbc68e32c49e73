"""Recommended packages that are kept by name because the file relies on them: the rules, as data, each with its reason.

A rule speaks of a package that an install brings along only as a recommendation, of what was asked for by name
(`brought_by`; empty: anything), and of what the file does with it (`used_by`, `needs`; both empty: whatever it does).
"""

from typing import NamedTuple

from .manager import names as _programs


class Kept(NamedTuple):
    """Keep `package` where one of `brought_by` is installed and the file uses it.

    `programs`: commands that show the use, with one of `words` among their words (empty: any); `texts`: what the text
    of an instruction must hold. With none of them, installing one of `brought_by` is use enough.
    """

    package: str
    reason: str
    brought_by: frozenset[str] = frozenset()
    programs: frozenset[bytes] = frozenset()
    words: frozenset[bytes] = frozenset()
    texts: tuple[bytes, ...] = ()


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_BUILDERS = _programs(
    """gcc g++ cc c++ clang clang++ tcc make cmake ninja meson configure autoreconf qmake pip npm yarn pnpm npx
    node-gyp gem bundle cargo rustc go cpanm cpan R Rscript ghc cabal stack swift luarocks pecl phpize"""
)
# What comes with a package that is kept, for bases of which the table of recommendations knows nothing.
IMPLIED = {"build-essential": _set("gcc g++ make libc6-dev dpkg-dev"), "python3-dev": _set("libc6-dev")}
_COMPILERS = _set("gcc clang tcc cmake make golang-go golang rustc cargo cpanminus r-base npm python3-pip ghc")

KEPT = (
    Kept(
        "ca-certificates",
        "it speaks https, and no certificate could be checked",
        _set("curl wget git aria2 lynx w3m mercurial subversion python3-pip python-pip npm pipenv php-curl"),
    ),
    Kept(
        "ca-certificates",
        "a download of the file speaks https, and no certificate could be checked",
        texts=(b"https://",),
    ),
    Kept(
        "ca-certificates",
        "packages are fetched over https, and no certificate could be checked",
        programs=_programs("pip npm yarn pnpm gem bundle go cargo composer mvn gradle dotnet poetry uv cpanm"),
    ),
    Kept(
        "build-essential",
        "pip compiles what has no wheel",
        _set("python3-pip python-pip python3-dev pipx"),
        _programs("pip pipenv poetry"),
        _programs("install wheel sync"),
    ),
    Kept(
        "python3-dev",
        "pip compiles what has no wheel",
        _set("python3-pip"),
        _programs("pip pipenv poetry"),
        _programs("install wheel sync"),
    ),
    Kept("build-essential", "npm compiles native modules", _set("npm"), _programs("npm yarn pnpm npx")),
    # Who asks for a compiler wants to compile: without the C library's headers, or without what it calls, it can't.
    Kept("libc6-dev", "no C program compiles without it", _set("gcc clang tcc")),
    Kept("gcc", "it calls a C compiler", _set("cmake golang-go golang")),
    Kept("g++", "it calls a C++ compiler", _set("cmake golang-go golang")),
    Kept("libc6-dev", "no C program compiles without it", _set("cmake golang-go golang")),
    Kept("make", "it calls make", _set("cmake cpanminus")),
    Kept("automake", "it calls automake's aclocal", _set("autoconf")),
    Kept("libc6-dev", "what the file builds may be C", _COMPILERS, _BUILDERS),
    Kept("gcc", "what the file builds may be C", _COMPILERS, _BUILDERS),
    Kept("g++", "what the file builds may be C++", _COMPILERS, _BUILDERS),
    Kept("make", "what the file builds may call make", _COMPILERS, _BUILDERS),
    Kept("r-base-dev", "R compiles what it installs", _set("r-base r-base-core"), _programs("R Rscript")),
    Kept("git", "composer fetches with it", _set("composer"), _programs("composer")),
    Kept("unzip", "composer unpacks with it", _set("composer"), _programs("composer")),
    Kept("crun", "it runs containers with it", _set("buildah podman")),
    Kept(
        "openssh-client",
        "git fetches over ssh",
        _set("git git-core"),
        texts=(b"git@", b"ssh://", b"GIT_SSH", b"type=ssh", b".ssh/"),
    ),
    Kept(
        "openssh-client", "it is called", _set("git git-core rsync"), _programs("ssh scp sftp ssh-keyscan ssh-keygen")
    ),
    Kept("xauth", "xvfb-run calls it", _set("xvfb"), texts=(b"xvfb-run",)),
    Kept("gnupg", "apt-key calls it", programs=_programs("apt-key gpg gpg2")),
    Kept("xz-utils", "it is called", programs=_programs("xz unxz xzcat")),
    Kept("default-mta", "mail is sent", _set("cron mailutils"), _programs("mail sendmail mailx")),
)
