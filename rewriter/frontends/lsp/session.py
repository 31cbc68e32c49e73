"""The open documents of one client, and what is known of each: asked of the worker whenever one changes."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlparse
from urllib.request import url2pathname

from ...adapters.discovery import is_dockerfile
from .link import Link, WorkerGone
from .messages import Analyse, Analysis, Answer, Look, Page, Question, Rewrite, Rewritten, Settings, Text
from .workspace_edits import Versioned

_LANGUAGES = frozenset({"dockerfile", "containerfile", "docker"})


class Known(NamedTuple):
    """A state of a document, and its analysis."""

    of: Versioned
    analysis: Analysis


class Session:
    """Looks at each document again when it, or what lies beside it, has changed."""

    def __init__(self, link: Link, publish: Callable[[Known], None], complain: Callable[[str], None]) -> None:
        """`publish` shows what is known; `complain` says a sentence to the user."""
        self.documents: dict[str, Versioned] = {}
        self.settings = Settings()
        self._link = link
        self._publish = publish
        self._complain = complain
        self._looks: dict[str, asyncio.Task[Known | None]] = {}
        # Those of which it is to be looked again at what lies beside them.
        self._fresh: set[str] = set()

    def opened(self, of: Versioned, language: str) -> None:
        """A document that is no Dockerfile is not looked at."""
        name = os.path.basename(path_of(of.uri) or urlparse(of.uri).path)
        if language.lower() in _LANGUAGES or is_dockerfile(name):
            self._fresh.add(of.uri)
            self.changed(of)

    def changed(self, of: Versioned) -> None:
        """There is a new state of a document that has been opened."""
        self.documents[of.uri] = of
        self._looks[of.uri] = asyncio.get_running_loop().create_task(self._look(of))

    def closed(self, uri: str) -> None:
        """Nothing is known of the document any more."""
        of = self.documents.pop(uri, None)
        self._looks.pop(uri, None)
        if of is not None:
            self._publish(Known(of, Analysis((), ())))

    def refresh(self) -> None:
        """Something beside the documents has changed, or the settings."""
        for of in tuple(self.documents.values()):
            self._fresh.add(of.uri)
            self.changed(of)

    async def known(self, uri: str) -> Known | None:
        """What is known of the document as it is now; None where it is none of ours, or has changed meanwhile."""
        look = self._looks.get(uri)
        return await asyncio.shield(look) if look is not None else None

    async def rewritten(self, of: Versioned, level: str | None) -> Rewritten | None:
        """What the command line makes of the document at a level; None where there is no answer."""
        answer = await self._ask(Rewrite(self._text(of), level))
        return answer if isinstance(answer, Rewritten) else None

    async def hover(self, of: Versioned, offset: int) -> str:
        """Markdown about the instruction at the offset."""
        answer = await self._ask(Look(self._text(of, is_fresh=False), offset))
        return answer if isinstance(answer, str) else ""

    async def page(self, transform: str) -> str:
        """The URI of a manual page; empty where there is none."""
        answer = await self._ask(Page(transform))
        return answer if isinstance(answer, str) else ""

    async def _look(self, of: Versioned) -> Known | None:
        is_fresh = of.uri in self._fresh
        answer = await self._ask(Analyse(self._text(of, is_fresh=is_fresh)))
        if not isinstance(answer, Analysis) or self.documents.get(of.uri) is not of:
            return None
        self._fresh.discard(of.uri)
        found = Known(of, answer)
        self._publish(found)
        return found

    def _text(self, of: Versioned, *, is_fresh: bool = True) -> Text:
        return Text(of.uri, path_of(of.uri), of.document.data, self.settings, is_fresh)

    async def _ask(self, question: Question) -> Answer:
        try:
            return await self._link.ask(question)
        except (WorkerGone, RuntimeError) as error:
            self._complain(str(error))
            return None


def path_of(uri: str) -> str | None:
    """The path of a file URI; None for any other."""
    parsed = urlparse(uri)
    if parsed.scheme != "file":
        return None
    return url2pathname(f"//{parsed.netloc}{parsed.path}" if parsed.netloc else parsed.path)
