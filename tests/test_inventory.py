"""What an image holds, read from its managers' files, is what the managers themselves list."""

from __future__ import annotations

import importlib.metadata
import io
import json
import shutil
import subprocess
import sysconfig
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given, settings, strategies as st

from dockfix.verify.packages.inventory import Package, Unreadable, manager_of, packages

STATUS = b"var/lib/dpkg/status"
INSTALLED = b"lib/apk/db/installed"
METADATA = b"usr/lib/python3/dist-packages/a-1.dist-info/METADATA"
MANIFEST = b"app/node_modules/a/package.json"
SCRATCH = "/nonexistent"
MANAGERS = {
    "dpkg": [
        "var/lib/dpkg/status",
        "var/lib/dpkg/status.d/base",
        "var/lib/dpkg/status.d/libssl3",
    ],
    "apk": ["lib/apk/db/installed", "usr/lib/apk/db/installed"],
    "rpm": [
        "var/lib/rpm/Packages",
        "var/lib/rpm/Packages.db",
        "var/lib/rpm/rpmdb.sqlite",
        "usr/lib/sysimage/rpm/Packages",
        "usr/lib/sysimage/rpm/Packages.db",
        "usr/lib/sysimage/rpm/rpmdb.sqlite",
    ],
    "pip": [
        "usr/lib/python3/dist-packages/six-1.16.0.dist-info/METADATA",
        "usr/lib/python3/dist-packages/six-1.16.0.egg-info",
        "usr/local/lib/python3.12/site-packages/pip-24.0.dist-info/METADATA",
        "opt/venv/lib/python3.12/site-packages/a.egg-info/PKG-INFO",
        "site-packages/a.dist-info/METADATA",
        "a\nb/site-packages/a.dist-info/METADATA",
    ],
    "npm": [
        "node_modules/a/package.json",
        "usr/lib/node_modules/npm/package.json",
        "usr/lib/node_modules/npm/node_modules/@npmcli/fs/package.json",
        "app/node_modules/.pnpm/a@1.0.0/node_modules/a/package.json",
        "app/node_modules/lodash.merge/package.json",
    ],
}
NEAR_MISSES = [
    "",
    "/var/lib/dpkg/status",
    "var/lib/dpkg/status-old",
    "var/lib/dpkg/status/a",
    "var/lib/dpkg/status.d",
    "var/lib/dpkg/status.d/",
    "var/lib/dpkg/status.d/base.md5sums",
    "var/lib/dpkg/status.d/a/b",
    "var/lib/dpkg/available",
    "x/var/lib/dpkg/status",
    "lib/apk/db/installed.new",
    "lib/apk/db/triggers",
    "var/lib/rpm/Index.db",
    "var/lib/rpm/Name",
    "var/lib/rpm/rpmdb.sqlite-wal",
    "var/lib/rpm/rpmdb.sqlite-shm",
    "usr/share/doc/rpm/Packages",
    "Packages",
    "home/u/METADATA",
    "METADATA",
    "site-packages/METADATA",
    "x/site-packages/a/METADATA",
    "x/site-packages/a.dist-info/RECORD",
    "x/site-packages/a.dist-info/licenses/METADATA",
    "x/site-packages/.dist-info/METADATA/x",
    "x/site-packages/a/b.egg-info",
    "x/site-packages/a.egg-info/SOURCES.txt",
    "x/my-site-packages/a.dist-info/METADATA",
    "src/a.egg-info/PKG-INFO",
    "package.json",
    "app/package.json",
    "node_modules/package.json",
    "x/node_modules/a/lib/package.json",
    "x/node_modules/@a/package.json",
    "x/node_modules/@a/b/c/package.json",
    "x/node_modules/.package-lock.json",
    "x/node_modules/.bin/package.json",
    "x/my_node_modules/a/package.json",
    "x/node_modules/a/package.json.orig",
    "x/node_modules//package.json",
]


def read(path: bytes, text: bytes | BinaryIO, scratch: str = SCRATCH) -> list[tuple[str, str]]:
    """What the file records."""
    manager = manager_of(path)
    assert manager is not None
    found = list(packages(manager, path, io.BytesIO(text) if isinstance(text, bytes) else text, scratch))
    assert {package.manager for package in found} <= {manager}
    return [(package.name, package.version) for package in found]


