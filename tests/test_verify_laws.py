"""Laws of the comparison: against a model that keeps all in memory, and about its own size."""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from hypothesis import given, settings, strategies as st
from images import Layer, Thing, docker_archive, emptied, folder, gone, oci_folder, symlink

from dockfix.verify.images.contents import Contents
from dockfix.verify.images.layout import Layout

NAMES = st.sampled_from(["a", "b", "a/b", "a/c", "a/b/c", "b/a"])
FILES = st.tuples(NAMES, st.binary(min_size=1, max_size=3)).map(lambda pair: Thing(*pair))
THINGS = st.one_of(
    FILES, NAMES.map(folder), NAMES.map(lambda name: symlink(name, "t")), NAMES.map(gone), NAMES.map(emptied)
)


def is_whiteout(thing: Thing) -> bool:
    return "/.wh." in f"/{thing.path}"


def deleted_by(thing: Thing) -> str:
    """The path that a whiteout is about, or nothing."""
    above, _, name = thing.path.rpartition("/")
    return f"{above}/{name.removeprefix('.wh.')}".lstrip("/") if name.startswith(".wh.") and ".opq" not in name else ""


def sensible(layer: list[Thing]) -> Layer:
    """As engines write layers: a name once, nothing below what is no folder, each folder named before what is in it."""
    named: dict[str, Thing] = {thing.path: thing for thing in layer}
    solid = {path for path, thing in named.items() if thing.kind != tarfile.DIRTYPE and not is_whiteout(thing)}
    things = [thing for path, thing in named.items() if not any(path.startswith(f"{other}/") for other in solid)]
    brought = dict.fromkeys(parent for thing in things for parent in parents(thing.path))
    folders = [folder(path) for path in sorted(brought) if path not in named]
    kept = [thing for thing in things if deleted_by(thing) not in brought or deleted_by(thing) in named]
    folders += [thing for thing in kept if thing.kind == tarfile.DIRTYPE]
    rest = [thing for thing in kept if thing.kind != tarfile.DIRTYPE]
    return sorted(folders, key=lambda thing: thing.path) + rest


def parents(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:depth]) for depth in range(1, len(parts))]


LAYERS = st.lists(st.lists(THINGS, max_size=6).map(sensible), min_size=1, max_size=4)


def model(layers: list[Layer]) -> tuple[dict[str, Thing], dict[str, int]]:
    """What a container sees, and the hidden bytes by path: first all that a layer takes away, then what it brings."""
    seen: dict[str, Thing] = {}
    hidden: dict[str, int] = {}

    def take_away(path: str, *, below: bool) -> None:
        for name in [name for name in seen if name.startswith(f"{path}/") or (name == path and not below)]:
            if size := len(seen.pop(name).data):
                hidden[name] = hidden.get(name, 0) + size

    for layer in layers:
        for thing in layer:
            above, _, name = thing.path.rpartition("/")
            if name == ".wh..wh..opq":
                take_away(above, below=True)
            elif name.startswith(".wh."):
                take_away(f"{above}/{name[4:]}".lstrip("/"), below=False)
        for thing in layer:
            if is_whiteout(thing):
                continue
            old = seen.get(thing.path)
            if old and not old.kind == thing.kind == tarfile.DIRTYPE:
                take_away(thing.path, below=False)
            seen[thing.path] = thing
    return seen, hidden


@given(LAYERS)
@settings(max_examples=100, deadline=None)
def test_layers_make_what_the_model_makes(layers: list[Layer]) -> None:
    seen, hidden = model(layers)
    with tempfile.TemporaryDirectory() as scratch:
        archive = docker_archive(Path(scratch) / "image.tar", layers)
        contents = Contents(scratch)
        with Layout(str(archive)) as layout:
            contents.read([layout])
        rows = contents.database.execute("SELECT path, type, mode, size, target FROM entry").fetchall()
        found = {path.decode(): (kind, mode, size, target.decode()) for path, kind, mode, size, target in rows}
        assert found == {path: told(thing) for path, thing in seen.items()}
        sizes: dict[str, int] = {}
        for row in contents.hidden(0):
            sizes[row.path.decode()] = sizes.get(row.path.decode(), 0) + row.size
        assert sizes == hidden
        contents.close()


