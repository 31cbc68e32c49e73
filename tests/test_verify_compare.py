"""Pairs of images made to differ: each difference is reported, exactly."""

from __future__ import annotations

import gzip
import hashlib
import json
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from backports import zstd
from images import Layer, Thing, docker_archive, emptied, folder, gone, hard_link, oci_folder, symlink

from dockfix.frontends.render.verify_text import difference_line
from dockfix.verify.images.compare import compare
from dockfix.verify.images.comparison import MOST_ROWS, Comparison
from dockfix.verify.images.layout import Layout, LayoutError

STATUS = b"Package: socat\nStatus: install ok installed\nVersion: 1.7\nArchitecture: amd64\n\n"
CURL = b"Package: curl\nStatus: install ok installed\nVersion: 7.88\nArchitecture: amd64\n\n"
NPM = b'{"name": "a", "version": "1.0"}'
BASE = [folder("bin"), Thing("bin/sh", b"shell", mode=0o755), folder("etc"), Thing("etc/a", b"a")]


def compared(tmp_path: Path, before: Sequence[Layer], after: Sequence[Layer], *configs: dict[str, Any]) -> Comparison:
    paths = [docker_archive(tmp_path / f"{index}.tar", layers, *configs[index : index + 1])
             for index, layers in enumerate((before, after))]  # fmt: skip
    scratch = tmp_path / "scratch"
    scratch.mkdir(exist_ok=True)
    with Layout(str(paths[0])) as old, Layout(str(paths[1])) as new:
        found = compare(old, new, str(scratch))
    for file in scratch.iterdir():
        file.unlink()
    return found


def lines(found: Comparison) -> list[str]:
    assert found.differences.total == len(found.differences.rows)
    return [difference_line(row) for row in found.differences.rows]


def content(path: str, before: bytes, after: bytes) -> str:
    told = [f"{len(data):,} bytes, sha256 {hashlib.sha256(data).hexdigest()[:12]}" for data in (before, after)]
    return f"content of /{path}: {told[0]} -> {told[1]}"


FILE_PAIRS: dict[str, tuple[Layer, Layer, list[str]]] = {
    "one mode bit": ([Thing("x", mode=0o755)], [Thing("x", mode=0o754)], ["mode of /x: 0755 -> 0754"]),
    "the setuid bit": ([Thing("su", mode=0o4755)], [Thing("su", mode=0o755)], ["mode of /su: 4755 -> 0755"]),
    "the sticky bit of a folder": ([folder("tmp", 0o1777)], [folder("tmp", 0o777)], ["mode of /tmp: 1777 -> 0777"]),
    "one owner": ([Thing("x", owner=(0, 0))], [Thing("x", owner=(1000, 0))], ["owner of /x: 0:0 -> 1000:0"]),
    "one group": ([Thing("x", owner=(0, 0))], [Thing("x", owner=(0, 4))], ["owner of /x: 0:0 -> 0:4"]),
    "a missing file": ([Thing("x", b"abc")], [], ["missing: /x (file, 3 bytes)"]),
    "an added empty folder": ([], [folder("opt")], ["added: /opt (folder)"]),
    "a missing link": ([symlink("x", "y")], [], ["missing: /x (symlink to y)"]),
    "a symlink's target": ([symlink("x", "y")], [symlink("x", "z")], ["target of /x: y -> z"]),
    "a file in place of a link": ([symlink("x", "y")], [Thing("x")], ["type of /x: symlink -> file"]),
    "contents of the same size": (
        [Thing("x", b"abc")],
        [Thing("x", b"abd")],
        [content("x", b"abc", b"abd")],
    ),
    "an attribute": (
        [Thing("ping", xattrs={"security.capability": b"\x01\x00\x00\x02\x00\xff"})],
        [Thing("ping")],
        ["attribute security.capability of /ping: 0100000200ff -> none"],
    ),
    "the value of an attribute": (
        [Thing("x", xattrs={"user.a": b"1"})],
        [Thing("x", xattrs={"user.a": b"2"})],
        ["attribute user.a of /x: 31 -> 32"],
    ),
    "a hard link that was split": (
        [Thing("x", b"abc"), hard_link("y", "x")],
        [Thing("x", b"abc"), Thing("y", b"abc")],
        ["hard link of /y: to /x -> none"],
    ),
    "a hard link to another file of the same content": (
        [Thing("a", b"abc"), Thing("b", b"abc"), hard_link("c", "a")],
        [Thing("a", b"abc"), Thing("b", b"abc"), hard_link("c", "b")],
        ["hard link of /c: to /a -> to /b"],
    ),
    "a device's number": (
        [Thing("n", kind=tarfile.CHRTYPE, device=(1, 3))],
        [Thing("n", kind=tarfile.CHRTYPE, device=(1, 5))],
        ["device of /n: 1:3 -> 1:5"],
    ),
    "a package less": (
        [Thing("var/lib/dpkg/status", STATUS + CURL)],
        [Thing("var/lib/dpkg/status", CURL)],
        [
            content("var/lib/dpkg/status", STATUS + CURL, CURL),
            "dpkg package socat: 1.7 -> none",
        ],
    ),
    "the version of a package": (
        [Thing("usr/lib/node_modules/a/package.json", NPM)],
        [Thing("usr/lib/node_modules/a/package.json", NPM.replace(b"1.0", b"1.1"))],
        [
            content("usr/lib/node_modules/a/package.json", NPM, NPM.replace(b"1.0", b"1.1")),
            "npm package a: 1.0 -> 1.1",
        ],
    ),
    "a path that is no UTF-8": ([Thing("\udcff")], [], ["missing: /\udcff (file, 0 bytes)"]),
    "the owner of an index list's folder": (
        [folder("var/lib/apt/lists/partial", owner=(42, 0))],
        [folder("var/lib/apt/lists/partial", owner=(0, 0))],
        ["owner of /var/lib/apt/lists/partial: 42:0 -> 0:0"],
    ),
}


