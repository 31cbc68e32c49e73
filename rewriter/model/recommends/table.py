"""The table of what packages depend on and recommend, as the file beside this module holds it.

The file is eleven bytes (`dockfix-rec` without a zero) and one of the version, then parts. A part is the length of its
data, four bytes with the highest first, and the data: chunks, each of them again a length and then bytes, compressed
with zlib, whose own checksum finds damage. A chunk has CHUNK lines, the last one fewer.

The first part is one chunk of text: a line for each suite, with its name, the date of its indexes, and the packages of
its minimal image, all parted by blanks. The second part is all names, of all suites, sorted; a package is its place in
there, also in the first part, in decimal digits. The third one is the targets: lists of packages of which one is
enough, in the order in which apt tries them. Those that are used most come first, so that a byte can name them. Then
come, for each suite, the needs and the sizes.

These parts have a line for each name or target. In sizes, a line is the installed size in kilobytes, and in targets it
is packages, both in decimal digits. In needs, it is one byte, or a row of targets:

    SAME           the package needs what it needs in the first suite; also for sizes
    ABSENT         the suite does not have the package
    VIRTUAL        one other package of the suite provides it: the target that follows
    RECOMMENDS     what follows is recommended, what came before is needed

A target is one to three digits with the base DIGITS, each a byte from FIRST_DIGIT on, so that they are never one of the
above. By the first one: a package that is so many names away; one of the first targets; with another digit, one of the
other targets; with two more, any package.
"""

import zlib
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

MAGIC = b"dockfix-rec"
VERSION = 2
CHUNK = 512
SAME, ABSENT, RECOMMENDS, VIRTUAL = b"\x01", b"\x02", b"\x03", b"\x04"
FIRST_DIGIT = 11
DIGITS = 256 - FIRST_DIGIT
# The first digit: up to NEAR a distance, up to ONE a target, up to TWO the first of two digits, then of three.
HALF = 20
NEAR = 2 * HALF + 1
ONE = NEAR + 150
TWO = ONE + 50


class Damaged(ValueError):
    """A file that is no table, of a version that is not known, or damaged; the text is one sentence."""


class Needs(NamedTuple):
    """What comes along with a package: for each tuple, the first package of it that can be had."""

    depends: tuple[tuple[int, ...], ...]
    recommends: tuple[tuple[int, ...], ...]


class Suite(NamedTuple):
    """A suite of the table: its name, the date of its indexes (ISO 8601), and what its minimal image holds."""

    name: str
    date: str
    minimal: tuple[int, ...]


class Lines:
    """The lines of a part; those of a chunk are read when the first one of them is asked for."""

    def __init__(self, data: bytes) -> None:
        self._chunks = tuple(_pieces(data, 0))
        self._lines: dict[int, list[bytes]] = {}

    def __getitem__(self, number: int) -> bytes:
        place, inside = divmod(number, CHUNK)
        if not 0 <= place < len(self._chunks) or inside >= len(lines := self._chunk(place)):
            raise Damaged("the table of packages points to a line that it does not have")
        return lines[inside]

    def _chunk(self, place: int) -> list[bytes]:
        lines = self._lines.get(place)
        if lines is None:
            lines = self._lines[place] = _decompressed(self._chunks[place]).split(b"\n")
        return lines

    def find(self, line: bytes) -> int | None:
        """The number of a line, where lines are sorted."""
        place = bisect_right(range(len(self._chunks)), line, key=lambda chunk: self._chunk(chunk)[0]) - 1
        if place >= 0 and line in (lines := self._chunk(place)):
            return place * CHUNK + lines.index(line)
        return None


