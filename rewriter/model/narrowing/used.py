"""What of the folder that a COPY brings the image uses: for its build, and for what it starts."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ...syntax.words import json_form
from ..context import Context, Kind
from ..facts import Facts
from ..image import Configuration, after
from ..manifests.asked import NotTold
from ..manifests.project import Copied, copied, reading
from ..sources import sources_of
from ..stages import ancestors, layout
from ..steps.paths import EVERYTHING, covers, is_below
from ..steps.places import is_known_base
from ..steps.step import step_at
from .closure import Closure
from .entry import Entry, entry_of, shell_words
from .launchers import HARMLESS
from .libraries import KEPT
from .placed import Placed, instructions_before, placed

_COMPOSE = re.compile(r"(?:.*/)?(?:docker-)?compose[\w.-]*\.ya?ml")
_ANOTHER = re.compile(rb"(?m)^\s*(?:command|entrypoint)\s*:")
_ALWAYS = ("sitecustomize.py", "usercustomize.py")


class Used(NamedTuple):
    """The copy of a whole folder. `all` are the files and `empty` folders of the context in it, `paths` those used."""

    whole: Copied
    paths: frozenset[str]
    all: frozenset[str]
    empty: frozenset[str]


def is_of_file(facts: Facts, index: int, context: Context) -> bool:
    """Whether the COPY or ADD at `index` takes no folder."""
    taken = [source.pattern for source in sources_of(facts, index)]
    return all(path in context.entries and context.entries[path].kind is not Kind.FOLDER for path in taken)


def used(facts: Facts, index: int, context: Context) -> Used:
    """What the image uses of what the COPY or ADD at `index` brings; raises NotTold."""
    whole = copied(step_at(facts, index), context)
    if whole is None or whole.source is None or whole.top == EVERYTHING:
        raise NotTold("it is not a copy of one folder to a place that is known")
    for path in context.entries:
        text = context.read(path) if _COMPOSE.fullmatch(path) else None
        if text is not None and _ANOTHER.search(text):
            raise NotTold(f"{path} may start something else in the image")
    number = facts.of(layout).stage_of[index]
    config = _at_end(facts, number)
    tree = placed(facts, index, whole.top, context)
    entries = list(_entries(facts, number, config))
    roots = [root for entry in entries for root in entry.roots]
    closure = Closure(tree, context, (*roots, *_python_path(config)))
    _start(closure, tree, entries, config)
    _build(facts, index, whole, context, closure, tree)
    closure.grow()
    paths = {tree.files.get(path, tree.empty.get(path, "")) for path in closure.used}
    empty = frozenset(path for path in tree.empty.values() if path and _is_in(path, whole.source))
    everything = frozenset([*whole.files.values(), *empty])
    kept = {path for path in everything if "/" not in path and re.fullmatch(KEPT, path)}
    return Used(whole, everything & (paths | kept), everything, empty)


def _is_in(path: str, folder: str) -> bool:
    return not folder or path.startswith(folder + "/")


def _at_end(facts: Facts, number: int) -> Configuration:
    stage = facts.of(layout).stages[number]
    last = stage.last - 1
    return after(facts.of(layout).before[last], facts.instructions[last], facts.source.escape)


def _start(closure: Closure, tree: Placed, entries: Sequence[Entry], config: Configuration) -> None:
    """What is loaded first, and what is named beside it."""
    for entry in entries:
        for module in entry.modules:
            found = closure.load(module)
            if not found and module == entry.modules[0]:
                raise NotTold(f"{module} is not found in what is copied")
        for script in entry.scripts:
            if script not in tree.files:
                raise NotTold(f"{script} is not found in what is copied")
            closure.take(script)
        for path in entry.reads:
            closure.mark(path, whole=False)
    for variable in config.env.values():
        for part in _str(variable).split(":"):
            closure.mark(part, whole=False)
    for name in _ALWAYS:
        closure.mark(name)


def _entries(facts: Facts, number: int, config: Configuration) -> Iterator[Entry]:
    """What CMD, ENTRYPOINT and HEALTHCHECK load; raises NotTold."""
    said = _commands(facts, number)
    if "ONBUILD" in said:
        raise NotTold("ONBUILD says what other images do with it")
    if not is_known_base(config):
        raise NotTold("its base image may start something itself, which is not known")
    if config.workdir is None or not config.workdir.startswith(b"/"):
        raise NotTold("the folder that it runs in is not known")
    folder = _str(config.workdir).rstrip("/") or "/"
    env = {_str(key): _str(text) for key, text in config.env.items()}
    words = said.get("ENTRYPOINT", [])
    given = [] if words[:1] == [_SHELL_FORM] else said.get("CMD", [])
    yield entry_of([word for word in (*words, *given) if word != _SHELL_FORM], folder, env)
    check = [word for word in said.get("HEALTHCHECK", []) if word != _SHELL_FORM]
    if check and check[0].rpartition("/")[2] in HARMLESS:
        yield Entry(reads=tuple(check[1:]))
    elif check:
        yield entry_of(check, folder, env)


_SHELL_FORM = "\0shell"


def _commands(facts: Facts, number: int) -> Mapping[str, list[str]]:
    """The words of the last CMD, ENTRYPOINT and HEALTHCHECK; a shell form begins with a mark."""
    found: dict[str, list[str]] = {}
    stages = facts.of(layout).stages
    for stage in reversed([stages[number], *ancestors(stages, stages[number])]):
        own: set[str] = set()
        for index in range(stage.first + 1, stage.last):
            instruction = facts.instructions[index]
            keyword, rest = instruction.keyword, instruction.rest
            if keyword == "HEALTHCHECK":
                verb, _, rest = rest.strip().partition(b" ")
                rest = b"[]" if verb.upper() == b"NONE" else rest.strip()
            if keyword in ("CMD", "ENTRYPOINT", "HEALTHCHECK"):
                own.add(keyword)
                listed = json_form(rest)
                found[keyword] = [*listed] if listed is not None else [_SHELL_FORM, *_shell(keyword, _str(rest))]
            elif keyword == "ONBUILD":
                found[keyword] = []
        if "ENTRYPOINT" in own and "CMD" not in own:
            found.pop("CMD", None)
    return found


def _shell(keyword: str, text: str) -> list[str]:
    """A check may be several commands, of which each is harmless."""
    if keyword == "HEALTHCHECK":
        text = re.sub(r"\s*\|\|\s*exit\s+\d+\s*$|\s*(?:\d?>\s*/dev/null|2>&1)", "", text)
    return shell_words(re.sub(r"\\\r?\n", " ", text))


def _python_path(config: Configuration) -> Iterator[str]:
    """The folders of PYTHONPATH; raises NotTold."""
    if b"PYTHONPATH" in config.args or b"PYTHONHOME" in config.env:
        raise NotTold("where Python looks for modules is given to the build")
    for entry in config.env.get(b"PYTHONPATH", b"").split(b":"):
        if entry.startswith(b"/") and b"$" not in entry:
            yield _str(entry)
        elif entry in (b".", b"") and config.workdir:
            yield _str(config.workdir)
        elif entry and not entry.startswith((b"$PYTHONPATH", b"${PYTHONPATH")):
            raise NotTold("where Python looks for modules is not known")


def _build(facts: Facts, index: int, whole: Copied, context: Context, closure: Closure, tree: Placed) -> None:
    """What the RUNs behind the copy read; raises NotTold."""
    number = facts.of(layout).stage_of[index]
    project = _lifted(whole)
    for at in instructions_before(facts, number):
        if at <= index or facts.instructions[at].keyword != "RUN":
            continue
        found = reading(step_at(facts, at), project, context).found
        if found.why:
            raise NotTold(f"a RUN behind it may read any file: {found.why[0]}")
        for path in tree.files:
            spot = path.encode("utf-8", "surrogateescape")
            reads = any(covers(one, spot) for one in found.reads)
            writes = any(covers(one, spot) and (one == spot or is_below(one, whole.top)) for one in found.writes)
            if writes or reads:
                closure.take(path)
        new = next((p for p in found.writes if p.endswith(b".py") and is_below(p, whole.top)), None)
        if new is not None and _str(new) not in tree.files:
            raise NotTold(f"a RUN writes {_str(new)}, and what that imports is not known")


def _lifted(whole: Copied) -> Copied:
    """The project that a copy brings a part of: `COPY app /srv/app` one that lies in /srv."""
    source, top = whole.source or "", _str(whole.top)
    while source and posixpath.basename(source) == posixpath.basename(top):
        source, top = posixpath.dirname(source), posixpath.dirname(top)
    return whole._replace(source=source, top=top.encode("utf-8", "surrogateescape"))


def _str(path: bytes) -> str:
    return path.decode("utf-8", "surrogateescape")
