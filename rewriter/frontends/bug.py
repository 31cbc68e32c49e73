"""What a user is told about an error that is ours."""

from __future__ import annotations

import errno
import os
import sys
from types import TracebackType

NO_MEMORY = "not examined: there is not enough memory for it"


def describe(error: BaseException) -> str:
    """One sentence with what whoever mends it needs first: what was raised, and where."""
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
        return NO_MEMORY
    where = error.__traceback__
    while where and where.tb_next:
        where = where.tb_next
    place = f" at {os.path.basename(where.tb_frame.f_code.co_filename)}:{where.tb_lineno}" if where else ""
    return f"internal error ({type(error).__name__}{place}: {error}); please report it, with the file if you may"


def last_resort(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    """For sys.excepthook: a sentence instead of a traceback, and a status that does not say `changes`."""
    sys.stderr.write(f"dockfix: {describe(error)}\n")
    sys.stderr.flush()
    os._exit(2)
