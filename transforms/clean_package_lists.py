r"""Delete package lists at the end of the RUN that fetched them.

`apt-get update` leaves 20 to 30 MB under /var/lib/apt/lists. They are stale the next day, and a later `rm` only hides
them: they must go in the RUN that fetched them.

```diff
 FROM debian:bookworm-slim
 RUN apt-get update \
-    && apt-get install -y curl
+    && apt-get install -y curl \
+    && rm -rf /var/lib/apt/lists/*
```

Where errexit is in force, the cleanup is a statement of its own, as the file writes them.

```diff
 FROM debian:bookworm-slim
 RUN set -eux; \
     apt-get update; \
-    apt-get install -y curl
+    apt-get install -y curl; \
+    rm -rf /var/lib/apt/lists/*
```

What was fetched with `sudo` is deleted with it.

```diff
 FROM ubuntu:24.04
 USER builder
-RUN sudo apt-get update && sudo apt-get install -y curl
+RUN sudo apt-get update && sudo apt-get install -y curl \
+    && sudo rm -rf /var/lib/apt/lists/*
```

The index that `apk` fetches need not be stored at all.

```diff
 FROM alpine:3.20
-RUN apk update && apk add curl
+RUN apk add --no-cache curl
```

dnf, yum, microdnf and zypper delete their metadata themselves; pacman's archives go with `rm`.

```diff
 FROM rockylinux:9
-RUN dnf install -y nginx
+RUN dnf install -y nginx \
+    && dnf clean all
```

If a later command is not known, the change is for review: a script may install packages, too.

```diff
 FROM debian:bookworm-slim
-RUN apt-get update && apt-get install -y curl
+RUN apt-get update && apt-get install -y curl \
+    && rm -rf /var/lib/apt/lists/*
 COPY setup.sh /
 RUN /setup.sh
```

It saves 20 to 30 MB for apt, tens of MB for dnf and yum, 2 MB and more for apk. It can break what installs packages
without an update of its own and cannot be seen: a program that does so when the container runs, an image that is built
from this one elsewhere.

## Options

`skip = ["apk"]` names package managers that are left alone.

## Left alone

A later command of the stage, of a stage built from it, or of an ONBUILD that reads the lists needs them.

```dockerfile
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y curl
COPY . .
RUN apt-get install -y git
```

A cache mount keeps the lists out of the image already.

```dockerfile
FROM debian:bookworm-slim
RUN --mount=type=cache,target=/var/lib/apt,sharing=locked apt-get update && apt-get install -y curl
```

A stage that is not shipped weighs nothing.

```dockerfile
FROM debian:bookworm-slim AS build
RUN apt-get update && apt-get install -y gcc

FROM debian:bookworm-slim
COPY --from=build /usr/bin/gcc /
```

An update that may not run (in a branch or a loop) is left alone.

```dockerfile
FROM debian:bookworm-slim
RUN if command -v apt-get; then apt-get update && apt-get install -y curl; else apk add curl; fi
```
"""

from __future__ import annotations

from collections.abc import Iterator

from dockfix import Facts, Level, Phase, Proposal, Refusal, cleaned, transform
from dockfix.model.packages.stores import LISTS


@transform(
    "clean-package-lists",
    title="Delete package lists in the RUN that fetched them",
    level=Level.SAFE,
    phase=Phase.CLEANUP,
    settings={"skip": ()},
)
def clean_package_lists(facts: Facts) -> Iterator[Proposal | Refusal]:
    """Keep each RUN of a shipped stage from leaving package lists in the image."""
    yield from cleaned(facts, LISTS)
