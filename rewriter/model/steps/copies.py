"""What COPY and ADD read and write.

Sources: Docker's reference of COPY and ADD; BuildKit's `dispatchCopy` and fsutil's `copy.Copy`, which decide what the
reference leaves open: a missing folder is made with mode 0755 for the owner that --chown names; a folder's contents
go into the destination, and folders among them get mode and owner of the source, also where they are there already.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from ...syntax.words import operands
from ..context import Context, Kind
from ..image import value
from ..sources import from_root
from .paths import EVERYTHING, ancestors, canonical, is_plain, overlap
from .places import ACCOUNTS
from .step import Step
from .touched import Touched
from .workdir import tree_at

# Text of an instruction that the builder expands: any name behind a dollar sign is taken for one that it reads.
_VARIABLE = re.compile(rb"\$\{?(\w+)")
_NUMBERS = re.compile(rb"\d+:\d+")
_OCTAL = re.compile(rb"[0-7]{3,4}")
_HEREDOC = re.compile(rb"<<-?['\"]?([\w.+-]+)['\"]?")
_CURRENT = frozenset({b".", b"./", b"/"})
ROOT_0755 = "root's, mode 0755"
LINKED = "in a layer of their own"


class CopyWords(NamedTuple):
    """A COPY or ADD cut up: flags by name, sources, and the destination as written, expanded."""

    flags: Mapping[bytes, bytes]
    sources: tuple[bytes, ...]
    destination: bytes


def variables(*texts: bytes) -> frozenset[bytes]:
    """The variables that these texts expand; more, where a dollar sign is no expansion."""
    return frozenset(name for text in texts for name in _VARIABLE.findall(text))


def copied(step: Step, context: Context | None) -> Touched:
    """What a COPY or ADD touches; without the context, all that lies at and below its destination."""
    cut = copy_words(step)
    names = variables(step.instruction.rest, *step.instruction.flags, *step.instruction.bodies)
    if cut is None:
        return _anything(step, names, "its words are not understood")
    destination = tree_at(cut.destination, step.config)
    if not destination:
        return _anything(step, names, "where it copies to is not known")
    if any(overlap(destination, link) for link in step.links):
        return _anything(step, names, "it copies by way of a symbolic link")
    kinds = kinds_of(cut, step, context)
    into = is_folder(cut, step, destination, kinds)
    network = step.instruction.keyword == "ADD" and any(b":" in source for source in cut.sources)
    trees = tuple(_trees(destination, into, cut, kinds, context))
    owner = _owner(cut, step)
    folders = (destination, *ancestors(destination)) if into and destination != EVERYTHING else ancestors(destination)
    return Touched(
        reads=dict.fromkeys(_read(cut, destination, into), step.name),
        writes=dict.fromkeys(trees, step.name),
        makes=dict.fromkeys(folders, owner),
        replaces=frozenset(trees),
        env=names,
        asks=frozenset() if cut.destination.startswith(b"/") else frozenset({"workdir"}),
        network=network,
    )


def _anything(step: Step, names: frozenset[bytes], why: str) -> Touched:
    """The destination may be anywhere; what is read is still known."""
    return Touched(
        reads=dict.fromkeys(ACCOUNTS, step.name),
        writes={EVERYTHING: f"{step.name} ({why})"},
        replaces=frozenset({EVERYTHING}),
        env=names,
        asks=frozenset({"workdir"}),
        why=(why,),
    )


def copy_words(step: Step) -> CopyWords | None:
    """The instruction cut up; None where its words are not understood."""
    try:
        given = operands(step.instruction.rest, step.escape)
    except ValueError:
        return None
    if len(given) < 2:
        return None
    expanded = [value(step.config, word, step.escape) for word in given]
    flags = {name: text for name, _, text in (flag.partition(b"=") for flag in step.instruction.flags)}
    return CopyWords(flags, tuple(expanded[:-1]), expanded[-1])


def kinds_of(cut: CopyWords, step: Step, context: Context | None) -> Sequence[Kind | None]:
    """What each source is; None where that is not known. That of the context's root is known without one."""
    if b"--from" in cut.flags:
        return [None] * len(cut.sources)
    return [_kind(source, step, context) for source in cut.sources]


