"""What `go mod download` reads: https://go.dev/ref/mod#go-mod-download and src/cmd/go/internal/modcmd/download.go."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from .asked import Asked, Needs, NotTold
from .reading import above, check_variables, home, inside, line, needs, options, text, there, those_there, trees

# Variables of go that leave alone what is read of the project: `go help environment`.
_HARMLESS = {
    "GOPROXY": "where modules come from; a folder is refused by itself",
    "GOPRIVATE": "which modules no proxy is asked for",
    "GONOPROXY": "as GOPRIVATE",
    "GONOSUMDB": "which modules no database of sums is asked for",
    "GONOSUMCHECK": "an old name of GONOSUMDB",
    "GOSUMDB": "the database of sums",
    "GOINSECURE": "which modules may come without TLS",
    "GOVCS": "which version control systems may be used",
    "GOOS": "of builds",
    "GOARCH": "of builds",
    "GOARM": "of builds",
    "GOARM64": "of builds",
    "GOAMD64": "of builds",
    "GO386": "of builds",
    "GOEXPERIMENT": "of builds",
    "GODEBUG": "of programs that run",
    "GOGC": "of programs that run",
    "GOMAXPROCS": "of programs that run",
    "GOMEMLIMIT": "of programs that run",
    "GOTOOLCHAIN": "which toolchain is fetched; go.mod and go.work are the only files that it looks at",
    "GOROOT": "where go itself is",
    "GOBIN": "where `go install` puts programs",
    "GOVERSION": "go only tells it",
}
_TREES = ("GOPATH", "GOMODCACHE", "GOCACHE", "GOTMPDIR", "GOTELEMETRYDIR")
# `go help goflags`: flags that the sub-command has not are passed over.
_FLAGS = {
    "-buildvcs=false": "of builds",
    "-trimpath": "of builds",
    "-mod=mod": "`go mod download` is in this mode anyway",
    "-mod=readonly": "it has no such flag",
    "-modcacherw": "only the permissions of the module cache",
    "-x": "tells more",
    "-v": "tells more",
}
_WORK = "in a workspace go mod download adds sums to go.work.sum, and the copy takes them away"
_DIRECTIVES = frozenset(
    "module go toolchain godebug require exclude replace retract tool ignore use".split()
)  # https://go.dev/ref/mod#go-mod-file and #go-work-file
_TOKEN = re.compile(r"""//.*|"[^"\\]*"|`[^`]*`|[()]|(?:(?!//)[^\s"`()])+""")


class Module(NamedTuple):
    """A go.mod or go.work: what it requires (path, version), replaces (two paths, each maybe with a version), uses."""

    requires: frozenset[tuple[str, str]]
    replaces: Mapping[tuple[str, ...], tuple[str, ...]]
    uses: tuple[str, ...]


def go(asked: Asked) -> Needs:
    """What `go mod download`, without modules, or `go mod verify` needs; `go env -w` may stand before it.

    A module that is replaced by a folder is read no further than its go.mod: replacements and sums are those of the
    main module alone (https://go.dev/ref/mod#go-mod-file-replace). vendor/ is not looked at.
    """
    words, env = line(asked)
    _check_words(words)
    _check_environment(env)
    elsewhere = trees(env, "/go /root/go /root/.cache /root/.config/go", _TREES)
    folder = home(asked)
    work = None if env.get("GOWORK") == "off" else _first(asked, folder, "go.work")
    if work is not None:
        return needs(
            _workspace(asked, work), (), elsewhere, "go mod download adds to go.work.sum, and the copy undoes it"
        )
    top = _first(asked, folder, "go.mod")
    if top is None:
        raise NotTold("there is no go.mod")
    path = posixpath.join(top, "go.mod")
    module = _module(asked, path)
    sums = those_there(asked, top, ("go.sum",))
    files = (path, *sums, *_replaced(asked, top, module))
    return needs(files, (), elsewhere, _missing(asked, module, sums))


def _check_words(words: tuple[str, ...]) -> None:
    match words[1:]:
        case ("mod", "download" | "verify", *rest):
            if options(rest, ("-x", "-json", "-modcacherw"), ()).arguments:
                raise NotTold("go mod download is given modules")
        case ("env", "-w", *rest):
            given = dict(word.partition("=")[::2] for word in rest)
            if not given.keys() <= {*_HARMLESS, "GO111MODULE", "GOFLAGS"}:
                raise NotTold("go env -w says where files are read or written")
            _check_environment(given)
        case ("build" | "install" | "test" | "vet" | "run" | "generate" | "list" | "get", *_):
            raise NotTold(f"go {words[1]} reads the sources")
        case ("mod", "tidy" | "vendor" | "why" as verb, *_):
            raise NotTold(f"go mod {verb} reads the sources")
        case _:
            raise NotTold(f"it is not known what {' '.join(words[:3])} reads")


