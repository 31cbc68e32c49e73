"""Makes the table of what Debian's packages depend on and recommend from the package indexes that apt downloads.

`python tools/make_recommends.py [--suite NAME ...] [--archive URI] [--security URI] OUT` lets apt fetch the indexes of
each suite into a scratch folder, which is also how their signatures are checked, and writes the file OUT. The same
indexes give the same bytes. docs/recommends.md says what the table is, rewriter/model/recommends/table.py how it is
written. Order among the alternatives of a need is apt's (CompareProviders and MarkInstall in its depcache.cc).
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

from dockfix.model.recommends import table
from dockfix.model.recommends.resolve import installed

SUITES = ("bookworm", "trixie", "bullseye")
ARCHIVES = {"Debian": "http://deb.debian.org/debian", "Debian-Security": "http://deb.debian.org/debian-security"}
KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg"
# What nobody installs in an image, a seventh of all packages. What others need of it stays.
LEFT_OUT = re.compile(r"librust-.*|libghc-.*|golang-.*-dev|.*-doc|.*-dbg")
PRIORITIES = {"required": 1, "important": 2, "standard": 3, "optional": 4}
# In the order in which apt reads them, and so meets names for the first time.
RELATIONS = (
    "Pre-Depends", "Depends", "Conflicts", "Breaks", "Recommends", "Suggests", "Replaces", "Enhances", "Provides",
)  # fmt: skip
RELATION = re.compile(r"\s*([a-z0-9][a-z0-9+.-]*)(?::([a-z0-9-]+))?\s*(?:\(\s*(<<|<=|=|>=|>>)\s*([^)\s]+)\s*\))?")
TARGETS = table.ONE - table.NEAR + (table.TWO - table.ONE) * table.DIGITS

Group = tuple[str, ...]


class Found(NamedTuple):
    """What an archive has of a suite: the stanzas of its packages, and when each name was first met."""

    date: str
    stanzas: dict[str, dict[str, str]]
    met: dict[str, int]


class Needed(NamedTuple):
    """The needs of one suite's packages, without those that others imply; names that are only provided; the base."""

    date: str
    minimal: list[str]
    needs: dict[str, tuple[list[Group], list[Group]]]
    sizes: dict[str, str]
    provided: dict[str, str]


class Relation(NamedTuple):
    """One package in a relation, perhaps with a version."""

    name: str
    architecture: str
    operator: str
    version: str

    def holds(self, version: str) -> bool:
        """Whether the version is one that is meant; a name that is provided without one has none."""
        if not self.operator:
            return True
        if not version:
            return False
        have, want = version_key(version), version_key(self.version)
        return {"<<": have < want, "<=": have <= want, "=": have == want, ">=": have >= want, ">>": have > want}[
            self.operator
        ]


@cache
def version_key(version: str) -> tuple[object, ...]:
    """What compares as dpkg compares versions (deb-version(7))."""
    epoch, _, rest = version.rpartition(":") if ":" not in version else version.partition(":")
    upstream, _, revision = rest.rpartition("-") if "-" in rest else (rest, "", "0")
    return int(epoch or 0), *map(_part_key, (upstream, revision))


def _part_key(part: str) -> list[tuple[tuple[int, ...], int]]:
    """Letters sort before all else, a tilde even before the end, which is zero here."""
    return [
        ((*(-1 if c == "~" else ord(c) if c.isalpha() else ord(c) + 256 for c in text), 0), int(digits or 0))
        for text, digits in re.findall(r"(\D*)(\d*)", part)
    ]


@cache
def relations(field: str) -> list[list[Relation]]:
    """A field's groups of alternatives."""
    groups = (map(RELATION.match, group.split("|")) for group in field.split(",") if group.strip())
    return [[Relation(*match.groups("")) for match in group if match] for group in groups]


def apt(folder: Path, *words: str) -> str:
    """What apt-get prints, with all that it reads and writes in the folder, but for the machine's settings."""
    state = {
        "Dir::State": folder, "Dir::State::status": folder / "status", "Dir::Cache": folder,
        "Dir::Etc::SourceList": folder / "sources.list", "Dir::Etc::SourceParts": "-", "Acquire::Languages": "none",
        "Acquire::GzipIndexes": "false", "APT::Architecture": "amd64", "APT::Sandbox::User": "root",
    }  # fmt: skip
    options = [word for key, value in state.items() for word in ("-o", f"{key}={value}")]
    return subprocess.run(["apt-get", *options, *words], stdout=subprocess.PIPE, text=True, check=True).stdout


