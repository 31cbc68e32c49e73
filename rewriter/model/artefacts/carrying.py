"""What comes along from the builder: what was installed, and of each project what the image needs of it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence

from .built import Built
from .placed import SYSTEM
from .reading import Kind
from .split import Carried, NotTold
from .stage import Read, is_of_build, last_work
from .toolchains import Makes
from .trees import outermost, within, within_any
from .wanted import Wanted
from .words import is_source

# A prefix that holds nothing of a Debian package: FHS 3.0, Debian's policy 9.1.2.
_OWN = frozenset(b"/usr/local /usr/local/bin /usr/local/lib /usr/local/sbin /usr/local/src /srv /opt /usr/src".split())


# Images whose /usr/local is empty; elsewhere, the image's own language lies there, and would come along a second time.
_EMPTY = re.compile(r"(?:docker\.io/)?(?:library/)?(?:debian|ubuntu|buildpack-deps|nginx)(?:[:@]|$)")
_OF_PYTHON = re.compile(r"(?:docker\.io/)?(?:library/)?python:(3\.\d+)(?:[.-].*)?")
_OF_RUBY = re.compile(r"(?:docker\.io/)?(?:library/)?ruby:.*")


def carried(read: Read, wanted: Wanted) -> list[Carried]:
    """The paths that come along. Raises NotTold."""
    found = list(_installed(read))
    for project in read.projects:
        if any(within(project, one.path) for one in found):
            continue
        found += _of_project(read, wanted, project)
    trees = outermost(one.path for one in found)
    return [next(one for one in found if one.path == tree) for tree in trees]


_MOST = 3  # paths of a project by name: with more of them, nobody would read the list
_HEAVY = frozenset({"cargo", "mvn", "gradle", "npm"})
_LINKERS = frozenset({"gcc", "go", "jar", "rustc"})


def _installed(read: Read) -> Iterator[Carried]:
    """What lies outside of all projects."""
    for _, built in read.builds():
        trees = built.trees if built.row.makes is Makes.INSTALLS or built.refers else ()
        for tree in _of_base(read.stage.base, built, trees):
            # What is installed below /tmp, something else is taken from.
            if not within_any(tree, _TEMPORARY):
                yield _named(tree, "it is installed there")
        for path in built.made:
            if not _is_inside(read, path, _TEMPORARY) and not _is_taken_away(read, path):
                yield _named(path.rstrip(b"/") or b"/", "it is made there")
    yield from _by_hand(read)


def _of_base(base: str, built: Built, trees: Sequence[bytes]) -> Sequence[bytes]:
    """The trees in which it installs, on this base."""
    programs = set(built.row.programs.split())
    python, ruby = _OF_PYTHON.fullmatch(base), _OF_RUBY.fullmatch(base)
    if python and {"pip", "setup.py"} & programs and tuple(trees) == (b"/usr/local",):
        return (b"/usr/local/lib/python%s/site-packages" % python[1].encode(), b"/usr/local/bin")
    if ruby and "gem" in programs and trees[:1] == (b"/var/lib/gems",):
        return (b"/usr/local/bundle",)
    if not _EMPTY.match(base) and any(tree in _OWN or tree == b"/var/lib/gems" for tree in trees):
        raise NotTold(f"what in {_shown(trees[0])} is of {base} itself is not known")
    return trees


def _by_hand(read: Read) -> Iterator[Carried]:
    """What is put there or fetched, and nobody else takes in."""
    for index, action in read.actions():
        if action.kind is Kind.PLACE and is_of_build(read, action.reads):
            puts = [path for path in action.puts if not _is_inside(read, path, _TEMPORARY)]
            yield from (_named(path, "it is put there") for path in puts if not _is_taken_away(read, path))
        elif action.kind is Kind.BUILD:
            elsewhere = (path for path in action.writes if not _is_inside(read, path, _LOGS))
            yield from (_named(path, "it is written there") for path in elsewhere)
        elif action.kind is Kind.FETCH:
            for path in action.writes:
                clean = path.rstrip(b"/") or b"/"
                if not _is_inside(read, clean, _KEPT_APART) and not _is_read(read, index, clean):
                    yield _named(clean, "it is fetched there")


_TEMPORARY = (b"/tmp", b"/var/tmp")
_LOGS = (*_TEMPORARY, b"/var/log", b"/dev")
# Besides, settings of whoever builds.
_KEPT_APART = (*_TEMPORARY, b"/root/.gitconfig")


def _is_inside(read: Read, path: bytes, trees: Sequence[bytes]) -> bool:
    return bool(read.project_of(path)) or within_any(path, trees)


def _is_taken_away(read: Read, path: bytes) -> bool:
    """Whether the last that is done with the path is to remove or move it."""
    gone = False
    for _, action in read.actions():
        words = action.command.words
        made = (*action.puts, *(action.built.made if action.built is not None else ()))
        if path in made:
            gone = False
        elif words and words[0].text in (b"rm", b"mv"):
            gone = gone or any(within(path.rstrip(b"/"), other.rstrip(b"/") or b"/") for other in action.writes)
    return gone


def _named(path: bytes, why: str) -> Carried:
    """The path, unless it is a folder of the system: what else lies in there is of others."""
    if path in SYSTEM and path not in _OWN:
        raise NotTold(f"what comes to lie in {_shown(path)} is not known by name")
    return Carried(path, why)


def _is_read(read: Read, index: int, path: bytes) -> bool:
    """Whether a later command takes it in: an archive that is unpacked."""
    return any(
        within(other, path)
        for at, action in read.actions()
        if at >= index and action.kind in (Kind.FETCH, Kind.PLACE)
        for other in action.reads
        if other not in (b"/", b"")
    )


def _of_project(read: Read, wanted: Wanted, project: bytes) -> Iterator[Carried]:
    """Of a project, the products that are named and what is no source; all of it, where this is not known."""
    whole = [tree for tree in wanted.trees if within(tree, project)]
    stays = wanted.starts.stays and within(read.end.workdir or b"/", project)
    last = last_work(read)
    files = _files(read, project, last)
    later = {path for index, copy in read.copies.items() if index > last for path, _ in copy.files or ()}
    products = list(_products(read, project))
    known = {path for path, _ in files or ()}
    hard = [path for path in wanted.paths if within(path, project) and path != project]
    hard += [path for path in wanted.starts.words if within(path, project) and _explained(path, known, products)]
    if not (whole or hard or stays):
        return
    hard = [path for path in hard if path not in later]
    taken = [_explained(path, known, products) for path in hard]
    reason = ""
    if whole:
        reason = "a variable, a link or a configuration names it"
    elif files is None:
        reason = "what of it is read when it runs, is not known without the build context"
    elif not _is_exact(read, project, bool(hard)):
        reason = "what the build leaves in there, only its own files say"
    elif not all(taken):
        unknown = next(path for path, one in zip(hard, taken, strict=True) if not one)
        reason = f"of what makes {_shown(unknown)} nothing is known"
    if reason:
        yield from _as_a_whole(project, reason)
        return
    yield from (Carried(path, "it is what runs", path in hard) for path in taken if path and path not in known)
    yield from (Carried(path, "it is built there", True) for path in _linked(read, project))
    data = list(dict.fromkeys(_data(files or (), project)))
    if len(data) > _MOST and project not in SYSTEM and not _is_heavy(read, project):
        yield from _as_a_whole(project, "much of it is no source, so the program may read it")
    yield from data


def _as_a_whole(project: bytes, reason: str) -> Iterator[Carried]:
    if project in SYSTEM - _OWN:
        raise NotTold(f"it builds in {_shown(project)} itself, and {reason}")
    yield Carried(project, reason)


def _files(read: Read, project: bytes, last: int) -> list[tuple[bytes, str]] | None:
    """The files that copies up to `last` bring into the project; None where something else fills it, or not known."""
    found: list[tuple[bytes, str]] = []
    for _, action in read.actions():
        if action.kind is Kind.FETCH and any(within(path.rstrip(b"/"), project) for path in action.writes):
            return None
    for index, copy in read.copies.items():
        if index < last and (within(copy.path, project) or within(copy.root, project)):
            if copy.files is None:
                return None
            found += copy.files
    return found


def _products(read: Read, project: bytes) -> Iterator[bytes]:
    for _, built in read.builds():
        yield from (path for path in built.made if within(path, project))
    for _, action in read.actions():
        if action.kind is Kind.PLACE:
            yield from (path for path in action.puts if within(path, project))


def _is_put_elsewhere(read: Read, path: bytes, project: bytes) -> bool:
    """Whether the file is copied out of the project: then it is needed there."""
    return any(
        action.kind is Kind.PLACE and path in action.reads and not any(within(one, project) for one in action.puts)
        for _, action in read.actions()
    )


def _is_heavy(read: Read, project: bytes) -> bool:
    """Whether a build leaves much in there that nobody reads."""
    found = (built for _, built in read.builds() if within(built.folder, project))
    return any(not _HEAVY.isdisjoint(built.row.programs.split()) for built in found)


def _linked(read: Read, project: bytes) -> Iterator[bytes]:
    """Files that are built by name, and that a program may load or start: no objects, which are linked."""
    for _, built in read.builds():
        if _LINKERS.isdisjoint(built.row.programs.split()):
            continue
        for path in built.made:
            loaded = not path.endswith((b"/", b".o", b".a", b".d", b".gch")) and not _is_put_elsewhere(
                read, path, project
            )
            if loaded and within(path, project) and not _is_taken_away(read, path):
                yield path


def _is_exact(read: Read, project: bytes, named: bool) -> bool:
    """Whether each build in there leaves nothing but what is known by name, or is followed by an install from there.

    `named`: the image needs something by a path in the project.
    """
    found = [built for _, built in read.builds() if within(built.folder, project)]
    if all(built.exact for built in found):
        return True
    return not named and (found[-1].row.makes is Makes.INSTALLS or _is_taken_out(read, project))


def _is_taken_out(read: Read, project: bytes) -> bool:
    """Whether what was built is copied out of the project, once all is built."""
    work = [action for _, action in read.actions() if action.kind in (Kind.BUILD, Kind.PLACE)]
    built = max(
        at for at, action in enumerate(work) if action.built is not None and within(action.built.folder, project)
    )
    return any(
        action.kind is Kind.PLACE
        and any(within(path, project) for path in action.reads)
        and not any(within(path, project) for path in action.puts)
        for action in work[built:]
    )


def _explained(path: bytes, known: set[bytes], products: Sequence[bytes]) -> bytes:
    """What has to come along so that the path is there; empty where that is not known."""
    if path in known or any(within(one, path) for one in known):
        return path
    for product in products:
        if product.endswith(b"/") and posixpath.dirname(path) == product.rstrip(b"/"):
            return path
        if not product.endswith(b"/") and within(path, product):
            return product
    return b""


def _data(files: Sequence[tuple[bytes, str]], project: bytes) -> Iterator[Carried]:
    """What is no source, by the first name below the project."""
    for path, _ in files:
        if is_source(path) or not within(path, project):
            continue
        rest = path[len(project.rstrip(b"/")) + 1 :]
        yield Carried(posixpath.join(project, rest.split(b"/")[0]), "it is no source, so the program may read it")


def _shown(path: bytes) -> str:
    return path.decode("utf-8", "replace")
