"""What the words of a command in a RUN name, gathered up: paths that are read, written, made."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..effect import unquoted
from ..image import Configuration
from .copies import ROOT_0755
from .paths import EVERYTHING, ancestors, canonical, folder_of, is_plain, overlap
from .places import ACCOUNTS, LIBRARIES, PATH_FOLDERS, home, is_root
from .step import Links
from .touched import Touched

_VARIABLE = re.compile(rb"\$(?:(\w+)|\{(\w+)\})")
_VALUE = re.compile(rb"[\w./+-]+")
# Substitutions that only ask the machine or dpkg, and whose answer is a word without a slash.
_ANSWERS = (b"uname -m", b"uname -s", b"arch", b"nproc", b"dpkg --print-architecture")
_SUBSTITUTION = re.compile(rb"\$\((" + b"|".join(_ANSWERS) + rb")\)")
# A shell cuts a path at these: what is before them is literal, up to the last slash.
_CUT = re.compile(rb"[^\w./@+,=%:-]")


class NotKnown(Exception):
    """It is not known what a command does; the text says why."""


class Place(NamedTuple):
    """Where a command runs: the configuration, the links made before, the folder (empty: not known), the RUN's text.

    `moved`: a `cd` has brought it there.
    """

    config: Configuration
    links: Links
    folder: bytes
    text: bytes
    moved: bool = False

    def literal(self, word: bytes) -> bytes:
        """The word as far as it is known: quotes off, answers and known variables put in."""
        if b"\\" in word or (b"'" in word and b"$" in word):
            return b"$"
        return _VARIABLE.sub(self._value, unquoted(_SUBSTITUTION.sub(b"$answer", word)))

    def _value(self, match: re.Match[bytes]) -> bytes:
        name = match[1] or match[2]
        known = self.config.env.get(name, b"")
        return known if _VALUE.fullmatch(known) and not self._sets(name) else b"$" + name

    def _sets(self, name: bytes) -> bool:
        """Whether the RUN assigns the variable."""
        if name + b"=" not in self.text and name + b"+=" not in self.text:
            return False
        return re.search(rb"(?<![\w$])" + re.escape(name) + rb"\+?=", self.text) is not None

    def tree(self, word: bytes) -> bytes:
        """The tree in which what the word names lies; everything where that is not known."""
        path = self.literal(word)
        if path.startswith(b"~"):
            path = home(self.config) + path[1:] if home(self.config) and path[1:2] in (b"", b"/") else b"$"
        cut = _CUT.search(path)
        if cut is not None:
            # What a glob or variable stands for lies in that folder. (One that climbs out of it by `..` has not been
            # seen in any file.)
            path = path[: cut.start()].rpartition(b"/")[0] + b"/" if b"/" in path[: cut.start()] else b""
            if not path and cut[0] != b"$" and self.folder:
                path = b"."
        if not path:
            return EVERYTHING
        if not path.startswith(b"/"):
            if not self.folder:
                return EVERYTHING
            path = self.folder + b"/" + path
        whole = canonical(path)
        return EVERYTHING if any(overlap(whole, link) for link in self.links) else whole

    def is_relative(self, word: bytes) -> bool:
        """Whether the word names a path by way of the folder in which the RUN began."""
        return not self.moved and not self.literal(word).startswith((b"/", b"~"))


def is_answered(word: bytes) -> bool:
    """Whether all substitutions in the word are known to change nothing."""
    rest = _SUBSTITUTION.sub(b"", word)
    return b"$(" not in rest and b"`" not in rest and b"<(" not in rest and b">(" not in rest


class Gathering:
    """What one command touches, as far as it has been read."""

    def __init__(self, place: Place, who: str) -> None:
        """`who` names the command for a person."""
        self.place = place
        self._who = who
        self._reads: dict[bytes, str] = {}
        self._writes: dict[bytes, str] = {}
        self._makes: dict[bytes, str] = {}
        self._needs: set[bytes] = set()
        self._relies: set[bytes] = set()
        self._spares = False
        self._env: set[bytes] = set()
        self._asks: set[str] = set()
        self._network = False

    def read(self, word: bytes) -> None:
        """The word names something that is read."""
        self._reads[self._tree(word)] = self._who

    def write(self, word: bytes, *, is_new: bool = True) -> None:
        """The word names something that is written; `is_new`: in a folder that must be there."""
        tree = self._tree(word)
        self._writes[tree] = self._who
        if is_new and tree != EVERYTHING:
            self._needs.add(folder_of(tree))

    def make(self, word: bytes) -> None:
        """The word names a folder that is made with those above it where they are missing."""
        tree = self._tree(word)
        if tree == EVERYTHING:
            self._writes[tree] = self._who
        else:
            self.make_folders((tree, *ancestors(tree)))

    def make_folders(self, folders: tuple[bytes, ...]) -> None:
        """These folders are made where they are missing."""
        self._makes.update(dict.fromkeys(folders, ROOT_0755 if is_root(self.place.config) else "as USER makes them"))

    def need(self, word: bytes) -> None:
        """The word names a folder that must be there."""
        self._needs.add(self._tree(word))

    def read_trees(self, *trees: bytes) -> None:
        """These are read."""
        self._reads.update(dict.fromkeys(trees, self._who))

    def write_trees(self, *trees: bytes) -> None:
        """These are read and written."""
        self._writes.update(dict.fromkeys(trees, self._who))

    def need_folders(self, *folders: bytes) -> None:
        """These folders must be there."""
        self._needs.update(folders)

    def accounts(self) -> None:
        """Names of users and groups are looked up."""
        self.read_trees(*ACCOUNTS, b"/etc/nsswitch.conf")

    def rely_on(self, program: bytes) -> None:
        """A program is looked for on PATH, and loaded with its libraries."""
        self._relies |= {folder + b"/" + program for folder in (*path_folders(self.place.config), *PATH_FOLDERS)}
        self._relies |= LIBRARIES

    def rely_on_trees(self, *trees: bytes) -> None:
        """Libraries are looked for in these."""
        self._relies.update(trees)

    def heed(self, patterns: frozenset[bytes]) -> None:
        """Variables of these names matter."""
        self._env |= patterns

    def use_folder(self) -> None:
        """The folder in which it runs matters."""
        if not self.place.moved:
            self._asks.add("workdir")

    def reach_out(self) -> None:
        """It uses the network."""
        self._network = True

    def replace_nothing(self) -> None:
        """What it writes puts no other program in the place of a known one: it is a package manager of the system."""
        self._spares = True

    def done(self) -> Touched:
        """What has been gathered."""
        return Touched(
            self._reads,
            self._writes,
            self._makes,
            frozenset(self._needs),
            frozenset(self._relies),
            frozenset() if self._spares else frozenset(self._writes),
            env=frozenset(self._env),
            asks=frozenset(self._asks),
            network=self._network,
        )

    def _tree(self, word: bytes) -> bytes:
        if self.place.is_relative(word):
            self._asks.add("workdir")
        if unquoted(word).startswith(b"~"):
            self.accounts()
        return self.place.tree(word)


def path_folders(config: Configuration) -> tuple[bytes, ...]:
    """The folders that the file puts on PATH."""
    return folders_in(config, b"PATH")


def folders_in(config: Configuration, name: bytes) -> tuple[bytes, ...]:
    """The folders that a variable lists, but for those that it takes over from the base."""
    if name in config.args:
        raise NotKnown(f"{name.decode()} may be given to the build")
    found = [entry for entry in config.env.get(name, b"").split(b":") if entry]
    inherited = (b"$" + name, b"${" + name + b"}")
    folders = tuple(entry for entry in found if entry not in inherited)
    if not all(folder.startswith(b"/") and is_plain(folder) for folder in folders):
        raise NotKnown(f"{name.decode()} lists folders that are not known")
    return tuple(map(canonical, folders))
