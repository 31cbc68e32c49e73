"""The builds of Compose files: `services.*.build`, with `extends`, `include` and the files that lie over others.

The rules are those of the Compose specification (build.md, 13-merge.md, 14-include.md) and, where that is silent, of
compose-go.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Set as AbstractSet
from typing import NamedTuple

from .build import Build, Unreadable
from .described import Said, Text, Unknown, Wrong, few, read, written
from .nodes import Node, kind, mapping, parse, scalar, text
from .variables import Variables, read_env

_MAIN = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
_NAME = re.compile(r"(?P<stem>(?:docker-)?compose)(?:[._-](?P<variant>.+))?\.ya?ml")
_SERVICES = 1000
_CHAIN = 50


def is_compose(name: str) -> bool:
    """Whether a file of this name is read: `compose.yaml`, `docker-compose.prod.yml` and their like."""
    return _NAME.fullmatch(name) is not None


class _File(NamedTuple):
    services: Mapping[str, Node]
    includes: tuple[Node, ...] = ()


class _Own(NamedTuple):
    """What a service says of its own; `alone` where it asks for nothing to be laid under it."""

    said: Said | None
    alone: bool = False


class Compose:
    """The Compose files of a folder, each read once; `problems` are those met so far."""

    def __init__(self, folder: str, names: Iterable[str]) -> None:
        """`names` are the files in `folder` that `is_compose` takes."""
        self.problems: dict[Unreadable, None] = {}
        self._folder = folder
        self._names = sorted(names, key=lambda name: (name not in _MAIN, _MAIN.index(name) if name in _MAIN else name))
        self._main = [name for name in self._names if name in _MAIN]
        self._files: dict[str, _File] = {}
        self._known: dict[tuple[str, str], Said | Wrong | None] = {}
        self._variables = self._read_env()

    def builds(self) -> list[Build]:
        """What the files describe: each main file on its own, then each of the others laid over its main file."""
        found: dict[tuple[str, str], list[Build]] = {}
        for source, service, said in self._all():
            path = os.path.join(self._folder, source)
            if said.inline is not None and said.dockerfile is not None:
                self._problem(source, Wrong(f"service {service} has both a Dockerfile and an inline one", said.line))
                continue
            build = said.build(self._folder, path, service)
            builds = found.setdefault((source, service), [])
            if build not in builds:
                builds.append(build)
        return [build for builds in found.values() for build in builds]

    def layers(self) -> dict[str, Said]:
        """What the main files say of each service, laid over one another, as Bake reads them."""
        layers: dict[str, Said] = {}
        for main in self._main:
            for service, file in self._project(main).items():
                said = self._of(file, service)
                if isinstance(said, Said):
                    try:
                        layers[service] = said.over(layers.get(service, said))
                    except Wrong as error:
                        self._problem(file, error)
        return layers

    def _all(self) -> Iterator[tuple[str, str, Said]]:
        for main in self._main:
            for service, file in self._project(main).items():
                said = self._of(file, service)
                if isinstance(said, Said):
                    yield file, service, said
        for name in self._names:
            if name not in self._main:
                yield from self._variant(name)

    def _variant(self, name: str) -> Iterator[tuple[str, str, Said]]:
        """The builds of a file such as `compose.prod.yaml`: laid over the main file, and alone where it may stand so.

        An override file never stands alone: Compose takes it together with the main file.
        """
        below = self._below(name)
        overrides = name.rpartition(".")[0].endswith("override")
        for service, file in self._project(name).items():
            said = self._of(file, service)
            if not isinstance(said, Said):
                continue
            stacked = service in below and not self._stands_alone(file, service)
            base = self._of(below[service], service) if stacked else None
            if isinstance(base, Said):
                try:
                    yield file, service, said.over(base)
                except Wrong as error:
                    self._problem(file, error)
            if base is None or (said.tells_where() if isinstance(base, Wrong) else said.context and not overrides):
                yield file, service, said

    def _below(self, name: str) -> Mapping[str, str]:
        """The services under the file `name`: those of the main file that is called most like it."""
        match = _NAME.fullmatch(name)
        alike = [main for main in self._main if match and main.startswith(f"{match['stem']}.")]
        return next((self._project(main) for main in alike + self._main), {})

    def _project(self, name: str) -> dict[str, str]:
        """The services of a file and of what it includes, each with the file that says so."""
        services: dict[str, str] = {}
        waiting, seen = [name], {name}
        while waiting:
            file = waiting.pop()
            services.update((service, file) for service in self._file(file).services if service not in services)
            for node in self._file(file).includes:
                try:
                    included = self._included(node)
                except Wrong as error:
                    self._problem(file, error)
                    continue
                waiting += [path for path in included if path not in seen]
                seen.update(included)
        return services

    def _included(self, node: Node) -> list[str]:
        """The names of the files that an entry of `include` names; raises Wrong."""
        if not isinstance(node.value, Mapping):
            return [self._neighbour(node, "include")]
        if node.value.keys() & {"project_directory", "env_file"}:
            raise Wrong("an `include` with a folder or variables of its own is not followed", node.line)
        paths = node.value.get("path")
        if paths is None:
            raise Wrong("an `include` without a path", node.line)
        return [self._neighbour(path, "path") for path in (paths.value if isinstance(paths.value, tuple) else (paths,))]

    def _neighbour(self, node: Node, name: str) -> str:
        """The name of a file in this folder; raises Wrong for one elsewhere."""
        path = self._variables.put_into(text(node, name), node.line)
        if isinstance(path, str):
            folder, file = os.path.split(os.path.normpath(os.path.join(self._folder, path)))
            if folder == self._folder and file and "\0" not in file:
                return file
        raise Wrong(f"`{written(path)}` is not in the same folder, and is not followed", node.line)

    def _of(self, name: str, service: str) -> Said | Wrong | None:
        """What the file says of the service's build, `extends` followed; what is wrong is remembered as a problem."""
        found = self._resolved(name, service, frozenset())
        if isinstance(found, Wrong):
            self._problem(name, found)
        return found

    def _resolved(self, name: str, service: str, seen: AbstractSet[tuple[str, str]]) -> Said | Wrong | None:
        key = (name, service)
        if key not in self._known:
            try:
                self._known[key] = self._extended(name, service, seen)
            except Wrong as error:
                self._known[key] = error
        return self._known[key]

    def _extended(self, name: str, service: str, seen: AbstractSet[tuple[str, str]]) -> Said | None:
        fields = mapping(self._file(name).services[service], service)
        own = self._own(fields)
        extends = fields.get("extends")
        if extends is None or own.alone:
            return own.said
        try:
            base = self._base(name, extends, seen | {(name, service)})
        except Wrong as error:
            if own.said is None or not own.said.tells_where():
                raise
            self._problem(name, error)
            return own.said
        if base is None:
            return own.said
        return (own.said or Said(extends.line)).over(base)

    def _base(self, name: str, extends: Node, seen: AbstractSet[tuple[str, str]]) -> Said | None:
        """What the service that is extended says; raises Wrong where that cannot be told."""
        file, service = name, extends
        if isinstance(extends.value, Mapping):
            service = extends.value.get("service", extends)
            if "file" in extends.value:
                file = self._neighbour(extends.value["file"], "file")
        key = (file, text(service, "extends"))
        if key in seen or len(seen) > _CHAIN:
            raise Wrong(f"`extends` of {key[1]} leads in a ring or too far", extends.line)
        if key[1] not in self._file(file).services:
            raise Wrong(f"`extends` names {key[1]}, which is no service in {file}", extends.line)
        found = self._resolved(*key, seen)
        if isinstance(found, Wrong):
            self._problem(file, found)
            raise Wrong(f"`extends` names {key[1]}, whose build is not known", extends.line)
        return found

    def _stands_alone(self, name: str, service: str) -> bool:
        build = mapping(self._file(name).services[service], service).get("build")
        return build is not None and build.tag == "!override"

    def _own(self, fields: Mapping[str, Node]) -> _Own:
        """What the service itself says; raises Wrong."""
        build = fields.get("build")
        if build is None:
            return _Own(None)
        if build.tag == "!reset":
            return _Own(None, alone=True)
        if isinstance(build.value, str):
            return _Own(Said(build.line, context=self._context(build, "build")), build.tag == "!override")
        entries = mapping(build, "build")
        for name, node in entries.items():
            if node.tag in ("!reset", "!override"):
                raise Wrong(f"`{node.tag}` inside of a build is not followed (`{name}`)", node.line)
        said = Said(
            build.line,
            self._context(entries["context"], "context") if "context" in entries else None,
            self._text(entries, "dockerfile"),
            self._text(entries, "dockerfile_inline"),
            self._text(entries, "target"),
            dict(self._pairs(entries, "args")),
            {key: value for key, value in self._pairs(entries, "additional_contexts") if value is not None},
        )
        return _Own(said.checked(), build.tag == "!override")

    def _text(self, entries: Mapping[str, Node], name: str) -> Text | None:
        node = entries.get(name)
        return None if node is None else self._variables.put_into(text(node, name), node.line)

    def _context(self, node: Node, name: str) -> Text:
        path = self._variables.put_into(text(node, name) if node.tag != "!override" else str(node.value), node.line)
        # `~` is the home of whoever builds.
        return Unknown(path) if isinstance(path, str) and path.startswith("~") else path

    def _pairs(self, entries: Mapping[str, Node], name: str) -> Iterator[tuple[str, Text | None]]:
        """The entries of a mapping, or of a list of `name=value`; None where there is no value."""
        node = entries.get(name)
        if node is None or kind(node) == "nothing":
            return
        if isinstance(node.value, tuple):
            few(node.value, node.line)
            for item in node.value:
                pair = self._variables.put_into(text(item, name), item.line)
                key, sign, value = written(pair).partition("=")
                yield key, None if not sign else value if isinstance(pair, str) else Unknown(value)
            return
        pairs = mapping(node, name)
        few(pairs, node.line)
        for key, entry in pairs.items():
            found = scalar(entry, key)
            yield key, None if found is None else self._variables.put_into(found, entry.line)

    def _file(self, name: str) -> _File:
        """The file, empty where it could not be read."""
        if name not in self._files:
            try:
                self._files[name] = _read(os.path.join(self._folder, name))
            except Wrong as error:
                self._problem(name, error)
                self._files[name] = _File({})
        return self._files[name]

    def _read_env(self) -> Variables:
        path = os.path.join(self._folder, ".env")
        if not self._names or not os.path.isfile(path):
            return Variables({})
        try:
            return Variables(read_env(read(path)))
        except Wrong as error:
            self._problem(".env", error)
            return Variables(None)

    def _problem(self, name: str, error: Wrong) -> None:
        self.problems[error.at(os.path.join(self._folder, name))] = None


def _read(path: str) -> _File:
    """The services and includes of a file; raises Wrong."""
    tree = parse(read(path))
    if tree is None:
        raise Wrong("there is nothing in this file")
    top = mapping(tree, "a Compose file")
    services, includes = top.get("services"), top.get("include")
    found = {} if services is None or kind(services) == "nothing" else mapping(services, "services")
    if services is not None and len(found) > _SERVICES:
        raise Wrong(f"there are more than {_SERVICES} services", services.line)
    if includes is None or kind(includes) == "nothing":
        return _File(found)
    if not isinstance(includes.value, tuple):
        raise Wrong(f"`include` has to be a list, not {kind(includes)}", includes.line)
    return _File(found, includes.value)
