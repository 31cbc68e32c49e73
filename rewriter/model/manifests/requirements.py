"""Files of requirements, as pip reads them: https://pip.pypa.io/en/stable/reference/requirements-file-format/.

uv reads the same: https://docs.astral.sh/uv/pip/compatibility/.
"""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterator, Mapping

from .asked import Asked, NotTold
from .reading import inside, text, there

_COMMENT = re.compile(r"(?:^|\s+)#.*$")
_NAME = r"[A-Za-z0-9][\w.-]*\s*(?:\[[\w ,.-]*\])?\s*"
_ADDRESS = r"(?:(?:git|hg|svn|bzr)\+(?:https?|ssh|git|sftp|svn)|https?)://\S+"
# A name with versions and markers, or an address: PEP 508. `${TOKEN}` is taken from the environment.
_REQUIREMENT = re.compile(rf"{_NAME}(?:\(?\s*[<>=!~][^;@]*)?(?:;.*)?|(?:{_NAME}@\s*)?{_ADDRESS}\s*(?:;.*)?", re.ASCII)
# A file of such a name in the folder would be installed, a path or not.
_ARCHIVE = re.compile(r"\.(?:whl|zip|tar|tar\.gz|tgz|tar\.bz2|tbz|tar\.xz|txz|tlz|tar\.lz|tar\.lzma)$", re.IGNORECASE)
# Options of a file, by why they name no file of the project. The first group has no value.
_FLAGS: Mapping[str, str] = {
    "which versions are installed": "--pre --prefer-binary --require-hashes --no-index",
}
_VALUED: Mapping[str, str] = {
    "which versions are installed": "--no-binary --only-binary --use-feature",
    "whose certificates are not asked for": "--trusted-host",
    "what must arrive; it stands behind a requirement": "--hash",
}
_PLACES = "-i --index-url --pypi-url --extra-index-url -f --find-links"
_FILES = "-r --requirement -c --constraint"


def requirement_files(asked: Asked, folder: str, path: str, who: str) -> tuple[str, ...]:
    """A file of requirements or constraints, by its path from a folder of the context, and those that it names.

    Raises NotTold where one is not there, or names anything else of the project. `who` names the first one.
    """
    found: dict[str, None] = {}
    waiting = [(folder, path, who)]
    while waiting:
        base, name, named_by = waiting.pop()
        target = inside(asked, base, name, named_by)
        if target in found:
            continue
        if not there(asked, target):
            raise NotTold(f"{target} is not in the context, but {named_by} names it")
        found[target] = None
        named = _named(text(asked, target), target)
        waiting += [(posixpath.dirname(target), each, target) for each in named]
    return tuple(found)


def _named(content: str, path: str) -> Iterator[str]:
    """The files that a file of requirements names, by their paths from its folder."""
    for line in _lines(content):
        if not line.startswith("-"):
            requirement, *options = re.split(r"\s+(?=-)", line, maxsplit=1)
            check_requirement(requirement.strip(), path)
            yield from _options("".join(options), path)
        else:
            yield from _options(line, path)


def _lines(content: str) -> Iterator[str]:
    """The lines, joined where one ends in a backslash, without comments: a comment goes on no further."""
    joined = ""
    for line in content.splitlines():
        is_comment = line.lstrip().startswith("#")
        if line.endswith("\\") and not is_comment:
            joined += line.rstrip("\\")
            continue
        whole = _COMMENT.sub("", joined + (" " if is_comment else "") + line).strip()
        joined = ""
        if whole:
            yield whole
    if last := _COMMENT.sub("", joined).strip():
        yield last


def _options(line: str, path: str) -> Iterator[str]:
    """The files that the options of a line name."""
    try:
        words = iter(shlex.split(line))
    except ValueError:
        raise NotTold(f"{path} is not written as it should be: {line}") from None
    for word in words:
        name, equals, value = word.partition("=")
        if name in _FLAGS_ALL:
            continue
        if re.match(r"-[a-zA-Z]", word) and len(word) > 2:
            name, value = word[:2], word[2:].strip("=")
        elif not equals:
            value = next(words, "")
        if name in _FILES.split():
            yield from _file(value, path)
        elif name in _PLACES.split():
            check_address(value, path)
        elif name in ("-e", "--editable"):
            raise NotTold(f"{path} installs the project itself, or sources into it (-e {value})")
        elif name not in _VALUED_ALL:
            raise NotTold(f"{path} has {word}, of which it is not known what it reads")


def _file(value: str, path: str) -> Iterator[str]:
    if not value or "$" in value:
        raise NotTold(f"{path} names a file that is known only when the command runs")
    if not re.match(r"https?://", value):
        yield value


def check_address(value: str, who: str) -> None:
    """Raises NotTold for packages that come from a folder."""
    if not all(re.match(r"(?:[\w.-]+=)?(?:sparse\+)?https?://", each) for each in value.split()):
        raise NotTold(f"{who} takes packages from {value}, which may be a folder of the project")


def check_requirement(requirement: str, who: str) -> None:
    """Raises NotTold for a requirement that is neither a package by name nor one by its address."""
    is_path = requirement.startswith((".", "/", "~", "file:")) or "@ file:" in requirement
    is_archive = "://" not in requirement and _ARCHIVE.search(requirement.partition("[")[0]) is not None
    if is_path or is_archive:
        raise NotTold(f"{who} installs the project itself, or a part of it ({requirement})")
    if not _REQUIREMENT.fullmatch(requirement):
        raise NotTold(f"{who} has {requirement}, of which it is not known what it is")


_FLAGS_ALL = frozenset(name for names in _FLAGS.values() for name in names.split())
_VALUED_ALL = frozenset(name for names in _VALUED.values() for name in names.split())
