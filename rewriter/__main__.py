"""The program `dockfix`."""

from __future__ import annotations

import gc
import os
import sys


def program() -> None:
    """Run the command line and end the process: the entry point of the console script."""
    # Hardly anything here refers to itself, and looking for what does takes a twentieth of the time.
    gc.disable()
    status = main()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        status = 141
    # All files are closed and all processes ended; the interpreter would take 13 ms to take itself apart.
    os._exit(status)


def main() -> int:
    """Run the command line; returns the exit status. Whatever ends the run, it ends with a sentence or quietly."""
    try:
        import signal

        from .frontends import bug, cli

        sys.excepthook = bug.last_resort
        # Ended from outside is ended by Ctrl-C: what is half done is tidied up on the way out.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        return cli.run()
    except KeyboardInterrupt:
        sys.stderr.write("dockfix: interrupted; files that were not written yet are as they were\n")
        return 130
    except BrokenPipeError:
        from .frontends.terminal import drop_output

        drop_output()
        return 141


if __name__ == "__main__":
    program()