def archives() -> dict[str, str]:
    """Where this machine's apt gets Debian from, by the label of the archive."""
    words = ["apt-get", "indextargets", "--format", "$(LABEL)\t$(REPO_URI)", "Created-By: Packages", "Origin: Debian"]
    lines = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=False).stdout.splitlines()
    return {**ARCHIVES, **{label: uri.rstrip("/") for label, uri in (line.split("\t") for line in lines)}}


def fetch(suite: str, main: str, security: str, folder: Path) -> Found:
    """A suite as apt has it: main, with what was updated since its release."""
    places = [(main, suite), (main, f"{suite}-updates"), (security, f"{suite}-security")]
    (folder / "lists/partial").mkdir(parents=True)
    (folder / "archives/partial").mkdir(parents=True)
    (folder / "status").touch()
    lines = [f"deb [signed-by={KEYS} arch=amd64] {uri} {name} main\n" for uri, name in places]
    (folder / "sources.list").write_text("".join(lines))
    apt(folder, "update", "--error-on=any", "-qq")
    dates = [
        parsedate_to_datetime(line[5:].strip())
        for path in folder.glob("lists/*InRelease")
        for line in path.read_text().splitlines()
        if line.startswith("Date:")
    ]
    files = apt(folder, "indextargets", "--format", "$(FILENAME)", "Created-By: Packages").split()
    return read(max(dates).date().isoformat(), [Path(file).read_text() for file in files])


def read(date: str, indexes: Iterable[str]) -> Found:
    """The newest version of each package in the indexes, given in apt's order."""
    found = Found(date, {}, {})
    for stanza in (stanza for index in indexes for stanza in index.split("\n\n") if stanza.strip()):
        fields = dict(re.findall(r"(?m)^([A-Za-z-]+):[ \t]*(.*)$", stanza))
        name = fields["Package"]
        groups = (group for key in RELATIONS if key in fields for group in relations(fields[key]))
        for mentioned in (name, *(relation.name for group in groups for relation in group)):
            found.met.setdefault(mentioned, len(found.met))
        known = found.stanzas.get(name)
        if known is None or version_key(known["Version"]) < version_key(fields["Version"]):
            found.stanzas[name] = fields
    return found


class Chooser:
    """Which packages meet a relation, the one that apt tries first at the front."""

    def __init__(self, found: Found) -> None:
        self._found = found
        self._provided: dict[str, dict[str, str]] = defaultdict(dict)
        for name, fields in found.stanzas.items():
            for ((virtual, _, _, version),) in relations(fields.get("Provides", "")):
                self._provided[virtual][name] = version

    def rank(self, name: str) -> tuple[bool, bool, int, int]:
        """Of packages that provide a name, apt takes essential ones, higher priorities, then what it met last."""
        fields = self._found.stanzas[name]
        important = "yes" in (fields.get("Important"), fields.get("Protected"))
        priority = PRIORITIES.get(fields.get("Priority", ""), 5)
        return fields.get("Essential") != "yes", not important, priority, -self._found.met[name]

    def candidates(self, relation: Relation) -> list[str]:
        """The package of that name, then those that provide it."""
        if relation.architecture not in ("", "any", "native", "amd64"):
            return []
        own = self._found.stanzas.get(relation.name)
        first = [relation.name] if own and relation.holds(own["Version"]) else []
        provided = self._provided.get(relation.name, {})
        others = [name for name, version in provided.items() if relation.holds(version) and name not in first]
        return first + sorted(others, key=self.rank)

    def groups(self, name: str, *keys: str) -> list[Group]:
        """What a package needs, each need with all packages that meet it; without what nothing meets."""
        fields = self._found.stanzas[name]
        needs = (group for key in keys for group in relations(fields.get(key, "")))
        all_of = (tuple(dict.fromkeys(c for relation in need for c in self.candidates(relation))) for need in needs)
        return [group for group in dict.fromkeys(all_of) if group and name not in group]

    def provided(self) -> dict[str, str]:
        """The names that are no package, and that one package alone provides."""
        only = {name: tuple(by) for name, by in self._provided.items() if name not in self._found.stanzas}
        return {name: by[0] for name, by in only.items() if len(by) == 1}