@pytest.mark.parametrize(("before", "after", "expected"), FILE_PAIRS.values(), ids=FILE_PAIRS)
def test_a_file_that_differs_is_reported_exactly(
    before: Layer, after: Layer, expected: list[str], tmp_path: Path
) -> None:
    assert lines(compared(tmp_path, [BASE, before], [BASE, after])) == expected


CONFIG_PAIRS: dict[str, tuple[dict[str, Any], dict[str, Any], list[str]]] = {
    "an ENV": (
        {"Env": ["A=1"]},
        {"Env": ["A=2"]},
        ['config.Env: ["A=1"] -> ["A=2"]'],
    ),
    "the order of ENVs": (
        {"Env": ["A=1", "B=1"]},
        {"Env": ["B=1", "A=1"]},
        ['config.Env: ["A=1", "B=1"] -> ["B=1", "A=1"]'],
    ),
    "a CMD": ({"Cmd": ["sh"]}, {}, ['config.Cmd: ["sh"] -> none']),
    "a LABEL": ({"Labels": {"a": "1", "b": "1"}}, {"Labels": {"a": "2", "b": "1"}}, ['config.Labels.a: "1" -> "2"']),
    "a USER": ({"User": "app"}, {"User": ""}, ['config.User: "app" -> ""']),
    "a HEALTHCHECK's interval": (
        {"Healthcheck": {"Test": ["CMD", "x"], "Interval": 5}},
        {"Healthcheck": {"Test": ["CMD", "x"], "Interval": 6}},
        ["config.Healthcheck.Interval: 5 -> 6"],
    ),
    "a VOLUME": (
        {"Volumes": {"/data": {}}},
        {"Volumes": {"/data": {}, "/log": {}}},
        ["config.Volumes./log: none -> {}"],
    ),
    "a field that nobody knows": ({"New": {"a": [1]}}, {"New": {"a": [2]}}, ["config.New.a: [1] -> [2]"]),
    "null and a missing field": ({"Entrypoint": None}, {}, []),
}


@pytest.mark.parametrize(("before", "after", "expected"), CONFIG_PAIRS.values(), ids=CONFIG_PAIRS)
def test_a_field_that_differs_is_reported_exactly(
    before: dict[str, Any], after: dict[str, Any], expected: list[str], tmp_path: Path
) -> None:
    assert lines(compared(tmp_path, [BASE], [BASE], before, after)) == expected


