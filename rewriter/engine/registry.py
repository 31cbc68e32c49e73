"""The transforms: how they are declared, found and checked."""

import importlib
import pkgutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

from ..model.facts import Facts, Setting
from .change import Level, Phase, Proposal, Refusal
from .findings import Finding

if TYPE_CHECKING:
    from ..model.together import Together

GROUP = "dockfix.transforms"
Finder = Callable[[Facts], Iterable[Proposal | Refusal]]
ContextFinder = Callable[["Together"], Iterable[Proposal | Refusal]]
Reporter = Callable[[Facts], Iterable[Finding]]


class BadTransform(Exception):
    """A transform whose declaration breaks the rules; says which and how."""


class Transform(NamedTuple):
    """A transform as the engine sees it: `id` is also its file, function and documentation page.

    One that does not run by `default` has an option `enable`.
    """

    id: str
    title: str
    level: Level
    phase: Phase
    find: Finder
    settings: Mapping[str, Setting]
    default: bool = True


class ContextTransform(NamedTuple):
    """A transform of what stands beside the Dockerfiles of a build context; else as `Transform`."""

    id: str
    title: str
    level: Level
    phase: Phase
    find: ContextFinder
    settings: Mapping[str, Setting]
    default: bool = True


class Report(NamedTuple):
    """What changes nothing, and says what is so in the text as it becomes; else as `Transform`."""

    id: str
    title: str
    find: Reporter
    settings: Mapping[str, Setting]
    default: bool = True
    level: str = "report"
    phase: Phase = Phase.REPORT


AnyTransform = Transform | ContextTransform | Report


def doc_of(one: AnyTransform) -> str:
    """The documentation: the docstring of the module that it stands in."""
    return sys.modules[one.find.__module__].__doc__ or ""


def shown_level(one: AnyTransform) -> str:
    """The level, and that it is off by default where it is: for a person."""
    return str(one.level) if one.default else f"{one.level}, off by default"


def transform(
    name: str,
    *,
    title: str,
    level: Level,
    phase: Phase,
    settings: Mapping[str, Setting] | None = None,
    default: bool = True,
) -> Callable[[Finder], Transform]:
    """Declare a generator over the facts of a Dockerfile as the transform `name`.

    `settings` are its options with their defaults; `facts.settings` holds them, completed by the user's. Without
    `default`, it runs only where `only` names it, or where its option `enable` is set.
    """

    def declare(find: Finder) -> Transform:
        return Transform(name, title, level, phase, find, _options(settings, default), default)

    return declare


def context_transform(
    name: str, *, title: str, level: Level, phase: Phase, settings: Mapping[str, Setting] | None = None
) -> Callable[[ContextFinder], ContextTransform]:
    """Declare a generator over all Dockerfiles of a build context as the transform `name`; else as `transform`."""

    def declare(find: ContextFinder) -> ContextTransform:
        return ContextTransform(name, title, level, phase, find, settings or {})

    return declare


def report(
    name: str, *, title: str, settings: Mapping[str, Setting] | None = None, default: bool = True
) -> Callable[[Reporter], Report]:
    """Declare a generator of findings over the facts of a Dockerfile as the report `name`; else as `transform`."""

    def declare(find: Reporter) -> Report:
        return Report(name, title, find, _options(settings, default), default)

    return declare


def _options(settings: Mapping[str, Setting] | None, default: bool) -> Mapping[str, Setting]:
    return {**({} if default else {"enable": False}), **(settings or {})}


def transforms(plugins: Iterable[ModuleType] = ()) -> Mapping[str, AnyTransform]:
    """All transforms and reports by id, in the order in which they run: by phase, then by id.

    Own ones are the modules of `dockfix.transforms`; `plugins` are modules of others. Raises BadTransform.
    """
    found: dict[str, AnyTransform] = {}
    for module in (*_own(), *plugins):
        declared = [value for value in vars(module).values() if isinstance(value, AnyTransform)]
        if len(declared) != 1:
            raise BadTransform(f"{module.__name__} must declare one transform, not {len(declared)}")
        _check(declared[0], module)
        if declared[0].id in found:
            raise BadTransform(f"{module.__name__} declares {declared[0].id}, which exists already")
        found[declared[0].id] = declared[0]
    return dict(sorted(found.items(), key=lambda item: (item[1].phase, item[0])))


def _own() -> Iterator[ModuleType]:
    package = importlib.import_module(GROUP)
    for info in pkgutil.iter_modules(package.__path__):
        yield importlib.import_module(f"{GROUP}.{info.name}")


def _check(declared: AnyTransform, module: ModuleType) -> None:
    name = declared.id.replace("-", "_")
    if module.__name__.rpartition(".")[2] != name or declared.find.__name__ != name:
        raise BadTransform(f"{declared.id} must stand in a file {name}.py, in a function {name}")
    doc = (module.__doc__ or "").strip()
    if not doc or not doc.splitlines()[0].endswith("."):
        raise BadTransform(f"the docstring of {module.__name__} must begin with one sentence")
    fence = "report" if isinstance(declared, Report) else "diff"
    if f"```{fence}" not in doc:
        raise BadTransform(f"the docstring of {module.__name__} has no example (a {fence} fence)")
