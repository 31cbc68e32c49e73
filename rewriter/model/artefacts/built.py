"""A command read as one that builds, by the rows of `toolchains.py`: where it works, and what it leaves."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from typing import NamedTuple

from ...syntax.script import Command
from ..effect import unquoted
from ..packages.call import unwrapped
from ..steps.gathering import Place
from ..steps.paths import is_plain
from ..steps.places import home
from .rows import Called, row_of
from .split import NotTold
from .toolchains import Makes, Row
from .words import path_of

# Installers that only fetch, wherever they stand, unless they are given the project itself.
_NOT_OF_PROJECT = frozenset({"gem", "pip", "venv", "cpanm", "luarocks", "bundle"})


class Built(NamedTuple):
    """What a build command does: `folder` is where it works, `made` what it leaves by name, `trees` where it installs.

    A path in `made` with a slash at its end stands for anything directly in that folder. `exact`: besides these, it
    leaves nothing that is used. `refers`: what it installs is the project itself, by a link. `assumed`: it installs
    where that is the custom, and only the Makefile tells.
    """

    row: Row
    folder: bytes
    made: tuple[bytes, ...] = ()
    trees: tuple[bytes, ...] = ()
    refers: bool = False
    assumed: bool = False

    @property
    def exact(self) -> bool:
        return self.row.makes is not Makes.INSIDE

    @property
    def folder_matters(self) -> bool:
        """Whether it works on a project at all: an installer may only fetch, wherever it stands."""
        return not _NOT_OF_PROJECT & set(self.row.programs.split()) or self.refers


_BY_CUSTOM = frozenset({"make", "gmake"})
_CUSTOM = b"/usr/local"
# Options that only begin like one with a value behind it.
_OTHERS = frozenset({"-official", "-dev"})


class Known(NamedTuple):
    """What earlier commands of the stage have settled: virtual environments, and the prefixes of configured folders.

    `bundles`: bundler keeps its gems in the project.
    """

    environments: tuple[bytes, ...] = ()
    prefixes: tuple[tuple[bytes, bytes], ...] = ()
    bundles: bool = False


def built(command: Command, place: Place, known: Known) -> Built | None:
    """The command as one that builds; None if it is none that is known. Raises NotTold."""
    words = [word.decode("utf-8", "replace") for word in unwrapped(command)]
    called = row_of(words) if words else None
    if called is None:
        return None
    raw = [word.text for word in command.words[len(command.words) - len(called.rest) :]] if called.rest else []
    return _Reader(called, raw, place, known, command).read(words[0])


class _Reader:
    """Reads the words of one command by its row."""

    def __init__(self, called: Called, raw: Sequence[bytes], place: Place, known: Known, command: Command) -> None:
        self._row, self._program, self._rest = called.row, called.program, called.rest
        self._raw = raw
        self._place = place
        self._known = known
        self._assigns = [unquoted(word.text) for word in command.assigns]

    def read(self, called: str) -> Built:
        row = self._row
        folder = self._folder()
        if self._program in ("npm", "yarn", "yarnpkg", "pnpm") and not {"-g", "--global", "global"}.isdisjoint(
            self._rest
        ):
            return Built(row._replace(makes=Makes.INSTALLS), folder, (), (b"/usr/local",))
        if row.makes is Makes.NOTHING:
            return Built(row, folder)
        if row.makes is Makes.INSIDE or (self._program == "javac" and "-d" not in self._rest):
            return self._inside(folder)
        if row.makes is Makes.NAMED:
            return Built(row, folder, tuple(self._named(folder)))
        if self._program in ("bundle", "bundler") and self._keeps_bundle():
            return Built(row._replace(makes=Makes.INSIDE), folder, (), (), True)
        if {"-e", "--editable", "develop"} & set(self._rest):
            return Built(row._replace(makes=Makes.INSIDE), folder, (), self._trees(called, folder), True)
        trees = self._trees(called, folder)
        return Built(
            row, folder, (), trees, assumed=self._program in _BY_CUSTOM and trees == (_CUSTOM,) and self._is_open
        )

    def _keeps_bundle(self) -> bool:
        """Whether the gems of a bundle lie in the project."""
        config = self._place.config
        named = any(word.startswith(("--path", "--deployment", "--standalone")) for word in self._rest)
        return named or self._known.bundles or any(n.startswith(b"BUNDLE_") for n in (*config.env, *config.args))

    def _folder(self) -> bytes:
        given = self._values(self._row.where)
        folder = path_of(self._place, given[-1]) if given else self._place.folder
        if not folder and _NOT_OF_PROJECT & set(self._row.programs.split()) and not {"-e", "."} & set(self._rest):
            return b"/"
        if not folder:
            raise NotTold(f"in which folder `{self._program}` works is not known")
        return folder

    def _values(self, options: Sequence[str]) -> list[bytes]:
        """What stands behind these options: in the same word, or in the next one."""
        found = []
        for at, word in enumerate(self._rest):
            raw = self._raw[at]
            for option in options:
                if option.endswith("=") and word.startswith(option):
                    found.append(raw[len(option) :])
                elif word == option and at + 1 < len(self._raw) and not option.endswith("="):
                    found.append(self._raw[at + 1])
                elif option.startswith("--") and word.startswith(option + "="):
                    found.append(raw.partition(b"=")[2])
                elif len(option) == 2 and word.startswith(option) and word not in _OTHERS:
                    found.append(raw[2:].lstrip(b"="))
        return found

    def _path(self, word: bytes, folder: bytes) -> bytes:
        path = path_of(self._place._replace(folder=folder), word)
        if not path:
            raise NotTold(f"where `{self._program}` puts what it makes is not known")
        return path

    def _inside(self, folder: bytes) -> Built:
        """What an option names lies elsewhere only where its path says so."""
        made = [self._path(word, folder) for word in self._values(self._row.out) if word[:1] not in (b"-", b"")]
        return Built(self._row._replace(makes=Makes.INSIDE), folder, tuple(made))

    def _named(self, folder: bytes) -> list[bytes]:
        given = self._values(self._row.out)
        program = self._program
        if program == "jar" and not given:
            given = self._jar()
        if program == "cargo":
            base = self._path(given[-1], folder) if given else folder + b"/target"
            return [base + b"/" + part + b"/" for part in self._profiles()]
        if given:
            paths = [self._path(word, folder) for word in given]
            # `go build -o bin/ ./cmd/...` puts one file for each program in there.
            if program == "go" and given[-1].rstrip(b"'\"").endswith(b"/"):
                return [path + b"/" for path in paths]
            return paths
        if program in ("cc", "gcc", "c++", "g++", "clang", "clang++", "gfortran") and {"-c", "-E", "-S"} & set(
            self._rest
        ):
            return []
        if program == "rustc":
            raise NotTold("`rustc` without -o names its file after the crate")
        default = self._row.default
        if not default:
            return []
        return [posixpath.normpath(folder + b"/" + default.encode()) + (b"/" if default.endswith("/") else b"")]

    def _jar(self) -> list[bytes]:
        """`jar cfe app.jar Main ...`: the letters name what the words behind them are, in their order."""
        letters = self._rest[0].lstrip("-") if self._rest else ""
        if "c" not in letters and "u" not in letters:
            return [b"."] if "x" in letters else []
        valued = [letter for letter in letters if letter in "fme"]
        if "f" not in valued:
            return []
        at = 1 + valued.index("f")
        return [self._raw[at]] if at < len(self._raw) else []

    def _profiles(self) -> list[bytes]:
        words = list(self._rest)
        profile = self._values(("--profile",))
        name = b"release" if {"--release", "-r"} & set(words) else unquoted(profile[-1]) if profile else b"debug"
        target = [unquoted(word) for word in self._values(("--target",))]
        return [(target[-1] + b"/" if target else b"") + (b"debug" if name == b"dev" else name)]

    def _trees(self, called: str, folder: bytes) -> tuple[bytes, ...]:
        row = self._row
        given = self._values(row.prefix)
        given += [word.partition(b"=")[2] for word in self._assigns if word.startswith((b"DESTDIR=", b"PREFIX="))]
        if self._program == "gem" and given:
            return tuple(self._path(word, folder) for word in (*given, *self._values(("-n", "--bindir")))) + (
                (b"/usr/local/bin",) if not self._values(("-n", "--bindir")) else ()
            )
        if given:
            return tuple(self._path(word, folder) for word in given)
        if self._program in ("venv", "virtualenv"):
            paths = [raw for word, raw in zip(self._rest, self._raw, strict=True) if not word.startswith("-")]
            return tuple(self._path(word, folder) for word in paths[:1])
        if self._program == "go":
            return (self._of_go(),)
        if self._program == "cargo":
            return (self._of_cargo(),)
        if self._program in ("pip", "pip3", "setup.py"):
            return (self._of_python(called),)
        if self._program == "gem":
            home = self._variable(b"GEM_HOME")
            return (home,) if home else tuple(tree.encode() for tree in row.trees)
        prefix = self._configured(folder)
        return (prefix,) if prefix else tuple(tree.encode() for tree in row.trees)

    @property
    def _is_open(self) -> bool:
        """Whether nobody has said where it installs: no option, and no command that configured it."""
        given = self._values(self._row.prefix) or any(
            word.startswith((b"DESTDIR=", b"PREFIX=")) for word in self._assigns
        )
        return not given and self._configured(self._folder()) is None

    def _configured(self, folder: bytes) -> bytes | None:
        """The prefix for which the folder was configured."""
        for configured, prefix in self._known.prefixes:
            if folder == configured or folder.startswith(configured + b"/"):
                return prefix
        return None

    def _variable(self, name: bytes) -> bytes:
        config = self._place.config
        own = next((word.partition(b"=")[2] for word in self._assigns if word.startswith(name + b"=")), b"")
        text = own or config.env.get(name, b"")
        if text and not (text.startswith(b"/") and is_plain(text)):
            raise NotTold(f"where {name.decode()} points is not known")
        return text.rstrip(b"/")

    def _of_go(self) -> bytes:
        return self._variable(b"GOBIN") or (self._variable(b"GOPATH") or self._home() + b"/go") + b"/bin"

    def _of_cargo(self) -> bytes:
        root = self._variable(b"CARGO_INSTALL_ROOT") or self._variable(b"CARGO_HOME") or self._home() + b"/.cargo"
        return root + b"/bin"

    def _home(self) -> bytes:
        found = home(self._place.config)
        if not found:
            raise NotTold(f"into whose home folder `{self._program}` installs is not known")
        return found

    def _of_python(self, called: str) -> bytes:
        """The virtual environment that the program is of, by its path or by the first folder on PATH."""
        path = self._place.config.env.get(b"PATH", b"").split(b":")[0]
        first = path_of(self._place, called.encode()) if "/" in called else path + b"/pip"
        for environment in self._known.environments:
            if posixpath.normpath(first).startswith(environment + b"/"):
                return environment
        if "--user" in self._rest:
            return self._home() + b"/.local"
        if "/" in called and not called.startswith(("/usr/bin/", "/usr/local/bin/")):
            raise NotTold(f"what `{called}` installs into is not known")
        return b"/usr/local"