class Lines(io.RawIOBase):
    """A stream that can only be read forward, made as it is read."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts = parts
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._rest = self._rest or next(self._parts, b"")
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size


def peak(path: bytes, parts: Iterator[bytes]) -> tuple[int, int]:
    """How many packages there are, and how much memory it takes to find out."""
    tracemalloc.start()
    try:
        content: BinaryIO = io.BufferedReader(Lines(parts))
        count = sum(1 for _ in packages(manager_of(path) or "", path, content, SCRATCH))
        return count, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


class TestManagerOf:
    @pytest.mark.parametrize(
        ("manager", "path"), [(manager, path) for manager, paths in MANAGERS.items() for path in paths]
    )
    def test_a_database_is_its_managers(self, manager: str, path: str) -> None:
        assert manager_of(path.encode()) == manager

    @pytest.mark.parametrize("path", NEAR_MISSES)
    def test_what_looks_like_one_is_none(self, path: str) -> None:
        assert manager_of(path.encode()) is None

    @given(
        st.lists(
            st.sampled_from([*"ab/@.", "node_modules/", "site-packages/", "/package.json", ".egg-info"]), max_size=300
        )
    )
    @settings(deadline=1000)
    def test_no_path_takes_long(self, parts: list[str]) -> None:
        assert manager_of("".join(parts).encode()) in {None, "npm", "pip"}

    def test_bytes_that_are_no_text(self) -> None:
        assert manager_of(b"\xff/node_modules/\xfe/package.json") == "npm"


class TestDpkg:
    def test_it_lists_what_dpkg_lists(self) -> None:
        status = Path("/", STATUS.decode())
        if not (shutil.which("dpkg-query") and status.exists()):
            pytest.skip("this is no Debian machine: there is no dpkg-query, or no status")
        assert read(STATUS, status.read_bytes()) == dpkg_query(Path("/var/lib/dpkg"))

    def test_names_of_foreign_packages(self, tmp_path: Path) -> None:
        if not (shutil.which("dpkg-query") and shutil.which("dpkg")):
            pytest.skip("this is no Debian machine: there is no dpkg-query")
        native = subprocess.run(["dpkg", "--print-architecture"], capture_output=True, check=True).stdout.strip()
        stanzas = [
            stanza(b"aaa", native, b"foreign"),
            stanza(b"aab", b"s390x", b"same"),
            stanza(b"aac", b"s390x", b"foreign"),
            stanza(b"aad", b"s390x"),
            stanza(b"aae", b"all"),
            stanza(b"dpkg", native),
            stanza(b"libc6", native, b"same", b"1:2.36-9+deb12u10"),
            stanza(b"libc6", b"s390x", b"same", b"1:2.36-9+deb12u10"),
            stanza(b"libc-foreign", b"s390x", b"allowed"),
            stanza(b"removed", native, status=b"deinstall ok config-files"),
            stanza(b"broken", native, status=b"install reinstreq half-installed"),
        ]
        (tmp_path / "status").write_bytes(b"\n".join(stanzas))
        (tmp_path / "arch").write_bytes(native + b"\ns390x\n")
        for folder in ("info", "updates", "triggers"):
            (tmp_path / folder).mkdir()
        found = read(STATUS, b"\n".join(stanzas))
        # It sorts the names, and the native one of two comes first.
        assert sorted(found) == sorted(dpkg_query(tmp_path))
        assert ("aad:s390x", "1-1") in found
        assert len(found) == 9

    def test_parts_of_a_status_without_dpkg(self) -> None:
        text = b"Package: base-files\nVersion: 12.4\nArchitecture: amd64\nDescription: a\n b: c\n ."
        assert read(b"var/lib/dpkg/status.d/base", text) == [("base-files", "12.4")]
        same = b"Package: libc6\nVersion: 2\nArchitecture: amd64\nMulti-Arch: same\n"
        assert read(b"var/lib/dpkg/status.d/libc6", same) == [("libc6:amd64", "2")]

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            (b"", []),
            (b"\n\n", []),
            (b"package: a\nSTATUS: install ok installed\nversion:1\n\n\n\n", [("a", "1")]),
            (b"Package: a\r\nStatus: install ok installed\r\nVersion: 1\r\n\r\n", [("a", "1")]),
            (b"Package: \xe9\nStatus: install ok installed\nVersion: 1\n", [("\udce9", "1")]),
            (b"Package: a\nStatus: purge ok not-installed\n", []),
        ],
    )
    def test_odd_files(self, text: bytes, found: list[tuple[str, str]]) -> None:
        assert read(STATUS, text) == found

    @pytest.mark.parametrize(
        "text",
        [
            b"\x7fELF\n",
            b"Version: 1\n",
            b"Package: a\nVersion: 1\n",
            b"Package: a\nStatus: install ok installed\n",
            b" a: b\n",
            b"Package: a\nStatus: \n",
        ],
    )
    def test_damage_is_refused(self, text: bytes) -> None:
        with pytest.raises(Unreadable, match="it has a "):
            read(STATUS, text)

    def test_a_large_status_takes_little_memory(self) -> None:
        depends = b"Depends: " + b"librust-something-dev, " * 20_000 + b"\n"
        stanzas = (stanza(b"p%d" % number, b"amd64") + depends + b"\n" for number in range(50))
        assert peak(STATUS, stanzas)[0] == 50
        stanzas = (stanza(b"p%d" % number, b"amd64") + b" text: " * 300 + b"\n\n" for number in range(20_000))
        count, memory = peak(STATUS, stanzas)
        assert count == 20_000
        assert memory < 6_000_000

    def test_a_file_of_one_line_takes_little_memory(self) -> None:
        with pytest.raises(Unreadable):
            peak(STATUS, (b"x" * 100_000 for _ in range(500)))


class TestApk:
    TEXT = (
        b"C:Q1pIcXsnkeD2j9mqMhs5aQSBqqZSo=\nP:alpine-baselayout\nV:3.4.3-r2\nA:x86_64\nS:8911\nI:331776\n"
        b"T:Alpine base dir structure and init scripts\nD:alpine-baselayout-data=3.4.3-r2 /bin/sh\n"
        b"p:cmd:mkmntdirs=3.4.3-r2\nF:dev\nF:dev/pts\nF:etc\nR:motd\nZ:Q1XmduVVNURHQ27TvYp1Lr5TMtFcA=\n"
        b"a:0:0:777\nM:0:0:1777\n\n"
        b"C:Q1VYhMg+ikaPWNfWhcvtcLFCbXHR0=\nP:.build-deps\nV:20260101.000000\nA:noarch\n\n"
        b"P:old\nV:1\n\n"
    )
    FOUND = (("alpine-baselayout", "3.4.3-r2 x86_64"), (".build-deps", "20260101.000000 noarch"), ("old", "1"))

    def test_it_lists_what_is_installed(self) -> None:
        assert read(INSTALLED, self.TEXT) == [*self.FOUND]
        assert read(b"usr/" + INSTALLED, self.TEXT.rstrip()) == [*self.FOUND]
        assert read(INSTALLED, b"") == []

    @pytest.mark.parametrize("text", [b"p:a\nv:1\n", b"P:a\n", b"V:1\n\nP:a\nV:1\n", b"P:a\nV:1\nx\n", b"P:\nV:1\n"])
    def test_damage_is_refused(self, text: bytes) -> None:
        with pytest.raises(Unreadable):
            read(INSTALLED, text)


class TestPip:
    def test_it_lists_what_python_lists(self) -> None:
        folder = Path(sysconfig.get_path("purelib"))
        found: list[tuple[str, str]] = []
        for path in folder.glob("*"):
            for file in (path, path / "METADATA", path / "PKG-INFO"):
                inside = bytes(file.relative_to("/"))
                if file.is_file() and manager_of(inside) == "pip":
                    found += read(inside, file.read_bytes())
        theirs = [(each.name, each.version) for each in importlib.metadata.distributions(path=[str(folder)])]
        assert Counter(found) == Counter(theirs)
        assert "pytest" in dict(found)

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            (b"Metadata-Version: 2.1\nName: a_B.c\nVersion: 1.0+x\n\nName: b\n", ("a_B.c", "1.0+x")),
            (b"version: 1\r\nname: a\r\nName: b\r\n\r\n", ("a", "1")),
            (b"Name: a\nLicense: x\n  Version: 3\nVersion: 2", ("a", "2")),
            (b"Name: \xc3\xa9\nVersion: 1\n", ("\N{LATIN SMALL LETTER E WITH ACUTE}", "1")),
        ],
    )
    def test_odd_files(self, text: bytes, found: tuple[str, str]) -> None:
        assert read(METADATA, text) == [found]

    @pytest.mark.parametrize(
        "text", [b"", b"Name: a\n\nVersion: 1\n", b"Name: a\nno field\nVersion: 1\n", b"\nName: a\nVersion: 1"]
    )
    def test_damage_is_refused(self, text: bytes) -> None:
        with pytest.raises(Unreadable, match="without the field"):
            read(METADATA, text)

    def test_only_the_header_is_read(self) -> None:
        def parts() -> Iterator[bytes]:
            yield b"Name: a\nVersion: 1\n" + b"x" * 100_000
            pytest.fail("all of it was read")

        assert peak(METADATA, parts())[0] == 1


class TestNpm:
    def test_it_lists_what_npm_lists(self, tmp_path: Path) -> None:
        tree = {
            "node_modules/a": {"name": "a", "version": "1.0.0"},
            "node_modules/a/lib": {"name": "lib", "version": "1.0.0"},
            "node_modules/a/node_modules/b": {"name": "b", "version": "2.0.0-rc.1"},
            "node_modules/@s/c": {"name": "@s/c", "version": "3.0.0"},
            ".": {"name": "app", "version": "0.0.1", "dependencies": {"a": "*", "@s/c": "*"}},
        }
        tree["node_modules/a"]["dependencies"] = {"b": "*"}
        for folder, manifest in tree.items():
            (tmp_path / folder).mkdir(parents=True, exist_ok=True)
            (tmp_path / folder / "package.json").write_text(json.dumps(manifest))
        found = below(tmp_path)
        assert sorted(found) == [("@s/c", "3.0.0"), ("a", "1.0.0"), ("b", "2.0.0-rc.1")]
        if shutil.which("npm"):
            assert Counter(found) == npm_list(tmp_path)

    def test_the_machines_own(self) -> None:
        folder = Path(shutil.which("npm") or "/").resolve().parent.parent
        if not (folder / "node_modules").exists():
            pytest.skip("npm is missing, or has its packages elsewhere, as Debian's")
        theirs = npm_list(folder)
        assert len(theirs) > 10
        assert set(theirs) <= {*below(folder)}

    @pytest.mark.parametrize(
        "text",
        [
            b"",
            b"{",
            b"[]",
            b"null",
            b'{"name": "a"}',
            b'{"version": "1"}',
            b'{"name": "a", "version": 1}',
            b'{"name": ["a"], "version": "1"}',
            b'{"name": "", "version": "1"}',
            b'{"name": "a", "version": ""}',
            b"\xff\xfe\xff",
            b"[" * 900_000,
            b"9" * 900_000,
            b'{"name": "a", "version": "1", "x": "' + b"x" * 1_000_000 + b'"}',
        ],
        ids=range(14),
    )
    def test_what_is_no_package_is_skipped(self, text: bytes) -> None:
        assert read(MANIFEST, text) == []

    def test_a_byte_order_mark(self) -> None:
        assert read(MANIFEST, b'\xef\xbb\xbf{"name": "a", "version": "1"}') == [("a", "1")]


@pytest.mark.parametrize("path", [STATUS, b"var/lib/dpkg/status.d/a", INSTALLED, METADATA, MANIFEST])
class TestAnything:
    @settings(deadline=5000, max_examples=200)
    @given(
        text=st.one_of(
            st.binary(max_size=2000),
            st.lists(
                st.sampled_from(
                    [
                        b"Package: a",
                        b"Version: 1",
                        b"P:a",
                        b"V:1",
                        b"Name: a",
                        b"Status: x",
                        b"{",
                        b" x",
                        b"",
                        b":",
                        b"x",
                    ]
                )
            ).map(b"\n".join),
        )
    )
    def test_there_are_packages_or_a_sentence(self, path: bytes, text: bytes) -> None:
        refusal = ""
        try:
            found = list(packages(manager_of(path) or "", path, io.BytesIO(text), SCRATCH))
        except Unreadable as error:
            refusal, found = str(error), []
        assert all(isinstance(package, Package) and package.name and package.version for package in found)
        assert "\n" not in refusal


def stanza(
    name: bytes,
    architecture: bytes,
    multi: bytes = b"",
    version: bytes = b"1-1",
    status: bytes = b"install ok installed",
) -> bytes:
    """A package in a status file."""
    return (
        b"Package: %s\nStatus: %s\nPriority: optional\nMaintainer: Test <test@example.org>\nArchitecture: %s\n%sVersion: %s\n"
        b"Description: a\n Package: not this\n"
    ) % (name, status, architecture, b"Multi-Arch: %s\n" % multi if multi else b"", version)


def dpkg_query(folder: Path) -> list[tuple[str, str]]:
    """What dpkg lists as installed."""
    layout = r"${binary:Package}\t${Version}\t${db:Status-Status}\n"
    command = ["dpkg-query", "--admindir", folder, "-W", "-f", layout]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return [(name, version) for name, version, state in (line.split("\t") for line in lines) if state == "installed"]


def below(folder: Path) -> list[tuple[str, str]]:
    """What is read from all files in the folder."""
    found = []
    for path in folder.rglob("*"):
        inside = bytes(path.relative_to(folder))
        if path.is_file() and manager_of(inside) == "npm":
            found += read(inside, path.read_bytes())
    return found


def npm_list(folder: Path) -> Counter[tuple[str, str]]:
    """What npm lists below the project, each package as often as it is there."""
    command = ["npm", "ls", "--all", "--long", "--parseable"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    # path:name@version, and perhaps a remark; the first line is the project.
    labels = [line.removeprefix(line.split(":")[0] + ":").split(":")[0] for line in done.stdout.splitlines()[1:]]
    return Counter((name, version) for name, _, version in (label.rpartition("@") for label in labels))
