"""The table of recommended packages: how it is made and read, apt's rules on small archives, and apt itself."""

from __future__ import annotations

import importlib.util
import os
import random
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from dockfix.model import recommends
from dockfix.model.recommends import Damaged, adds, has, lost, suites
from dockfix.model.recommends.images import ROWS, base_packages, holds
from dockfix.model.recommends.resolve import installed
from dockfix.model.recommends.table import CHUNK, MAGIC, VERSION, Needs, Table

ROOT = Path(__file__).parent.parent
DATA = ROOT / "rewriter/model/recommends" / recommends.DATA
Use = Callable[[str], None]


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_recommends", ROOT / "tools/make_recommends.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


tool: Any = load()


def stanza(name: str, **fields: str) -> str:
    lines = {"Package": name, "Version": "1.0", "Installed-Size": "10", "Priority": "optional"}
    lines |= {key.replace("_", "-"): value for key, value in fields.items()}
    return "".join(f"{key}: {value}\n" for key, value in lines.items())


def archive(*stanzas: str) -> bytes:
    """The table of an archive that holds these packages, and `apt`."""
    found = tool.read("2026-01-02", ["\n".join([stanza("apt", Priority="required"), *stanzas])])
    return bytes(tool.written({"small": tool.needed(found)}))


def forget() -> None:
    for remembered in (recommends._table, recommends._packages, recommends._present, recommends._lost):
        remembered.cache_clear()  # type: ignore[attr-defined]


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Makes an archive of stanzas the one that is asked."""

    def used(*stanzas: str) -> None:
        data = archive(*stanzas)
        monkeypatch.setattr(recommends.pkgutil, "get_data", lambda *_: data)
        forget()

    yield used
    monkeypatch.undo()
    forget()


def closure(suite: str, base: Iterable[str], packages: Iterable[str], *, recommended: bool) -> frozenset[str] | None:
    """All that is there once `packages` are installed, the base with it; None if the suite is not known."""
    known = recommends._packages(suite)
    if known is None:
        return None
    asked = [number for number in map(known.number, packages) if number is not None]
    there = installed(known, recommends._present(suite, tuple(base)), asked, recommends=recommended)
    return frozenset(map(known.name, there))


def names(found: recommends.Lost | None) -> list[str]:
    assert found is not None
    return [name for name, _ in found.packages]


def test_what_is_recommended_is_lost_with_all_that_it_brings_the_largest_first(use: Use) -> None:
    use(
        stanza("curl", Depends="libcurl"),
        stanza("libcurl", Recommends="certificates, data"),
        stanza("certificates", Depends="openssl", Installed_Size="20"),
        stanza("openssl", Recommends="manual", Installed_Size="300"),
        stanza("data"),
        stanza("manual"),
        stanza("other"),
    )
    found = lost("small", [], ["curl"])
    assert found is not None
    assert found.packages == (("openssl", 300), ("certificates", 20), ("data", 10), ("manual", 10))
    assert found.kilobytes == 340
    assert closure("small", [], ["curl"], recommended=False) == {"apt", "curl", "libcurl"}


def test_what_is_there_anyway_is_not_lost_and_recommends_nothing_any_more(use: Use) -> None:
    use(
        stanza("a", Depends="b", Recommends="c, d"),
        stanza("b", Recommends="e"),
        stanza("c", Depends="f"),
        *map(stanza, "def"),
    )
    assert names(lost("small", [], ["a"])) == ["c", "d", "e", "f"]
    assert names(lost("small", ["b", "d"], ["a"])) == ["c", "f"]
    assert names(lost("small", ["a"], ["a"])) == []
    assert names(lost("small", [], ["a", "c"])) == ["d", "e"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("first", {"x"}),
        ("second z", {"z"}),
        ("versioned", {"y"}),
        ("mail", {"exim"}),
        ("prefers", {"postfix"}),
        ("web", {"light"}),
        ("needs-version", {"provides-2"}),
        ("any", {"x"}),
        ("foreign", {"y"}),
        ("nothing", set()),
    ],
)
def test_choices_are_apts(use: Use, asked: str, expected: set[str]) -> None:
    use(
        *map(stanza, "xyz"),
        stanza("first", Recommends="gone | x | y"),
        stanza("second", Recommends="x | z"),
        stanza("versioned", Recommends="x (>= 2) | y (<< 2~)"),
        stanza("mail", Recommends="mta"),
        stanza("prefers", Recommends="postfix | mta"),
        stanza("postfix", Provides="mta"),
        stanza("exim", Provides="mta", Priority="standard"),
        stanza("web", Recommends="httpd"),
        stanza("apache", Provides="httpd"),
        stanza("light", Provides="httpd"),  # apt takes what it met last
        stanza("needs-version", Recommends="virtual (>= 2)"),
        stanza("provides-none", Provides="virtual"),
        stanza("provides-2", Provides="virtual (= 2)"),
        stanza("any", Recommends="x:any"),
        stanza("foreign", Recommends="x:i386 | y"),
        stanza("nothing", Recommends="gone, gone2 | gone3"),
    )
    words = asked.split()
    there = closure("small", [], words, recommended=True)
    assert there is not None
    assert there - {"apt", words[0]} == expected


def test_names_that_are_asked_for_may_be_provided_have_a_version_or_be_unknown(use: Use) -> None:
    # Only names that are a package in some suite are looked for among what is provided.
    use(stanza("lib", Recommends="data"), stanza("data"), stanza("g++"))
    assert lost("small", [], ["lib=1.0-2", "lib:amd64"]) == ((("data", 10),), ())
    assert lost("small", ["none"], ["none", "lib", "g++", "", "x/y", "g+"]) == (
        (("data", 10),),
        ("none", "", "x/y", "g+"),
    )
    assert lost("small", [], ["lib", "ünknown\udcff"]) == ((("data", 10),), ("ünknown\udcff",))


def test_a_name_that_one_suite_has_and_the_other_provides_is_the_package_that_provides_it() -> None:
    old, new = (
        tool.needed(tool.read("2026-01-02", [stanza("apt", Priority="required") + "\n" + text]))
        for text in (stanza("libssl"), stanza("libssl64", Provides="libssl (= 1.0)", Recommends="apt"))
    )
    table = Table(tool.written({"old": old, "new": new}))
    for suite, name in (("old", "libssl"), ("new", "libssl64")):
        packages = table.packages(suite)
        number = packages.number("libssl")
        assert number is not None
        assert packages.name(number) == name
    assert table.packages("old").number("libssl64") is None


def test_what_is_there_with_a_base_and_what_would_be_new(use: Use) -> None:
    use(stanza("curl", Depends="libcurl"), stanza("libcurl"), stanza("mawk", Provides="awk"), stanza("wget"))
    assert [name for name in ("apt", "curl", "libcurl", "mawk", "none") if has("small", ["curl"], name)] == [
        "apt",
        "curl",
        "libcurl",
    ]
    assert has("small", ["mawk"], "mawk")
    assert not has("small", ["mawk"], "awk")
    assert [name for name in ("curl", "libcurl", "awk", "wget", "none") if adds("small", ["curl", "mawk"], name)] == [
        "wget"
    ]
    assert not has("other", [], "apt")


def test_of_several_versions_the_newest_counts(use: Use) -> None:
    versions = ["1.0~rc1", "1.0", "1.0+b1", "1.0-1", "1.0a", "1.0.1", "1:0.1~~", "1:0.1~", "1:0.1", "1:0.10"]
    expected = ["1.0~rc1", "1.0", "1.0-1", "1.0a", "1.0+b1", "1.0.1", "1:0.1~~", "1:0.1~", "1:0.1", "1:0.10"]
    random.Random(1).shuffle(versions)
    assert sorted(versions, key=tool.version_key) == expected
    use(stanza("a", Version="1.0", Recommends="x"), stanza("a", Version="1.0~rc", Recommends="y"), *map(stanza, "xy"))
    assert names(lost("small", [], ["a"])) == ["x"]


def test_packages_that_need_each_other_in_a_ring_lose_nothing(use: Use) -> None:
    use(
        stanza("ruby", Depends="libruby, rake, fonts"),
        stanza("libruby", Depends="rake, ruby, fonts"),
        stanza("rake", Depends="ruby, libruby, fonts"),
        stanza("fonts"),
        stanza("a", Recommends="ruby"),
    )
    assert set(names(lost("small", [], ["a"]))) == {"ruby", "libruby", "rake", "fonts"}


def relation(names: str, most: int) -> st.SearchStrategy[str]:
    """A field of a package: each need has at most so many alternatives."""
    if not names:
        return st.just("")
    group = st.lists(st.sampled_from(names), min_size=1, max_size=most, unique=True).map(" | ".join)
    return st.lists(group, max_size=4).map(", ".join)


Fields = tuple[tuple[str, str], ...]
NAMES = "abcdefgh"
ANY_ORDER = st.tuples(*(st.tuples(relation(NAMES, 1), relation(NAMES, 1)) for _ in NAMES))
# A package needs and recommends only later ones.
LATER = st.tuples(*(st.tuples(relation(NAMES[i:], 3), relation(NAMES[i:], 3)) for i in range(1, 9)))


@settings(max_examples=200, deadline=None)
@given(ANY_ORDER, st.lists(st.sampled_from(NAMES), min_size=1, max_size=3))
def test_needs_that_are_left_out_of_the_table_make_no_difference(fields: Fields, asked: list[str]) -> None:
    assert_same(fields, asked)


@settings(max_examples=200, deadline=None)
@given(LATER, st.sampled_from(NAMES))
def test_nor_do_they_for_a_choice_among_alternatives(fields: Fields, asked: str) -> None:
    """Not in a ring, and for one package: there, the choice hangs on the order of all; see docs/recommends.md."""
    assert_same(fields, [asked])


def assert_same(fields: Fields, asked: list[str]) -> None:
    """By the table, the same is installed as by all needs."""
    all_stanzas = [stanza(n, Depends=d, Recommends=r) for n, (d, r) in zip(NAMES, fields, strict=True)]
    found = tool.read("2026-01-02", ["\n".join([stanza("apt", Priority="required"), *all_stanzas])])
    chooser = tool.Chooser(found)
    full = {n: Needs(*(tuple(chooser.groups(n, key)) for key in ("Depends", "Recommends"))) for n in (*NAMES, "apt")}
    packages = Table(tool.written({"small": tool.needed(found)})).packages("small")
    for recommended in (False, True):
        expected = installed(tool.Names(full), ["apt"], asked, recommends=recommended)
        numbers = [number for number in map(packages.number, ["apt", *asked]) if number is not None]
        there = installed(packages, numbers[:1], numbers[1:], recommends=recommended)
        assert {packages.name(number) for number in there} == set(expected)


def test_a_table_of_many_chunks_reads_as_it_was_written() -> None:
    many = [f"p{number:04}" for number in range(3 * CHUNK)]
    chain = [stanza(name, Depends=many[at - 1], Recommends=many[at * 7 % len(many)]) for at, name in enumerate(many)]
    packages = Table(archive(*chain)).packages("small")
    for at, name in enumerate(many):
        number = packages.number(name)
        assert number is not None
        needs = packages.needs(number)
        assert [packages.name(group[0]) for group in needs.depends] == [many[at - 1]]
        assert {packages.name(group[0]) for group in needs.recommends} <= {many[at * 7 % len(many)]}
        assert packages.size(number) == 10
    assert packages.number("p") is None
    assert packages.number("zzz") is None


def ask_all(data: bytes) -> None:
    table = Table(data)
    for suite in table.suites:
        packages = table.packages(suite)
        for name in ("a", "b", "c", "none"):
            number = packages.number(name)
            if number is not None:
                packages.name(number)
                packages.size(number)
                installed(packages, (), [number], recommends=True)


def test_a_damaged_table_raises_one_error_only() -> None:
    data = archive(stanza("a", Depends="b | c"), stanza("b", Recommends="c"), stanza("c"))
    ask_all(data)
    broken = [data[:length] for length in range(len(data))]
    broken += [data[:at] + bytes([data[at] ^ 0x41]) + data[at + 1 :] for at in range(len(data))]
    for damaged in broken:
        with pytest.raises(Damaged, match="the table of packages"):
            ask_all(damaged)


def test_another_version_of_the_format_is_not_read() -> None:
    with pytest.raises(Damaged, match="version"):
        Table(MAGIC + bytes([VERSION + 1]) + b"something else")


def test_the_shipped_table_is_small_and_names_suites_and_dates() -> None:
    assert DATA.stat().st_size < 1_500_000
    assert set(suites()) == {"bookworm", "trixie", "bullseye"}
    assert all(re.fullmatch(r"20\d\d-\d\d-\d\d", date) for date in suites().values())


@pytest.mark.parametrize("suite", ["", "jammy", "sid", "bookworm-backports", "Bookworm", "12"])
def test_other_suites_are_not_known(suite: str) -> None:
    assert lost(suite, [], ["curl"]) is None
    assert closure(suite, [], ["curl"], recommended=True) is None


@pytest.mark.parametrize("suite", ["bookworm", "trixie", "bullseye"])
def test_the_shipped_table_knows_what_everybody_installs(suite: str) -> None:
    found = lost(suite, [], ["curl", "gosu-of-a-third-party"])
    assert found is not None
    assert {"ca-certificates", "openssl", "publicsuffix", "krb5-locales"} & set(names(found))
    assert found.unknown == ("gosu-of-a-third-party",)
    assert 2_000 < found.kilobytes < 20_000
    assert "ca-certificates" in (closure(suite, ["ca-certificates"], [], recommended=False) or ())
    minimal = closure(suite, [], [], recommended=False)
    assert minimal is not None
    assert {"apt", "bash", "dpkg", "libc6", "tzdata"} <= minimal
    assert not {"ca-certificates", "curl", "gnupg", "python3"} & minimal


@pytest.mark.parametrize(
    ("image", "suite", "holding"),
    [
        ("debian:12", "bookworm", ""),
        ("debian:12.5-slim", "bookworm", ""),
        ("docker.io/library/debian:trixie-20250811-slim", "trixie", ""),
        ("debian:bullseye@sha256:0123abc", "bullseye", ""),
        ("buildpack-deps:bookworm-curl", "bookworm", "curl gnupg"),
        ("library/buildpack-deps:trixie-scm", "trixie", "git procps"),
        ("python:3.12-slim-bookworm", "bookworm", "ca-certificates"),
        ("python:3.14.0rc1-trixie", "trixie", "gcc tk-dev"),
        ("node:22.1.0-bookworm", "bookworm", "gcc git"),
        ("node:lts-trixie-slim", "trixie", ""),
        ("ruby:3.3-slim-bookworm", "bookworm", "ca-certificates"),
        ("golang:1.22-bullseye", "bullseye", "gcc make"),
        ("rust:slim-bookworm", "bookworm", "gcc ca-certificates"),
        ("php:8.3-apache-bookworm", "bookworm", "apache2 curl"),
        ("php:8.4-rc-cli-trixie", "trixie", "curl re2c"),
        ("perl:5.40-slim-threaded-bookworm", "bookworm", "make"),
    ],
)  # fmt: skip
def test_base_packages_of_official_images(image: str, suite: str, holding: str) -> None:
    found = base_packages(image)
    assert found is not None
    assert found[0] == suite
    assert set(holding.split()) <= set(found[1])


@pytest.mark.parametrize(
    "image",
    "debian debian:latest debian:sid debian:buster debian:bookworm-backports debian@sha256:01 ubuntu:22.04 python:3.12"
    " python:3.12-alpine python:3.12-alpine3.20 python:bookworm-bookworm node:22 ghcr.io/a/debian:12 a/debian:12"
    " debian:12-$X python:3.12-windowsservercore-ltsc2022 php:8.3-fpm-alpine eclipse-temurin:21 scratch debian:".split(
        " "
    )
    + "|| |$BASE|debian:12\n|é:12".split("|"),
)
def test_base_packages_where_the_suite_is_not_certain(image: str) -> None:
    assert base_packages(image) is None


@pytest.mark.parametrize(
    ("image", "yes", "no", "unknown"),
    [
        (
            "node:20",
            "ca-certificates git gcc g++ make python3 openssh-client unzip xz-utils procps curl",
            "sudo vim",
            "x sq",
        ),
        ("node:20-slim", "bash", "ca-certificates git gcc python3 curl make", "libatomic1"),
        ("node:8", "git gcc", "sudo", "python3"),
        ("python", "ca-certificates gcc", "jq", "python3"),
        ("python:3.12-slim", "ca-certificates netbase", "gcc make curl git", "libsqlite3-0"),
        ("python:3.12-slim-bookworm", "ca-certificates openssl", "gcc make", "libsqlite3-0"),
        ("golang:1.22-bookworm", "ca-certificates gcc git perl", "unzip libxml2-dev", "git-lfs"),
        ("php:8.3", "gcc curl re2c pkg-config", "git unzip", "libonig5"),
        ("rust:1.80-slim-bookworm", "gcc", "wget curl make", "none-such"),
        ("perl:5.40-slim", "make", "gcc", "ca-certificates"),
        ("debian", "", "ca-certificates gcc curl python3 procps", "tar x"),
        ("debian:12", "tar tzdata", "ca-certificates gcc curl libxml2", "x"),
        ("debian:jessie", "", "", "gnupg procps curl"),
        ("ubuntu:22.04", "", "ca-certificates gcc curl", "procps bzip2 libssl3"),
        ("ubuntu:16.04", "", "", "sudo curl"),
        ("python:3.12-alpine", "", "", "gcc ca-certificates"),
        ("company/python:3.12", "", "", "gcc ca-certificates"),
        ("buildpack-deps:trixie", "gcc libglib2.0-dev", "sudo", "libglib2.0-0"),
    ],
)
def test_what_an_image_holds(image: str, yes: str, no: str, unknown: str) -> None:
    for words, expected in ((yes, True), (no, False), (unknown, None)):
        assert {word: holds(image, word) for word in words.split()} == dict.fromkeys(words.split(), expected)


def test_every_package_of_a_row_is_one_of_each_suite() -> None:
    for row in ROWS:
        for suite in suites():
            found = lost(suite, [], row.packages.split())
            assert found is not None
            assert found.unknown == ()


# The real thing: what this machine's apt would do, in the minimal image of its own suite.
USUAL = """curl wget gnupg unzip jq/git openssh-client less vim rsync/build-essential cmake pkg-config/python3-pip python3-dev
    /nginx supervisor cron procps locales sudo/libpq-dev libxml2-dev libssl-dev libffi-dev libjpeg-dev zlib1g-dev libcurl4-openssl-dev
    /php-cli php-mysql apache2 postgresql-client sqlite3/ruby-dev netcat-openbsd iputils-ping dnsutils file zip xz-utils tini"""


class Apt:
    """The machine's apt, with Debian's indexes only, on a minimal image."""

    def __init__(self, folder: Path) -> None:
        self._environment = {**os.environ, "LC_ALL": "C"}
        keys = "Dir::Cache", "Dir::State::status", "Dir::Etc::SourceList"
        settings = dict(zip(keys, (folder, folder / "status", folder / "sources.list"), strict=True))
        settings |= {
            "Dir::Etc::SourceParts": "-",
            "Dir::Etc::PreferencesParts": "-",
            "Dir::Etc::Preferences": "/dev/null",
        }
        settings |= {f"Dir::Cache::{name}": f"{name}.bin" for name in ("pkgcache", "srcpkgcache")}
        self._options = [word for key, value in settings.items() for word in ("-o", f"{key}={value}")]

    def run(self, *words: str) -> str:
        command = [words[0], *self._options, *words[1:]]
        return subprocess.run(command, capture_output=True, text=True, check=True, env=self._environment).stdout

    def installs(self, *words: str) -> set[str]:
        return set(re.findall(r"(?m)^Inst (\S+)", self.run("apt-get", "install", "--simulate", *words)))


def sources() -> tuple[str, list[str]]:
    """The suite of which this machine has all indexes, and lines for a sources.list; an empty suite if there is none."""
    if not shutil.which("apt-get"):
        return "", []
    form = "$(CODENAME)\t$(COMPONENT)\t$(REPO_URI)\t$(FILENAME)"
    command = [
        "apt-get",
        "indextargets",
        "--format",
        form,
        "Created-By: Packages",
        "Origin: Debian",
        "Architecture: amd64",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    wanted = {}
    for name, component, uri, path in rows:
        if component == "main" and Path(path).exists():
            wanted[name] = f"deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] {uri} {name} main\n"
    complete = [suite for suite in suites() if {suite, f"{suite}-security"} <= set(wanted)]
    kinds = ("", "-updates", "-security")
    return next(((s, [wanted[s + k] for k in kinds if s + k in wanted]) for s in complete), ("", []))


def test_apt_itself_installs_as_much_more_with_recommends(tmp_path: Path) -> None:
    suite, lines = sources()
    if not suite:
        pytest.skip("apt has no indexes here of a suite that the table has: run apt-get update on Debian")
    (tmp_path / "sources.list").write_text("".join(lines))
    (tmp_path / "status").touch()
    apt = Apt(tmp_path)
    minimal = closure(suite, [], [], recommended=False)
    assert minimal is not None
    stanzas = apt.run("apt-cache", "show", "--no-all-versions", *sorted(minimal)).strip().split("\n\n")
    status = (re.sub(r"(?m)^(Package: .*)$", r"\1\nStatus: install ok installed", text, count=1) for text in stanzas)
    (tmp_path / "status").write_text("\n\n".join(status) + "\n")
    groups = [group.split() for group in USUAL.split("/")]
    differ = []
    for group in groups:
        with_them, without = apt.installs(*group), apt.installs("--no-install-recommends", *group)
        if set(names(lost(suite, [], group))) != with_them - without:
            differ.append(" ".join(group))
    # The indexes change with each update of the suite; the table does not.
    assert len(differ) <= 2, differ
