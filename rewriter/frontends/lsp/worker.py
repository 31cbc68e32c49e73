"""The worker: a process of its own that answers questions about texts, the newest first where one replaces another."""

from __future__ import annotations

import gc
import signal
from collections import deque
from multiprocessing.connection import Connection
from typing import NamedTuple

from .messages import Analyse, Answer, Look, Page, Question, Rewrite, Settings, Text

_IDLE = 2.0  # seconds without a question
_USUAL = b"""\
FROM debian:12 AS build
WORKDIR /src
COPY . .
RUN apt-get update
RUN apt-get install -y curl gcc && curl -fsSLO https://example.org/a.tar.gz && tar -xzf a.tar.gz && rm a.tar.gz
RUN pip install flask && npm install -g yarn
FROM debian:12
COPY --from=build /src/app /app
COPY tool.deb /tmp/
RUN dpkg -i /tmp/tool.deb; rm -rf /tmp/tool.deb
CMD ["/app"]
"""
"""What most Dockerfiles have something of."""


class Asked(NamedTuple):
    """A question and its number, which comes back with the answer."""

    number: int
    question: Question


class Answered(NamedTuple):
    """The answer to the question of this number; `failed` says what went wrong, which is a bug."""

    number: int
    answer: Answer
    failed: str = ""


def work(connection: Connection, other: Connection) -> None:
    """Answer until the `other` end is closed; a forked process has that one, too."""
    other.close()
    # Ctrl-C in a terminal reaches all processes; the server ends us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        _Desk(connection).work()
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return


class _Desk:
    def __init__(self, connection: Connection) -> None:
        from .analysis import Analyser

        self._connection = connection
        self._waiting: deque[Asked] = deque()
        self._analyser = Analyser()
        # The server takes longer to load than this: what the first text needs is loaded, and read, by then.
        self._analyser.analysis(Text("", None, _USUAL, Settings()), lambda: False)
        # Garbage is looked for while nobody types: within a keystroke that took a tenth of the time.
        gc.disable()
        gc.freeze()

    def work(self) -> None:
        while True:
            self._fetch(wait=not self._waiting)
            asked = self._waiting.popleft()
            self._connection.send(self._answered(asked))

    def _answered(self, asked: Asked) -> Answered:
        from ..bug import describe

        try:
            return Answered(asked.number, self._answer(asked))
        # As in `examine`: what fails here is our bug, and must not cost the user the server.
        except Exception as error:  # noqa: BLE001
            return Answered(asked.number, None, describe(error))

    def _answer(self, asked: Asked) -> Answer:
        match asked.question:
            case Analyse(text):
                return self._analyser.analysis(text, lambda: self._is_stale(asked))
            case Rewrite(text, level):
                return self._analyser.rewritten(text, level)
            case Look(text, offset):
                return self._analyser.hover(text, offset)
            case Page(transform):
                return self._analyser.pages.uri(transform)

    def _is_stale(self, asked: Asked) -> bool:
        """Whether a newer text of the same document is waiting."""
        self._fetch(wait=False)
        if not isinstance(asked.question, Analyse):
            return False
        uri = asked.question.text.uri
        return any(isinstance(one.question, Analyse) and one.question.text.uri == uri for one in self._waiting)

    def _fetch(self, *, wait: bool) -> None:
        if wait and not self._connection.poll(_IDLE):
            gc.collect()
        while wait or self._connection.poll():
            asked: Asked = self._connection.recv()
            self._waiting.append(asked)
            wait = False