class Table:
    """All suites of a file; the parts are decompressed when they are first needed."""

    def __init__(self, data: bytes) -> None:
        head = len(MAGIC) + 1
        if data[: len(MAGIC)] != MAGIC:
            raise Damaged("the table of packages is not a table")
        if data[len(MAGIC) : head] != bytes([VERSION]):
            raise Damaged("the table of packages has a version that this dockfix does not know")
        self._parts = tuple(_pieces(data, head))
        lines = b"\n".join(map(_decompressed, _pieces(self._parts[0], 0))).decode("ascii", "replace").splitlines()
        words = [line.split() for line in lines]
        if not words or any(len(line) < 2 for line in words) or len(self._parts) != 3 + 2 * len(words):
            raise Damaged("the table of packages does not have the parts that it should have")
        self.suites = {line[0]: Suite(line[0], line[1], tuple(map(_integer, line[2:]))) for line in words}
        self._read: dict[int, Lines] = {}

    def lines(self, number: int) -> Lines:
        """The lines of a part: the names are part 1, the targets part 2."""
        read = self._read.get(number)
        if read is None:
            read = self._read[number] = Lines(self._parts[number])
        return read

    def packages(self, suite: str) -> "Packages":
        """The packages of a suite, which must be one of `suites`."""
        return Packages(self, list(self.suites).index(suite))


class Packages:
    """The packages of one suite; each is known by its number, which is its place among all names."""

    def __init__(self, table: Table, suite: int) -> None:
        self._table = table
        self._needs_at = 3 + 2 * suite
        self._memo: dict[int, Needs | None] = {}

    def number(self, name: str) -> int | None:
        """The number of the package that is installed for this name; None where there is none."""
        found = self._table.lines(1).find(name.encode("utf-8", "replace"))
        if found is None:
            return None
        line = self._line(self._needs_at, found)
        if line[:1] == VIRTUAL:
            return next((target[0] for target in self._targets(line[1:], found)), None)
        return None if line == ABSENT else found

    def name(self, number: int) -> str:
        """The name of a package."""
        return self._table.lines(1)[number].decode("ascii", "replace")

    def size(self, number: int) -> int:
        """The installed size, in kilobytes."""
        return _integer(self._line(self._needs_at + 1, number))

    def needs(self, number: int) -> Needs:
        """What the package depends on and recommends, without what the minimal image has anyway."""
        known = self._memo.get(number)
        if known is None:
            depends, _, recommends = self._line(self._needs_at, number).partition(RECOMMENDS)
            known = Needs(self._targets(depends, number), self._targets(recommends, number))
            self._memo[number] = known
        return known

    def _line(self, part: int, number: int) -> bytes:
        """The line of a package, or that of the first suite where it is the same."""
        line = self._table.lines(part)[number]
        return line if line != SAME else self._table.lines(3 + (part - 3) % 2)[number]

    def _targets(self, row: bytes, number: int) -> tuple[tuple[int, ...], ...]:
        found: list[tuple[int, ...]] = []
        digits = iter(row)
        try:
            for byte in digits:
                first = byte - FIRST_DIGIT
                if first < 0:
                    raise Damaged("the table of packages has a row that cannot be read")
                if first < NEAR:
                    found.append((number + first - HALF,))
                elif first < ONE:
                    found.append(self._target(first - NEAR))
                elif first < TWO:
                    found.append(self._target(ONE - NEAR + (first - ONE) * DIGITS + next(digits) - FIRST_DIGIT))
                else:
                    high = (first - TWO) * DIGITS + next(digits) - FIRST_DIGIT
                    found.append((high * DIGITS + next(digits) - FIRST_DIGIT,))
        except StopIteration:
            raise Damaged("the table of packages has a row that ends too early") from None
        return tuple(found)

    def _target(self, number: int) -> tuple[int, ...]:
        return tuple(map(_integer, self._table.lines(2)[number].split()))


def _integer(digits: bytes | str) -> int:
    try:
        return int(digits)
    except ValueError:
        raise Damaged("the table of packages has a word where it should have a number") from None


def _decompressed(data: bytes) -> bytes:
    try:
        return zlib.decompress(data)
    except zlib.error:
        raise Damaged("the table of packages is damaged") from None


def _pieces(data: bytes, start: int) -> Iterator[bytes]:
    """The parts of a file or the chunks of a part, from `start` on; what is in them is only looked at later."""
    while True:
        begin = start + 4
        end = begin + int.from_bytes(data[start:begin], "big")
        if not begin <= end <= len(data):
            raise Damaged("the table of packages is cut off")
        yield data[begin:end]
        if end == len(data):
            return
        start = end
