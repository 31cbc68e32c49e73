"""Images made by hand, in the formats in which engines write them."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple


class Thing(NamedTuple):
    """An entry of a layer; `kind` is one of tarfile's types."""

    path: str
    data: bytes = b""
    kind: bytes = tarfile.REGTYPE
    mode: int = 0o644
    owner: tuple[int, int] = (0, 0)
    target: str = ""
    time: int = 1_700_000_000
    xattrs: Mapping[str, bytes] = {}
    device: tuple[int, int] = (0, 0)


def folder(path: str, mode: int = 0o755, **more: Any) -> Thing:
    return Thing(path, kind=tarfile.DIRTYPE, mode=mode, **more)


def symlink(path: str, target: str) -> Thing:
    return Thing(path, kind=tarfile.SYMTYPE, mode=0o777, target=target)


def hard_link(path: str, target: str) -> Thing:
    return Thing(path, kind=tarfile.LNKTYPE, target=target)


def gone(path: str) -> Thing:
    """A whiteout."""
    above, _, name = path.rpartition("/")
    return Thing(f"{above}/.wh.{name}" if above else f".wh.{name}")


def emptied(path: str) -> Thing:
    """A whiteout of all that is in a folder."""
    return Thing(f"{path}/.wh..wh..opq")


Layer = Sequence[Thing]


def layer_tar(layer: Layer) -> bytes:
    """The layer as an uncompressed tar."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for thing in layer:
            tar.addfile(_member(thing), io.BytesIO(thing.data))
    return out.getvalue()


def _member(thing: Thing) -> tarfile.TarInfo:
    member = tarfile.TarInfo(thing.path)
    member.type, member.mode, member.mtime, member.linkname = thing.kind, thing.mode, thing.time, thing.target
    member.uid, member.gid = thing.owner
    member.devmajor, member.devminor = thing.device
    member.size = len(thing.data) if thing.kind == tarfile.REGTYPE else 0
    member.pax_headers = {
        f"SCHILY.xattr.{name}": value.decode("utf-8", "surrogateescape") for name, value in thing.xattrs.items()
    }
    return member


def configuration(layers: Sequence[bytes], config: Mapping[str, Any], steps: Sequence[str]) -> bytes:
    """The image's configuration; `config` is what is below its field of that name."""
    return json.dumps(
        {
            "architecture": "amd64",
            "os": "linux",
            "created": "2026-01-01T00:00:00Z",
            "config": config,
            "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest(layer)}" for layer in layers]},
            "history": [{"created_by": step} for step in steps],
        }
    ).encode()


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


Pack = Callable[[bytes], bytes]


def docker_archive(path: Path, layers: Sequence[Layer], config: Mapping[str, Any] | None = None) -> Path:
    """What `docker save` wrote before version 25, and what buildah pushes to docker-archive."""
    tars = [layer_tar(layer) for layer in layers]
    text = configuration(tars, config or {}, [f"step {number}" for number in range(len(tars))])
    names = [f"{number}/layer.tar" for number in range(len(tars))]
    manifest = json.dumps([{"Config": "config.json", "RepoTags": ["x:1"], "Layers": names}]).encode()
    files = {"config.json": text, **dict(zip(names, tars, strict=True)), "manifest.json": manifest}
    with tarfile.open(path, "w") as tar:
        for name, data in files.items():
            tar.addfile(_member(Thing(name, data)), io.BytesIO(data))
    return path


def oci_folder(
    path: Path, layers: Sequence[Layer], config: Mapping[str, Any] | None = None, *, pack: Pack = gzip.compress
) -> Path:
    """An OCI layout in a folder, its index with an attestation before the image and an index in between."""
    tars = [layer_tar(layer) for layer in layers]
    blobs = path / "blobs" / "sha256"
    blobs.mkdir(parents=True)

    def blob(data: bytes, **more: Any) -> dict[str, Any]:
        (blobs / digest(data)).write_bytes(data)
        return {"digest": f"sha256:{digest(data)}", "size": len(data), **more}

    def document(value: Any, **more: Any) -> dict[str, Any]:
        return blob(json.dumps(value).encode(), **more)

    text = configuration(tars, config or {}, [f"step {number}" for number in range(len(tars))])
    image = document({"config": blob(text), "layers": [blob(pack(tar)) for tar in tars]})
    note = document({}, annotations={"vnd.docker.reference.type": "attestation-manifest"})
    inner = document({"manifests": [note, image]})
    (path / "index.json").write_text(json.dumps({"manifests": [inner]}))
    (path / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
    return path