def told(thing: Thing) -> tuple[str, int, int, str]:
    kinds = {tarfile.REGTYPE: "file", tarfile.DIRTYPE: "folder", tarfile.SYMTYPE: "symlink"}
    return kinds[thing.kind], thing.mode, len(thing.data), thing.target


@given(LAYERS, LAYERS)
@settings(max_examples=30, deadline=None)
def test_lower_layers_that_images_share_are_read_once_and_count_for_both(first: list[Layer], more: list[Layer]) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        paths = [docker_archive(Path(scratch) / f"{n}.tar", layers) for n, layers in enumerate((first, first + more))]
        together = Contents(scratch)
        with Layout(str(paths[0])) as one, Layout(str(paths[1])) as other:
            together.read([one, other])
        query = "SELECT path, layer, type, size, digest FROM entry WHERE image = ? ORDER BY path"
        both = together.database.execute(query, (1,)).fetchall()
        sizes = together.layers(1)
        together.close()
        (Path(scratch) / "contents.sqlite").unlink()
        alone = Contents(scratch)
        with Layout(str(paths[1])) as other:
            alone.read([other])
        assert alone.database.execute(query, (0,)).fetchall() == both
        assert [layer._replace(is_shared=False) for layer in sizes] == list(alone.layers(0))
        alone.close()


MEASURED = """
import sys
from dockfix.verify.images.compare import compare
from dockfix.verify.images.layout import Layout
with Layout(sys.argv[1]) as before, Layout(sys.argv[2]) as after:
    found = compare(before, after, sys.argv[3])
print(found.before.files, found.before.bytes, found.differences.total, end=" ")
(peak,) = [line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")]
print(int(peak) // 1024)
"""


def test_memory_does_not_grow_with_the_image(tmp_path: Path) -> None:
    """40,000 files and one of 400 MB, all of which differ."""
    for number, zeros in enumerate((b"0", b"1")):
        layout = oci_folder(tmp_path / str(number), [[Thing(f"first-{number}")]])
        replace_layer(layout, zeros)
    (tmp_path / "scratch").mkdir()
    arguments = [str(tmp_path / name) for name in ("0", "1", "scratch")]
    done = subprocess.run([sys.executable, "-c", MEASURED, *arguments], capture_output=True, text=True, check=True)
    files, size, different, megabytes = map(int, done.stdout.split())
    assert (files, size, different) == (40_001 + 40, 400_000_000 + 40_000, 40_001)
    assert megabytes < 100


def replace_layer(layout: Path, data: bytes) -> None:
    """Put a large layer in the place of the only one, without ever holding it."""
    blobs = layout / "blobs" / "sha256"
    (old,) = (blob for blob in blobs.iterdir() if blob.read_bytes()[:2] == b"\x1f\x8b")
    with gzip.open(old, "wb", compresslevel=1) as out, tarfile.open(fileobj=out, mode="w|") as tar:
        member = tarfile.TarInfo("big")
        member.size = 400_000_000
        tar.addfile(member, Repeated(data, member.size))
        for number in range(40_000):
            member = tarfile.TarInfo(f"folder-{number // 1000}/some-file-with-a-long-name-{number}")
            member.size = 1
            tar.addfile(member, io.BytesIO(data))


class Repeated(io.RawIOBase):
    """A file of one byte again and again."""

    def __init__(self, byte: bytes, size: int) -> None:
        self._byte, self._left = byte, size

    def read(self, size: int = -1) -> bytes:
        given = min(size, self._left)
        self._left -= given
        return self._byte * given


FULL = """
import resource, sys
from dockfix.verify.images.compare import compare
from dockfix.verify.images.layout import Layout, LayoutError
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
with Layout(sys.argv[1]) as image:
    try:
        compare(image, image, sys.argv[2])
    except LayoutError as error:
        print(error)
"""


def test_a_disk_that_takes_no_more_is_one_sentence(tmp_path: Path) -> None:
    things = [Thing(f"some/folder/with/a/long/name/file-{number}") for number in range(5_000)]
    image = docker_archive(tmp_path / "image.tar", [things])
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(image), str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("the lists of the images' files do not fit on the disk (")
