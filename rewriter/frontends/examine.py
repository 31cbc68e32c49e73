"""From the name of a file to its outcome."""

from typing import NamedTuple

from ..adapters.plugins import installed
from ..adapters.shfmt import Shfmt, ShfmtMissing
from ..adapters.store import LIMIT, StoreError, read, too_large
from ..engine.change import Outcome, Problem
from ..engine.options import Options
from ..engine.run import rewrite
from .bug import describe


class Job(NamedTuple):
    """A file to examine; `name` is what the user sees, `text` is what came by standard input."""

    path: str
    name: str
    options: Options
    text: bytes | None = None


def examine(job: Job, second_opinion: Shfmt) -> Outcome:
    """The outcome for one file; what goes wrong is an error in it."""
    try:
        text = read(job.path) if job.text is None else job.text
        if complaint := _unreadable(text):
            return failed(job, complaint, text)
        return rewrite({job.name: text}, options=job.options, second_opinion=second_opinion, known=installed())
    except (StoreError, ShfmtMissing) as error:
        return failed(job, str(error), job.text)
    # The one place that takes any error. `rewrite` raises none by contract; where that fails it is our bug, and it
    # must cost the user neither the other files of the run nor a page of traceback.
    except Exception as error:  # noqa: BLE001
        return failed(job, describe(error), job.text)


def _unreadable(text: bytes) -> str | None:
    if len(text) > LIMIT:
        return too_large()
    if text.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16, which no builder reads: save it as UTF-8"
    if b"\0" in text:
        return "not text (it holds a NUL byte): name another file, or leave it out"
    return None


def failed(job: Job, message: str, text: bytes | None) -> Outcome:
    """The outcome for a file about which nothing more can be said."""
    texts = {} if text is None else {job.name: text}
    return Outcome(texts, texts, errors=(Problem(job.name, None, message),))
