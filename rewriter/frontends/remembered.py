"""What earlier runs have said of a file, where they would say the same again."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from hashlib import sha256

from ..adapters.plugins import installed
from ..adapters.result_cache import ResultCache
from ..adapters.signature import of_files, signature
from ..adapters.store import StoreError, read
from ..engine.change import Outcome
from .examine import Job
from .request import Request
from .said import Said
from .surroundings import upwards
from .terminal import Painter

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_ELSEWHERE = (b"..", b"include", b"extends")
"""By these a Compose or Bake file can reach what lies outside of its folder."""


class Remembered:
    """Answers for files that are as they were, with the same dockfix, the same options and the same build context.

    Only for runs that print text: a document is made of the whole outcome. A file that is to be written, and would
    change, is looked at again.
    """

    def __init__(self, request: Request, painter: Painter) -> None:
        """What all files of the run have in common is looked up once."""
        self._request = request
        self._cache = ResultCache()
        self._common = repr((sys.version, request.show, request.verbose, painter.on))
        self._code = _code()
        self._above: dict[str, list[str]] = {}
        self._around: dict[str, bytes | None] = {}

    def key(self, job: Job) -> tuple[str, bytes] | None:
        """Under which key the answer for a file is kept, and its text; None where it is looked at each time."""
        if job.carrier is not None or job.text is not None:
            return None
        try:
            text = read(job.path)
        except StoreError:
            return None
        around = self._context(job, text)
        if around is None:
            return None
        options = job.options
        told = (options.level, sorted(options.only), sorted(options.skip), options.builder, sorted(options.shipped))
        settings = sorted((name, sorted(own.items())) for name, own in options.settings.items())
        parts = (self._common, job.name, job.lines, told, settings)
        return sha256(repr(parts).encode() + self._code + around + text).hexdigest(), text

    def recall(self, key: str) -> Said | None:
        """What was said; None where that is not known, or something is to be written."""
        packed = self._cache.get(key)
        said = Said.unpacked(packed) if packed is not None else None
        return None if said is None or (self._request.write and said.tally.changes) else said

    def keep(self, key: str, text: bytes, job: Job, outcome: Outcome, said: Said) -> None:
        """Keep what was said of an outcome, if that is of the text, and nothing is the matter with the file."""
        if outcome.originals.get(job.name) == text and not outcome.errors and not self._request.write:
            self._cache.put(key, said.packed())

    def close(self) -> None:
        """Tidy up."""
        self._cache.tidy()

    def _context(self, job: Job, text: bytes) -> bytes | None:
        """What stands for the build context; None where it may reach further than can be seen."""
        if job.surroundings is None:
            return b"none"
        if not job.surroundings.has(job.path, text):
            return b"empty"
        own = os.path.dirname(os.path.abspath(job.path))
        chain = upwards(own, self._above)
        top = chain[-1]
        if top not in self._around:
            given = [os.path.abspath(self._request.context)] if self._request.context is not None else []
            self._around[top] = None if any(map(_reaches_out, chain)) else signature(top, *given)
        return self._around[top]


def _reaches_out(folder: str) -> bool:
    """Whether a file that describes builds may name something outside of the repository."""
    for name in os.listdir(folder):
        lower = name.lower()
        if lower.endswith((".yml", ".yaml", ".hcl", ".json")) and ("compose" in lower or "bake" in lower):
            try:
                if any(word in read(os.path.join(folder, name)) for word in _ELSEWHERE):
                    return True
            except StoreError:
                return True
    return os.path.isdir(os.path.join(folder, ".devcontainer"))


def _code() -> bytes:
    """What stands for dockfix itself, whatever its version, and for the transforms of others."""
    # importlib.metadata takes 15 ms to tell a version; the folder that pip writes beside the package is called by it.
    installations = [name for name in os.listdir(os.path.dirname(_PACKAGE)) if name.startswith("dockfix-")]
    return of_files(*_modules()) + repr(sorted(installations)).encode()


def _modules() -> Iterator[str]:
    # What pip installs, it writes anew as a whole; only in a checkout do files change one by one.
    is_checkout = os.path.lexists(os.path.join(os.path.dirname(_PACKAGE), ".git"))
    for folder, _, names in sorted(os.walk(_PACKAGE)) if is_checkout else [(_PACKAGE, [], ["__init__.py"])]:
        yield from (os.path.join(folder, name) for name in sorted(names) if not name.endswith(".pyc"))
    for transform in installed().values():
        yield str(sys.modules[transform.find.__module__].__file__)
