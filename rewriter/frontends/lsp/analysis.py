"""From a text to what an editor shows of it: runs in the worker, and remembers the text before a keystroke."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from typing import NamedTuple

from ...adapters.config import Configurations
from ...adapters.plugins import installed
from ...adapters.settings import LEVELS, ConfigError
from ...adapters.shfmt import Shfmt
from ...engine.change import Outcome, Problem
from ...engine.context_run import rewrite_context, with_own
from ...engine.offered import Offer, offering
from ...engine.options import Options
from ...engine.run import rewrite
from ...model.context import Context
from ...model.facts import Facts
from ...model.sources import sources
from ...model.together import Together
from ...syntax.edit import Edit
from ..examine import unreadable
from ..render.diff import heading, net_edits, step_diffs
from ..request import Request
from ..session import shown
from ..surroundings import Surroundings
from .fixes import beside_fixes, first_line, fix_of, notes_of
from .hover import told_of
from .messages import Analysis, Beside, Note, Rewritten, Settings, Span, Text
from .pages import Pages

Stop = Callable[[], bool]
"""Whether somebody asks for something newer, so that nobody wants the answer any more."""


MOST_KEYSTROKES = 1_000
"""After so many of them, everything is read anew: a long RUN leaves some 50 kB for each."""


class _Known(NamedTuple):
    """What was made of a text: its facts, and what stands beside it."""

    text: Text
    facts: Facts
    beside: tuple[Outcome, ...]


class Analyser:
    """Answers for texts; the facts of each are kept until its next version."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._known: dict[str, _Known] = {}
        self._count = 0
        self._second_opinion = Shfmt()
        self._surroundings = Surroundings(None)
        self._configurations: dict[str | None, Configurations] = {}
        self.pages = Pages()

    def analysis(self, text: Text, stop: Stop) -> Analysis | None:
        """What can be done to the text, and what else there is to tell; None if it was stopped."""
        self._forget()
        if complaint := unreadable(text.data):
            return Analysis((), (Note("", complaint, "error", Span(0, 0), ""),))
        page_of = self.pages.uri
        try:
            options = self._options(text)
        except ConfigError as error:
            problem = Problem(error.path, None, str(error))
            return Analysis((), tuple(notes_of(Facts.read(_name(text), text.data), (problem,), (), page_of)))
        facts = self._facts(text)
        offer = self._offer(facts, options, stop)
        if offer is None:
            return None
        known = self._known.get(text.uri)
        beside = known.beside if known is not None and not text.is_fresh else tuple(self._beside(text, options))
        self._known[text.uri] = _Known(text, facts, beside)
        own = (fix_of(facts, change, page_of) for change in offer.changes)
        place = _takes_first(facts)
        others = (fix for outcome in beside for fix in beside_fixes(place, outcome, page_of))
        return Analysis((*own, *others), tuple(notes_of(facts, offer.errors, offer.findings, page_of)))

    def rewritten(self, text: Text, level: str | None) -> Rewritten:
        """What the command line would make of the text; nothing where that, or the configuration, is wrong."""
        try:
            options = self._options(text)
        except ConfigError:
            return Rewritten((), (), b"")
        if unreadable(text.data):
            return Rewritten((), (), b"")
        options = options._replace(level=LEVELS[level]) if level else options
        name = _name(text)
        done = rewrite(
            {name: text.data},
            options=options,
            second_opinion=self._second_opinion,
            known=installed(),
            find_context=partial(self._context, text),
        )
        beside = list(self._beside(text._replace(data=done.files[name]), options))
        diff = b"".join(heading(change) + part for one in (done, *beside) for change, part in step_diffs(one))
        return Rewritten(net_edits(done, name), tuple(_files(beside)), diff)

    def hover(self, text: Text, offset: int) -> str:
        """What is to be said of the instruction at the offset, as Markdown."""
        return told_of(self._facts(text), offset) if not unreadable(text.data) else ""

    def _forget(self) -> None:
        """Begin anew now and then: what each keystroke leaves in the memos, nobody asks for again."""
        self._count += 1
        if self._count % MOST_KEYSTROKES == 0:
            self._known.clear()
            self._second_opinion = Shfmt()

    def _options(self, text: Text) -> Options:
        """Raises ConfigError."""
        settings = text.settings
        if settings.root and os.path.isdir(settings.root):
            # This process does nothing else: paths are shown from here, as on a command line.
            os.chdir(settings.root)
        if text.is_fresh or settings.config not in self._configurations:
            known = {name: transform.settings for name, transform in installed().items()}
            self._configurations[settings.config] = Configurations(known, settings.config)
        layer = self._configurations[settings.config].layer_for(_name(text))
        return _request(settings).options(layer)

    def _facts(self, text: Text) -> Facts:
        """The facts, made of those of the version before where there is one."""
        if text.is_fresh:
            self._surroundings = Surroundings(None)
        known = self._known.get(text.uri)
        look = cache(partial(self._context, text, _name(text), text.data))
        if known is None or text.is_fresh or known.text.path != text.path:
            return Facts.read(_name(text), text.data, look=look)
        if known.text.data == text.data:
            return known.facts
        return known.facts.edited([difference(known.text.data, text.data)])._replace(look=look)

    def _offer(self, facts: Facts, options: Options, stop: Stop) -> Offer | None:
        work = offering(facts, options=options, known=installed())
        try:
            scripts = next(work)
            while not stop():
                scripts = work.send(self._second_opinion(scripts) if scripts else ())
        except StopIteration as done:
            offer: Offer = done.value
            return offer
        work.close()
        return None

    def _context(self, text: Text, _: str, data: bytes) -> Context | None:
        return self._surroundings.of(text.path, data) if text.path is not None else None

    def _beside(self, text: Text, options: Options) -> Iterator[Outcome]:
        """What becomes of the ignore files of the contexts in which the text is built."""
        if text.path is None or not self._surroundings.has(text.path, text.data):
            return
        for together in self._surroundings.contexts.together({text.path: text.data}):

            def rewritten(one: Together) -> Outcome:
                return rewrite_context(one, options=options, known=installed())

            for one, outcome in with_own(together, rewritten):
                if _name(text) in one.dockerfiles:
                    yield outcome


def _takes_first(facts: Facts) -> Span:
    """Where it is told what is wrong with the build context: at the first instruction that takes something of it."""
    at = next((facts.instructions[source.position].node.start for source in facts.of(sources)), 0)
    return first_line(facts.source.text, at)


def _files(outcomes: Sequence[Outcome]) -> Iterator[Beside]:
    for outcome in outcomes:
        for path, after in outcome.files.items():
            if after != outcome.originals.get(path):
                yield Beside(os.path.abspath(path), outcome.originals.get(path), after)


def _request(settings: Settings) -> Request:
    level = LEVELS[settings.level] if settings.level else None
    return Request(level=level, only=frozenset(settings.only), skip=frozenset(settings.skip))


def _name(text: Text) -> str:
    return shown(text.path) if text.path is not None else "Dockerfile"


def difference(before: bytes, after: bytes) -> Edit:
    """The one edit that makes one text of another."""
    start = _shared(before, after)
    end = _shared(before[start:][::-1], after[start:][::-1])
    return Edit(start, len(before) - end, after[start : len(after) - end])


def _shared(one: bytes, other: bytes) -> int:
    """How many bytes two texts begin with alike."""
    known, most = 0, min(len(one), len(other))
    while known < most:
        middle = (known + most + 1) // 2
        if one[known:middle] == other[known:middle]:
            known = middle
        else:
            most = middle - 1
    return known
