"""What all readers of manifests ask: of the command's words and variables, and of files and folders of the context.

Whatever is not literal or not known raises NotTold. Paths are those of the context, from its root.
"""

from __future__ import annotations

import json
import posixpath
import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import NamedTuple
from xml.etree import ElementTree as ET

from ..context import Kind
from ..effect import unquoted
from .asked import Asked, Needs, NotTold

Table = Mapping[str, object]

_EXPANDED = re.compile(r"[$`*?\[\]{}\\<>|;&()~]")
_LITERAL_TREE = re.compile(r"/[\w./+@-]*")
_ASSIGNMENT = re.compile(r"(\w+)=(.*)", re.DOTALL)
# Words that may stand before the program: it runs in the same folder, as root, with the variables that are told.
_RUNNERS = frozenset("sudo -E -H env nice ionice command exec time eatmydata".split())
# Variables that bring in code or another repository, whatever the program: ld.so(8), bash(1), git(1).
_COMMON = re.compile(r"LD_PRELOAD|LD_AUDIT|BASH_ENV|GIT_(?:DIR|WORK_TREE|INDEX_FILE|CONFIG\w*|EXEC_PATH|TEMPLATE_DIR)")
# Programs that belong to a project: their readers look at them.
_WRAPPERS = frozenset({"mvnw", "gradlew"})
# `2>&1`, `> /dev/null`.
_NO_FILE = re.compile(rb"(?:\d*|&)>>?\s*(?:&\d+|/dev/(?:null|stdout|stderr))")
# Variables that say where programs of all kinds keep what they write.
# https://specifications.freedesktop.org/basedir-spec/latest/
_HOMES = ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "TMPDIR")


class Line(NamedTuple):
    """A command as text: its words, the program first, each of them literal; and the variables that it sees."""

    words: tuple[str, ...]
    env: Mapping[str, str]


class Said(NamedTuple):
    """The options of a command with their values (empty for flags), in their order, and its other words."""

    options: tuple[tuple[str, str], ...]
    arguments: tuple[str, ...]

    def has(self, *names: str) -> bool:
        """Whether one of these options is given."""
        return any(name in names for name, _ in self.options)

    def values(self, *names: str) -> tuple[str, ...]:
        """The values of these options, in their order."""
        return tuple(value for name, value in self.options if name in names)


def line(asked: Asked) -> Line:
    """The command as text; NotTold where a word is expanded, or where it runs as another user or with a file."""
    before = len(asked.command.words) - len(asked.words)
    prefix = [_text(unquoted(word.text)) for word in asked.command.words[:before]]
    assigned = [_text(unquoted(word.text)) for word in asked.command.assigns]
    for word in prefix:
        if word not in _RUNNERS and not _ASSIGNMENT.fullmatch(word):
            raise NotTold(f"with {word}, the command may run elsewhere or as somebody else")
    if "sudo" in prefix and "-E" not in prefix:
        raise NotTold("sudo drops variables, and which ones is a matter of its settings")
    if any(not _NO_FILE.fullmatch(redirect.text) for redirect in asked.command.redirects):
        raise NotTold("the command reads or writes a file by a redirection")
    pairs = [match for match in map(_ASSIGNMENT.fullmatch, (*assigned, *prefix)) if match]
    env = {_text(name): _text(value) for name, value in asked.env.items()} | {match[1]: match[2] for match in pairs}
    _check_common(asked, env)
    words = tuple(map(_text, asked.words))
    for word in words:
        if _EXPANDED.search(word):
            raise NotTold(f"what {word} stands for is known only when the command runs")
    own = not asked.at(words[0]).startswith("..")
    if "/" in words[0] and posixpath.basename(words[0]) not in _WRAPPERS and own:
        raise NotTold(f"{words[0]} is a file of the project")
    return Line(words, env)


