r"""Join neighbouring installs into one.

Each `apt-get install` reads the lists and the state of all packages again, and configures what it brings on its own;
one of them does all that once.

```diff
 FROM debian:bookworm-slim
 RUN apt-get update \
-    && apt-get install -y --no-install-recommends curl \
-    && apt-get install -y --no-install-recommends git \
+    && apt-get install -y --no-install-recommends curl git \
     && rm -rf /var/lib/apt/lists/*
```

It saves seconds of each build. It is for review, since packages that are chosen together may be chosen otherwise:
where one of them conflicts with what another would take by default.

## Left alone

Other options, a release, a version, or a file may need their order.

```dockerfile
FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends curl \
    && apt-get install -y --no-install-recommends -t bookworm-backports git \
    && apt-get install -y --no-install-recommends ./tool.deb \
    && apt-get install -y --no-install-recommends nginx=1.22.1-9 \
    && rm -rf /var/lib/apt/lists/*
```

What stands in between may be a new source of packages.

```dockerfile
FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends curl \
    && curl -fsSLo /etc/apt/sources.list.d/x.list https://example.org/x.list \
    && apt-get update \
    && apt-get install -y --no-install-recommends x \
    && rm -rf /var/lib/apt/lists/*
```
"""

from __future__ import annotations

from collections.abc import Iterator

from dockfix import Facts, JoinCalls, Level, Phase, Proof, Proposal, Refusal, transform
from dockfix.model.packages.call import call_of
from dockfix.model.packages.changed import joined
from dockfix.model.packages.write import joined_edit
from dockfix.model.process import ON
from dockfix.model.run_calls import run_calls
from dockfix.model.runs import Run, runs
from dockfix.syntax.script import Command, in_compounds, neighbours, texts


@transform(
    "join-installs",
    title="Join neighbouring installs",
    level=Level.REVIEW,
    phase=Phase.MERGE,
)
def join_installs(facts: Facts) -> Iterator[Proposal | Refusal]:
    """Join the first two neighbouring installs of each RUN that can be one; the next two in the next round."""
    for run in facts.of(runs).values():
        if run.script is None or run.parsed is None or len(facts.of(run_calls)[run.position]) < 2:
            continue
        fixed = in_compounds(run.script)
        for first, second in neighbours(run.script):
            left, right = call_of(first), call_of(second)
            words = joined(first, second)
            if words is None or left is None or right is None or left.verb != b"install" or first.start in fixed:
                continue
            at = run.instruction.node.start
            edit = joined_edit(run.parsed.text, left, right)
            if _is_apart(run, first, second):
                continue
            if run.has_comment(edit.start, edit.end):
                yield Refusal(at, "a comment stands between its two installs")
                continue
            why = "one call reads the lists and the state of all packages once"
            may = (JoinCalls(texts(first), texts(second), words),)
            yield Proposal(at, "join two apt-get installs", why, (edit,), may, Proof.MODELLED)
            break


def _is_apart(run: Run, first: Command, second: Command) -> bool:
    """Whether the second runs although the first one failed: `;` where errexit is not in force."""
    between = run.parsed.text.masked[first.end : second.start] if run.parsed else b""
    return b"&&" not in between and run.end.errexit != ON
