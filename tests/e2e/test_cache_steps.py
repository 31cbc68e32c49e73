"""The model of the cache against BuildKit: the same steps run again, no more and no fewer."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest
from cache_cases import CASES, CacheCase
from rig.rig import Rig
from verified import temporary, write

from dockfix.verify.engines.choose import choose
from dockfix.verify.engines.janitor import Janitor
from dockfix.verify.engines.recipe import BuildOptions, Engine, Image, Recipe

FILES = {"a": "1", "b": "1", "c.txt": "1", "src/x": "1", "src/y": "1"}
_STEP = re.compile(r"(?:RUN|COPY|ADD|WORKDIR) ")


@pytest.mark.parametrize("case", CASES, ids=[case.says for case in CASES])
def test_the_engine_runs_the_steps_again_that_the_model_names(
    case: CacheCase, rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in rig.environment("docker").items():
        monkeypatch.setenv(name, value)
    # A comment that no other test has: the build cache is shared.
    write(tmp_path, {"Dockerfile": case.dockerfile, **FILES, "unique": case.says})
    with tempfile.TemporaryDirectory(dir=temporary()) as scratch:
        janitor = Janitor()
        with janitor:
            engine = choose("docker", janitor, scratch)
            options = BuildOptions(str(tmp_path), network="host", target=case.target or None)
            first = options._replace(build_args=(f"{case.argument}=a",) if case.argument else ())
            build(engine, tmp_path, first)
            if case.changed:
                (tmp_path / case.changed).write_text(f"2 {case.says}")
            # `b` is a file, too, for the copies that an argument is part of.
            again = build(engine, tmp_path, first._replace(build_args=(f"{case.argument}=b",) if case.argument else ()))
    assert [shown(text) for text in again] == [shown(text) for text in case.again]


def shown(step: str) -> str:
    """The step without what the engine expands."""
    return re.sub(r"\$\{V\}|\bb(?= /c$)", "V", step)


def build(engine: Engine, folder: Path, options: BuildOptions) -> list[str]:
    """The steps of a build that did not come from the cache."""
    image = engine.build(Recipe("one", str(folder / "Dockerfile"), None, options, cached=True), lambda _: None)
    assert isinstance(image, Image), image
    return [step.text for step in image.steps if step.seconds is not None and _STEP.match(step.text)]