def _check_environment(env: Mapping[str, str]) -> None:
    known = (*_HARMLESS, *_TREES, "GOFLAGS", "GO111MODULE", "GOWORK")
    check_variables(env, "GO[A-Z0-9]+", known)
    for word in env.get("GOFLAGS", "").split():
        if word not in _FLAGS:
            raise NotTold(f"GOFLAGS has {word}, and it is not known what that makes of it")
    if env.get("GO111MODULE", "") not in ("", "on", "auto"):
        raise NotTold("GO111MODULE switches modules off")
    if env.get("GOWORK", "") not in ("", "off"):
        raise NotTold("GOWORK names a workspace")
    if "file:" in env.get("GOPROXY", ""):
        raise NotTold("GOPROXY names a folder")


def _first(asked: Asked, folder: str, name: str) -> str | None:
    """The first folder, upwards, that has the file."""
    return next((each for each in above(asked, folder) if there(asked, posixpath.join(each, name))), None)


def _workspace(asked: Asked, folder: str) -> Iterator[str]:
    path = posixpath.join(folder, "go.work")
    work = _module(asked, path)
    yield from (path, *those_there(asked, folder, ("go.work.sum",)), *_replaced(asked, folder, work))
    for used in work.uses:
        below = inside(asked, folder, used, path)
        module = posixpath.join(below, "go.mod")
        yield from (module, *those_there(asked, below, ("go.sum",)))
        yield from _replaced(asked, below, _module(asked, module))


def _replaced(asked: Asked, folder: str, module: Module) -> Iterator[str]:
    """The go.mod of each folder that stands in for a module."""
    for target in module.replaces.values():
        if _is_folder(target[0]):
            path = posixpath.join(inside(asked, folder, target[0], "a replacement in go.mod or go.work"), "go.mod")
            text(asked, path)
            yield path


def _is_folder(target: str) -> bool:
    return target.startswith(("./", "../", "/")) or target in (".", "..")


def _missing(asked: Asked, module: Module, sums: list[str]) -> str:
    """What makes go write go.sum; empty if it has the sum of each required go.mod.

    The sums of the modules themselves are not saved: https://github.com/golang/go/issues/45332.
    """
    if not module.requires:
        return ""
    if not sums:
        return "there is no go.sum: what go mod download writes would not be what belongs to the project"
    known = {tuple(words[:2]) for words in map(str.split, text(asked, sums[0]).splitlines())}
    for path, version in sorted(module.requires):
        target = module.replaces.get((path, version)) or module.replaces.get((path,)) or (path, version)
        if not _is_folder(target[0]) and (target[0], f"{target[-1]}/go.mod") not in known:
            return f"go.sum lacks {target[0]}: go mod download adds it, and the copy takes it away"
    return ""


def _module(asked: Asked, path: str) -> Module:
    requires: set[tuple[str, str]] = set()
    replaces: dict[tuple[str, ...], tuple[str, ...]] = {}
    uses: list[str] = []
    for verb, words in _directives(text(asked, path), path):
        if verb == "require" and len(words) == 2:
            requires.add((words[0], words[1]))
        elif verb == "replace" and "=>" in words[:-1]:
            at = words.index("=>")
            replaces[words[:at]] = words[at + 1 :]
        elif verb == "use" and len(words) == 1:
            uses.append(words[0])
        elif verb in ("require", "replace", "use"):
            raise NotTold(f"{path} has a line that is not understood: {verb} {' '.join(words)}")
    return Module(frozenset(requires), replaces, tuple(uses))


def _directives(told: str, path: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each directive with its words: of a block one for each line, comments left out."""
    block = ""
    for row in told.splitlines():
        words = [word.strip('"`') for word in _TOKEN.findall(row) if not word.startswith("//")]
        if block and words == [")"]:
            block = ""
        elif block and words:
            yield block, tuple(words)
        elif words and words[0] not in _DIRECTIVES:
            raise NotTold(f"{path} has a line that is not understood: {row.strip()}")
        elif len(words) == 2 and words[1] == "(":
            block = words[0]
        elif words:
            yield words[0], tuple(words[1:])