def _check_common(asked: Asked, env: Mapping[str, str]) -> None:
    """NotTold where variables make programs of the project run, or others than one would think."""
    odd = next(filter(_COMMON.fullmatch, env), "")
    if odd:
        raise NotTold(f"the variable {odd} is set, and may change what is read or written")
    for folder in env.get("PATH", "").split(":") if "PATH" in env else ():
        # What stays a variable comes from the base image, which knows nothing of the project.
        known = folder.startswith("$") or (folder.startswith("/") and asked.at(folder).startswith(".."))
        if not known or posixpath.basename(folder.rstrip("/")) == "shims":
            raise NotTold(f"PATH has {folder or 'an empty entry'}, where a program of the project may be")


def _text(word: bytes) -> str:
    return word.decode("utf-8", "surrogateescape")


def _bytes(word: str) -> bytes:
    return word.encode("utf-8", "surrogateescape")


def options(words: Iterable[str], flags: Collection[str], valued: Collection[str]) -> Said:
    """The words behind the sub-command, by these flags and options with a value; NotTold for any other option."""
    found: list[tuple[str, str]] = []
    rest: list[str] = []
    waiting = ""
    for word in words:
        name, equals, value = word.partition("=")
        if waiting:
            found.append((waiting, word))
            waiting = ""
        elif not word.startswith("-") or word == "-":
            rest.append(word)
        elif word in flags:
            found.append((word, ""))
        elif equals and name in valued:
            found.append((name, value))
        elif word in valued:
            waiting = word
        elif word[:2] in valued and not word.startswith("--"):
            found.append((word[:2], word[2:]))
        elif re.fullmatch(r"-[a-zA-Z]{2,}", word) and all(f"-{letter}" in flags for letter in word[1:]):
            found += [(f"-{letter}", "") for letter in word[1:]]
        else:
            raise NotTold(f"it is not known what the option {word} makes of it")
    if waiting:
        raise NotTold(f"the option {waiting} has no value")
    return Said(tuple(found), tuple(rest))


def check_variables(env: Mapping[str, str], own: str, known: Iterable[str]) -> None:
    """NotTold where a variable of the program (a regular expression for its name) is none of `known` (with `*`)."""
    rows = tuple(known)
    for name in env:
        if re.fullmatch(own, name) and not any(fnmatchcase(name, row) for row in rows):
            raise NotTold(f"the variable {name} is set, and may change what is read or written")


def trees(env: Mapping[str, str], fixed: str, moved: Iterable[str] = ()) -> tuple[bytes, ...]:
    """The trees of the image that are written: some by default, and those that variables say, `moved` besides HOME."""
    found = fixed.split()
    for name in (*_HOMES, *moved):
        value = env.get(name, "")
        if value and not _LITERAL_TREE.fullmatch(value):
            raise NotTold(f"where {name}={value} leads to is not known")
        found += [value] if value else []
    return tuple(_bytes(word) for word in dict.fromkeys(found))


def home(asked: Asked) -> str:
    """The folder in which the command runs; NotTold where the context does not lie there."""
    return inside(asked, "", asked.folder or ".", "the command runs in a folder that")


def inside(asked: Asked, folder: str, path: str, who: str) -> str:
    """The path of the context for one from a folder, or for one of the image; empty for the root of the context.

    NotTold where it leads out of what is copied; `who` is said to name it.
    """
    whole = asked.at(path) if path.startswith("/") else posixpath.normpath(posixpath.join(folder, path))
    whole = "" if whole == "." else whole
    if whole == ".." or whole.startswith("../") or not f"{whole}/".startswith(_top(asked)):
        raise NotTold(f"{who} names {path}, which is outside of what is copied")
    return whole


def _top(asked: Asked) -> str:
    """The folder of the context that is copied, with a slash; empty for its root."""
    source = asked.copied[1].strip("/")
    return "" if source in ("", ".") else f"{source}/"


def above(asked: Asked, folder: str) -> Iterator[str]:
    """The folder, the one that it is in, and so on to the top of what is copied."""
    yield folder
    while folder and f"{folder}/" != _top(asked):
        folder = posixpath.dirname(folder)
        yield folder