class Names:
    """Needs by name, for the resolver, which knows packages by whatever stands for them."""

    def __init__(self, needs: Mapping[str, table.Needs]) -> None:
        self.needs: Callable[[str], table.Needs] = needs.__getitem__


def minimal(found: Found, needs: Mapping[str, table.Needs]) -> list[str]:
    """The packages of debian:SUITE-slim: debootstrap's variant minbase, which is all that is required, and apt.

    Its folders are merged from the start, so it has usr-is-merged where another package would merge them later.
    """
    required = [n for n, f in found.stanzas.items() if f.get("Essential") == "yes" or f.get("Priority") == "required"]
    merged = [n for n in ("usr-is-merged",) if any(n in group for name in required for group in needs[name].depends)]
    return sorted(installed(Names(needs), (), [*required, "apt", *merged], recommends=False))


def needed(found: Found) -> Needed:
    """What of a suite goes into the table."""
    chooser = Chooser(found)
    needs = {
        name: table.Needs(
            tuple(chooser.groups(name, "Pre-Depends", "Depends")), tuple(chooser.groups(name, "Recommends"))
        )
        for name in found.stanzas
    }
    base = minimal(found, needs)
    short = reduced(needs, frozenset(base))
    keep = dict.fromkeys([*base, *(name for name in short if not LEFT_OUT.fullmatch(name))])
    todo = list(keep)
    while todo:
        more = dict.fromkeys(n for groups in short[todo.pop()] for group in groups for n in group if n not in keep)
        keep.update(more)
        todo += more
    sizes = {name: found.stanzas[name].get("Installed-Size", "0") for name in keep}
    provided = {name: by for name, by in chooser.provided().items() if by in keep}
    return Needed(found.date, base, {name: short[name] for name in keep}, sizes, provided)


def reduced(needs: Mapping[str, table.Needs], base: frozenset[str]) -> dict[str, tuple[list[Group], list[Group]]]:
    """The needs without those that are met anyway: by the base, or by what another need brings for certain."""
    open_needs = {name: [[g for g in groups if base.isdisjoint(g)] for groups in both] for name, both in needs.items()}

    @cache
    def certain(name: str) -> frozenset[str]:
        seen, todo = {name}, [name]
        while todo:
            new = {group[0] for group in open_needs[todo.pop()][0] if len(group) == 1} - seen
            seen |= new
            todo += new
        return frozenset(seen)

    def shortened(name: str, groups: Iterable[Group], met: frozenset[str]) -> list[Group]:
        left: list[Group] = []
        for group in groups:
            # Only what comes before may meet it, so that each choice is made with the same packages there; and nothing
            # that needs this package itself: in a ring, each could rely on another one to bring what none does.
            brought = (certain(other[0]) for other in left if len(other) == 1)
            if met.isdisjoint(group) and all(name in packages or packages.isdisjoint(group) for packages in brought):
                left.append(group)
        return left

    short = {}
    for name, (depends, recommends) in open_needs.items():
        first = shortened(name, depends, frozenset())
        met = frozenset({name}.union(*(certain(group[0]) for group in first if len(group) == 1)))
        short[name] = first, shortened(name, recommends, met)
    return short


