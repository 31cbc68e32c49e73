"""Which files look like secrets: by the table that `write-dockerignore` has, too."""

from __future__ import annotations

import re

from ..context import Context
from ..ignore import Ignore
from ..ignoring.rows import SECRETS

_BY_NAME = Ignore(tuple(pattern for row in SECRETS.rows if not row.says for pattern in row.patterns))
_BY_TEXT = tuple((Ignore(row.patterns), row.says) for row in SECRETS.rows if row.says)
# Of what a RUN makes, nobody here can read the text; of these the name says enough: no `*.pem`.
_NAMES = Ignore(
    tuple(name for row in SECRETS.rows if row.says for name in row.patterns if "*" not in name.rpartition("/")[2])
)
_LAST = {pattern.rpartition("/")[2] for row in SECRETS.rows for pattern in row.patterns if not pattern.startswith("!")}
_PARTS = (re.escape(name).replace(r"\*", "[^/]*") for name in sorted(_LAST))
_MAY_BE = re.compile(f"(?:^|/)(?:{'|'.join(_PARTS)})(?:/|$)")


def is_secret(path: bytes, source: str | None, context: Context | None) -> bool:
    """Whether a file looks like one by its name in the image or in the build context.

    Of names that say little (a certificate may be called as a key is), the text decides; without a context, those of
    its files count by their name.
    """
    names = [path.decode("utf-8", "surrogateescape").lstrip("/"), *([source] if source else [])]
    names = [name for name in names if _MAY_BE.search(name)]
    if any(_BY_NAME.ignores(name) for name in names):
        return True
    for patterns, says in _BY_TEXT:
        if any(patterns.ignores(name) for name in names):
            if context is None or source is None:
                return source is not None or any(map(_NAMES.ignores, names))
            text = context.read(source)
            return text is not None and any(part in text for part in says)
    return False


def may_be_secret(path: bytes) -> bool:
    """Whether a part of the path is a name of the table: of most it is not, and this says so at once."""
    return _MAY_BE.search(path.decode("utf-8", "surrogateescape")) is not None
