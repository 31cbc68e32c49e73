"""The corpus of real Dockerfiles beside the project; tests that use it are skipped, with a message, where it is absent."""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path

import pytest

_FILE = Path(__file__).parent.parent.parent / "shared" / "corpus" / "dockerfiles.jsonl.gz"

needs_corpus = pytest.mark.skipif(not _FILE.exists(), reason="the corpus is not beside the project (../shared/corpus)")


@cache
def corpus() -> dict[str, bytes]:
    """The texts by id."""
    with gzip.open(_FILE, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return {row["id"]: row["text"].encode("utf-8", "surrogateescape") for row in rows}
