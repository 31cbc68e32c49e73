r"""Drop a package-list cleanup whose update follows at once.

Merged RUNs, and chains that grew over the years, delete the package lists and fetch them again in the same RUN. The
second fetch brings what the first one brought; only the last cleanup counts.

```diff
 FROM debian:bookworm-slim
 RUN apt-get update \
     && apt-get install -y curl \
-    && rm -rf /var/lib/apt/lists/* \
-    && apt-get update \
     && apt-get install -y git \
     && rm -rf /var/lib/apt/lists/*
```

## Left alone

A new source of packages in between needs the second update.

```dockerfile
FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y curl \
    && curl -o /etc/apt/sources.list.d/x.list https://example.org/x.list \
    && rm -rf /var/lib/apt/lists/* \
    && apt-get update \
    && apt-get install -y x
```

So may a package that comes as a file.

```dockerfile
FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y /tmp/repository.deb \
    && rm -rf /var/lib/apt/lists/* \
    && apt-get update \
    && apt-get install -y x
```
"""

from __future__ import annotations

from collections.abc import Iterator

from dockfix import DropRefresh, Edit, Facts, Level, Phase, Proof, Proposal, Refusal, transform
from dockfix.model.packages.managers import Does
from dockfix.model.refresh import Refresh, refreshes
from dockfix.model.run_calls import run_calls
from dockfix.model.runs import Run, runs


@transform(
    "drop-repeated-update",
    title="Drop a package-list cleanup whose update follows at once",
    level=Level.SAFE,
    phase=Phase.MERGE,
)
def drop_repeated_update(facts: Facts) -> Iterator[Proposal | Refusal]:
    """Drop the inner cleanups and updates of each RUN."""
    for run in facts.of(runs).values():
        updates = [call for call in facts.of(run_calls)[run.position] if call.does is Does.UPDATE]
        found = refreshes(run.script) if run.script and len(updates) > 1 else ()
        if not found:
            continue
        edits = tuple(edit for pair in found for edit in _edits(run, pair))
        at = run.instruction.node.start
        if any(run.has_comment(edit.start, edit.end) for edit in edits):
            yield Refusal(at, "a comment stands in what would be dropped")
            continue
        why = "the lists are deleted only to be fetched again"
        may = (DropRefresh(),)
        yield Proposal(at, f"drop {_times(len(found))}", why, edits, may, Proof.MODELLED)


def _times(count: int) -> str:
    return "a repeated apt-get update" if count == 1 else f"{count} repeated apt-get updates"


def _edits(run: Run, pair: Refresh) -> tuple[Edit, Edit]:
    """The cleanup goes with the joint before it, the update with the joint behind it."""
    base = run.instruction.node.start
    return (
        Edit(base + pair.before.end, base + pair.cleanup.end, b""),
        Edit(base + pair.update.start, base + pair.behind.start, b""),
    )
