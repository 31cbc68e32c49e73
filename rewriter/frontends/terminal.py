"""Where output goes: bytes to the two streams, colour and progress only where a person looks."""

import os
import sys
from collections.abc import Mapping
from typing import BinaryIO, NamedTuple, TextIO

_RESET = b"\x1b[0m"
_CLEAR_LINE = b"\r\x1b[2K"
STYLES: Mapping[str, bytes] = {
    "bold": b"\x1b[1m",
    "dim": b"\x1b[2m",
    "red": b"\x1b[31m",
    "green": b"\x1b[32m",
    "yellow": b"\x1b[33m",
    "cyan": b"\x1b[36m",
}


class Painter(NamedTuple):
    """Puts text in colour, or leaves it as it is."""

    on: bool

    def paint(self, text: bytes, style: str) -> bytes:
        """The text in that style; nothing is added where there is nothing."""
        return STYLES[style] + text + _RESET if self.on and text else text


class OutputError(Exception):
    """Standard output takes no more; the text says why. A reader that has gone is a BrokenPipeError instead."""


class Terminal:
    """The two output streams of one run."""

    def __init__(self) -> None:
        """Colour is for a terminal whose owner has not asked for none (no-color.org)."""
        plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
        self._out, self._err = _binary(sys.stdout), _binary(sys.stderr)
        self._has_bar = sys.stderr.isatty() and not plain
        self._follow = sys.stdout.isatty()
        self._bar_shown = False
        self._doing = ""
        self._started = self._drawn = 0.0
        self.out_painter = Painter(sys.stdout.isatty() and not plain)
        self.err_painter = Painter(sys.stderr.isatty() and not plain)

    def out(self, text: bytes) -> None:
        """Write what was asked for."""
        if not text:
            return
        self._clear()
        try:
            self._out.write(text)
            if self._follow:
                self._out.flush()
        except OSError as error:
            raise _output_error(error) from error

    def err(self, text: str) -> None:
        """Write a line about the run; never what a program reads."""
        self.flush()
        self._err.write(encoded(text) + b"\n")
        self._err.flush()

    def flush(self) -> None:
        """Hand over what waits; raises BrokenPipeError here rather than when the interpreter ends."""
        self._clear()
        try:
            self._out.flush()
        except OSError as error:
            raise _output_error(error) from error

    def progress(self, done: int, total: int) -> None:
        """Show how far the run is, once it takes long enough to be wondered about."""
        if not self._has_bar:
            return
        from time import monotonic

        now = monotonic()
        self._started = self._started or now
        if now - self._started < 0.5 or now - self._drawn < 0.1:
            return
        filled = 30 * done // total
        bar = "#" * filled + "-" * (30 - filled)
        self._err.write(_CLEAR_LINE + f"[{bar}] {done}/{total} files".encode())
        self._err.flush()
        self._drawn, self._bar_shown = now, True

    def status(self, text: str) -> None:
        """Show what is going on, on one line of a terminal that is gone afterwards; call it as often as you like."""
        if not self._has_bar:
            return
        from shutil import get_terminal_size
        from time import monotonic

        now = monotonic()
        if text != self._doing:
            self._doing, self._started = text, now
        elif now - self._drawn < 0.2:
            return
        seconds = f" ({now - self._started:.0f} s)" if now - self._started >= 1 else ""
        room = max(20, get_terminal_size().columns - len(seconds) - 1)
        line = printable(text)
        line = line if len(line) <= room else line[: room - 3] + "..."
        self._err.write(_CLEAR_LINE + encoded(line + seconds))
        self._err.flush()
        self._drawn, self._bar_shown = now, True

    def _clear(self) -> None:
        if self._bar_shown:
            self._err.write(_CLEAR_LINE)
            self._err.flush()
            self._bar_shown = False


def encoded(text: str) -> bytes:
    """The text as UTF-8; bytes of paths that were none come out as they were."""
    return text.encode("utf-8", "surrogateescape")


def printable(text: str) -> str:
    """The text on one line, with control characters spelt out: a file's name must not steer a terminal."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or "\udc80" <= char <= "\udcff" else ascii(char)[1:-1] for char in text)


def drop_output() -> None:
    """What waits in the buffer of standard output must not fail once more when the interpreter ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _output_error(error: OSError) -> OSError | OutputError:
    return (
        error if isinstance(error, BrokenPipeError) else OutputError(f"the output cannot be written: {error.strerror}")
    )


def _binary(stream: TextIO) -> BinaryIO:
    return stream.buffer
