"""Starts the server on standard input and output."""

from __future__ import annotations

import gc
import os
import sys

from .link import Link


def start() -> int:
    """Serve one client until it leaves; returns the exit status."""
    # Nothing but the protocol may go to the client, whoever prints something.
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    # The worker loads dockfix while we load what the protocol needs, which takes longer.
    link = Link()
    from . import lean_types

    lean_types.load()
    from .server import made

    # A server runs for days: garbage is looked for after all, but not in what has just been loaded.
    gc.freeze()
    gc.enable()
    try:
        made(link).start_io(stdout=output)
    finally:
        link.close()
    return 0
