r"""Install packages of the system above the copies of what changes more often.

A change of a copied file makes every step below it run again. Packages do not depend on the project's files, so they
need not be installed again for each of its commits.

```diff
 FROM debian:bookworm-slim
-COPY . /app
 RUN apt-get update \
     && apt-get install -y --no-install-recommends curl \
     && rm -rf /var/lib/apt/lists/*
+COPY . /app
 CMD ["/app/start"]
```

Comments directly above an instruction move with it.

```diff
 FROM alpine:3.22
 WORKDIR /srv/app
+# for the health check
+RUN apk add --no-cache curl
 COPY . .
-# for the health check
-RUN apk add --no-cache curl
 RUN ./configure
```

A paragraph stays one.

```diff
 FROM node:22

+RUN apt-get update && apt-get install -y --no-install-recommends graphicsmagick && rm -rf /var/lib/apt/lists/*
+
 WORKDIR /app
 COPY package.json ./

-RUN apt-get update && apt-get install -y --no-install-recommends graphicsmagick && rm -rf /var/lib/apt/lists/*
-
 RUN npm install
```

The image is the same: the install is known to read and write only the system's folders and nothing that it passes
reads or writes there, sets a variable that it may heed, or changes the user or the shell. Only the order of the layers
differs.

## Left alone

An install may read what is copied to the system's folders.

```dockerfile
FROM debian:bookworm-slim
COPY vendor.list /etc/apt/sources.list.d/
RUN apt-get update \
    && apt-get install -y --no-install-recommends curl \
    && rm -rf /var/lib/apt/lists/*
```

A package that is a file of the project needs the copy.

```dockerfile
FROM debian:bookworm-slim
COPY . /app
RUN apt-get update \
    && apt-get install -y --no-install-recommends /app/tool.deb \
    && rm -rf /var/lib/apt/lists/*
```

Of a command that is not known, nothing is known that it reads or writes.

```dockerfile
FROM debian:bookworm-slim
COPY . /app
RUN /app/prepare
RUN apt-get update \
    && apt-get install -y --no-install-recommends curl \
    && rm -rf /var/lib/apt/lists/*
```
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dockfix import Facts, Level, MoveStep, Phase, Proof, Proposal, Refusal, transform
from dockfix.model.packages.manager import Does
from dockfix.model.packages.managers_system import OF_SYSTEM
from dockfix.model.run_calls import run_calls
from dockfix.model.stages import Stage, layout
from dockfix.syntax.edit import line_of

_COPIES = ("COPY", "ADD")


@transform(
    "hoist-packages",
    title="Install system packages above copies",
    level=Level.SAFE,
    phase=Phase.ORDER,
)
def hoist_packages(facts: Facts) -> Iterator[Proposal | Refusal]:
    """Move each install up, to above the topmost copy that it can pass; those right below it go along."""
    for stage in facts.of(layout).stages:
        span = range(stage.first + 1, stage.last)
        first = next((at for at in span if facts.instructions[at].keyword in _COPIES), stage.last)
        rows = _rows(facts, range(first + 1, stage.last))
        for row in rows:
            yield from _hoisted(facts, stage, row)


def _rows(facts: Facts, span: range) -> list[list[int]]:
    """The installs of the span; neighbours together."""
    rows: list[list[int]] = []
    for index in span:
        if not _installs(facts, index):
            continue
        if rows and rows[-1][-1] == index - 1:
            rows[-1].append(index)
        else:
            rows.append([index])
    return rows


def _installs(facts: Facts, index: int) -> bool:
    calls = facts.of(run_calls).get(index, ())
    return any(call.manager.name in OF_SYSTEM and call.does in (Does.INSTALL, Does.UPDATE) for call in calls)


def _copies(facts: Facts, first: int, last: int) -> list[int]:
    return [index for index in range(first, last) if facts.instructions[index].keyword in _COPIES]


def _hoisted(facts: Facts, stage: Stage, row: Sequence[int]) -> Iterator[Proposal | Refusal]:
    from dockfix.model.costs import INSTALL, cost_of
    from dockfix.model.gain import is_gain
    from dockfix.model.moves import above, begins_paragraph, is_paragraph
    from dockfix.model.steps.order import Order, moved_up

    if sum(cost_of(facts, index) for index in row) < INSTALL:
        return
    top, why = Order(facts, stage).raised(row[0])
    at = facts.instructions[row[0]].node.start
    copies = _copies(facts, top, row[0])
    if not copies and facts.context is not None:
        # It tells what a copy to a folder of the system brings.
        top, why = Order(facts, stage, facts.context).raised(row[0])
        copies = _copies(facts, top, row[0])
    if not copies:
        yield Refusal(at, f"it stays below a copy: {why}")
        return
    target = copies[0]
    row = next(part for end in range(len(row), 0, -1) if moved_up(facts, stage, part := row[:end], target))
    if is_paragraph(facts, row):
        start = next((index for index in range(target, top - 1, -1) if begins_paragraph(facts, index)), target)
        target = start if moved_up(facts, stage, row, start) else target
    edits = above(facts, row, target)
    if is_gain(facts, facts.edited(edits)):
        line = line_of(facts.source.text, facts.instructions[copies[0]].node.start)
        title = f"install packages above {f'the copy in line {line}' if len(copies) == 1 else f'{len(copies)} copies'}"
        gain = "what is copied changes more often than the packages, and makes them be installed again"
        yield Proposal(at, title, gain, edits, (MoveStep(),), Proof.MODELLED)
