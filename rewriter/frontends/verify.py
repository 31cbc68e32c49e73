"""`dockfix verify`: build a Dockerfile before and after its changes, compare the images, say what really changed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypedDict

from ..adapters import store
from ..adapters.config import Configurations
from ..adapters.discovery import discover
from ..adapters.plugins import installed
from ..adapters.settings import LEVELS, ConfigError
from ..adapters.shfmt import Shfmt
from ..engine.change import Outcome
from ..engine.registry import BadTransform
from ..model.facts import Facts
from ..verify.engines.recipe import BuildOptions, EngineError, EngineFailed
from ..verify.images.layout import LayoutError
from ..verify.told import Told, told_of
from ..verify.verification import Verdict, Verification
from ..verify.verify import Order, Version, verify
from .examine import Job, examine
from .render.text import problem_line
from .request import Request, UsageError, names
from .session import check, shown
from .surroundings import Surroundings
from .terminal import Terminal, printable

SAME, DIFFERENT, FAILED, USAGE = 0, 1, 2, 3
"""Exit statuses."""


class GivenVerify(TypedDict):
    """The command line of `dockfix verify` as click parses it."""

    path: str
    against: str | None
    engine: str | None
    context: str | None
    build_arg: tuple[str, ...]
    secret: tuple[str, ...]
    target: str | None
    network: str | None
    platform: str | None
    timeout: float
    smoke: str | None
    each: bool
    rebuild_after: str | None
    form: str
    html: str | None
    level: str | None
    only: tuple[str, ...]
    skip: tuple[str, ...]
    config: str | None


def run(given: GivenVerify, terminal: Terminal) -> int:
    """Verify and report; returns the exit status. Raises UsageError."""
    path = _dockerfile(given["path"])
    if given["html"]:
        _check_writable(given["html"])
    options = _build_options(given, path)
    if given["against"] is not None:
        outcome, versions = None, _against(path, given["against"])
    else:
        outcome = _examined(given, path, options.context)
        if outcome.errors:
            for problem in outcome.errors:
                terminal.err(problem_line(problem, outcome))
            return FAILED
        versions = _versions(outcome, each=given["each"])
    if len(versions) < 2:
        terminal.err(f"dockfix: {printable(shown(path))}: nothing to verify, since there is nothing to change")
        return SAME
    changes = tuple(step.change for step in outcome.steps) if outcome else ()
    order = Order(
        path,
        shown(path),
        versions,
        changes,
        options,
        given["engine"],
        given["smoke"],
        _rerun_path(given["rebuild_after"], options.context),
        (_told(versions[0], path, options), _told(versions[-1], path, options)),
    )
    found = _verified(order, terminal)
    return FAILED if found is None else _report(given, outcome, versions, found, terminal)


def _verified(order: Order, terminal: Terminal) -> Verification | None:
    """What was found out; None (and a sentence) where the engine fails, or the disk is full."""
    try:
        return verify(order, terminal.status)
    except EngineError as error:
        raise UsageError(str(error)) from error
    except (LayoutError, EngineFailed) as error:
        terminal.err(f"dockfix: {printable(str(error))}")
    except OSError as error:
        terminal.err(f"dockfix: {printable(error.filename or 'the scratch folder')}: {error.strerror}")
    return None


def _report(
    given: GivenVerify, outcome: Outcome | None, versions: Sequence[Version], found: Verification, terminal: Terminal
) -> int:
    for complaint in found.complaints:
        terminal.err(f"dockfix: {printable(complaint)}")
    if given["form"] == "json":
        from .render.verify_json import document

        terminal.out(document(found, outcome))
    else:
        from .render.verify_text import report

        terminal.out(report(found, terminal.out_painter))
    terminal.flush()
    if given["html"]:
        from .render.verify_html import page

        _write(given["html"], page(found, versions[0].text, versions[-1].text, outcome))
    match found.whole.verdict:
        case Verdict.BEFORE_FAILS | Verdict.AFTER_FAILS:
            return FAILED
        case Verdict.DIFFERENT:
            return DIFFERENT
    return SAME


def _dockerfile(path: str) -> str:
    """The one Dockerfile that is meant."""
    if not os.path.isdir(path):
        return path
    for name in ("Dockerfile", "Containerfile"):
        if os.path.isfile(os.path.join(path, name)):
            return os.path.join(path, name)
    found = discover([path]).files
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(f"no Dockerfile found in {path}; name the file")
    some = ", ".join(found[:3]) + (", ..." if len(found) > 3 else "")
    raise UsageError(f"{path} holds several Dockerfiles ({some}); name one")


def _told(version: Version, path: str, options: BuildOptions) -> Told:
    """What the reports say of a version, whatever the configuration says of them: here, they are measured."""
    surroundings = Surroundings(options.context)
    shipped = frozenset((options.target.lower(),)) if options.target else frozenset[str]()
    facts = Facts.read(shown(path), version.text, shipped, lambda: surroundings.of(path, version.text))
    return told_of(facts, options.target)


def _build_options(given: GivenVerify, path: str) -> BuildOptions:
    context = given["context"] or os.path.dirname(path) or "."
    if not os.path.isdir(context):
        raise UsageError(f"the context {context} is no folder")
    return BuildOptions(
        os.path.abspath(context),  # an engine takes `-x` for a flag
        given["build_arg"],
        given["secret"],
        given["target"],
        given["network"],
        given["platform"],
        given["timeout"],
    )


def _against(path: str, other: str) -> tuple[Version, ...]:
    texts = []
    for name in (path, other):
        try:
            texts.append(Version(store.read(name)))
        except store.StoreError as error:
            raise UsageError(f"{shown(name)}: {error}") from error
    return tuple(texts)


def _examined(given: GivenVerify, path: str, context: str) -> Outcome:
    request = Request(
        paths=(path,),
        level=LEVELS[given["level"]] if given["level"] else None,
        only=names(given["only"]),
        skip=names(given["skip"]),
        config=given["config"],
    )
    try:
        known = {name: transform.settings for name, transform in installed().items()}
        check(request, known)
        layer = Configurations(known, request.config).layer_for(path)
    except (BadTransform, ConfigError) as error:
        raise UsageError(str(error)) from error
    return examine(Job(path, shown(path), request.options(layer), surroundings=Surroundings(context)), Shfmt())


def _versions(outcome: Outcome, *, each: bool) -> tuple[Version, ...]:
    """The text as it is, and as it becomes: at once, or change by change."""
    (name,) = outcome.originals
    first, last = Version(outcome.originals[name]), Version(outcome.files[name])
    if not outcome.steps:
        return (first,)
    if not each:
        return (first, last._replace(change=outcome.steps[0].change if len(outcome.steps) == 1 else None))
    changes = [step.change for step in outcome.steps]
    texts = [*[before[name] for _, before in outcome.replay()][1:], last.text]
    return (first, *(Version(text, change) for text, change in zip(texts, changes, strict=True)))


def _rerun_path(path: str | None, context: str) -> str | None:
    """The file as a path in the context, given from there or from the current folder."""
    if path is None:
        return None
    for place in (os.path.join(context, path), path):
        relative = os.path.relpath(place, context)
        if os.path.isfile(place) and not relative.startswith(".."):
            return relative
    raise UsageError(f"--rebuild-after: there is no file {path} in the context {context}")


def _check_writable(path: str) -> None:
    """Before the builds, which may take an hour."""
    folder = os.path.dirname(path) or "."
    if os.path.isdir(path) or not os.access(path if os.path.exists(path) else folder, os.W_OK):
        raise UsageError(f"{path} cannot be written: its folder is missing or read-only, or it is a folder itself")


def _write(path: str, text: bytes) -> None:
    """All of it, or nothing."""
    half = f"{path}.{os.urandom(4).hex()}.tmp"
    try:
        with open(half, "xb") as file:
            file.write(text)
        os.replace(half, path)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error
    finally:
        if os.path.exists(half):
            os.unlink(half)
