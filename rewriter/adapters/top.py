"""Whether a path leads out of a folder of somebody else's, above which nothing is to be looked at."""

from __future__ import annotations

import os


def leaves(path: str, top: str | None) -> bool:
    """Whether `path` is not in the folder `top`, by its text or by the links on its way; None: nothing is outside.

    `top` is absolute, and has no links in it. Its `.git` is outside: there a clone's links that lead out lead to.
    """
    if top is None:
        return False
    # By its text first: what plainly lies outside is not even looked at.
    real = os.path.realpath(path)
    return not (_is_in(os.path.abspath(path), top) and _is_in(real, top)) or _is_in(real, os.path.join(top, ".git"))


def _is_in(path: str, top: str) -> bool:
    return path == top or path.startswith(top.rstrip(os.sep) + os.sep)
