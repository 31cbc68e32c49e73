r"""Keep what package managers fetch in cache mounts.

A cache mount is a folder that the builder keeps from one build to the next. What a package manager has fetched into it
need not be fetched again when the RUN runs again, and is not in the image. It runs only where it is asked for: by
`--only cache-mounts`, or by `enable` in the configuration.

```diff
 FROM python:3.12-slim
 COPY requirements.txt .
-RUN pip install -r requirements.txt
+RUN --mount=type=cache,target=/root/.cache/pip \
+    pip install -r requirements.txt
```

Where a package manager does not expect others in its folder, one build waits for the other. apt keeps what it fetches
only if `docker-clean` goes, a file by which Debian's and Ubuntu's images make it delete everything at once. The RUN's
own cleanup goes, too: what the mounts hold is not in the image anyway.

```diff
 FROM debian:bookworm-slim
-RUN apt-get update \
+RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \
+    --mount=type=cache,target=/var/lib/apt/lists,sharing=locked \
+    rm -f /etc/apt/apt.conf.d/docker-clean \
+    && apt-get update \
     && apt-get install -y curl \
-    && apt-get clean \
-    && rm -rf /var/lib/apt/lists/* \
     && curl --version
```

All RUNs that take from a folder what an earlier one has fetched get the mount, or none.

```diff
 FROM golang:1.22 AS build
 WORKDIR /src
 COPY go.mod go.sum ./
-RUN go mod download
+RUN --mount=type=cache,target=/go/pkg/mod \
+    go mod download
 COPY . .
-RUN go build -o /app .
+RUN --mount=type=cache,target=/go/pkg/mod \
+    --mount=type=cache,target=/root/.cache/go-build \
+    go build -o /app .
 
 FROM gcr.io/distroless/static
 COPY --from=build /app /app
 CMD ["/app"]
```

Where variables of the file or of the image move a folder, the mount goes there.

```diff
 FROM rust:1.80
 ENV CARGO_HOME=/cargo
 COPY . .
-RUN set -eux; \
+RUN --mount=type=cache,target=/cargo/registry,sharing=locked \
+    --mount=type=cache,target=/cargo/git/db,sharing=locked \
+    set -eux; \
     cargo build --release; \
     mv target/release/app /usr/local/bin/
 CMD ["/usr/local/bin/app"]
```

A user who is no root must own the mount; only users that the image is known to have get one.

```diff
 FROM node:20-slim
 USER node
 WORKDIR /home/node/app
 COPY --chown=node package.json package-lock.json ./
-RUN npm ci && npm cache clean --force
+RUN --mount=type=cache,target=/home/node/.npm,uid=1000,gid=1000 \
+    npm ci
```

It saves what a later build on the same builder would fetch again; the first build on a new one gains nothing. No longer
in the image are the folders, and for apt `docker-clean`: whoever installs packages from there on, in an image built
from this one, too, finds them kept in /var/cache/apt. It can break what needs the folders when the container runs and
no file shows it. All builds of a builder share the mount of a path: what pip has compiled for one system may be
installed on another one that has the same Python.

It knows apt-get, dnf, pacman, pip, uv, poetry, npm, yarn 1, pnpm, composer, Go, cargo, Maven, Gradle and .NET. apk is
left out: its index goes by the address of the repository, so the builds for two platforms would read each other's.

## Left alone

A call that stores nothing has nothing to keep; so has one where a variable says so.

```dockerfile
FROM python:3.12-slim
RUN pip install --no-cache-dir flask
```

A RUN that has a mount there already is its owner's business.

```dockerfile
FROM node:20
RUN --mount=type=cache,id=npm,target=/root/.npm npm ci
```

What is fetched for a later command that fetches nothing must be in the image: the mount may be empty when that runs.

```dockerfile
FROM maven:3-eclipse-temurin-21 AS build
COPY pom.xml .
RUN mvn dependency:go-offline
COPY . .
RUN mvn -o package

FROM eclipse-temurin:21-jre
COPY --from=build target/app.jar /
```

So must what is read when the container runs.

```dockerfile
FROM maven:3-eclipse-temurin-21
COPY . .
RUN mvn package
CMD ["mvn", "spring-boot:run"]
```

An install must fetch the package lists itself.

```dockerfile
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y curl
COPY . .
RUN apt-get install -y git
```

A cleanup that deletes more than what the mounts hold stays, and a mount point can't be deleted.

```dockerfile
FROM python:3.12-slim
RUN pip install flask && rm -rf /root/.cache
```

Who the user is and where the home folder lies, must be known.

```dockerfile
FROM python:3.12-slim
USER app
RUN pip install --user flask
```

Older syntax has no cache mounts. The legacy builder and kaniko have none, either; see `builder` in the configuration.

```dockerfile
# syntax=docker/dockerfile:1.1
FROM node:20
RUN npm ci
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dockfix import (
    AddMount,
    DropCleanup,
    Edit,
    Facts,
    Level,
    Licence,
    Phase,
    PrependCommand,
    Proof,
    Proposal,
    Refusal,
    transform,
)
from dockfix.model.mounts_in_front import mounts_in_front
from dockfix.syntax.script import texts

if TYPE_CHECKING:
    from dockfix.model.mounting import Offer


@transform(
    "cache-mounts",
    title="Keep what package managers fetch in cache mounts",
    level=Level.REVIEW,
    phase=Phase.ARGUMENTS,
    default=False,
)
def cache_mounts(facts: Facts) -> Iterator[Proposal | Refusal]:
    """Give each RUN the mounts for its package managers."""
    from dockfix.model.mounting import offers, unfit  # It is off where nobody asks for it.

    found = facts.of(offers)
    reason = unfit(facts)
    for index, offer in found.offers.items():
        at = facts.instructions[index].node.start
        if reason:
            yield Refusal(at, reason)
        else:
            yield Proposal(at, _title(offer), _why(offer), _edits(facts, offer), _may(offer), Proof.MODELLED)
    for index, reason in found.refused:
        yield Refusal(facts.instructions[index].node.start, reason)


def _title(offer: Offer) -> str:
    from dockfix.model.mountable import managers_of

    *others, last = managers_of(offer.mounts)
    fetched = f"{', '.join(others)} and {last} fetch" if others else f"{last} fetches"
    return f"keep what {fetched} in " + ("a cache mount" if len(offer.mounts) == 1 else "cache mounts")


def _why(offer: Offer) -> str:
    """The gain, and what else differs in the image."""
    why = "the next build need not fetch it again, and it is not in the image"
    if offer.first:
        why += "; docker-clean is no longer there, either, so a later install keeps its packages in /var/cache/apt"
    unknown = next((mount.unknown for mount in offer.mounts if mount.unknown), "")
    return f"{why}; a later command may miss it: {unknown}" if unknown else why


def _may(offer: Offer) -> tuple[Licence, ...]:
    first = [PrependCommand(offer.first)] if offer.first else []
    dropped = dict.fromkeys(DropCleanup(texts(cleared.command)) for cleared in offer.cleared)
    return (*map(AddMount, offer.texts), *first, *dropped)


def _edits(facts: Facts, offer: Offer) -> tuple[Edit, ...]:
    """The mounts, and the first command in front of the script; the cleanups go."""
    parsed = offer.run.parsed
    if parsed is None:
        raise ValueError("an opaque RUN gets no mount")
    new = mounts_in_front(facts, offer.run, offer.texts, offer.first)
    edits = [Edit(parsed.text.base + gone.start, parsed.text.base + gone.end, b"") for gone in offer.cleared]
    if edits and edits[0].start == new.start:
        return (edits[0]._replace(new=new.new), *edits[1:])
    return (new, *edits)