def _kind(source: bytes, step: Step, context: Context | None) -> Kind | None:
    if source in _CURRENT:
        return Kind.FOLDER
    if step.instruction.bodies and _HEREDOC.fullmatch(source):
        return Kind.FILE
    if context is None or not is_plain(source) or b":" in source:
        return None
    entry = context.entries.get(in_context(source))
    # What a link names is followed, and what ADD unpacks is told by its contents.
    if entry is None or entry.kind not in (Kind.FILE, Kind.FOLDER):
        return None
    return None if entry.kind is Kind.FILE and step.instruction.keyword == "ADD" else entry.kind


def in_context(source: bytes) -> str:
    """The path of the context that a source names."""
    return from_root(source.decode("utf-8", "surrogateescape"))


def is_folder(cut: CopyWords, step: Step, destination: bytes, kinds: Sequence[Kind | None]) -> bool:
    """Whether the destination is sure to be a folder, so that no other step decides about that."""
    written = cut.destination
    if written.endswith((b"/", b"/.", b"/..")) or written in (b".", b"..") or len(cut.sources) > 1:
        return True
    if Kind.FOLDER in kinds or destination == EVERYTHING:
        return True
    # WORKDIR has made it.
    workdir = step.config.workdir
    return workdir is not None and is_plain(workdir) and canonical(workdir) == destination


def _trees(
    destination: bytes, into: bool, cut: CopyWords, kinds: Sequence[Kind | None], context: Context | None
) -> Iterator[bytes]:
    """What is written: the names that come to stand in the destination, where all are known."""
    exact = [_names_of(source, kind, context) for source, kind in zip(cut.sources, kinds, strict=True)]
    plain = not cut.flags.keys() & {b"--parents", b"--exclude"}
    if into and plain and all(names is not None for names in exact):
        for name in chain.from_iterable(names for names in exact if names is not None):
            yield canonical(destination + b"/" + name)
    else:
        yield destination if not into or destination == EVERYTHING else destination + b"/"


def _names_of(source: bytes, kind: Kind | None, context: Context | None) -> list[bytes] | None:
    """The names that a source puts into a folder; None where that is not known."""
    if kind is Kind.FILE:
        heredoc = _HEREDOC.fullmatch(source)
        return [heredoc[1] if heredoc else source.rpartition(b"/")[2]]
    if kind is not Kind.FOLDER or context is None:
        return None
    folder = in_context(source)
    start = folder + "/" if folder else ""
    inside = (path[len(start) :] for path in context.entries if path.startswith(start))
    return [name.encode("utf-8", "surrogateescape") for name in inside if "/" not in name]


def _read(cut: CopyWords, destination: bytes, into: bool) -> Iterator[bytes]:
    owner = cut.flags.get(b"--chown")
    # Without a group, buildah looks for that of the user; BuildKit does not.
    if (owner is not None and not _NUMBERS.fullmatch(owner)) or (
        b"--chmod" in cut.flags and not _OCTAL.fullmatch(cut.flags[b"--chmod"])
    ):
        yield from ACCOUNTS
    if not into:
        # A folder that is there already takes the file in.
        yield destination


def _owner(cut: CopyWords, step: Step) -> str:
    """Who owns the folders that it makes, whoever USER is. With --link they replace those that are there."""
    owner = cut.flags.get(b"--chown", b"")
    linked = cut.flags.get(b"--link", b"false") != b"false"
    texts = [ROOT_0755 if owner in (b"", b"0:0", b"root:root") and not linked else f"as {step.name} makes them"]
    texts += [f"for {owner.decode('utf-8', 'replace')}"] if owner else []
    texts += [f"mode {cut.flags[b'--chmod'].decode('utf-8', 'replace')}"] if b"--chmod" in cut.flags else []
    return ", ".join([*texts, *([LINKED] if linked else [])])
