"""The build contexts of the Dockerfiles that a run looks at."""

import contextlib
import os
import re
from collections.abc import Collection, Container, Iterator, Mapping
from typing import NamedTuple

from ..adapters import store
from ..adapters.builds import Build, Folders, Unreadable
from ..adapters.context import ContextError, folder, of_fresh_clone, part
from ..adapters.discovery import is_dockerfile
from ..adapters.top import leaves
from ..engine.change import Problem
from ..model.context import Context, Kind
from ..model.facts import Facts
from ..model.sources import sources
from ..model.together import IGNORE_FILE, Together, problem
from .session import shown
from .surroundings import has_context, upwards
from .terminal import Terminal

_LIKE = re.compile(r"dockerfile|containerfile", re.IGNORECASE)
_FROM = re.compile(rb"^\s*FROM\s", re.IGNORECASE | re.MULTILINE)
_MOST_DOCKERFILES = 100
_HIGHEST = 6  # folders above a Dockerfile in which its sources are looked for


class Chosen(NamedTuple):
    """The folder that is a Dockerfile's build context, and how that was found out."""

    folder: str
    reason: str


class Contexts:
    """Finds the context of each Dockerfile, and reads each folder once; `problems` are those that cannot be read."""

    def __init__(self, given: str | None, terminal: Terminal | None, top: str | None = None) -> None:
        """`given` is the folder that the user named; the terminal, if any, shows how far a large one is read.

        Of a fresh clone of somebody else's repository, `top` is the root, absolute and without links: what is outside
        of it is not looked at, a context that is there is not known, and nobody says what its `.git` weighs.
        """
        self._given = given
        self._top = top
        self._terminal = terminal
        self._read: dict[str, Context] = {}
        self._sent: dict[str, Context | None] = {}
        self._folders = Folders(top)
        self._above: dict[str, list[str]] = {}
        self.problems: list[Problem] = []

    def _progress(self, count: int) -> None:
        if self._terminal is not None:
            self._terminal.status(f"reading the build context: {count:,} entries")

    def sent_for(self, path: str, text: bytes) -> Context | None:
        """What the builder gets for one Dockerfile; None where several contexts, or none that can be read, are its."""
        from ..model.sent import as_sent  # Most runs ask for none.

        chosen = self.chosen(path, text)
        if not chosen:
            return None
        own = f"{path}.dockerignore"
        try:
            context = self.read(chosen[0].folder)
            ignore_file = own if os.path.isfile(own) else os.path.join(chosen[0].folder, IGNORE_FILE)
            if ignore_file not in self._sent:
                known = store.read(ignore_file) if os.path.lexists(ignore_file) else None
                self._sent[ignore_file] = as_sent(context, known)
        except (ContextError, store.StoreError):
            return None  # It is told where the ignore files are looked at.
        found = self._sent[ignore_file] if len(chosen) == 1 else None
        return found and found._replace(narrows=lambda paths: self._narrows(path, text, paths))

    def _narrows(self, path: str, text: bytes, paths: Collection[str]) -> bool:
        """Whether these are paths that the ignore file which counts for this Dockerfile will keep from the builder."""
        from ..model.ignoring.plan import deletions

        for together in self.together({path: text}):
            addition = (
                together.of(deletions) if shown(path) in together.dockerfiles and not together.of(problem) else None
            )
            if addition is not None:
                return set(addition.gone) >= set(paths)
        return False

    def together(self, texts: Mapping[str, bytes]) -> Iterator[Together]:
        """The ignore files of these Dockerfiles (texts by path), one for each context and each file of its own."""
        roots: dict[str, dict[str, str]] = {}
        for path, text in texts.items():
            if has_context(path, text, self._given, self._above):
                for chosen in self.chosen(path, text):
                    roots.setdefault(chosen.folder, {})[os.path.abspath(path)] = chosen.reason
        absolute = {os.path.abspath(path): text for path, text in texts.items()}
        for root, reasons in sorted(roots.items()):
            try:
                context = self.read(root)
            except ContextError as error:
                self.problems.append(Problem(shown(root), None, str(error)))
                continue
            found = {path: absolute[path] for path in reasons}
            others = self._others(root, context, absolute, reasons.keys())
            if others is None:
                continue
            found |= others
            found |= self._described(root)
            yield from self._of_folder(root, context, found, next(iter(reasons.values())))

    def _around(self, root: str) -> Iterator[tuple[list[Build], list[Unreadable]]]:
        """What Compose, Bake and devcontainer files describe, in the folder and above it in its repository."""
        for above in upwards(root, self._above)[: _HIGHEST + 1]:
            yield self._folders.builds_in(above)

    def _described(self, root: str) -> dict[str, bytes]:
        """The Dockerfiles of builds that are described for this folder."""
        found: dict[str, bytes] = {}
        for build in (build for builds, _ in self._around(root) for build in builds):
            if not build.context or os.path.abspath(build.context) != root:
                continue
            if build.inline is not None:
                found[_path(build)] = build.inline.encode("utf-8", "surrogateescape")
            elif not leaves(build.dockerfile, self._top) and os.path.isfile(build.dockerfile):
                with contextlib.suppress(store.StoreError):
                    found[os.path.abspath(build.dockerfile)] = store.read(build.dockerfile)
        return found

    def _unknown(self, root: str) -> str:
        """Who may take something of this folder that is not known: builds that are not understood, named contexts."""
        for builds, unreadable in self._around(root):
            if unreadable:
                return f"{shown(unreadable[0].path)} is not understood"
            for build in builds:
                told = f"{shown(build.source)}:{build.line}"
                if any(os.path.isabs(other) and os.path.abspath(other) == root for other in build.contexts.values()):
                    return f"{told} takes from it as a named context"
                if self._leads_out(build) or not build.context or (not build.dockerfile and build.inline is None):
                    return f"{told} has a context or a Dockerfile that is not known"
        return ""

    def chosen(self, path: str, text: bytes) -> list[Chosen]:
        """The contexts in which a Dockerfile is built: several, where compose files and the like name several."""
        if self._given is not None:
            return [Chosen(os.path.abspath(self._given), "--context")]
        return self._found_out(os.path.abspath(path), text)

    def _found_out(self, path: str, text: bytes) -> list[Chosen]:
        """The contexts, whatever the user named."""
        builds = self._inlined(path) if _is_inline(path) else self._builds(path)
        for build in filter(self._leads_out, builds):
            why = f"line {build.line}: the build leads out of the repository, so nothing is known of its context"
            told = Problem(shown(build.source), None, why)
            self.problems += [] if told in self.problems else [told]
            return []
        named = {build.context: build for build in builds if os.path.isdir(build.context)}
        if named or _is_inline(path):
            return [Chosen(where, f"{shown(build.source)}:{build.line}") for where, build in named.items()]
        own = os.path.dirname(path)
        above = upwards(own, self._above)[: _HIGHEST + 1]
        facts = Facts.read(path, text) if len(above) > 1 else None
        if facts is not None and _copies_what_is_not_beside(facts, own):
            # Of several folders above, it may be any one.
            return [Chosen(above[1], "the folder above one of Dockerfiles alone")] if len(above) == 2 else []
        for where in above:
            if facts is None or all(self._is_there(where, pattern) for pattern in _exact(facts)):
                reason = "the Dockerfile's own folder" if where == own else "the nearest folder with all that is copied"
                return [Chosen(where, reason)]
        return [Chosen(own, "the Dockerfile's own folder")]

    def _inlined(self, path: str) -> list[Build]:
        """The builds of an inline Dockerfile: its own, and those of who inherits it."""
        builds, _ = self._folders.builds_in(os.path.dirname(path))
        texts = {build.inline for build in builds if _path(build) == path}
        return [build for build in builds if build.inline is not None and build.inline in texts]

    def _builds(self, path: str) -> list[Build]:
        found, _ = self._folders.builds_of(path, None)
        return found

    def read(self, root: str) -> Context:
        """The context that a folder is. Raises ContextError."""
        if root not in self._read:
            above = root
            while above not in self._read and above != os.path.dirname(above):
                above = os.path.dirname(above)
            if above not in self._read:
                found = folder(root, self._progress)._replace(name=shown(root))
                self._read[root] = found if self._top is None else of_fresh_clone(found)
            else:
                self._read[root] = part(self._read[above], os.path.relpath(root, above), shown(root))
        return self._read[root]

    def _of_folder(self, root: str, context: Context, texts: Mapping[str, bytes], reason: str) -> Iterator[Together]:
        groups: dict[str, dict[str, bytes]] = {}
        for path, text in texts.items():
            own = f"{path}.dockerignore"
            ignore_file = own if os.path.isfile(own) else os.path.join(root, IGNORE_FILE)
            groups.setdefault(ignore_file, {})[path] = text
        for ignore_file, found in groups.items():
            if os.path.islink(ignore_file):
                continue  # It may be that of other contexts, too.
            try:
                known = store.read(ignore_file) if os.path.lexists(ignore_file) else None
            except store.StoreError as error:
                self.problems.append(Problem(shown(ignore_file), None, str(error).partition(";")[0]))
                continue
            dockerfiles = {shown(path): text for path, text in found.items()}
            places = self._own(root, found)
            yield Together(context, shown(ignore_file), known, dockerfiles, {}, reason, self._unknown(root), own=places)

    def _own(self, root: str, found: Mapping[str, bytes]) -> Mapping[str, str]:
        """Where in the context ignore files of these Dockerfiles' own would stand; empty where one can have none."""
        if len(found) < 2 or not all(self._may_have_own(path, text, root) for path, text in found.items()):
            return {}
        return {shown(path): os.path.relpath(f"{path}.dockerignore", root).replace(os.sep, "/") for path in found}

    def _may_have_own(self, path: str, text: bytes, root: str) -> bool:
        """Whether it is a file that is built nowhere else: a file of its own counts in every context."""
        # What comes of a template has another name.
        is_file = os.path.isfile(path) and is_dockerfile(os.path.basename(path))
        if not is_file or os.path.lexists(f"{path}.dockerignore"):
            return False
        return [os.path.abspath(chosen.folder) for chosen in self._found_out(path, text)] == [root]

    def _others(
        self, root: str, context: Context, known: Mapping[str, bytes], chosen: Container[str]
    ) -> dict[str, bytes] | None:
        """Further Dockerfiles of the folder that are, or could be, built in it: those that nobody named, too.

        None where there are too many: a collection of Dockerfiles is no build context.
        """
        found: dict[str, bytes] = {}
        looked = 0
        for inside, entry in context.entries.items():
            # More than what is rewritten: a template, or `Dockerfile-dev`, is built, too.
            if entry.kind is not Kind.FILE or not _LIKE.search(inside.rpartition("/")[2]) or _is_installed(inside):
                continue
            path = os.path.join(root, inside)
            if path in chosen:
                continue
            looked += 1
            if looked > _MOST_DOCKERFILES:
                return None
            text = known[path] if path in known else context.read(inside)
            if text is not None and _FROM.search(text) and self._may_be_built_in(root, path, text):
                found[path] = text
        return found

    def _may_be_built_in(self, root: str, path: str, text: bytes) -> bool:
        """Not what is plainly built in its own folder: all that it names is there, and nothing of that at the root."""
        own = os.path.dirname(path)
        facts = Facts.read(path, text)
        if own == root or facts.problems or any(build.context == root for build in self._builds(path)):
            return True
        if _copies_what_is_not_beside(facts, own):
            return True
        at_root = any(self._is_there(root, pattern) for pattern in _exact(facts))
        at_home = all(self._is_there(own, pattern) for pattern in _exact(facts))
        return bool(facts.of(sources)) and (at_root or not at_home)

    def _is_there(self, folder: str, pattern: str) -> bool:
        path = os.path.join(folder, pattern)
        return not leaves(os.path.dirname(path), self._top) and os.path.lexists(path)

    def _leads_out(self, build: Build) -> bool:
        return any(place and leaves(place, self._top) for place in (build.context, build.dockerfile))


def _path(build: Build) -> str:
    """What stands for the path of an inline Dockerfile."""
    return f"{build.source}#{build.name}"


def _is_inline(path: str) -> bool:
    return "#" in os.path.basename(path) and not os.path.lexists(path)


def _copies_what_is_not_beside(facts: Facts, folder: str) -> bool:
    """Whether it takes something, and there are Dockerfiles alone in its folder: `COPY . /app` in docker/."""
    if _exact(facts) or not facts.of(sources):
        return False
    try:
        return all(map(_LIKE.search, os.listdir(folder)))
    except OSError:
        return False


def _is_installed(path: str) -> bool:
    return not {".git", "node_modules", "site-packages"}.isdisjoint(path.split("/"))


def _exact(facts: Facts) -> list[str]:
    """What the file takes by name, without wildcards."""
    return [source.pattern for source in facts.of(sources) if source.exact]
