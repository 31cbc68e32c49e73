r"""Merge adjacent RUN instructions into one layer.

A file that a later RUN deletes still weighs in the earlier layer, and an `apt-get update` alone is cached stale.

```diff
 FROM debian:12
-RUN apt-get update
-RUN apt-get install -y curl
+RUN apt-get update \
+    && apt-get install -y curl
```

A right-hand side that is more than an `&&` chain is grouped, so that a failure on the left still stops the build.

```diff
 FROM debian:12
-RUN make
-RUN make check || true
+RUN make \
+    && { make check || true; }
```

Each RUN is a new process: a side that would leak its working directory, variables or options into the next one
runs in a subshell. A non-zero `exit` is harmless in a group.

```diff
 FROM debian:bookworm-slim
-RUN cd /opt && mkdir app
-# the release must be there
-RUN test -f /etc/debian_version || exit 1
-RUN id
+RUN (cd /opt && mkdir app) \
+    # the release must be there
+    && { test -f /etc/debian_version || exit 1; } \
+    && id
```

A shell remembers where it found a command. A side that calls one which a later side calls again, with an
installation in between that may have put another one first on PATH, runs in a subshell too.

```diff
 FROM ubuntu:24.04
-RUN pip3 install --upgrade pip
-RUN pip3 install flask
+RUN (pip3 install --upgrade pip) \
+    && pip3 install flask
```

The chain is written as the file writes its chains.

```diff
 FROM debian:12
-RUN mkdir /data
-RUN chown daemon /data
+RUN mkdir /data && \
+  chown daemon /data
 USER daemon
 RUN id && \
   pwd
```

In a stage that is not shipped, fewer layers gain nothing: there, only a split update is repaired.

```diff
 FROM debian:12 AS build
-RUN apt-get update
-RUN apt-get install -y gcc
+RUN apt-get update \
+    && apt-get install -y gcc
 COPY main.c .
 RUN gcc -o main main.c
 RUN strip main
 
 FROM debian:12
 COPY --from=build main .
```

## Options

`when = "gains"` merges only where that repairs a split update or saves bytes that a later command deletes;
`"always"`, the default, also where it saves layers alone.

## Left alone

Background processes end with their RUN; merged, they would live on.

```dockerfile
FROM debian:12
RUN server & sleep 1
RUN client
```

Under `set -e` a failure stops a script, but not on the left of `&&`, where errexit is ignored.

```dockerfile
FROM debian:12
RUN set -e; false; echo unreached
RUN client
```

A trailing comment would swallow what is joined behind it.

```dockerfile
FROM debian:12
RUN make # all
RUN make install
```

Text that is run unseen (`.`, `eval`) may leave anything behind, start-up files may have been written by an earlier
RUN, and the shells of Windows have no such `&&`.

```dockerfile
FROM mcr.microsoft.com/windows/servercore:ltsc2022
SHELL ["powershell", "-Command"]
RUN Write-Host one
RUN Write-Host two
```
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dockfix import Facts, Level, Phase, Proof, Proposal, Refusal, Regroup, transform
from dockfix.model.chains import chains
from dockfix.model.layers import deletes_earlier, split_update
from dockfix.model.merging import follows_from_text, merged
from dockfix.model.runs import Run


@transform(
    "merge-runs",
    title="Merge adjacent RUN instructions",
    level=Level.SAFE,
    phase=Phase.MERGE,
    settings={"when": "always"},
)
def merge_runs(facts: Facts) -> Iterator[Proposal | Refusal]:
    """Merge each chain of neighbouring RUNs that can become one."""
    found = facts.of(chains)
    for chain in found.chains:
        for part in _worthwhile(facts, chain):
            yield _merged(facts, part)
    for end in found.breaks:
        instruction = facts.instructions[end.position]
        yield Refusal(instruction.node.start, end.reason)


def _worthwhile(facts: Facts, chain: Sequence[Run]) -> Iterator[Sequence[Run]]:
    """The parts of a chain whose merging gains something."""
    split = split_update(chain)
    if chain[0].stage.shipped:
        if facts.settings["when"] == "always" or split or deletes_earlier(chain):
            yield chain
    elif split:
        yield chain[split[0] : split[1] + 1]


def _merged(facts: Facts, chain: Sequence[Run]) -> Proposal:
    at = chain[0].instruction.node.start
    proof = Proof.PROVED if follows_from_text(chain) else Proof.MODELLED
    return Proposal(at, f"merge {len(chain)} RUN instructions", _why(chain), merged(facts, chain), (Regroup(),), proof)


def _why(chain: Sequence[Run]) -> str:
    fewer = len(chain) - 1
    layers = f"{fewer} layer{'s' if fewer > 1 else ''} fewer"
    if split_update(chain):
        return f"`apt-get update` in a layer of its own is cached and goes stale; {layers}"
    if deletes_earlier(chain):
        return f"what a later command deletes no longer weighs in an earlier layer; {layers}"
    return layers
