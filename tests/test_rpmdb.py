"""rpm databases as rpm itself and Berkeley DB's own tools make them, read in all three formats."""

from __future__ import annotations

import base64
import io
import os
import random
import shutil
import sqlite3
import struct
import subprocess
import tempfile
import tracemalloc
import zlib
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings, strategies as st

from dockfix.verify.packages.inventory import Package, Unreadable, packages

LOAD = shutil.which("db5.3_load") or shutil.which("db_load") or ""
needs_rpm = pytest.mark.skipif(
    not (shutil.which("rpm") and shutil.which("rpmbuild")), reason="rpm and rpmbuild are missing (Debian: rpm)"
)
needs_load = pytest.mark.skipif(not LOAD, reason="db5.3_load is missing (Debian: db5.3-util)")
QUERY = r"%{NAME}\t%|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE}%|ARCH?{.%{ARCH}}|\n"
# What 30 packages of one build have in common; the long description and the change log fill many small pages.
SPEC = """
Name: alpha
Version: {version}
Release: 3
Summary: The first
License: MIT
%description
{description}
%changelog
* Thu Jan 01 2026 Test <test@example.org> - 1
{description}
%files
{others}
"""
OTHER = """
%package -n other-{number}
Version: {number}~rc1^git
Summary: Another one
{more}
%description -n other-{number}
{description}
%files -n other-{number}
"""
KEY = """\
-----BEGIN PGP PUBLIC KEY BLOCK-----

mDMEawUMMBYJKwYBBAHaRw8BAQdAtg75yZQLJTPnc3WLNye6oN/kPTQ62vAuEkcd
Qbac6PS0F1Rlc3QgPHRlc3RAZXhhbXBsZS5vcmc+iJAEExYIADgWIQTuw1lAdHnT
SnS0OyqilXwgSDvcegUCawUMMAIbAwULCQgHAgYVCgkICwIEFgIDAQIeAQIXgAAK
CRCilXwgSDvcete6AP98wAC6+QuggNYShEJL5Oh8O3tAOJaOoZSNk0dWTz7ITgEA
gmgUnJSiH5Ds1bk32TQa+JMVYHZrPTXJUuO91Y4f/As=
=XLR8
-----END PGP PUBLIC KEY BLOCK-----
"""
# Made by rpm 4.18.0 with its ndb backend, which Debian's is built without: three packages were installed, one of them
# was erased, KEY was imported. Its Packages.db, deflated, and what its `rpm -qa` printed.
NDB = """
c-
rlmU5pz?9l&SLPJ6gPN<<VwRS8RdxhS!_v)_9(A#0zLv+r`Y&%We*d}Ve%_RRTgWBb0Uz!MS(6@df~ydYls$OA$ko={(^KJ$WvP=zWKq!wD*NT}^gT4u
d}-({DkqNox=>_~It-~MNIXLn|QGum4p?lzE2kIAgad<w-=t2dZrW%&;oyaPNZ%ev$Z;EXI^klX-Hwof_blv7SQ<&;xSIpvg7PC4b2|GS)~G^Hs`|1YW
3^IPHf%P?P#K6YM|^kZ3mQRc@HQtr$0jLb~td1$5}lz9z4lg<IZ4*WRqUxCj8|4o+Rr_*!5Z^-
gfGG73G6ZlEszeD|}fZu}i<$>=*{4(%65LbcUgY#*?4<LRO_<i7|h_mN_SAahY_xm;A3vfLaeHPAs4&sNvPXfOSybzsF`8>4WjM^&;z@4bR0{zeWP=67
a0YiVY9JmZDfR}-Lz_o}!^CP(49pINC&VcX1^}i1M7pVVp;MXDki-;8^iqB<%Peo%rHy_Op<<rsm=U_aQv%nra@3*1-
x1qo1fxinJ06!1B4g5niy=k9M2-3baqWG&pcY^fkJd_WOp`BBwF+U``!yYdVM!__2h&KA;A*Wr@<qY+@{k=ofACM8<Mx-
~~CIwv73VLxoqQ%j0H#)hzXfBy$u-Ek$%4EbR)&4C$8g~c%@kKN{KG+?O_;}3O^=^-^kzIZg3y&;y13sRd9BYuH-hfOikC(|lZ;ZI;9v+9=-
5%o)U&bh6v#1s@(u-
=*kfl+yrfk4ptj>NoMKyXi=Z(eV$5hZ!p{^l1><&=yTz80EcnSr^{VwSjq9+rz+nb1jgNV>wjwyDDFl>i#VG~vNx$AI2T;}?OXqqE@SGYRY9YbRlvwdt
3Y*;2SOgB20rZd&hG~W=M$m+I@xnpa#fqh@MRohj4oif$b9ZrOASXk3_?r5s-7`|x}Eu8C-
fIj%(!P_7pIo!>+?)>tJZ@&8d?|fzdmCKW}f7W$Zb#==y80VTRbW^ttA#Bbx&0q#*zM*QA=&p-=W^e~PI<*P*HKMu17M3t=*(HL7ZkP-
c4O7bG{SYb~h6Q$2%!NT!O5E_-hVx7ocV*7N?`eAakLT`&?vyUAggy=b{}bjvWRHD%?IEB3^ke#TKH<~T37?)x`1D-
Dr{@zsy^!$fQwg6gBz$@~;nQNmr;7=nUQ77&M#86G`VgOH9`flBc;?d=fx)Nf_i>-
1SK>ZJuf~0fUW@w_y%F~*x*zu`dMEBv^j^ZJrxQLslkn;JgikjUKK*jsr^kK;pDMqK`&4-
;?o;K>giqCkPmP36orF)HjeI)QAd(scm7*;9WLz4ZIJ)S+c=QwU<s)?n7L*R0cIw}?-~WL7G7tXryVWOt``Gv9i09#-
wXgohVXlEGGfh)Br1r4vt>6xKd}i5#aT`k$I;zExkP@^UV)&XyTwNnlg0gG!J{`@cj$vt3^@W46yfNm=`x02kmTNKHbr>~G|0CQNCh^kqr$X1w{FjY3K
<HkypOo`5d-ueDQ;&r6JNM!KQ?$7Mlq+%nDc9q^Q|fWwDWkaWGV^iYWlqO^m$?x4U1sLPcY&Xd`!Dl_xZg4fzh&0qzRLU{?yJmCAP&CDyb$s1eb3Iv-
}fwzzwg;e{C&=b6Ij_@x>+Fy8#iy3I<=L9PO0QAll23q<TaT$32gIdtGQZhH~Lh+y}EY9t-
;zeJB@bJ()PW*$_{0@rcbEVXsOrndXMVOps^g5>)zJp_O`!S8gI4CeY#68b!%Rwa@eVQOTq1Gv%PnKdmdZvw{xw2ORXP$qubj&2wF?~lm{E-
X^*_B?;UKcmYcz{7j$lwgPm&mpjx>eRF}MFmCL*tc-~5`yk0(OJmHqtaGe9MY+Y*Z1;JXUwOy&Ln)Pj`u1~yrjnoHQt+gGM-
EKc;SKC3w%LTi^M!(kTE}KhZ?C<DWyGbt9Zr<uFZ;cx5&DzFZ-NhY4JmZb8<WMjS3d22rhaVxs(S0U22FUVNQ>D6!+R{S#XD9OSwTEnYH7^_Vx-
=g)Duk(2xlvuqH*PfYjg8W3wVYq6bn>OudU<6U&cRM@F)w{qi1d`prDOFm$Lh-F>bjGgKGDkB(nmb*si)N5fRf(!U_AS<2c!ImF-
47NOjr2P7%lV%eSR^V8w-!99tCGJCL+0;G;OM>Cr6K0BKd;O&$6+YtXMdnaQ|uSWT|*R-1nTJ7S-gomor-
~QCJGxk)G$OWir>4OMoEElDlE5B9p1AB`Bxi(m{kne9JH$xjy*ZQiW|%+jm_{6FRna3p*;uL<m!^9fqs9nuTFa2y?0T>s$9=|NBo}<+&>
"""
NDB_LISTS = [("beta", "4:2~rc1^git-3.noarch"), ("alpha", "4:1.2-3.noarch"), ("gpg-pubkey", "483bdc7a-6b050c30")]


