r"""Move what changes with each build below the steps that do not need it.

A build argument is part of the environment of every RUN below it, used or not: another commit hash makes them all run
again.

```diff
 FROM debian:bookworm-slim
-ARG GIT_SHA
 RUN apt-get update \
     && apt-get install -y --no-install-recommends curl \
     && rm -rf /var/lib/apt/lists/*
+ARG GIT_SHA
 ENV VERSION=$GIT_SHA
```

Labels that are made of it go along.

```diff
 FROM alpine:3.22
-ARG BUILD_DATE
-ARG VCS_REF
-LABEL org.opencontainers.image.created=$BUILD_DATE \
-    org.opencontainers.image.revision=$VCS_REF
 RUN apk add --no-cache tini
+ARG BUILD_DATE
+ARG VCS_REF
+LABEL org.opencontainers.image.created=$BUILD_DATE \
+    org.opencontainers.image.revision=$VCS_REF
 USER app
```

So does a copy of the project move below what does not read it.

```diff
 FROM python:3.12-slim
-COPY . /app
 RUN pip install --no-cache-dir gunicorn==23.0.0
+COPY . /app
 CMD ["gunicorn", "--chdir", "/app", "app:app"]
```

A copy of the whole context counts as one that changes often; with the build context at hand, so does a copy of a
folder, and of what one commit in twenty changes.

The image is the same: each step that is passed is known neither to read nor to write what is copied, nor to heed the
variable.

## Left alone

A command of which it is not known what it reads may read this, too.

```dockerfile
FROM debian:bookworm-slim
ARG GIT_SHA
COPY Makefile /src/
RUN make -C /src
```

Some arguments are there to make steps run again.

```dockerfile
FROM alpine:3.22
ARG CACHE_BUST
RUN apk add --no-cache tini
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from dockfix import Facts, Level, MoveStep, Phase, Proof, Proposal, Refusal, transform
from dockfix.model.runs import runs
from dockfix.model.stages import Stage, layout

# What a costly RUN of which `model.steps` knows what it reads cannot lack: installs by name. It is asked of each RUN.
_LIKELY = (
    rb"\b(?:apt|apk|dnf|yum|microdnf|tdnf|zypper|pacman)\b|\bpip3?\s+install\b(?![^&;|]*\s-r)"
    rb"|\bnpm\b[^&;|]*\s(?:-g|--global)\b"
)


@transform(
    "sink-volatile",
    title="Move what changes often below what does not need it",
    level=Level.SAFE,
    phase=Phase.ORDER,
)
def sink_volatile(facts: Facts) -> Iterator[Proposal | Refusal]:
    """Move each build argument and copy that changes often, down to below the last costly step that it can pass."""
    for stage in facts.of(layout).stages:
        found = [index for index in range(stage.first + 1, stage.last) if index in facts.of(runs)]
        last = found[-1] if found else stage.first
        index = stage.first + 1
        while index < last:
            row = _row(facts, index, last)
            if row and (facts.instructions[index].keyword == "ARG" or _may_pass(facts, index, found)):
                yield from _sunk(facts, stage, row)
            index += len(row) or 1


def _may_pass(facts: Facts, index: int, found: Sequence[int]) -> bool:
    """Whether one of the RUNs that are `found` below is costly and perhaps known."""
    below = (facts.instructions[at].rest for at in reversed(found) if at > index)
    return any(re.search(_LIKELY, text) for text in below)


def _row(facts: Facts, index: int, end: int) -> list[int]:
    """The copy at the index, or the arguments from there on that change with each build."""
    if facts.instructions[index].keyword in ("COPY", "ADD"):
        return [index]
    return list(takewhile(lambda at: _names(facts, [at]), range(index, end)))


def _names(facts: Facts, row: Sequence[int]) -> list[str]:
    """The arguments that change with each build; none for a copy."""
    if facts.instructions[row[0]].keyword != "ARG":
        return []
    from dockfix.model.volatile import volatile_arguments

    return [name for at in row for name in volatile_arguments(facts.instructions[at], facts.source.escape)]


def _sunk(facts: Facts, stage: Stage, row: Sequence[int]) -> Iterator[Proposal | Refusal]:
    from dockfix.model.costs import INSTALL, cost_of
    from dockfix.model.gain import is_gain
    from dockfix.model.moves import below
    from dockfix.model.steps.order import Lowering, Order
    from dockfix.model.volatile import is_volatile, may_be_volatile

    names = _names(facts, row)
    if not names and not may_be_volatile(facts, row[0]):
        return
    at = facts.instructions[row[0]].node.start
    best: Lowering | None = None
    for move in Order(facts, stage).lowered(row, ("LABEL", "ARG") if names else ()):
        if cost_of(facts, move.below) < INSTALL:
            continue
        if not move.why:
            best = move
        elif best is None and names:
            yield Refusal(at, f"it stays above a costly step: {move.why}")
    if best is None or not (names or is_volatile(facts, row[0])):
        return
    edits = below(facts, best.group, best.below)
    if is_gain(facts, facts.edited(edits)):
        what = " and ".join(names) or "what is copied"
        count = best.below + 1 - row[0] - len(best.group)
        title = f"move {'ARG ' + what if names else 'the copy'} below {count} step{'s' if count > 1 else ''}"
        why = f"{what} change{'s' if len(names) < 2 else ''} often, and what does not need it would run again each time"
        yield Proposal(at, title, why, edits, (MoveStep(),), Proof.MODELLED)
