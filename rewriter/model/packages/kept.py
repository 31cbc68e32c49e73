"""Recommended packages that are kept by name because the file relies on them: the rules, as data, each with its reason.

A rule speaks of a package that an install brings along only as a recommendation, of what was asked for by name
(`brought_by`; empty: anything), and of what the file does with it (`used_by`, `needs`; both empty: whatever it does).
"""

from typing import NamedTuple


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


def _programs(text: str) -> frozenset[bytes]:
    return frozenset(name.encode() for name in text.split())


_PIP = _programs("pip pip2 pip3 python python2 python3 pipx poetry pipenv uv")
_COMPILERS = _programs("gcc g++ cc c++ make cmake ninja qmake ./configure configure autoreconf meson")

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
        programs=_programs("pip pip2 pip3 npm yarn pnpm gem bundle go cargo composer mvn gradle dotnet poetry uv"),
    ),
    Kept(
        "build-essential",
        "pip compiles what has no wheel",
        _set("python3-pip python-pip python3-dev pipx"),
        programs=_programs("pip pip2 pip3"),
        words=_programs("install wheel"),
    ),
    Kept(
        "python3-dev",
        "pip compiles what has no wheel",
        _set("python3-pip"),
        programs=_programs("pip pip2 pip3"),
        words=_programs("install wheel"),
    ),
    Kept(
        "build-essential",
        "npm compiles native modules",
        _set("npm"),
        programs=_programs("npm yarn pnpm npx"),
    ),
    Kept("gcc", "it is called", programs=_programs("gcc cc")),
    Kept("g++", "it is called", programs=_programs("g++ c++")),
    Kept("make", "it is called", programs=_programs("make")),
    Kept(
        "gcc", "cmake and make call a compiler", _set("cmake make golang-go golang"), _programs("cmake make ninja go")
    ),
    Kept(
        "g++", "cmake and make call a compiler", _set("cmake make golang-go golang"), _programs("cmake make ninja go")
    ),
    Kept("make", "cmake calls it", _set("cmake"), _programs("cmake")),
    Kept(
        "openssh-client",
        "git fetches over ssh",
        _set("git git-core"),
        texts=(b"git@", b"ssh://", b"GIT_SSH", b"type=ssh", b"ssh-keyscan", b".ssh/"),
    ),
    Kept("xauth", "xvfb-run calls it", _set("xvfb"), texts=(b"xvfb-run",)),
    Kept("gnupg", "apt-key calls it", programs=_programs("apt-key gpg gpg2")),
)
