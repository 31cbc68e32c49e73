"""What is in sight of what the layers of a stage hold, step by step, and what goes out of sight."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from ...syntax.script import in_compounds
from ..context import Kind
from ..facts import Facts
from ..packages.places import is_mounted
from ..stages import Stage
from ..steps.paths import canonical, covers
from .hidden import Hidden, HiddenPath, How
from .hides import copies, hiders
from .located import Located, located
from .made import absolute, emptied, filled, made
from .matching import Named, named_by_word
from .secret_names import is_secret, may_be_secret
from .shelf import Shelf
from .sorted_words import sorted_words
from .stored import Stored, brought


class _Event(NamedTuple):
    """What the step `by` does, by these words, with these flags."""

    by: int
    how: How
    words: bytes
    flags: tuple[bytes, ...] = ()


class Sight:
    """What is in sight; `found` is what no longer is, in the order in which that came about."""

    def __init__(self, facts: Facts, stored: Iterable[Stored]) -> None:
        """`stored` is what the stage below leaves."""
        self._facts = facts
        self._known: dict[Stored, Mapping[bytes, int]] = {}
        self.stored: Shelf[Stored] = Shelf()
        self._add(stored)
        self.found: list[Hidden] = []

    def see(self, stage: Stage) -> None:
        """Go through the steps of a stage."""
        hide, copy = self._facts.of(hiders), self._facts.of(copies)
        last_hider, last_copy = max(hide, default=-1), max(copy, default=-1)
        for index in range(stage.first + 1, stage.last):
            # What nobody can hide later, need not be known.
            if index in copy and (index < max(last_hider, last_copy) or self.stored):
                self._copy(index)
            elif index < last_hider or (index in hide and self.stored):
                self._run(index)

    def _copy(self, index: int) -> None:
        instruction = self._facts.instructions[index]
        words = instruction.keyword.encode() + b" " + instruction.rest
        new = brought(self._facts, index)
        for one in new:
            self._replace(one, _Event(index, How.REPLACED, words))
        self._add(new)

    def _add(self, new: Iterable[Stored]) -> None:
        for one in new:
            self.stored.put(one.tree, one)

    def _run(self, index: int) -> None:
        run = located(self._facts, index) if self._facts.instructions[index].keyword == "RUN" else None
        if run is None or run.run.script is None:
            return
        inside = in_compounds(run.run.script)
        for one in run.commands:
            if one.always and one.words and one.command.start not in inside:
                words = b" ".join(word.text for word in one.raw)
                self._command(one, _Event(index, How.DELETED, words, run.run.instruction.flags))

    def _command(self, one: Located, event: _Event) -> None:
        if one.name in _HIDERS:
            _HIDERS[one.name](self, one, event)
        for path in emptied(one):
            self._away(Named(canonical(path)), event)
        for folder in filled(one, event.flags):
            self._put(Stored(event.by, event.by, folder), event.flags)
        for new in made(one):
            if new.kind is Kind.FILE:
                self._replace(Stored(event.by, event.by, new.path, Kind.FILE), event._replace(how=How.REPLACED))
            self._put(Stored(event.by, event.by, new.path, new.kind), event.flags)
            for name in new.holds:
                self._put(Stored(event.by, event.by, new.path + b"/" + name), event.flags)

    def _put(self, new: Stored, flags: tuple[bytes, ...]) -> None:
        near = self.stored.near(new.tree)
        there = any((old.position, old.tree) == (new.position, new.tree) for old in near)
        if not there and not is_mounted(new.path, flags):
            self._add([new])

    def _replace(self, new: Stored, event: _Event) -> None:
        """What files of known names put out of sight."""
        near = self.stored.near(new.tree)
        if not near or new.kind is None or is_mounted(new.path, event.flags):
            return
        for old in near:
            both = sorted(self._files(old).keys() & self._files(new).keys()) if old.kind is not None else []
            same = bool(both) and old.source is not None and _source(old, both[0]) == _source(new, both[0])
            self._hide(old, both, event._replace(how=How.STORED_AGAIN if same else How.REPLACED), stays=False)

    def remove(self, one: Located, event: _Event) -> None:
        """By `rm`."""
        words = sorted_words(one)
        for word in words.operands if words is not None else ():
            self._away(named_by_word(word, one.place), event)

    def move(self, one: Located, event: _Event) -> None:
        """By `mv`; a folder that is there takes up what is moved to its name, so that this is known by a slash only."""
        words = sorted_words(one)
        named = named_by_word(words.operands[0], one.place) if words is not None and len(words.operands) == 2 else None
        if words is None or named is None or named.parts:
            return
        moved = [old for old in self.stored.near(named.tree) if old.tree == named.tree]
        self._away(named, event._replace(how=How.MOVED))
        path = absolute(words.operands[1], one.place)
        path += named.tree.rpartition(b"/")[2] if path.endswith(b"/") else b""
        self._add(old._replace(position=event.by, path=path) for old in moved if path)

    def change(self, one: Located, event: _Event) -> None:
        """By `chmod` or `chown`: overlayfs copies up the whole file, be the new mode the old one or not."""
        words = sorted_words(one)
        if words is None:
            return
        deep = "R" in words.letters or "recursive" in words.longs
        for word in words.operands[1:]:
            self._away(named_by_word(word, one.place), event._replace(how=How.STORED_AGAIN), deep)

    def _away(self, named: Named | None, event: _Event, deep: bool = True) -> None:
        """Put out of sight, or store anew, what is known to be there; not `deep`: no more than files themselves."""
        if named is None:
            return
        for old in self.stored.near(named.tree):
            trees = [tree for tree in self._trees(old, named) if not is_mounted(tree, event.flags)]
            if any(covers(tree, old.tree) for tree in trees):
                is_deep = deep or (old.kind is Kind.FILE and old.tree in trees)
                self._hide(old, [old.tree] if is_deep else [], event, stays=event.how is How.STORED_AGAIN)
            elif trees:
                files = self._files(old)
                there = [t for t in trees if t in files or (deep and any(covers(t, path) for path in files))]
                self._hide(old, sorted(there), event, stays=event.how is How.STORED_AGAIN)

    def _trees(self, old: Stored, named: Named) -> Iterable[bytes]:
        """Of what a word names, what has to do with something that is stored."""
        if not named.parts:
            return (named.tree,) if covers(named.tree, old.tree) or covers(old.tree, named.tree) else ()
        if covers(named.tree, old.tree) and old.tree != named.tree:
            found = named.among((old.tree,))
            return found or named.among(self._files(old))
        if old.tree == named.tree and named.is_all and old.kind is not Kind.FILE and not self._files(old):
            return (old.tree,)
        return named.among(self._files(old)) if covers(old.tree, named.tree) else ()

    def _hide(self, old: Stored, trees: list[bytes], event: _Event, *, stays: bool) -> None:
        """The trees are the whole of what is stored, or lie in it; what `stays` is in sight again, in another layer."""
        if not trees:
            return
        files = self._files(old)
        self.stored.take(old.tree, old)
        if old.position != event.by:
            self._tell(old, trees, event)
        if trees != [old.tree]:
            self._add([old._replace(gone=(*old.gone, *trees), size=None)])
        if stays:
            self._add(_anew(old, tree, files, event.by) for tree in trees)

    def _tell(self, old: Stored, trees: list[bytes], event: _Event) -> None:
        paths = tuple(path for tree in trees for path in self._told(old, tree))
        is_one = old.source is not None and old.kind is not Kind.FOLDER
        new = Hidden(old.position, old.origin, event.by, event.how, event.words, is_one, paths)
        last = self.found[-1] if self.found else None
        if last is not None and last[:6] == new[:6]:
            known = [path.path for path in last.paths]
            more = (path for path in paths if path.bytes is not None or not any(covers(k, path.path) for k in known))
            self.found[-1] = last._replace(paths=(*last.paths, *more))
        elif paths:
            self.found.append(new)

    def _told(self, old: Stored, tree: bytes) -> Iterator[HiddenPath]:
        """The tree, and apart from it the secrets that are in it."""
        context = self._facts.context
        files = self._files(old)
        shown = old.path if tree == old.tree else tree
        if tree in files or old.kind is not Kind.FOLDER or context is None:
            size = old.size if tree == old.tree else files.get(tree)
            yield HiddenPath(shown, size, is_secret(shown, _source(old, tree), context))
            return
        inside = {path: size for path, size in files.items() if covers(tree, path)}
        every = may_be_secret((old.source or "").encode("utf-8", "surrogateescape"))
        named = (path for path in inside if every or may_be_secret(path))
        secrets = {path for path in named if is_secret(path, _source(old, path), context)}
        if len(secrets) < len(inside):
            yield HiddenPath(shown, sum(size for path, size in inside.items() if path not in secrets))
        yield from (HiddenPath(path, inside[path], True) for path in sorted(secrets))

    def _files(self, stored: Stored) -> Mapping[bytes, int]:
        if stored not in self._known:
            self._known[stored] = stored.files(self._facts.context)
        return self._known[stored]


def _anew(old: Stored, tree: bytes, files: Mapping[bytes, int], by: int) -> Stored:
    """What another layer holds now."""
    if tree == old.tree:
        return old._replace(position=by)
    kind = Kind.FILE if tree in files else Kind.FOLDER
    return old.part(tree)._replace(position=by, kind=kind, size=files.get(tree))


def _source(old: Stored, path: bytes) -> str | None:
    """Where in the build context the file at the path is from."""
    return old.source if old.source is None or path == old.tree else old.part(path).source


_HIDERS: Mapping[bytes, Callable[[Sight, Located, _Event], None]] = {
    b"rm": Sight.remove,
    b"mv": Sight.move,
    b"chmod": Sight.change,
    b"chown": Sight.change,
    b"chgrp": Sight.change,
}
