"""The builds of Bake files: `target` blocks, with what they inherit, and with a matrix written out.

The rules are those of Buildx's Bake file reference and, where that is silent, of its package `bake`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import NamedTuple

from .build import Build, Unreadable
from .described import Said, Text, Unknown, Wrong, few, read
from .values import Block, Field, Scope, Value

_MAIN = ("docker-bake.json", "docker-bake.hcl")
_OVERRIDES = ("docker-bake.override.json", "docker-bake.override.hcl")
_TARGETS = 1000
_MATRIX = 100
_CHAIN = 50
_NUMBER = "#"
"""Between a label and a number, where the targets of a matrix have no name that is known; no name has it."""
# What a remote Bake file calls the folder that it is called from; of a local one, it is where that lies.
_HERE = "cwd://"


def is_bake(name: str) -> bool:
    """Whether a file of this name is read."""
    return name in _MAIN or name in _OVERRIDES


class Bake:
    """The Bake files of a folder; `problems` are those met so far."""

    def __init__(self, folder: str, names: Iterable[str], layers: Mapping[str, Said]) -> None:
        """`names` are the files in `folder` that `is_bake` takes; `layers` is what its Compose files say by service."""
        self.problems: dict[Unreadable, None] = {}
        self._folder = folder
        self._names = set(names)
        # Bake lays targets over the services of their name, whose dots become underscores.
        self._layers = {name.replace(".", "_"): said for name, said in layers.items()}

    def builds(self) -> list[Build]:
        """What the main files describe together; then what changes where the override files are laid over them."""
        main = self._read(_MAIN)
        found = list(self._targets(main))
        overrides = self._read(_OVERRIDES)
        if not overrides:
            return found
        before = {_bare(build) for build in found}
        return found + [build for build in self._targets([*main, *overrides]) if _bare(build) not in before]

    def _targets(self, found: Sequence[Block]) -> Iterator[Build]:
        targets = _Targets(found, self._layers, self.problems)
        inherited = targets.inherited()
        for name in targets.names():
            block = targets.last(name)
            try:
                said = targets.said(name)
            except Wrong as error:
                self.problems[error.at(block.source)] = None
                continue
            if name in inherited and targets.is_template(name):
                continue
            yield said._replace(line=block.line).build(self._folder, block.source, name.partition(_NUMBER)[0])

    def _read(self, names: Iterable[str]) -> list[Block]:
        found: list[Block] = []
        for name in names:
            if name in self._names:
                path = os.path.join(self._folder, name)
                try:
                    found += _blocks(path)
                except Wrong as error:
                    self.problems[error.at(path)] = None
        return found


def _blocks(path: str) -> list[Block]:
    """The blocks of a file; raises Wrong."""
    text = read(path)
    if path.endswith(".json"):
        from .bake_json import json_blocks

        return list(json_blocks(path, text))
    from .hcl import hcl_blocks

    return list(hcl_blocks(path, text.encode()))


def _bare(build: Build) -> str:
    """What tells builds apart, wherever they are written."""
    return repr(build._replace(source="", line=0))


class _Declared(NamedTuple):
    """A `target` block, once for each combination of its matrix."""

    block: Block
    scope: Scope


class _Targets:
    """The targets of some files together."""

    def __init__(self, found: Sequence[Block], layers: Mapping[str, Said], problems: dict[Unreadable, None]) -> None:
        self._layers = layers
        self._problems = problems
        self._known: dict[str, Said | Wrong] = {}
        self._scope = Scope(_variables(found), {"BAKE_CMD_CONTEXT": _HERE})
        self._declared: dict[str, list[_Declared]] = {}
        for block in found:
            if block.kind == "target":
                try:
                    self._declare(block)
                except Wrong as error:
                    problems[error.at(block.source)] = None
        self._grouped = {"default"}
        for block in found:
            if block.kind == "group":
                self._grouped.update(self._names(block, "targets", self._scope))

    def names(self) -> list[str]:
        """All targets, in the order in which they are met."""
        return list(self._declared)

    def inherited(self) -> set[str]:
        """The targets from which others inherit."""
        each = (pair for declared in self._declared.values() for pair in declared)
        return {name for block, scope in each for name in self._names(block, "inherits", scope)}

    def last(self, name: str) -> Block:
        """The last block that speaks of the target."""
        return self._declared[name][-1].block

    def said(self, name: str, waiting: tuple[str, ...] = ()) -> Said:
        """What is said of a target: by those that it inherits from, by Compose, by its own blocks; raises Wrong."""
        if name in waiting or len(waiting) > _CHAIN:
            raise Wrong(f"target {name} inherits in a ring or too far")
        if name not in self._known:
            try:
                self._known[name] = self._inherited(name, (*waiting, name))
            except Wrong as error:
                self._known[name] = error
        found = self._known[name]
        if isinstance(found, Wrong):
            raise found
        return found

    def _inherited(self, name: str, waiting: tuple[str, ...]) -> Said:
        own, said = self._layers.get(name, Said(0)), Said(0)
        for block, scope in self._declared.get(name, ()):
            own = self._own(block, scope).over(own)
            for parent in self._names(block, "inherits", scope, must=True):
                if parent not in self._declared and parent not in self._layers:
                    raise Wrong(f"target {name} inherits from {parent}, which is not here", block.line)
                said = self.said(parent, waiting).over(said)
        return own.over(said)

    def is_template(self, name: str) -> bool:
        """Whether a target that others inherit is no build itself: so named, or without any place."""
        if name in self._grouped:
            return False
        places = {"context", "dockerfile", "dockerfile-inline"}
        return name.startswith("_") or not any(places & block.fields.keys() for block, _ in self._declared[name])

    def _declare(self, block: Block) -> None:
        """Remember the target, or those that its matrix makes of it; raises Wrong."""
        for index, scope in enumerate(_combinations(block, self._scope)):
            name = block.fields["name"].value(scope) if "name" in block.fields else block.label
            # A name that is computed is not known; what the target is may be.
            label = name if isinstance(name, str) else f"{block.label}{_NUMBER}{index}"
            self._declared.setdefault(label, []).append(_Declared(block, scope))
            if len(self._declared) > _TARGETS:
                raise Wrong(f"there are more than {_TARGETS} targets", block.line)

    def _names(self, block: Block, field: str, scope: Scope, *, must: bool = False) -> list[str]:
        """A list of names; raises Wrong where it has to be known and is not."""
        found = block.fields[field].value(scope) if field in block.fields else None
        items = [] if found is None else found[:_TARGETS] if isinstance(found, list) else [found]
        names = [item for item in items if isinstance(item, str)]
        if must and len(names) < len(items):
            raise Wrong(f"`{field}` of {block.label} is no list of names that are known", block.fields[field].line)
        return names

    def _own(self, block: Block, scope: Scope) -> Said:
        fields = block.fields
        context = _here(_text(fields, "context", scope))
        dockerfile = _text(fields, "dockerfile", scope)
        if isinstance(dockerfile, str) and dockerfile.startswith(_HERE):
            folder = os.path.dirname(block.source)
            dockerfile = os.path.join(folder, dockerfile.removeprefix(_HERE))
        return Said(
            block.line,
            "." if context == "" else context,
            dockerfile,
            _text(fields, "dockerfile-inline", scope),
            _text(fields, "target", scope),
            dict(self._pairs(block, "args", scope)),
            {key: _here(value) or "." for key, value in self._pairs(block, "contexts", scope) if value != ""},
        ).checked()

    def _pairs(self, block: Block, field: str, scope: Scope) -> Iterator[tuple[str, Text]]:
        """The entries of an object; one that is null is as if it was not there."""
        if field not in block.fields:
            return
        line = block.fields[field].line
        found = block.fields[field].value(scope)
        if isinstance(found, Unknown):
            error = Wrong(f"`{field}` of target {block.label} is computed, and is not known", line)
            self._problems[error.at(block.source)] = None
        elif found is not None and not isinstance(found, Mapping):
            raise Wrong(f"`{field}` has to be an object", line)
        entries = found if isinstance(found, Mapping) else {}
        few(entries, line)
        for key, value in entries.items():
            if value is not None:
                yield key, _as_text(value, key, line)


def _variables(found: Iterable[Block]) -> dict[str, Field]:
    """The variables of all files: with a default, or as an attribute of a file; one without a default is not known."""
    variables: dict[str, Field] = {}
    for block in found:
        if not block.kind:
            variables.update(block.fields)
        elif block.kind == "variable" and "default" in block.fields:
            variables[block.label] = block.fields["default"]
    return variables


def _combinations(block: Block, scope: Scope) -> Iterator[Scope]:
    """The scopes of a target: one, or those of its matrix; raises Wrong."""
    if "matrix" not in block.fields:
        yield scope
        return
    line = block.fields["matrix"].line
    found = block.fields["matrix"].value(scope)
    if not isinstance(found, Mapping):
        raise Wrong(f"the matrix of target {block.label} is not known", line)
    axes: list[Sequence[Value]] = []
    for values in found.values():
        if not isinstance(values, list):
            raise Wrong(f"the matrix of target {block.label} is not known", line)
        axes.append(values)
    if prod(len(axis) for axis in axes) > _MATRIX:
        raise Wrong(f"the matrix of target {block.label} has more than {_MATRIX} combinations", line)
    for combination in product(*axes):
        yield scope.within(dict(zip(found, combination, strict=True)))


def _text(fields: Mapping[str, Field], name: str, scope: Scope) -> Text | None:
    """The text of a field, None where there is none; raises Wrong."""
    value = fields[name].value(scope) if name in fields else None
    return None if value is None else _as_text(value, name, fields[name].line)


def _as_text(value: Value, name: str, line: int) -> Text:
    if isinstance(value, str | Unknown):
        return value
    raise Wrong(f"`{name}` has to be text, not {'an object' if isinstance(value, Mapping) else 'a list'}", line)


def _here(text: Text | None) -> Text | None:
    return text.removeprefix(_HERE) if isinstance(text, str) else text
