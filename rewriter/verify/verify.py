"""Build the versions of a Dockerfile, compare the images, and leave nothing behind."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from typing import NamedTuple

from ..engine.change import Change, Proof
from .engines.choose import choose
from .engines.janitor import Janitor
from .engines.recipe import BuildOptions, Engine, EngineError, EngineFailed, Failure, Image, Ran, Recipe, StepRun, Watch
from .images.compare import compare
from .images.comparison import MOST_ROWS, Comparison, Difference, Kind, Listed
from .images.layout import Layout
from .told import Measured, Told, measured
from .verification import Build, Pair, Rerun, Smoke, Verification


class Version(NamedTuple):
    """A text of the Dockerfile, and the change that led to it from the version before (None: the first)."""

    text: bytes
    change: Change | None = None


class Order(NamedTuple):
    """What to verify. `versions` are at least two; all neighbours are compared, and the first with the last.

    `path` is the Dockerfile's on the disk: its name, and an ignore file of its own beside it, count in a build.
    `changes` lead from the first version to the last. `rerun` is a path in the context. `told` is what the reports say
    of the first version and of the last.
    """

    path: str
    name: str
    versions: tuple[Version, ...]
    changes: tuple[Change, ...]
    options: BuildOptions
    engine: str | None = None
    smoke: str | None = None
    rerun: str | None = None
    told: tuple[Told, Told] = (Told(), Told())


def verify(order: Order, watch: Watch) -> Verification:
    """Do it; `watch` is told what goes on.

    Raises EngineError where there is no engine to use, and else EngineFailed, LayoutError and OSError.
    """
    janitor = Janitor()
    with janitor:
        scratch = _scratch(janitor)
        engine = choose(order.engine, janitor, scratch)
        last = engine
        if order.rerun is not None:
            # Buildah looks for the next cached step below one of several equal ones only: the versions must not meet.
            os.mkdir(os.path.join(scratch, "last"))
            last = choose(order.engine, janitor, os.path.join(scratch, "last"))
        try:
            found = _Verifier(order, engine, last, scratch, watch).run()
        except EngineError as error:
            raise EngineFailed(str(error)) from error
        watch("tidying up")
    return found._replace(complaints=janitor.complaints)


def _scratch(janitor: Janitor) -> str:
    # Images are large, and /tmp is in memory on many systems.
    parent = os.environ.get("TMPDIR") or ("/var/tmp" if os.path.isdir("/var/tmp") else tempfile.gettempdir())  # noqa: S108
    folder = os.path.join(os.path.abspath(parent), f"dockfix-verify-{os.urandom(8).hex()}")
    janitor.remove(folder)
    os.mkdir(folder, 0o700)
    return folder


class _Built(NamedTuple):
    """A version that was built, and its image as an archive on the disk where that went well."""

    result: Image | Failure
    archive: str
    smoke: Ran | None
    told: Told

    @property
    def build(self) -> Build:
        return Build(self.result.seconds, self.result if isinstance(self.result, Failure) else None)


class _Verifier:
    def __init__(self, order: Order, engine: Engine, last: Engine, scratch: str, watch: Watch) -> None:
        self._order = order
        self._engines = [engine] * (len(order.versions) - 1) + [last]
        self._scratch = scratch
        self._watch = watch
        self._options = order.options
        if order.rerun is not None:
            context = os.path.join(scratch, "context")
            watch("copying the context")
            _copy(order.options.context, context)
            self._options = order.options._replace(context=context)

    def run(self) -> Verification:
        versions = self._order.versions
        first = before = self._build(0)
        pairs: list[Pair] = []
        if isinstance(first.result, Image):
            for index in range(1, len(versions)):
                after = self._build(index)
                pairs.append(self._pair(versions[index].change, before, after))
                if before is not first:
                    _discard(before.archive)
                before = after
        whole = self._whole(first, before, pairs)
        is_each = len(versions) > 2
        return Verification(
            self._order.name,
            self._engines[0].name,
            _with_proofs(self._order.changes, pairs if is_each else [whole]),
            whole,
            tuple(pairs) if is_each else (),
            self._smoke(first, before) if whole.comparison else None,
            self._rerun(first.result, before.result) if whole.comparison else None,
            measured=self._measured(whole.comparison),
        )

    def _measured(self, found: Comparison | None) -> tuple[Measured, ...]:
        sides = zip(("before", "after"), self._order.told, (found.before, found.after), strict=True) if found else ()
        name = self._engines[0].name
        return tuple(measured(version, told, name, side.history, side.asked) for version, told, side in sides)

    def _build(self, index: int) -> _Built:
        name = self._name(index)
        recipe = self._recipe(index)
        engine = self._engines[index]
        result = engine.build(recipe, self._watch)
        archive = os.path.join(self._scratch, f"{index}.tar")
        smoke = None
        if isinstance(result, Image):
            self._watch(f"{name}: reading the image")
            engine.save(result, archive)
            if self._order.smoke is not None:
                self._watch(f"{name}: {self._order.smoke}")
                smoke = engine.run(result, self._order.smoke, self._options)
            if self._order.rerun is None:
                engine.remove(result)
        last = len(self._order.versions) - 1
        told = self._order.told[index > 0] if index in (0, last) else Told()
        return _Built(result, archive, smoke, told)

    def _name(self, index: int) -> str:
        last = len(self._order.versions) - 1
        return "before" if index == 0 else "after" if index == last else f"after change {index} of {last}"

    def _recipe(self, index: int, *, cached: bool = False) -> Recipe:
        folder = os.path.join(self._scratch, f"version-{index}")
        dockerfile = os.path.join(folder, os.path.basename(self._order.path))
        if not os.path.isdir(folder):
            os.mkdir(folder)
            with open(dockerfile, "wb") as file:
                file.write(self._order.versions[index].text)
        # `<Dockerfile>.dockerignore` stands beside the Dockerfile and takes the place of the context's own.
        ignorefile = f"{self._order.path}.dockerignore"
        own = shutil.copy(ignorefile, folder) if os.path.isfile(ignorefile) else None
        return Recipe(self._name(index), dockerfile, own, self._options, cached)

    def _pair(self, change: Change | None, before: _Built, after: _Built) -> Pair:
        if isinstance(before.result, Failure) or isinstance(after.result, Failure):
            return Pair(change, before.build, after.build, None)
        self._watch("comparing")
        folder = os.path.join(self._scratch, "comparison")
        os.mkdir(folder)
        try:
            with Layout(before.archive) as old, Layout(after.archive) as new:
                found = compare(old, new, folder, (before.told.trees, after.told.trees))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return Pair(change, before.build, after.build, _with_smoke(found, before.smoke, after.smoke))

    def _whole(self, first: _Built, last: _Built, pairs: Sequence[Pair]) -> Pair:
        if not pairs:
            return Pair(None, first.build, None, None)
        return pairs[0]._replace(change=None) if len(pairs) == 1 else self._pair(None, first, last)

    def _smoke(self, first: _Built, last: _Built) -> Smoke | None:
        if self._order.smoke is None or first.smoke is None or last.smoke is None:
            return None
        return Smoke(self._order.smoke, first.smoke, last.smoke)

    def _rerun(self, first: Image | Failure, last: Image | Failure) -> Rerun | None:
        path = self._order.rerun
        if path is None or isinstance(first, Failure) or isinstance(last, Failure):
            return None
        return Rerun(path, self._rerun_of(0, path), self._rerun_of(len(self._order.versions) - 1, path))

    def _rerun_of(self, index: int, path: str) -> tuple[StepRun, ...] | Failure:
        """The steps that run again. Each time the file becomes another, or one build would profit of the other."""
        with open(os.path.join(self._options.context, path), "ab") as file:
            file.write(b"\n")
        recipe = self._recipe(index, cached=True)
        result = self._engines[index].build(recipe._replace(name=f"{recipe.name}, again"), self._watch)
        if isinstance(result, Failure):
            return result
        return tuple(step for step in result.steps if step.seconds is not None)


def _with_smoke(found: Comparison, before: Ran | None, after: Ran | None) -> Comparison:
    if before is None or after is None or before == after:
        return found
    rows = [
        Difference(Kind.SMOKE, "smoke", what, old, new)
        for what, old, new in (
            ("status", _status(before), _status(after)),
            ("output", before.output.decode("utf-8", "replace"), after.output.decode("utf-8", "replace")),
        )
        if old != new
    ]
    listed = found.differences
    return found._replace(differences=Listed((*listed.rows, *rows)[: MOST_ROWS + 2], listed.total + len(rows)))


def _status(ran: Ran) -> str:
    return "not in time" if ran.status is None else str(ran.status)


def _with_proofs(changes: Sequence[Change], pairs: Sequence[Pair]) -> tuple[Change, ...]:
    """`measured` for what was built both ways without a difference that counts."""
    if len(pairs) == 1:
        return tuple(_measured(change) if pairs[0].verdict.is_good else change for change in changes)
    good: list[bool] = [pair.verdict.is_good for pair in pairs] + [False] * len(changes)
    return tuple(_measured(change) if is_good else change for change, is_good in zip(changes, good, strict=False))


def _measured(change: Change) -> Change:
    return change._replace(proof=Proof.MEASURED)


def _discard(path: str) -> None:
    if os.path.exists(path):
        os.unlink(path)


def _copy(context: str, target: str) -> None:
    """Copy a build context: folders, files and links; nothing else can be part of one."""

    def special(folder: str, names: list[str]) -> list[str]:
        return [name for name in names if not _is_copied(os.path.join(folder, name))]

    shutil.copytree(context, target, symlinks=True, ignore=special)


def _is_copied(path: str) -> bool:
    return os.path.islink(path) or os.path.isdir(path) or os.path.isfile(path)
