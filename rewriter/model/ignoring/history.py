"""Who asks for the history of the repository: then `.git` must be sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ...syntax.edit import line_of
from ..context import Context, Kind
from ..facts import Facts
from ..runs import runs
from ..together import Together, files
from .losses import uses


class Asks(NamedTuple):
    """A file of the context that makes its build ask git: its name, a text in it, and who asks."""

    file: re.Pattern[str]
    text: re.Pattern[bytes]
    who: str
    run: re.Pattern[bytes]


def _asks(file: str, text: bytes, who: str, run: bytes) -> Asks:
    return Asks(re.compile(file), re.compile(text), who, re.compile(run))


_PYTHON = rb"pip|uv|poetry|hatch|pdm|build|setup\.py"
# Each row: the file, what it says, who then asks for the history, and the command that makes it ask.
ASKS = (
    _asks(r"pyproject\.toml|setup\.(?:py|cfg)", rb"setuptools[_-]scm|use_scm_version", "setuptools_scm", _PYTHON),
    _asks(r"pyproject\.toml", rb"hatch-vcs|pdm-backend.*scm|source\s*=\s*[\"'](?:vcs|scm)[\"']", "hatch-vcs", _PYTHON),
    _asks(r"pyproject\.toml|setup\.(?:py|cfg)", rb"versioneer|versioningit|dunamai", "versioneer", _PYTHON),
    _asks(r"pyproject\.toml", rb"poetry-dynamic-versioning|uv-dynamic-versioning", "dynamic versioning", _PYTHON),
    _asks(r"setup\.(?:py|cfg)", rb"\bpbr\b", "pbr", _PYTHON),
    _asks(r".*\.gemspec", rb"git ls-files", "a gemspec", rb"bundle|gem"),
    _asks(r"go\.mod", rb"", "go build, which stamps the version", rb"\bgo (?:build|install)\b(?!.*-buildvcs=false)"),
    _asks(
        r".*\.(?:cs|fs|vb)proj|Directory\.(?:Build|Packages)\.props",
        rb"SourceLink|GitVersion|MinVer|Nerdbank",
        ".NET",
        rb"dotnet",
    ),
    _asks(r"Cargo\.toml", rb"\bvergen|\bbuilt\b|git2|shadow-rs", "a build script", rb"cargo"),
    _asks(r"(?:GNU)?[Mm]akefile", rb"git (?:describe|rev-parse|log)", "make", rb"\bmake\b"),
    _asks(r"package\.json", rb"git (?:describe|rev-parse|log)|git-rev|git-describe", "a script", rb"npm|yarn|pnpm|bun"),
    _asks(r"pom\.xml", rb"git-commit-id|buildnumber-maven|jgitver|git-build-hook", "Maven", rb"mvn"),
    _asks(r"CMakeLists\.txt|.*\.cmake", rb"\bgit\b|GIT_EXECUTABLE", "CMake", rb"cmake"),
    _asks(r"meson\.build", rb"vcs_tag|\bgit\b", "meson", rb"meson|ninja"),
    _asks(r"build\.rs", rb"\bgit\b|vergen", "a build script", rb"cargo"),
    _asks(r"(?:vite|next|nuxt|vue|webpack|rollup)\.config\..*", rb"\bgit\b", "a bundler", rb"npm|yarn|pnpm|bun|npx"),
    _asks(
        r"build\.gradle(?:\.kts)?", rb"\bgit\b|gitProperties|nebula.release|axion-release|reckon", "Gradle", rb"gradle"
    ),
)
_GIT = re.compile(
    rb"\bgit\s+(?:-\S+\s+)*(?:describe|rev-parse|rev-list|log|show|tag|branch|status|diff|ls-files|submodule|archive)\b"
)


def asked_for(together: Together) -> tuple[str, ...]:
    """Who asks for the history, a sentence each: `Dockerfile:12 calls git rev-parse`. Empty if nobody does."""
    if not any(use.source.whole or use.source.pattern.split("/")[0] == ".git" for use in together.of(uses)):
        return ()
    return tuple(dict.fromkeys(told for facts in together.of(files) for told in _in_file(facts, together.context)))


def _in_file(facts: Facts, context: Context) -> Iterator[str]:
    for run in facts.of(runs).values():
        text = b" ".join((run.instruction.rest, *run.instruction.bodies))
        line = line_of(facts.source.text, run.instruction.node.start)
        if found := _GIT.search(text):
            yield f"{facts.path}:{line} calls `{b' '.join(found[0].split()).decode('ascii', 'replace')}`"
        for path in _scripts(context, text):
            yield f"{path} asks git ({facts.path}:{line})"
        for row in ASKS:
            if row.run.search(text) and (name := _says(context, row)):
                yield f"{row.who} asks for it ({name}, {facts.path}:{line})"


def _scripts(context: Context, run: bytes) -> Iterator[str]:
    """The scripts of the context that a RUN names and that ask git."""
    for name in sorted(set(_SCRIPT.findall(run))):
        last = name.decode("utf-8", "surrogateescape").rpartition("/")[2]
        for path, entry in context.entries.items():
            if entry.kind is Kind.FILE and path.rpartition("/")[2] == last and _GIT.search(context.read(path) or b""):
                yield path


_SCRIPT = re.compile(rb"[\w./-]+\.(?:sh|bash|py|js|mjs|rb|pl)\b")


def _says(context: Context, row: Asks) -> str:
    """The file at the root, or one folder below, that says so."""
    for path, entry in context.entries.items():
        if entry.kind is Kind.FILE and path.count("/") < 2 and row.file.fullmatch(path.rpartition("/")[2]):
            text = context.read(path)
            if text is not None and row.text.search(text):
                return path
    return ""
