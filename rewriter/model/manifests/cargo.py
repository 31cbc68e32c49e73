"""What `cargo fetch` reads: https://doc.rust-lang.org/cargo/commands/cargo-fetch.html."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from .asked import Asked, Needs, NotTold
from .reading import (
    Table,
    above,
    check_variables,
    home,
    inside,
    line,
    listed,
    literal,
    nearest,
    needs,
    options,
    table,
    text,
    there,
    those_there,
    toml,
    trees,
)

# https://doc.rust-lang.org/cargo/reference/environment-variables.html
_HARMLESS = {
    "CARGO_TERM_*": "how it tells what it does",
    "CARGO_NET_*": "how often and with which git it fetches",
    "CARGO_HTTP_TIMEOUT": "how it fetches",
    "CARGO_HTTP_MULTIPLEXING": "how it fetches",
    "CARGO_HTTP_DEBUG": "how it fetches",
    "CARGO_HTTP_CHECK_REVOKE": "how it fetches",
    "CARGO_UNSTABLE_SPARSE_REGISTRY": "how it fetches",
    "CARGO_REGISTRIES_*_INDEX": "where packages come from",
    "CARGO_REGISTRIES_*_PROTOCOL": "where packages come from",
    "CARGO_REGISTRIES_*_TOKEN": "who fetches them",
    "CARGO_INCREMENTAL": "of builds",
    "CARGO_PROFILE_*": "of builds",
    "CARGO_BUILD_JOBS": "of builds",
    "CARGO_BUILD_RUSTFLAGS": "of builds",
    "CARGO_ENCODED_RUSTFLAGS": "of builds",
    "CARGO_TARGET_*_LINKER": "of builds",
    "CARGO_TARGET_*_RUNNER": "of what is built",
    "CARGO_TARGET_*_RUSTFLAGS": "of builds",
    "CARGO_TARGET_DIR": "cargo fetch makes no such folder",
    "CARGO_PKG_*": "what cargo itself sets",
    "RUSTUP_TOOLCHAIN": "which toolchain runs",
    "RUSTUP_DIST_SERVER": "where toolchains come from",
    "RUSTUP_UPDATE_ROOT": "where rustup comes from",
    "RUSTUP_IO_THREADS": "how it unpacks",
}
_TREES = ("CARGO_HOME", "RUSTUP_HOME")
# https://doc.rust-lang.org/cargo/reference/config.html: tables that are read, and in them keys that name files.
_CONFIG = frozenset(
    """alias build cargo-new doc env future-incompat-report http install net profile registries registry resolver source
    target term""".split()
)
_FILES = frozenset(
    """directory local-registry path cainfo proxy-cainfo credential-provider global-credential-providers rustc
    rustc-wrapper rustc-workspace-wrapper credential-process""".split()
)
_DEPENDENCIES = (
    "dependencies",
    "dev-dependencies",
    "build-dependencies",
    "dev_dependencies",
    "build_dependencies",
    "replace",
)
_STUB = "cargo wants the sources (src/) beside {}; a stub would change what is built"
_LOCK = "Cargo.lock may not fit Cargo.toml: cargo fetch then rewrites it, and the copy undoes that"


def cargo(asked: Asked) -> Needs:
    """What `cargo fetch` needs, of packages that name the file of each of their targets.

    cargo looks for the default files of targets, and gives up where it finds none: of those that are named with `path`
    it believes that they are there. All members, all folders that packages depend on, and what stands above are parsed.
    """
    words, env = line(asked)
    arguments = words[2:] if words[1:2] and words[1].startswith("+") else words[1:]
    if arguments[:1] != ("fetch",):
        raise NotTold(f"cargo {' '.join(arguments[:1])} reads the sources".replace("  ", " "))
    flags = ("--locked", "--frozen", "--offline", "-q", "--quiet", "-v", "--verbose")
    said = options(arguments[1:], flags, ("--target", "--color"))
    if said.arguments or any("/" in target or target.endswith(".json") for target in said.values("--target")):
        raise NotTold("what cargo fetch is given is not understood")
    check_variables(env, r"(?:CARGO|RUSTUP|RUSTC)(?:_\w+)?", (*_HARMLESS, *_TREES))
    folder = home(asked)
    known = _manifests(asked, folder)
    top = _workspace(asked, folder, known)
    lock = those_there(asked, top, ("Cargo.lock",))
    unsure = "" if lock and said.has("--locked", "--frozen") else _LOCK if lock else "there is no Cargo.lock"
    files = (*(posixpath.join(each, "Cargo.toml") for each in known), *lock, *_settings(asked, folder))
    elsewhere = trees(env, "/usr/local/cargo /usr/local/rustup /root/.cargo /root/.rustup", _TREES)
    return needs(files, (), elsewhere, unsure)


def _manifests(asked: Asked, folder: str) -> dict[str, Table]:
    """All Cargo.toml that are parsed, by their folders; each of a package names its targets."""
    start = next((each for each in above(asked, folder) if there(asked, posixpath.join(each, "Cargo.toml"))), None)
    if start is None:
        raise NotTold("there is no Cargo.toml")
    known: dict[str, Table] = {}
    waiting = [start]
    while waiting:
        one = waiting.pop()
        if one in known:
            continue
        path = posixpath.join(one, "Cargo.toml")
        known[one] = manifest = toml(asked, path)
        if "package" in manifest:
            _check_targets(manifest, path)
        elif "workspace" not in manifest:
            raise NotTold(f"{path} has no package and no workspace")
        waiting += (inside(asked, one, each, path) for each in _paths(manifest, path))
        waiting += _members(asked, one, manifest, path)
        waiting += (each for each in above(asked, one) if there(asked, posixpath.join(each, "Cargo.toml")))
    return known


def _workspace(asked: Asked, folder: str, known: dict[str, Table]) -> str:
    """The folder with Cargo.lock."""
    tops = [each for each, manifest in known.items() if "workspace" in manifest]
    if len(tops) > 1:
        raise NotTold(f"there are several workspaces: {', '.join(sorted(tops))}")
    start = next(each for each in above(asked, folder) if each in known)
    if not tops:
        return start
    top = tops[0]
    excluded = listed(table(known[top]["workspace"], "workspace").get("exclude"), "exclude")
    if top not in above(asked, start) or any(_covers(top, each, start) for each in excluded):
        raise NotTold(f"{start or 'the package'} is no member of the workspace")
    return top


def _covers(top: str, excluded: object, folder: str) -> bool:
    path = posixpath.normpath(posixpath.join(top, literal(excluded, "exclude")))
    return f"{folder}/".startswith(f"{path}/")


def _check_targets(manifest: Table, path: str) -> None:
    package = table(manifest["package"], path)
    kinds = {kind: listed(manifest.get(kind), path) for kind in ("bin", "example", "test", "bench")}
    targets = [table(target, path) for each in kinds.values() for target in each]
    targets += [table(manifest["lib"], path)] if "lib" in manifest else []
    names = [table(target, path).get("name") for target in kinds["bin"]]
    if not ("lib" in manifest or kinds["bin"]) or not all("path" in target for target in targets):
        raise NotTold(_STUB.format(path))
    if "default-run" in package and package["default-run"] not in names:
        raise NotTold(_STUB.format(path))
    if "links" in package and not isinstance(package.get("build"), str):
        raise NotTold(f"{path} links a library, so cargo looks for build.rs")
    if "workspace" in package:
        raise NotTold(f"{path} names its workspace by itself")


def _paths(manifest: Table, path: str) -> Iterator[str]:
    """The folders that it depends on."""
    own = [manifest, *(table(each, path) for each in table(manifest.get("target"), path).values())]
    tables = [table(each.get(name), path) for each in own for name in _DEPENDENCIES]
    tables += [table(each, path) for each in table(manifest.get("patch"), path).values()]
    tables.append(table(table(manifest.get("workspace"), path).get("dependencies"), path))
    for each in tables:
        for told in each.values():
            if isinstance(told, dict) and "path" in told:
                yield literal(told["path"], path)


def _members(asked: Asked, folder: str, manifest: Table, path: str) -> Iterator[str]:
    """The folders of a workspace's members; `*` stands for a part of one name, and only for folders with a manifest."""
    told = table(manifest.get("workspace"), path)
    excluded = listed(told.get("exclude"), path)
    for each in listed(told.get("members"), path):
        pattern = inside(asked, folder, literal(each, path), path)
        if re.search(r"[?\[\]{}]|\*\*", pattern):
            raise NotTold(f"{path} names its members by {pattern}")
        if "*" not in pattern:
            yield pattern
            continue
        found = (posixpath.dirname(one) for one in asked.context.entries if posixpath.basename(one) == "Cargo.toml")
        for one in found:
            if _matches(one, pattern) and not any(_covers(folder, other, one) for other in excluded):
                yield one