class Database(NamedTuple):
    """A database file, and what rpm lists from it."""

    name: str
    data: bytes
    lists: list[tuple[str, str]]


def read(name: str, data: bytes) -> list[tuple[str, str]]:
    """What we read from it; nothing is left behind."""
    with tempfile.TemporaryDirectory() as scratch:
        found = list(packages("rpm", b"var/lib/rpm/" + name.encode(), io.BytesIO(data), scratch))
        assert os.listdir(scratch) == []
    assert all(package.manager == "rpm" for package in found)
    return [(package.name, package.version) for package in found]


def reads_or_refuses(name: str, data: bytes) -> None:
    """Whatever the data is, there are packages or one sentence."""
    refusal = ""
    try:
        read(name, data)
    except Unreadable as error:
        refusal = str(error) or "nothing is said"
    assert refusal != "nothing is said"
    assert "\n" not in refusal


def rpm(folder: Path, *arguments: str | Path, backend: str = "sqlite") -> str:
    """Run rpm on the database in `folder`."""
    defines = ["--define", f"_dbpath {folder}", "--define", f"_db_backend {backend}"]
    done = subprocess.run(["rpm", *defines, *arguments], capture_output=True, text=True, check=True)
    return done.stdout


def lists(folder: Path, backend: str = "sqlite") -> list[tuple[str, str]]:
    """What `rpm -qa` prints."""
    return [
        (name, version)
        for name, version in map(str.split, rpm(folder, "-qa", "--qf", QUERY, backend=backend).splitlines())
    ]


