"""Both orders of two neighbouring steps, built for real: where the model lets them change places, the images are the
same, and its refusals bite."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from rig.rig import Rig
from step_pairs import CLOSED, CONTEXT, PAIRS, Pair, Seen
from verified import NOISE, write

from dockfix.verify.images.compare import compare
from dockfix.verify.images.comparison import Kind
from dockfix.verify.images.layout import Layout

# Enough to keep both processors busy while others wait for the daemon.
AT_ONCE = 6
BATCH = 40
Job = tuple[int, bool]


def batches() -> list[object]:
    """The pairs in groups whose images are saved together; those that fetch packages, apart."""
    found = []
    built = [pair for pair in PAIRS if pair.seen is not Seen.NOTHING]
    for name, fetches in (("files and settings", False), ("packages", True)):
        pairs = [pair for pair in built if is_fetching(pair) == fetches]
        for start in range(0, len(pairs), BATCH):
            marks = pytest.mark.full if fetches or start else ()
            found.append(pytest.param(pairs[start : start + BATCH], id=f"{name} {start // BATCH + 1}", marks=marks))
    return found


def is_fetching(pair: Pair) -> bool:
    return any(program in pair.text() for program in ("apt-get update", "pip install", "npm install"))


@pytest.mark.parametrize("pairs", batches())
def test_both_orders_come_to_what_the_table_says(pairs: Sequence[Pair], rig: Rig, tmp_path: Path) -> None:
    context = write(tmp_path / "context", dict(CONTEXT))
    for closed in CLOSED:
        (context / closed).chmod(0o700)
    jobs: list[Job] = [(number, swapped) for number in range(len(pairs)) for swapped in (False, True)]

    def build(job: Job) -> str:
        file = tmp_path / f"{tag(job)}.Dockerfile"
        file.write_text(pairs[job[0]].text(swapped=job[1]))
        flags = ("--quiet", "--network", "host", "--tag", f"step-pairs:{tag(job)}", "--file", str(file))
        done = rig.run("docker", "build", *flags, str(context), check=False)
        return done.stderr if done.returncode else ""

    with ThreadPoolExecutor(AT_ONCE) as pool:
        failures = dict(zip(jobs, pool.map(build, jobs), strict=True))
    images = saved(rig, tmp_path, [job for job in jobs if not failures[job]])
    wrong = []
    for number, pair in enumerate(pairs):
        found, told = result(number, failures, images, tmp_path)
        if found is not pair.seen:
            wrong.append(f"{pair.says}: {found}, not {pair.seen.name}\n{told}")
    assert not wrong, "\n".join(wrong)


def tag(job: Job) -> str:
    return f"{job[0]}-{int(job[1])}"


def saved(rig: Rig, folder: Path, jobs: Sequence[Job]) -> dict[Job, Path]:
    """A folder for each image, all of which share the blobs: the base is in there once."""
    archive, blobs = folder / "all.tar", folder / "all"
    names = [f"step-pairs:{tag(job)}" for job in jobs]
    rig.docker("image", "save", "--output", str(archive), *names)
    rig.docker("image", "rm", "--force", *names)
    with tarfile.open(archive) as tar:
        tar.extractall(blobs, filter="data")
    archive.unlink()
    manifest = json.loads((blobs / "manifest.json").read_text())
    # Images that are the same to the last byte are one, with two names.
    entries = {name: entry for entry in manifest for name in entry["RepoTags"]}
    result = {}
    for job, name in zip(jobs, names, strict=True):
        image = result[job] = folder / f"image-{tag(job)}"
        image.mkdir()
        (image / "blobs").symlink_to(blobs / "blobs")
        (image / "manifest.json").write_text(json.dumps([entries[name]]))
    return result


def result(
    number: int, failures: dict[Job, str], images: dict[Job, Path], folder: Path
) -> tuple[Seen | str, Sequence[object]]:
    """What the builds of a pair come to, and what tells so. What is hidden in lower layers does not count."""
    told = [failures[number, swapped] for swapped in (False, True)]
    if all(told):
        return "neither order is built", told
    if any(told):
        return Seen.FAILS, told
    scratch = folder / f"comparison-{number}"
    scratch.mkdir()
    with Layout(str(images[number, False])) as before, Layout(str(images[number, True])) as after:
        found = compare(before, after, str(scratch))
    rows = [row for row in found.differences.rows if row.kind is not Kind.HIDDEN]
    strange = {row.rule.name for row in found.ignored} - NOISE - {"download caches", "no longer hidden"}
    if rows or strange:
        return Seen.DIFFERENT, [*rows[:5], *strange]
    return Seen.SAME, []
