r"""Do not leave the download caches of package managers in the image.

What pip, npm and their like have fetched stays in a cache, so that the next installation need not fetch it again. In
an image there is none: the cache only weighs.

Where the manager has an option for that, nothing is stored at all.

```diff
 FROM python:3.12-slim
 COPY requirements.txt .
-RUN pip install -r requirements.txt
+RUN pip install --no-cache-dir -r requirements.txt
```

Otherwise the cache is emptied at the end of the RUN that filled it.

```diff
 FROM node:20-slim
 WORKDIR /app
 COPY package.json package-lock.json ./
-RUN npm ci
+RUN npm ci \
+    && npm cache clean --force
 COPY . .
 CMD ["node", "server.js"]
```

What a later build would read (Go's modules, Maven's repository, NuGet's packages, crates) goes only where nothing is
built any more; if a later command is not known, the change is for review.

```diff
 FROM golang:1.22
 WORKDIR /src
 COPY . .
-RUN go build -o /usr/local/bin/app .
+RUN go build -o /usr/local/bin/app . \
+    && go clean -cache \
+    && go clean -modcache
 CMD ["/usr/local/bin/app"]
```

It saves about the size of what is installed once more: of what was fetched, the cache has the archives. It can break
what is installed or built offline, from the cache, when the container runs and no file shows it.

## Options

`skip = ["go"]` names package managers that are left alone.

## Left alone

A cache mount keeps the cache out of the image, and for the next build.

```dockerfile
# syntax=docker/dockerfile:1
FROM python:3.12-slim
RUN --mount=type=cache,target=/root/.cache/pip pip install flask
```

So does a variable.

```dockerfile
FROM python:3.12-slim
ENV PIP_NO_CACHE_DIR=1
RUN pip install flask
```

A stage that is not shipped weighs nothing.

```dockerfile
FROM node:20 AS build
RUN npm ci

FROM nginx
COPY --from=build dist /usr/share/nginx/html
```

Later versions of yarn may run the program from their cache: only where it is known to be yarn 1 is it emptied.

```dockerfile
FROM node:20
COPY . .
RUN yarn install
```

What the program builds when it starts is built from there.

```dockerfile
FROM maven:3-eclipse-temurin-21
COPY . .
RUN mvn package
CMD ["mvn", "spring-boot:run"]
```

Where the program is removed in the same RUN, it can no longer be told to empty its cache.

```dockerfile
FROM alpine:3.20
RUN apk add -t build-tools go \
    && go build -o /bin/app /src \
    && apk del build-tools
CMD ["/bin/app"]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from dockfix import Facts, Level, Phase, Proposal, Refusal, cleaned, transform
from dockfix.model.packages.stores import CACHES


@transform(
    "clean-download-caches",
    title="Do not leave download caches in the image",
    level=Level.SAFE,
    phase=Phase.CLEANUP,
    settings={"skip": ()},
)
def clean_download_caches(facts: Facts) -> Iterator[Proposal | Refusal]:
    """Keep each RUN of a shipped stage from leaving a download cache in the image."""
    yield from cleaned(facts, CACHES)
