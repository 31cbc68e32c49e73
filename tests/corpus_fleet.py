"""Repositories made of the corpus: a fleet for the bot, the same in every run."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot_repositories import git
from corpus import corpus

CONFIGURED = b'[bot]\ngroup-by = []\nlevel = "review"\n'
"""One pull request for all changes; in every fourth repository."""
_AROUND = {
    "README.md": b"# a service\n",
    ".gitignore": b"*.pyc\n/dist/\nnode_modules/\n",
    "src/main.py": b"print('up')\n",
    "package.json": b'{"name": "a-service", "version": "1.0.0"}\n',
    "entrypoint.sh": b'#!/bin/sh\nexec "$@"\n',
    "docs/images/large.bin": bytes(range(256)) * 400,
}
_PLACES = ("Dockerfile", "services/{}/Dockerfile", "docker/{}.Dockerfile", "Dockerfile.{}", "build/{}/Dockerfile.prod")
_COMPOSE = b"services:\n  app:\n    build: .\n    ports: ['80:80']\n"


def fleet(folder: Path, count: int, most: int) -> list[Path]:
    """So many bare repositories, each with real Dockerfiles, `most` at most, and some files around them."""
    chance = random.Random(20)
    texts = _endless(chance)
    made = []
    for number in range(count):
        files = dict(_AROUND)
        for at in range(chance.randint(1, most)):
            place = _PLACES[0] if at == 0 else chance.choice(_PLACES[1:])
            files[place.format(f"part{at}")] = next(texts)
        if number % 3 == 0:
            files["compose.yaml"] = _COMPOSE
        if number % 4 == 0:
            files[".dockfix.toml"] = CONFIGURED
        made.append(_repository(folder / f"repository-{number:03}.git", files))
    return made


def _endless(chance: random.Random) -> Iterator[bytes]:
    texts = list(corpus().values())
    while True:
        chance.shuffle(texts)
        yield from texts


def _repository(bare: Path, files: Mapping[str, bytes]) -> Path:
    bare.mkdir(parents=True)
    git(bare, "init", "-q", "--bare", "--template=", "--initial-branch=main")
    stream = b"commit refs/heads/main\ncommitter Ada Person <ada@example.org> 1700000000 +0000\ndata 5\nfirst\n"
    for path, text in files.items():
        stream += b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(text), text)
    git(bare, "fast-import", "--quiet", text=stream)
    return bare
