r"""Build in a stage of its own, and ship what comes of it without the compilers.

An image that compiles its program ships the compiler, too, with headers and installers: often some hundreds of
megabytes that nothing uses when the program runs. The steps stay as they are, in a stage that is not shipped; the image
begins anew from the same base, with what was installed and what the program reads.

```context
Makefile: install: hello
hello.c: int main(void) { return 0; }
```

```diff
--- Dockerfile
-FROM debian:bookworm-slim
+FROM debian:bookworm-slim AS build
 RUN apt-get update \
     && apt-get install -y --no-install-recommends gcc libc6-dev make \
     && rm -rf /var/lib/apt/lists/*
 WORKDIR /src
 COPY . .
 RUN make && make install
+
+FROM debian:bookworm-slim
+WORKDIR /src
+COPY --from=build /usr/local /usr/local
 CMD ["hello"]
```

Packages that run something stay. The libraries that a program is linked with are those that the `-dev` packages depend
on, from the table of Debian's packages; a JRE takes the place of a JDK, and an interpreter that of its headers.

```diff
-FROM debian:bookworm-slim
-LABEL org.opencontainers.image.title="fetch"
+FROM debian:bookworm-slim AS build
 RUN apt-get update \
     && apt-get install -y --no-install-recommends ca-certificates g++ libcurl4-openssl-dev \
     && rm -rf /var/lib/apt/lists/*
 COPY fetch.cpp /src/
 RUN g++ -O2 -o /usr/local/bin/fetch /src/fetch.cpp -lcurl
+
+FROM debian:bookworm-slim
+LABEL org.opencontainers.image.title="fetch"
+RUN apt-get update \
+    && apt-get install -y --no-install-recommends ca-certificates libcurl4 \
+    && rm -rf /var/lib/apt/lists/*
+COPY --from=build /usr/local/bin/fetch /usr/local/bin/fetch
 USER nobody
 ENTRYPOINT ["fetch"]
```

A program may read what lies beside it. Where the build context is known, what is no source comes along with it; where
it is not, or where the build itself may leave such files, the whole folder does.

```context
go.mod: module example.org/server
main.go: package main
templates/index.html
```

```diff
--- Dockerfile
-FROM debian:bookworm-slim
+FROM debian:bookworm-slim AS build
 RUN apt-get update && apt-get install -y --no-install-recommends golang-go
 WORKDIR /app
 COPY . .
 RUN go build -o server .
+
+FROM debian:bookworm-slim
+WORKDIR /app
+COPY --from=build /app/server /app/server
+COPY --from=build /app/templates /app/templates
 EXPOSE 8080
 CMD ["./server"]
```

It is unsafe, since a program may start, load or read what no file shows: the change says which packages and folders
are no longer there.

## Left alone

A file that has several stages already.

```dockerfile
FROM debian:bookworm-slim AS build
RUN apt-get update && apt-get install -y gcc libc6-dev
COPY hello.c /src/
RUN gcc -o /usr/local/bin/hello /src/hello.c

FROM debian:bookworm-slim
COPY --from=build /usr/local/bin/hello /usr/local/bin/hello
CMD ["hello"]
```

An image to work in needs its tools.

```dockerfile
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y gcc libc6-dev
COPY . /src
RUN make -C /src
CMD ["bash"]
```

What a script of the project does is not known.

```dockerfile
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y gcc libc6-dev
COPY . /src
RUN /src/build.sh
RUN make -C /src install
CMD ["hello"]
```

Which libraries a program is linked with is known for Debian's releases alone.

```dockerfile
FROM ubuntu:24.04
RUN apt-get update && apt-get install -y gcc libssl-dev
COPY sign.c /src/
RUN gcc -o /usr/local/bin/sign /src/sign.c -lcrypto
CMD ["sign"]
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dockfix import Facts, Level, Phase, Proof, Proposal, Refusal, SplitStage, transform

# What no file lacks of which there is something to say: a package that only builds, or a base that is a compiler.
_LIKELY = re.compile(
    rb"-dev\b|g\+\+|\b(?:build-essential|gcc|clang|c?make|golang|cargo|rust|rustc|(?:open)?jdk|maven|gradle|npm|yarnpkg|nodejs"
    rb"|esbuild|webpack|rollup|python3-\w+|virtualenv|bundler|ruby-full|cpanminus|pkg-config|autoconf|luarocks"
    rb"|temurin|haskell|swift|dart|elixir|sdk)\b"
)


@transform(
    "split-build-stage",
    title="Build in a stage of its own",
    level=Level.UNSAFE,
    phase=Phase.SPLIT,
)
def split_build_stage(facts: Facts) -> Iterator[Proposal | Refusal]:
    """Cut the one stage of a file behind its last step that builds."""
    if [one.keyword for one in facts.instructions].count("FROM") != 1 or not _LIKELY.search(facts.source.text):
        return
    from dockfix.model.artefacts.plan import plan
    from dockfix.model.artefacts.split import NotTold

    at = next(one.node.start for one in facts.instructions if one.keyword == "FROM")
    try:
        split = plan(facts)
        if split is None:
            return
        from dockfix.model.artefacts.telling import why
        from dockfix.model.artefacts.writing import edits

        found = edits(facts, split)
    except NotTold as reason:
        yield Refusal(at, f"it builds what it ships, but {reason}")
        return
    licence = SplitStage(tuple(one.path for one in split.carried), split.gone, tuple(name for name, _ in split.added))
    title = "build in a stage of its own"
    yield Proposal(at, title, why(facts, split), found, (licence,), Proof.MODELLED)