LAYERED: dict[str, tuple[Sequence[Layer], Layer]] = {
    "a whiteout": ([[Thing("x"), Thing("y")], [gone("x")]], [Thing("y")]),
    "a whiteout of a folder": ([[folder("a"), Thing("a/b/c")], [gone("a")]], []),
    "a whiteout of a folder whose name begins others": ([[Thing("a/b"), Thing("a.b"), Thing("a0")], [gone("a")]], [Thing("a.b"), Thing("a0")]),
    "an emptied folder": ([[folder("a"), Thing("a/b")], [folder("a"), Thing("a/c"), emptied("a")]], [folder("a"), Thing("a/c")]),
    "a file that comes back in the layer that deletes it": ([[Thing("x", b"1")], [gone("x"), Thing("x", b"2")]], [Thing("x", b"2")]),
    "a folder that becomes a file": ([[Thing("a/b")], [Thing("a", b"x")]], [Thing("a", b"x")]),
    "a folder that becomes a link": ([[Thing("a/b")], [symlink("a", "etc")]], [symlink("a", "etc")]),
    "a folder whose mode is set later keeps what is in it": ([[folder("a"), Thing("a/b")], [folder("a", 0o700)]], [folder("a", 0o700), Thing("a/b")]),
    "a whiteout of what is not there": ([[Thing("x")], [gone("nothing")]], [Thing("x")]),
    "leading dots and slashes": ([[folder("./"), Thing("./a/b"), Thing("/c")]], [Thing("a/b"), Thing("c")]),
    "a hard link across layers": ([[Thing("x", b"1")], [Thing("x", b"1"), hard_link("y", "x")]], [Thing("x", b"1"), hard_link("y", "x")]),
    "a hard link whose first name is gone": ([[Thing("x", b"1"), hard_link("y", "x"), hard_link("z", "x")], [gone("x")]], [Thing("y", b"1"), hard_link("z", "y")]),
    "a hard link of which one name is rewritten": ([[Thing("x", b"1"), hard_link("y", "x")], [Thing("y", b"2")]], [Thing("x", b"1"), Thing("y", b"2")]),
}  # fmt: skip


@pytest.mark.parametrize(("layers", "flat"), LAYERED.values(), ids=LAYERED)
def test_layers_are_laid_on_one_another_as_a_container_sees_them(
    layers: Sequence[Layer], flat: Layer, tmp_path: Path
) -> None:
    assert lines(compared(tmp_path, [BASE, *layers], [BASE, flat])) == []


def hidden(found: Comparison) -> list[tuple[str, int, int, int, str]]:
    return [(row.path.decode(), *row[1:]) for row in found.before.hidden.rows]


def test_hidden_bytes_are_told_by_path_with_the_layer_that_deletes_or_replaces_them(tmp_path: Path) -> None:
    layers = [BASE, [Thing("big", b"x" * 1000), Thing("etc/a", b"b")], [gone("big"), Thing("empty")], [gone("empty")]]
    found = compared(tmp_path, layers, [BASE, [Thing("etc/a", b"b")]])
    assert hidden(found) == [("big", 1000, 1, 2, "deleted"), ("etc/a", 1, 0, 1, "replaced")]
    assert (found.before.bytes, found.before.visible, found.before.hidden_bytes) == (1007, 6, 1001)
    assert [layer.hidden for layer in found.before.layers] == [1, 1000, 0, 0]
    assert lines(found) == []
    assert [(ignored.rule.name, ignored.differences.total) for ignored in found.ignored] == [
        ("layer boundaries", 2),
        ("no longer hidden", 1),
    ]


def test_a_secret_that_is_newly_hidden_counts(tmp_path: Path) -> None:
    secret = [[Thing("root/.ssh/id_ed25519", b"key", mode=0o600)], [gone("root/.ssh/id_ed25519")]]
    found = compared(tmp_path, [BASE, [folder("root/.ssh")]], [BASE, [folder("root/.ssh")], *secret])
    assert lines(found) == ["hidden: /root/.ssh/id_ed25519 (3 bytes)"]


def test_a_file_is_hidden_only_when_its_last_name_is_gone(tmp_path: Path) -> None:
    names = [Thing("x", b"abc"), hard_link("y", "x")]
    one_left = compared(tmp_path, [BASE, names, [gone("x")]], [BASE])
    assert hidden(one_left) == []
    none_left = compared(tmp_path, [BASE, names, [gone("x"), gone("y")]], [BASE])
    assert hidden(none_left) == [("y", 3, 1, 2, "deleted")]
    assert none_left.before.visible == 6


def test_a_package_database_that_a_later_layer_replaces_counts_no_more(tmp_path: Path) -> None:
    status = "var/lib/dpkg/status"
    found = compared(
        tmp_path, [[Thing(status, STATUS)], [Thing(status, STATUS + CURL)]], [[Thing(status, STATUS + CURL)]]
    )
    assert lines(found) == []
    assert found.before.packages == {"dpkg": 2}