def there(asked: Asked, path: str) -> bool:
    """Whether a file is there; NotTold where a link is on the way to it, as what that leads to is not looked up."""
    parts = path.split("/")
    for end in range(1, len(parts) + 1):
        entry = asked.context.entries.get("/".join(parts[:end]))
        if entry is None:
            return False
        if entry.kind not in (Kind.FILE, Kind.FOLDER):
            raise NotTold(f"{'/'.join(parts[:end])} is a link or no common file")
    return asked.context.entries[path].kind is Kind.FILE


def those_there(asked: Asked, folder: str, names: Iterable[str]) -> list[str]:
    """Those of some files that are there, by their names from a folder."""
    return [path for path in (posixpath.join(folder, name) for name in names) if there(asked, path)]


def nearest(asked: Asked, folder: str, *names: str) -> list[str]:
    """Those of these files in the folder, else in the first one above it that has one; empty where none has."""
    return next((found for each in above(asked, folder) if (found := those_there(asked, each, names))), [])


def below(asked: Asked, folder: str) -> list[str]:
    """All files below a folder; NotTold where a link is among them."""
    start = f"{folder}/" if folder else ""
    paths = [path for path, entry in asked.context.entries.items() if path == folder or path.startswith(start)]
    return [path for path in paths if there(asked, path)]


def text(asked: Asked, path: str) -> str:
    """What a file says; NotTold where it is not there or cannot be read."""
    if not there(asked, path):
        raise NotTold(f"{path} is not in the context")
    found = asked.context.read(path)
    if found is None:
        raise NotTold(f"{path} cannot be read")
    try:
        return found.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotTold(f"{path} is no UTF-8") from None


def toml(asked: Asked, path: str) -> Table:
    """What a TOML file says; NotTold as for `text`."""
    try:
        return tomllib.loads(text(asked, path))
    except (tomllib.TOMLDecodeError, RecursionError):
        raise NotTold(f"{path} is no TOML") from None


def json_table(asked: Asked, path: str) -> Table:
    """The object that a JSON file holds; NotTold as for `text`."""
    try:
        found: object = json.loads(text(asked, path))
    except (ValueError, RecursionError):
        raise NotTold(f"{path} is no JSON") from None
    return table(found, path)


def xml(asked: Asked, path: str) -> ET.Element:
    """The root of an XML file, names without their namespaces; NotTold as for `text`.

    Entities could read other files and grow without bounds; a text that declares any is not parsed at all.
    """
    told = text(asked, path)
    if "<!DOCTYPE" in told or "<!ENTITY" in told:
        raise NotTold(f"{path} declares a document type or entities")
    try:
        root = ET.fromstring(told)  # noqa: S314 - nothing is declared in it
    except ET.ParseError:
        raise NotTold(f"{path} is no XML") from None
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root


def table(value: object, who: str) -> Table:
    """The value as a table, empty for None; NotTold for anything else."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise NotTold(f"{who} is not written as it should be")
    return value


def listed(value: object, who: str) -> list[object]:
    """The value as a list, empty for None; NotTold for anything else."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise NotTold(f"{who} is not written as it should be")
    return value


def literal(value: object, who: str) -> str:
    """The value as a text; NotTold for anything else."""
    if not isinstance(value, str):
        raise NotTold(f"{who} is not written as it should be")
    return value


def check_code(code: str, rows: Iterable[tuple[str, str]], path: str) -> None:
    """NotTold where a file of code has one of these (a regular expression, and why it matters)."""
    for pattern, reason in rows:
        match = re.search(pattern, code, re.MULTILINE)
        if match:
            raise NotTold(f"{path} has {match[0].strip()!r}: {reason}")


def needs(
    files: Iterable[str], outputs: Iterable[str] = (), elsewhere: tuple[bytes, ...] = (), unsure: str = ""
) -> Needs:
    """The answer, files and folders in order and once each."""
    return Needs(tuple(sorted(set(files))), tuple(sorted(set(outputs))), elsewhere, unsure)
