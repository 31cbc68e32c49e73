"""The files that the benchmark runs on: a small one, generated ones of any length, and the corpus as a folder."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path

CORPUS = Path(__file__).parents[2] / "shared" / "corpus" / "dockerfiles.jsonl.gz"

SMALL = """\
FROM debian:bookworm-slim
RUN apt-get update
RUN apt-get install -y curl
COPY app /app
USER nobody
CMD ["/app"]
"""

_HEAD = """\
# ---- {name} ----
FROM {base} AS {name}
"""

_PYTHON = """\
ARG {upper}_VERSION=1.{number}
ENV {upper}_HOME=/srv/{name} \\
    {upper}_PORT={port}
WORKDIR /srv/{name}
# system packages
RUN apt-get update
RUN apt-get install -y --no-install-recommends curl libpq-dev {package}

COPY {name}/requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
# the server
RUN pip install --no-cache-dir gunicorn=={number}.0.0
RUN useradd --system --home /srv/{name} {name}
COPY {name} .
RUN cd static && ./collect --version "${upper}_VERSION"
RUN chown -R {name} /srv/{name}
EXPOSE {port}
CMD ["gunicorn", "--bind", "0.0.0.0:{port}", "{name}.wsgi"]

"""

_NODE = """\
ENV NODE_ENV=production {upper}_REGION=eu-{number}
WORKDIR /srv/{name}
RUN apt-get update && apt-get install -y {package} \\
    # the native modules are compiled
    build-essential \\
    python3
COPY {name}/package.json {name}/package-lock.json ./
RUN npm ci
RUN npm run build || (cat npm-debug.log; exit 1)
RUN rm -rf node_modules/.cache

COPY {name}/public public
# the configuration is checked at build time
RUN test -f public/index.html || exit 1
RUN export LC_ALL=C; npm run check > check.log
RUN find . -name '*.map' | xargs rm -f
LABEL org.example.{name}.port="{port}"
HEALTHCHECK --interval=30s CMD curl -fsS localhost:{port} || exit 1
CMD ["node", "server.js"]

"""

_TOOLS = """\
RUN apt-get update
RUN apt-get install -y git make gcc {package}
WORKDIR /src/{name}
COPY {name}/ .
RUN ./configure --prefix=/opt/{name} --with-port={port} && \\
    make -j4 && \\
    make install
RUN set -eux; \\
    for tool in bin lib share; do \\
        strip "/opt/{name}/$tool" || true; \\
    done
RUN echo "{name} {number}" > /opt/{name}/VERSION
ENTRYPOINT ["/opt/{name}/bin/main"]

"""

_PARTS = (("python:3.12-slim", _PYTHON), ("node:20", _NODE), ("debian:bookworm", _TOOLS))
_PACKAGES = ("git", "jq", "unzip", "openssl", "libxml2-dev", "imagemagick", "rsync")


def generated(lines: int, *, stages: bool) -> str:
    """A Dockerfile of so many lines: a stage for each part, or all parts in one stage."""
    text: list[str] = [] if stages else ["FROM debian:bookworm-slim\n"]
    left = lines - len(text)
    for part in _parts(stages):
        height = part.count("\n")
        if height > left:
            break
        text.append(part)
        left -= height
    text += [f"# {number} lines to the end\n" for number in range(left, 0, -1)]
    return "".join(text)


def _parts(stages: bool) -> Iterator[str]:
    for number in count(1):
        base, part = _PARTS[number % len(_PARTS)]
        name = f"service{number}"
        yield ((_HEAD if stages else "") + part).format(
            base=base,
            name=name,
            upper=name.upper(),
            number=number,
            port=8000 + number,
            package=_PACKAGES[number % len(_PACKAGES)],
        )


def unpack_corpus(folder: Path) -> list[str]:
    """Write the corpus as d0001/Dockerfile ... below the folder; the paths from there, none where it is absent."""
    if not CORPUS.is_file():
        return []
    paths: list[str] = []
    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            path = folder / record["id"] / "Dockerfile"
            path.parent.mkdir(parents=True)
            path.write_bytes(record["text"].encode("utf-8", "surrogateescape"))
            paths.append(f"{record['id']}/Dockerfile")
    return paths


def large_folder(folder: Path) -> None:
    """A folder of 100,000 files in 1,000 folders, which lie in 100."""
    for number in range(1_000):
        inner = folder / f"part{number % 100}" / f"module{number}"
        inner.mkdir(parents=True)
        for name in range(100):
            (inner / f"file{name}.txt").touch()
