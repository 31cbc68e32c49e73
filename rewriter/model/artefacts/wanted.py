"""Which paths the image needs when it runs: what it starts, what its variables and scripts name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..effect import unquoted
from ..facts import Facts
from ..steps.paths import is_plain
from .reading import Kind
from .split import NotTold
from .stage import Read
from .started import BUILDERS, Started, mentioned, started
from .trees import within, within_any

_SCRIPT = re.compile(r"\.(?:sh|bash)$|(?:^|[-_/])entrypoint$")
_RELATIVE = re.compile(rb"(?<![\w/.])\./([\w./-]+)")
_COMPILERS = frozenset(b"gcc g++ cc make cmake cargo rustc javac mvn gradle npm yarn pnpm pip pip3 gem bundle".split())
_COMMENT = re.compile(rb"(?m)^\s*#.*$")


class Wanted(NamedTuple):
    """`starts` is what it starts, `paths` are needed for certain, `trees` whole; `texts` are the scripts among them."""

    starts: Started
    paths: tuple[bytes, ...]
    trees: tuple[bytes, ...]
    texts: bytes

    def calls(self, program: bytes) -> bool:
        """Whether one of the programs or scripts is called so, or may call it."""
        if any(one.rpartition(b"/")[2] == program for one in self.starts.programs):
            return True
        return re.search(rb"(?<![\w.-])" + re.escape(program) + rb"(?![\w-])", self.texts) is not None


def wanted(facts: Facts, read: Read) -> Wanted:
    """What the image needs. Raises NotTold."""
    starts = started(facts, read.stage, read.end)
    texts = b"\n".join(_scripts(facts, read, starts))
    code = _COMMENT.sub(b"", texts)
    for name in sorted(BUILDERS | _COMPILERS):
        if re.search(rb"(?m)(?:^|[;&|(]|\bexec|\bthen|\bdo|\bsudo)\s*" + re.escape(name) + rb"(?=\s|$)", code):
            raise NotTold(f"a script that it starts calls `{name.decode()}`, which builds")
    paths = [*starts.paths, *mentioned(code)]
    workdir = read.end.workdir or b"/"
    paths += [workdir + b"/" + path for path in _RELATIVE.findall(code)]
    trees = list(_of_variables(read))
    for _, action in read.actions():
        words = [unquoted(word.text) for word in action.command.words]
        if words[:1] == [b"ln"] and action.kind is Kind.FILES:
            paths += [word for word in words[1:-1] if word.startswith(b"/")]
        if action.built is not None and action.built.refers:
            trees.append(action.built.folder)
    trees += _of_configurations(facts, read)
    return Wanted(starts, tuple(dict.fromkeys(paths)), tuple(dict.fromkeys(trees)), code)


def _of_variables(read: Read) -> Iterator[bytes]:
    """Folders that variables name, PATH and its like among them."""
    for text in read.end.env.values():
        for part in text.split(b":"):
            if part.startswith(b"/") and is_plain(part):
                yield part.rstrip(b"/") or b"/"


def _scripts(facts: Facts, read: Read, starts: Started) -> Iterator[bytes]:
    """The text of each script that it starts, as the build context has it."""
    for path in starts.paths:
        found = next((inner for copy in read.copies.values() for at, inner in copy.files or () if at == path), None)
        context = facts.context
        if found is None or context is None:
            if _SCRIPT.search(path.decode("utf-8", "replace")) and context is None:
                raise NotTold(f"what {path.decode('utf-8', 'replace')} runs, the build context tells,"
                              " which is not known here (--context)")  # fmt: skip
            continue
        text = context.read(found) or b""
        if re.match(rb"#!.*\b(?:ba|da|a)?sh\b", text) or _SCRIPT.search(found):
            yield text


def _of_placed(facts: Facts, read: Read) -> Iterator[bytes]:
    """The same for those that a RUN takes out of the project and puts into /etc."""
    context = facts.context
    files = {path: inner for copy in read.copies.values() for path, inner in copy.files or ()}
    for _, action in read.actions():
        if action.kind is not Kind.PLACE or not any(within(path, b"/etc") for path in action.puts):
            continue
        for path in action.reads:
            project = read.project_of(path)
            if not project:
                continue
            text = context.read(files[path]) if context is not None and path in files else None
            if text is None:
                yield project
            else:
                yield from (one for one in mentioned(text) if within(one, project))


def _of_configurations(facts: Facts, read: Read) -> Iterator[bytes]:
    """What files name that are copied beside the project (a server's configuration); where not read, all of it."""
    yield from _of_placed(facts, read)
    for copy in read.copies.values():
        if within_any(copy.path, read.projects) and copy.path != b"/":
            continue
        context = facts.context
        for project in read.projects:
            texts = [(context.read(inner) or b"") for _, inner in copy.files or ()] if context is not None else []
            if copy.files is None or context is None:
                if within(copy.path, b"/etc"):
                    yield project
            elif any(project in text for text in texts):
                yield from (path for text in texts for path in mentioned(text) if within(path, project))