class Writer:
    """Writes needs in the table's digits: all packages by their place among the names of all suites."""

    def __init__(self, suites: Sequence[Needed]) -> None:
        self.names = sorted(set().union(*(suite.needs for suite in suites)))
        self._places = {name: place for place, name in enumerate(self.names)}
        used = Counter(g for suite in suites for both in suite.needs.values() for groups in both for g in groups)
        # Beside all choices, what is so often needed that a line for it costs less than it saves.
        self.targets = sorted((g for g, n in used.items() if len(g) > 1 or n > 12), key=lambda g: (-used[g], g))
        self._targets = {group: place for place, group in enumerate(self.targets)}
        if len(self.targets) > TARGETS or len(self.names) >= (table.DIGITS - table.TWO) * table.DIGITS**2:
            raise SystemExit("make_recommends: there are more packages than the format can hold")

    def digits(self, place: int, group: Group) -> bytes:
        """A target, seen from the package at `place`."""
        distance = self._places[group[0]] - place + table.HALF
        target = self._targets.get(group)
        if len(group) == 1 and 0 <= distance < table.NEAR:
            numbers = [distance]
        elif target is None:
            high, low = divmod(self._places[group[0]], table.DIGITS)
            lead, middle = divmod(high, table.DIGITS)
            numbers = [table.TWO + lead, middle, low]
        elif target < table.ONE - table.NEAR:
            numbers = [table.NEAR + target]
        else:
            lead, low = divmod(target - (table.ONE - table.NEAR), table.DIGITS)
            numbers = [table.ONE + lead, low]
        return bytes(table.FIRST_DIGIT + number for number in numbers)

    def needs(self, suite: Needed) -> Iterator[bytes]:
        """The line of each name."""
        for place, name in enumerate(self.names):
            if name in suite.needs:
                depends, recommends = (b"".join(self.digits(place, g) for g in gs) for gs in suite.needs[name])
                yield depends + (table.RECOMMENDS + recommends if recommends else b"")
            elif name in suite.provided:
                yield table.VIRTUAL + self.digits(place, (suite.provided[name],))
            else:
                yield table.ABSENT

    def target_lines(self) -> Iterator[bytes]:
        """The line of each target."""
        for group in self.targets:
            yield self.numbers(group).encode()

    def numbers(self, names: Iterable[str]) -> str:
        """The places of names."""
        return " ".join(str(self._places[name]) for name in names)


def written(suites: Mapping[str, Needed]) -> bytes:
    """The file."""
    writer = Writer(list(suites.values()))
    head = (f"{name} {suite.date} {writer.numbers(suite.minimal)}".encode() for name, suite in suites.items())
    columns = [
        column
        for suite in suites.values()
        for column in (list(writer.needs(suite)), [suite.sizes.get(name, "").encode() for name in writer.names])
    ]
    for at, column in enumerate(columns[2:]):
        columns[at + 2] = [
            table.SAME if line and line == old else line for line, old in zip(column, columns[at % 2], strict=True)
        ]
    parts = [head, map(str.encode, writer.names), writer.target_lines(), *columns]
    return table.MAGIC + bytes([table.VERSION]) + b"".join(_measured(_chunks(part)) for part in parts)


def _chunks(lines: Iterable[bytes]) -> bytes:
    """A part: its lines in chunks, each compressed."""
    every = list(lines)
    chunks = (b"\n".join(every[at : at + table.CHUNK]) for at in range(0, max(len(every), 1), table.CHUNK))
    return b"".join(_measured(zlib.compress(chunk, 9)) for chunk in chunks)


def _measured(data: bytes) -> bytes:
    """The data with its length before it."""
    return len(data).to_bytes(4, "big") + data


def main() -> None:
    """Fetches the indexes and writes the table."""
    known = archives()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--suite", action="append", help=f"one suite; may be given again (default: {' '.join(SUITES)})")
    parser.add_argument("--archive", default=known["Debian"], help="Debian's archive")
    parser.add_argument("--security", default=known["Debian-Security"], help="Debian's archive of security updates")
    parser.add_argument("out", type=Path, metavar="OUT")
    options = parser.parse_args()
    suites = {}
    for suite in options.suite or SUITES:
        with tempfile.TemporaryDirectory() as folder:
            try:
                found = fetch(suite, options.archive, options.security, Path(folder))
            except subprocess.CalledProcessError:
                sys.exit(f"make_recommends: apt cannot fetch all indexes of {suite}: see above")
        suites[suite] = needed(found)
        print(f"{suite} {suites[suite].date}: {len(suites[suite].needs)} packages", file=sys.stderr)
    data = written(suites)
    options.out.write_bytes(data)
    print(f"{options.out}: {len(data):,} bytes", file=sys.stderr)


if __name__ == "__main__":
    main()
