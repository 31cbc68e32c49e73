"""An image on the disk: an OCI layout or a docker archive, in a tar file or a folder.

OCI: image-spec's image-layout.md; docker: the `manifest.json` that `docker save` writes, which is taken first since
Docker 25 writes both and an index may list more than the image.
"""

from __future__ import annotations

import gzip
import json
import os
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import BinaryIO, NamedTuple, Self, cast

Json = bool | int | float | str | None | Sequence["Json"] | Mapping[str, "Json"]

_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_LARGEST_JSON = 32_000_000
"""Bytes: manifests and configurations are far below."""


class LayoutError(Exception):
    """An image that cannot be read; the text is a sentence for the user."""


class Layer(NamedTuple):
    """A layer: the digest of its uncompressed tar, the step that made it, and the name of its blob."""

    diff_id: str
    created_by: str
    blob: str


class Layout:
    """An image: its configuration, and its layers from the lowest. Use it as a context manager."""

    def __init__(self, path: str) -> None:
        """Open the layout at `path`, a tar file or a folder; raises LayoutError."""
        self._path = path
        try:
            self._tar = None if os.path.isdir(path) else tarfile.open(path)  # noqa: SIM115
            self._members = {os.path.normpath(member.name): member for member in self._tar or ()}
            config, blobs = self._manifest()
            self.config = _mapping(self._json(config))
            self.layers = _layers(self.config, blobs)
        except (OSError, tarfile.TarError, ValueError, KeyError, IndexError) as error:
            raise LayoutError(f"the image that the engine wrote cannot be read ({error})") from error

    @property
    def history(self) -> tuple[tuple[str, int | None], ...]:
        """The steps that made the image, each with the number of its layer, from 0; None where it made none."""
        rows = [_mapping(row) for row in _list(self.config.get("history") or [])]
        # Of a squashed or imported image, those of the lowest layers may be missing.
        layer = len(self.layers) - sum(not row.get("empty_layer") for row in rows)
        found: list[tuple[str, int | None]] = [("", missing) for missing in range(layer)]
        for row in rows:
            is_empty = bool(row.get("empty_layer"))
            found.append((str(row.get("created_by") or row.get("comment") or ""), None if is_empty else layer))
            layer += not is_empty
        return tuple(found)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._tar:
            self._tar.close()

    @contextmanager
    def opened(self, layer: Layer) -> Iterator[BinaryIO]:
        """The uncompressed tar of a layer, to be read once from its start; raises LayoutError."""
        with self._blob(layer.blob) as blob:
            start = blob.read(4)
            blob.seek(0)
            if start.startswith(_GZIP):
                with gzip.open(blob) as plain:
                    yield cast("BinaryIO", plain)
            elif start == _ZSTD:
                with _zstd(blob) as plain:
                    yield plain
            else:
                yield blob

    def _manifest(self) -> tuple[str, list[str]]:
        """The names of the configuration's blob and the layers' blobs."""
        if self._has("manifest.json"):
            first = _mapping(_list(self._json("manifest.json"))[0])
            return str(first["Config"]), _strings(first["Layers"])
        found = _mapping(self._json("index.json"))
        # An index may stand in the index: one for several platforms, of which the engine wrote what it built.
        while "manifests" in found:
            manifests = [_mapping(entry) for entry in _list(found["manifests"])]
            images = [entry for entry in manifests if "vnd.docker.reference.type" not in _annotations(entry)]
            found = _mapping(self._json(_blob_name(images[0])))
        return _blob_name(_mapping(found["config"])), [_blob_name(_mapping(entry)) for entry in _list(found["layers"])]

    def _has(self, name: str) -> bool:
        if self._tar:
            return name in self._members
        return os.path.exists(os.path.join(self._path, name))

    def _json(self, name: str) -> Json:
        with self._blob(name) as file:
            return cast("Json", json.loads(file.read(_LARGEST_JSON)))

    @contextmanager
    def _blob(self, name: str) -> Iterator[BinaryIO]:
        if self._tar is None:
            with open(os.path.join(self._path, name), "rb") as file:
                yield file
            return
        # A layer that two images share is a link in old docker archives; extractfile follows it.
        member = self._tar.extractfile(self._members[name])
        if member is None:
            raise LayoutError(f"the image that the engine wrote has no file {name}")
        with member:
            yield cast("BinaryIO", member)


def _zstd(blob: BinaryIO) -> BinaryIO:
    try:
        from compression.zstd import ZstdFile  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        from backports.zstd import ZstdFile
    return cast("BinaryIO", ZstdFile(blob))


def _layers(config: Mapping[str, Json], blobs: Sequence[str]) -> tuple[Layer, ...]:
    diff_ids = _strings(_mapping(config["rootfs"])["diff_ids"])
    rows = [_mapping(row) for row in _list(config.get("history") or [])]
    steps = [str(row.get("created_by") or row.get("comment") or "") for row in rows if not row.get("empty_layer")]
    # A squashed or imported image may have fewer steps in its history than layers: those of the lowest are missing.
    steps = [*[""] * (len(diff_ids) - len(steps)), *steps][-len(diff_ids) :] if diff_ids else []
    return tuple(Layer(*row) for row in zip(diff_ids, steps, blobs, strict=True))


def _blob_name(descriptor: Mapping[str, Json]) -> str:
    algorithm, _, digest = str(descriptor["digest"]).partition(":")
    return f"blobs/{algorithm}/{digest}"


def _annotations(descriptor: Mapping[str, Json]) -> Mapping[str, Json]:
    return _mapping(descriptor.get("annotations") or {})


def _mapping(value: Json) -> Mapping[str, Json]:
    if not isinstance(value, Mapping):
        raise ValueError(f"an object was expected, not {value!r:.60}")  # noqa: TRY004
    return value


def _list(value: Json) -> Sequence[Json]:
    if not isinstance(value, list):
        raise ValueError(f"a list was expected, not {value!r:.60}")  # noqa: TRY004
    return value


def _strings(value: Json) -> list[str]:
    return [str(item) for item in _list(value)]