def _matches(path: str, pattern: str) -> bool:
    parts, patterns = path.split("/"), pattern.split("/")
    return len(parts) == len(patterns) and all(map(fnmatchcase, parts, patterns))


def _settings(asked: Asked, folder: str) -> Iterable[str]:
    """The files of settings in the folder and above: of cargo, and the nearest ones of rustup."""
    found = [
        path
        for each in above(asked, folder)
        for path in those_there(asked, each, (".cargo/config.toml", ".cargo/config"))
    ]
    for path in found:
        told = toml(asked, path)
        odd = [name for name in told if name not in _CONFIG]
        if odd:
            raise NotTold(f"{path} has {odd[0]}, which may name other files")
        _check_settings(told, path)
    toolchain = nearest(asked, folder, "rust-toolchain", "rust-toolchain.toml")
    for path in toolchain:
        # https://rust-lang.github.io/rustup/overrides.html#path
        if re.search(r"^\s*path\s*=", text(asked, path), re.MULTILINE):
            raise NotTold(f"{path} names a toolchain by its folder")
    return (*found, *toolchain)


def _check_settings(told: Table, path: str) -> None:
    for name, value in told.items():
        if name in _FILES:
            raise NotTold(f"{path} has {name}, which names files")
        if isinstance(value, dict):
            _check_settings(value, path)
        elif name == "target" and ".json" in str(value):
            raise NotTold(f"{path} has a target that is told by a file")