def has_backend(name: str) -> bool:
    """Whether rpm is built with the backend."""
    shown = subprocess.run(["rpm", "--showrc"], capture_output=True, text=True, check=True).stdout
    return any(name in line.split() for line in shown.splitlines() if line.startswith("available backends"))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Real packages, two versions of each."""
    folder = tmp_path_factory.mktemp("build")
    for version in (1, 2):
        description = "\n".join(f"- A line of text with the number {number}" for number in range(60))
        others = "".join(
            OTHER.format(
                number=number,
                description=description * (number % 4),
                more="\n".join(["Epoch: 5"] * (number % 2) + ["BuildArch: noarch"] * (number % 3 == 0)),
            )
            for number in range(30 * version, 30 * version + 30)
        )
        spec = folder / f"{version}.spec"
        spec.write_text(SPEC.format(version=version, description=description, others=others))
        subprocess.run(
            ["rpmbuild", "--quiet", "--define", f"_topdir {folder}", "-bb", spec], check=True, capture_output=True
        )
    return sorted(folder.glob("RPMS/*/*.rpm"))


def installed(folder: Path, built: list[Path], backend: str) -> None:
    """A database with all of them, some erased again, and a public key."""
    key = folder / "key.asc"
    key.write_text(KEY)
    rpm(folder, "--initdb", backend=backend)
    rpm(folder, "-i", "--justdb", "--nodeps", *built, backend=backend)
    rpm(folder, "-e", "--justdb", "other-33", "other-35", "other-89", backend=backend)
    rpm(folder, "--import", key, backend=backend)


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory, built: list[Path]) -> Database:
    """`rpmdb.sqlite`, made by rpm."""
    folder = tmp_path_factory.mktemp("sqlite")
    installed(folder, built, "sqlite")
    return Database("rpmdb.sqlite", (folder / "rpmdb.sqlite").read_bytes(), lists(folder))


@pytest.fixture(scope="session")
def blobs(tmp_path_factory: pytest.TempPathFactory, sqlite: Database) -> list[tuple[int, bytes]]:
    """The headers that rpm wrote, with their numbers."""
    path = tmp_path_factory.mktemp("blobs") / "rpmdb.sqlite"
    path.write_bytes(sqlite.data)
    with sqlite3.connect(path) as connection:
        return list(connection.execute("SELECT hnum, blob FROM Packages"))


def berkeley(folder: Path, blobs: list[tuple[int, bytes]], page_size: int, order: str) -> bytes:
    """A Berkeley DB hash of these headers, made by Berkeley DB."""
    number = struct.Struct(order + "I")
    # As rpm does, the highest number is under the number 0.
    records = [(0, number.pack(len(blobs))), *blobs]
    header = f"VERSION=3\nformat=bytevalue\ntype=hash\ndb_pagesize={page_size}\ndb_lorder={'1234' if order == '<' else '4321'}"
    lines = "".join(f" {number.pack(key).hex()}\n {value.hex()}\n" for key, value in records)
    path = folder / "Packages"
    text = f"{header}\nHEADER=END\n{lines}DATA=END\n"
    subprocess.run([LOAD, path], input=text.encode(), check=True, capture_output=True)
    return path.read_bytes()


@pytest.fixture(scope="session", params=[(512, "<"), (512, ">"), (4096, "<"), (4096, ">"), (65536, ">")], ids=str)
def hashed(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    sqlite: Database,
    blobs: list[tuple[int, bytes]],
) -> Database:
    """`Packages`, in each page size and byte order."""
    folder = tmp_path_factory.mktemp("berkeley")
    data = berkeley(folder, blobs, *request.param)
    # rpm reads the format still, in the byte order of other machines too: so it is a judge of our file.
    assert not has_backend("bdb_ro") or Counter(lists(folder, "bdb_ro")) == Counter(sqlite.lists)
    return Database("Packages", data, sqlite.lists)


@pytest.fixture(scope="session")
def small_hash(tmp_path_factory: pytest.TempPathFactory, blobs: list[tuple[int, bytes]]) -> bytes:
    """`Packages` of many small pages."""
    return berkeley(tmp_path_factory.mktemp("small"), blobs[:12], 512, "<")


def ndb(blobs: list[tuple[int, bytes]]) -> bytes:
    """`Packages.db`, as rpm's lib/backend/ndb/rpmpkg.c writes it, but that deleted packages leave no room."""
    pages = (len(blobs) + 2 + 255) // 256
    slots = [struct.pack("<4sIII16x", b"RpmP", 0, 1, pages)]
    body = b""
    for number, blob in blobs:
        start = pages * 256 + len(body) // 16
        padded = struct.pack("<4sIII", b"BlbS", number, 0, len(blob)) + blob + bytes(-(len(blob) + 28) % 16)
        body += padded + struct.pack("<II4s", zlib.adler32(padded), len(blob), b"BlbE")
        slots.append(struct.pack("<4sIII", b"Slot", number, start, (len(padded) + 12) // 16))
    slots += [b"Slot" + bytes(12)] * (pages * 256 - len(slots) - 1)
    return b"".join(slots) + body


def real_ndb() -> bytes:
    """The database above."""
    return zlib.decompress(base64.b85decode(NDB.replace("\n", "")))


@needs_rpm
class TestSqlite:
    def test_it_lists_what_rpm_lists(self, sqlite: Database) -> None:
        assert Counter(read(*sqlite[:2])) == Counter(sqlite.lists)
        assert len(sqlite.lists) == 60
        assert {"other-31"} <= {name for name, version in sqlite.lists if version.startswith("5:31~rc1^git-3")}
        assert [version for name, version in sqlite.lists if name == "gpg-pubkey"] == ["483bdc7a-6b050c30"]

    @settings(deadline=5000, max_examples=60)
    @given(data=st.data())
    def test_damage_is_refused_or_harmless(self, sqlite: Database, data: st.DataObject) -> None:
        reads_or_refuses("rpmdb.sqlite", damaged(sqlite.data, data))


class TestSqliteOfOthers:
    @pytest.mark.parametrize(
        "statement",
        [
            "CREATE TABLE packages_of_mine (hnum INTEGER PRIMARY KEY, blob BLOB)",
            "CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blobs BLOB); INSERT INTO Packages VALUES (1, x'00')",
            "CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB); INSERT INTO Packages VALUES (1, x'00')",
            "CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB); INSERT INTO Packages VALUES (1, NULL)",
            "CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB); INSERT INTO Packages VALUES (1, 'a text')",
            "CREATE TABLE Packages (hnum TEXT PRIMARY KEY, blob BLOB) WITHOUT ROWID",
            "CREATE VIEW Packages AS WITH RECURSIVE n(rowid) AS (SELECT 1 UNION ALL SELECT rowid FROM n) SELECT rowid FROM n WHERE rowid > 1",
        ],
    )
    def test_another_database_is_refused(self, tmp_path: Path, statement: str) -> None:
        path = tmp_path / "other"
        with sqlite3.connect(path) as connection:
            connection.executescript(statement)
        with pytest.raises(Unreadable):
            read("rpmdb.sqlite", path.read_bytes())

    def test_a_large_header_is_not_held_in_memory(self, tmp_path: Path) -> None:
        path = tmp_path / "large"
        entries = [(1000, 6, 0, 1), (1001, 6, 2, 1), (1002, 6, 4, 1), (1022, 6, 6, 1), (1118, 7, 8, 60_000_000)]
        store = b"a\0001\0002\0x\0" + bytes(60_000_000)
        header = struct.pack(">II", len(entries), len(store)) + b"".join(
            struct.pack(">IIII", *each) for each in entries
        )
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB)")
            connection.execute("INSERT INTO Packages VALUES (1, ?)", (header + store,))
        del store
        tracemalloc.start()
        try:
            with path.open("rb") as content:
                found = list(packages("rpm", b"usr/lib/sysimage/rpm/rpmdb.sqlite", content, str(tmp_path)))
            assert tracemalloc.get_traced_memory()[1] < 5_000_000
        finally:
            tracemalloc.stop()
        assert found == [Package("rpm", "a", "1-2.x")]


@needs_rpm
@needs_load
class TestBerkeley:
    def test_it_lists_what_rpm_lists(self, hashed: Database) -> None:
        assert Counter(read(*hashed[:2])) == Counter(hashed.lists)

    def test_both_kinds_of_values_and_chains_occur(self, small_hash: bytes) -> None:
        kinds = Counter(small_hash[start + 25] for start in range(0, len(small_hash), 512))
        assert kinds[13] > 1
        assert kinds[7] > 12

    @settings(deadline=5000, max_examples=150)
    @given(data=st.data())
    def test_damage_is_refused_or_harmless(self, small_hash: bytes, data: st.DataObject) -> None:
        reads_or_refuses("Packages", damaged(small_hash, data))

    @pytest.mark.parametrize("kind", [7, 13])
    @pytest.mark.parametrize("filled", [None, 0])
    def test_a_chain_without_end_is_refused(self, small_hash: bytes, kind: int, filled: int | None) -> None:
        data = bytearray(small_hash)
        for start in range(512, len(data), 512):
            if data[start + 25] == kind:
                data[start + 16 : start + 20] = data[start + 8 : start + 12]
                if filled is not None and kind == 7:
                    data[start + 22 : start + 24] = bytes(2)
        if kind == 7 and filled is None:
            # Headers are read as far as they are long: what is in the wrong page of a chain is no header's.
            reads_or_refuses("Packages", bytes(data))
        else:
            with pytest.raises(Unreadable):
                read("Packages", bytes(data))

    def test_a_cut_file_is_refused(self, small_hash: bytes) -> None:
        for size in (0, 100, 511, 512, 1024, len(small_hash) // 2):
            with pytest.raises(Unreadable):
                read("Packages", small_hash[:size])

    @pytest.mark.parametrize("position", [12, 16, 20, 24, 25, 26])
    def test_another_kind_of_database_is_refused(self, small_hash: bytes, position: int) -> None:
        data = bytearray(small_hash)
        data[position] ^= 0x41
        with pytest.raises(Unreadable):
            read("Packages", bytes(data))

    def test_more_buckets_than_pages_are_refused(self, small_hash: bytes) -> None:
        data = bytearray(small_hash)
        data[72:76] = b"\xff" * 4
        data[96:224] = bytes(128)
        with pytest.raises(Unreadable):
            read("Packages", bytes(data))

    def test_a_tree_is_refused(self, tmp_path: Path) -> None:
        text = b"VERSION=3\nformat=bytevalue\ntype=btree\nHEADER=END\n 00000001\n 00\nDATA=END\n"
        subprocess.run([LOAD, tmp_path / "Packages"], input=text, check=True)
        with pytest.raises(Unreadable, match="not a Berkeley DB hash"):
            read("Packages", (tmp_path / "Packages").read_bytes())


class TestNdb:
    def test_it_lists_what_rpm_lists(self) -> None:
        assert sorted(read("Packages.db", real_ndb())) == sorted(NDB_LISTS)

    @settings(deadline=5000, max_examples=150)
    @given(data=st.data())
    def test_damage_is_refused_or_harmless(self, data: st.DataObject) -> None:
        reads_or_refuses("Packages.db", damaged(real_ndb(), data))

    def test_a_cut_file_is_refused(self) -> None:
        for size in (0, 10, 31, 32, 4095, 4096, 5000, len(real_ndb()) - 1):
            with pytest.raises(Unreadable):
                read("Packages.db", real_ndb()[:size])

    def test_slots_that_share_a_package_are_refused(self) -> None:
        data = real_ndb()
        slot = next(
            data[start : start + 16] for start in range(32, 4096, 16) if data[start + 8 : start + 12] != bytes(4)
        )
        with pytest.raises(Unreadable, match="more data than it has"):
            read("Packages.db", data[:32] + slot * 254 + data[4096:])

    @needs_rpm
    def test_more_packages_than_a_page_has_slots(
        self, blobs: list[tuple[int, bytes]], sqlite: Database, tmp_path: Path
    ) -> None:
        many = [(number + 1, blob) for number, (_, blob) in enumerate(blobs * 6)]
        data = ndb(many)
        assert Counter(read("Packages.db", data)) == Counter(sqlite.lists * 6)

    @needs_rpm
    def test_rpm_agrees(self, built: list[Path], blobs: list[tuple[int, bytes]], tmp_path: Path) -> None:
        if not has_backend("ndb"):
            pytest.skip("this rpm is built without its ndb backend, as Debian's is")
        installed(tmp_path, built, "ndb")
        assert Counter(read("Packages.db", (tmp_path / "Packages.db").read_bytes())) == Counter(lists(tmp_path, "ndb"))
        written = tmp_path / "written"
        written.mkdir()
        data = ndb([(number + 1, blob) for number, (_, blob) in enumerate(blobs * 6)])
        (written / "Packages.db").write_bytes(data)
        assert Counter(read("Packages.db", data)) == Counter(lists(written, "ndb"))


@pytest.mark.parametrize("name", ["Packages", "Packages.db", "rpmdb.sqlite"])
class TestNoDatabase:
    @settings(deadline=5000)
    @given(data=st.binary(max_size=3000))
    def test_random_bytes_are_refused(self, name: str, data: bytes) -> None:
        with pytest.raises(Unreadable):
            read(name, data)

    @pytest.mark.parametrize(
        "magic", [b"SQLite format 3\0", b"RpmP\0\0\0\0", bytes(12) + b"\x61\x15\x06\0\x09\0\0\0\0\x02\0\0\0\x08\0\0"]
    )
    def test_random_bytes_behind_a_right_start_are_refused(self, name: str, magic: bytes) -> None:
        with pytest.raises(Unreadable):
            read(name, magic + random.Random(1).randbytes(2_000_000))


def damaged(data: bytes, draw: st.DataObject) -> bytes:
    """The data cut off, with changed bytes, or with a piece of it somewhere else."""
    changed = bytearray(data)
    places = st.integers(0, len(data) - 1)
    for place, value in draw.draw(st.lists(st.tuples(places, st.integers(0, 255)), max_size=40)):
        changed[place] = value
    start, target, size = draw.draw(st.tuples(places, places, st.sampled_from([0, 1, 4, 16, 512, 4096])))
    changed[target : target + size] = changed[start : start + size]
    return bytes(changed[: draw.draw(st.one_of(st.just(len(data)), places))])
