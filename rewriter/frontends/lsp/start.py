"""Starts the server on standard input and output."""

from __future__ import annotations

import os
import sys

from .link import Link
from .worker import collect_seldom


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

    collect_seldom()
    try:
        made(link).start_io(stdout=output)
    finally:
        link.close()
    return 0