def test_a_package_database_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    found = compared(tmp_path, [[Thing("var/lib/rpm/rpmdb.sqlite", b"no database at all")]], [BASE])
    (sentence,) = found.before.unread
    assert sentence.startswith("/var/lib/rpm/rpmdb.sqlite: ")
    assert found.after.unread == ()


IGNORED: dict[str, tuple[Layer, Layer, list[str]]] = {
    "index lists": ([folder("var/lib/apt/lists"), Thing("var/lib/apt/lists/x_Packages", b"1")], [folder("var/lib/apt/lists")], ["package index lists"]),
    "a log": ([Thing("var/log/dpkg.log", b"1")], [Thing("var/log/dpkg.log", b"2")], ["logs of package managers"]),
    "bytecode": ([folder("usr/lib/p"), Thing("usr/lib/p/__pycache__/a.pyc", b"1")], [folder("usr/lib/p")], ["compiled Python"]),
    "ldconfig's cache": ([Thing("var/cache/ldconfig/aux-cache", b"1")], [Thing("var/cache/ldconfig/aux-cache", b"2")], ["ldconfig's cache"]),
    "a machine id": ([Thing("etc/machine-id", b"1")], [Thing("etc/machine-id", b"2")], ["machine id"]),
    "a time": ([Thing("x", time=1)], [Thing("x", time=2)], ["timestamps"]),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after", "names"), IGNORED.values(), ids=IGNORED)
def test_what_is_expected_is_listed_as_ignored(before: Layer, after: Layer, names: list[str], tmp_path: Path) -> None:
    found = compared(tmp_path, [BASE, before], [BASE, after])
    assert lines(found) == []
    assert [ignored.rule.name for ignored in found.ignored if ignored.rule.name != "layer boundaries"] == names
    assert all(ignored.differences.rows and ignored.rule.reason for ignored in found.ignored)


def test_two_readings_of_one_image_are_identical(tmp_path: Path) -> None:
    found = compared(tmp_path, [BASE, [Thing("x")]], [BASE, [Thing("x")]])
    assert (found.differences.total, found.ignored) == (0, ())
    assert found.before == found.after


def test_long_lists_have_an_end_and_say_how_long_they_are(tmp_path: Path) -> None:
    found = compared(tmp_path, [BASE, [Thing(f"f{number}") for number in range(MOST_ROWS + 5)]], [BASE])
    assert (len(found.differences.rows), found.differences.total) == (MOST_ROWS, MOST_ROWS + 5)


@pytest.mark.parametrize("pack", [gzip.compress, zstd.compress, bytes], ids=["gzip", "zstd", "plain"])
@pytest.mark.parametrize("packed", [False, True], ids=["in a folder", "in a tar"])
def test_an_oci_layout_is_read_like_a_docker_archive(pack: Any, packed: bool, tmp_path: Path) -> None:
    layers = [BASE, [gone("etc/a"), Thing("x", b"1" * 100_000)]]
    oci = oci_folder(tmp_path / "oci", layers, {"Cmd": ["x"]}, pack=pack)
    if packed:
        with tarfile.open(tmp_path / "oci.tar", "w") as tar:
            tar.add(oci, ".")
        oci = tmp_path / "oci.tar"
    docker = docker_archive(tmp_path / "docker.tar", layers, {"Cmd": ["x"]})
    with Layout(str(oci)) as one, Layout(str(docker)) as other:
        assert one.config == other.config
        found = compare(one, other, str(tmp_path))
    assert (found.differences.total, found.ignored) == (0, ())


BROKEN = {
    "no tar": b"nothing",
    "empty": b"",
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_a_broken_archive_is_one_sentence(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.tar").write_bytes(data)
    with pytest.raises(LayoutError, match="cannot be read"):
        Layout(str(tmp_path / "x.tar"))


@pytest.mark.parametrize("index", [{}, {"manifests": []}, {"manifests": [{"digest": "sha256:0"}]}, []])
def test_a_broken_index_is_one_sentence(index: Any, tmp_path: Path) -> None:
    (tmp_path / "index.json").write_text(json.dumps(index))
    with pytest.raises(LayoutError, match="cannot be read"):
        Layout(str(tmp_path))
