"""What the dependencies of a package.json name besides packages of a registry: archives, patches and folders.

Sources: https://docs.npmjs.com/cli/configuring-npm/package-json#dependencies and npm-package-arg,
https://classic.yarnpkg.com/docs/dependency-types, https://yarnpkg.com/protocols,
https://pnpm.io/cli/add#install-from-local-file-system.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import NamedTuple

from .asked import Asked, NotTold
from .reading import Table, inside, table, there


class Means(Enum):
    """What a specifier of a dependency stands for."""

    NETWORK = "something that is fetched, or a version of it"
    LINKED = "a folder that is only linked to, or an archive"
    COPIED = "a folder whose files are installed, or an archive"
    WORKSPACE = "a workspace, by its version or its folder"
    PATCHED = "a package that files of the project patch"


NETWORK: Mapping[str, Means] = dict.fromkeys(
    "http https git git+ssh git+https git+http ssh github gitlab bitbucket gist npm jsr".split(), Means.NETWORK
)
"""The protocols that all tools know and that need nothing of the project."""

_TABLES = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
_PROTOCOL = re.compile(r"([a-zA-Z][a-zA-Z+]*):(.*)", re.DOTALL)
_ARCHIVE = re.compile(r".*\.(?:tgz|tar\.gz|tar)", re.IGNORECASE)
# `owner/repository#branch`; another slash makes it a folder.
_SHORTHAND = re.compile(r"[^/@.~\s:][^/@\s:]*/[^/@\s:#]+(?:#.*)?|git@[\w.-]+:[\w./~-]+(?:#.*)?")
# A version, a range, a tag; `$name` and `-` in overrides.
_RANGE = re.compile(r"[\w$=<>~^*v-][\w.+*^~<>=|, -]*|")
_PATCHED = re.compile(r"patch:[^#:%]*@(?:npm(?:%3A|:))?[^#:%]*(?:#(.*))?", re.IGNORECASE)


class Package(NamedTuple):
    """A package.json: the folder of the context that it stands in, and what it says."""

    folder: str
    data: Table

    @property
    def path(self) -> str:
        """Its path in the context."""
        return posixpath.join(self.folder, "package.json")


def specifiers(package: Package) -> Iterator[tuple[str, str]]:
    """The names and specifiers of its dependencies; raises NotTold where they are no texts."""
    for key in _TABLES:
        for name, specifier in table(package.data.get(key), f"{key} of {package.path}").items():
            if not isinstance(specifier, str):
                raise NotTold(f"{package.path} says of {name} no text")
            yield name, specifier


def leaves(value: object) -> Iterator[str]:
    """All texts in the values of some data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item)


def named_files(
    asked: Asked, packages: Sequence[Package], protocols: Mapping[str, Means], more: Sequence[str] = ()
) -> Iterator[str]:
    """The files that the dependencies name; raises NotTold where they name a folder, or something unknown.

    The first package is the root of the project; `more` are specifiers that stand there elsewhere (overrides).
    """
    folders = frozenset(package.folder for package in packages[1:])
    root = packages[0]
    for package in packages:
        for _, specifier in specifiers(package):
            yield from _files(asked, package, root, specifier, protocols, folders)
    for specifier in more:
        yield from _files(asked, root, root, specifier, protocols, folders)


def _files(
    asked: Asked,
    package: Package,
    root: Package,
    specifier: str,
    protocols: Mapping[str, Means],
    folders: frozenset[str],
) -> Iterator[str]:
    spec = specifier.strip()
    match = _PROTOCOL.fullmatch(spec)
    if match is None or spec.startswith("git@"):
        if spec.startswith((".", "/", "~/")) or _ARCHIVE.fullmatch(spec):
            yield from _local(asked, package, spec, protocols.get("file", Means.COPIED), folders)
        elif not _RANGE.fullmatch(spec) and not _SHORTHAND.fullmatch(spec):
            raise NotTold(f"{package.path} depends on {spec}, of which it is not known what it is")
        return
    means = protocols.get(match[1].lower())
    if means is None:
        raise NotTold(f"{package.path} depends on {spec}, which is not followed")
    if means is Means.PATCHED:
        yield from _patches(asked, package, root, spec)
    elif means is Means.WORKSPACE:
        _check_workspace(asked, package, match[2], folders)
    elif means is not Means.NETWORK:
        yield from _local(asked, package, match[2], means, folders)


def _local(asked: Asked, package: Package, path: str, means: Means, folders: frozenset[str]) -> Iterator[str]:
    target = inside(asked, package.folder, path, package.path)
    if _ARCHIVE.fullmatch(target) and there(asked, target):
        yield target
    elif means is not Means.LINKED or target not in folders:
        raise NotTold(f"{package.path} depends on {path}, a folder of the project")


def _check_workspace(asked: Asked, package: Package, text: str, folders: frozenset[str]) -> None:
    is_path = "/" in text and not text.startswith("@")
    if not folders or (is_path and inside(asked, package.folder, text, package.path) not in folders):
        raise NotTold(f"{package.path} depends on workspace:{text}, which is none of the workspaces")


def _patches(asked: Asked, package: Package, root: Package, spec: str) -> Iterator[str]:
    """The files of `patch:name@npm%3A1.0.0#~/.yarn/patches/name.patch`; several are parted by `&`."""
    match = _PATCHED.fullmatch(spec)
    if match is None:
        raise NotTold(f"{package.path} depends on {spec}, which is not followed")
    named, _, _ = (match[1] or "").partition("::")
    for part in named.split("&"):
        path = re.sub(r"^(?:optional!)+", "", part)
        if path and not re.fullmatch(r"~?builtin<[\w/.-]+>", path):
            base, path = (root.folder, path[2:]) if path.startswith("~/") else (package.folder, path)
            target = inside(asked, base, path, package.path)
            if not there(asked, target):
                raise NotTold(f"{target} is not in the context, but {package.path} names it")
            yield target
