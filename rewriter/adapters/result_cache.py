"""What earlier runs found out, in files of the cache folder: each is whole, and ours, or it is as if it were not there.

Several processes may read and write at once: a file is made under another name, and gets its own in one step.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from hashlib import sha256

from .cache_folder import cache_folder

_MAGIC = b"dockfix result 1\n"
_DAY = 86_400  # seconds
_KEPT = 30 * _DAY


class ResultCache:
    """Texts by key; keys are names for files, so they are hexadecimal. What goes wrong is as if nothing were there."""

    def __init__(self, folder: str | None = None) -> None:
        """Nothing is made before something is kept."""
        self._folder = folder or cache_folder("results")
        self._kept = 0

    def get(self, key: str) -> bytes | None:
        """The text that was kept under the key; None where there is none that is whole and our own."""
        try:
            with open(self._path(key), "rb") as file:
                if hasattr(os, "geteuid") and os.fstat(file.fileno()).st_uid != os.geteuid():
                    return None
                content = file.read()
        except OSError:
            return None
        head = len(_MAGIC) + 64
        text = content[head:]
        whole = content.startswith(_MAGIC) and content[len(_MAGIC) : head] == _digest(text)
        return text if whole else None

    def put(self, key: str, text: bytes) -> None:
        """Keep a text under a key."""
        path = self._path(key)
        temporary = f"{path}.{os.getpid()}.tmp"
        try:
            os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
            with open(temporary, "wb") as file:
                file.write(_MAGIC + _digest(text) + text)
            os.replace(temporary, path)
            self._kept += 1
        except OSError:
            with suppress(OSError):
                os.unlink(temporary)

    def tidy(self) -> None:
        """Once a day, and if something was kept: drop what is a month old."""
        marker = os.path.join(self._folder, "tidied")
        now = time.time()
        try:
            if not self._kept or (os.path.exists(marker) and now - os.path.getmtime(marker) < _DAY):
                return
            with open(marker, "wb"):
                pass
            os.utime(marker, (now, now))
            for folder, _, names in os.walk(self._folder):
                for path in (os.path.join(folder, name) for name in names):
                    if path != marker and now - os.path.getmtime(path) > _KEPT:
                        os.unlink(path)
        except OSError:
            return

    def _path(self, key: str) -> str:
        return os.path.join(self._folder, key[:2], key[2:])


def _digest(text: bytes) -> bytes:
    return sha256(text).hexdigest().encode()
