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

If a later command is not known, the change is for review: a script may install packages, too.

```diff
 FROM debian:bookworm-slim
-RUN apt-get update && apt-get install -y curl
+RUN apt-get update && apt-get install -y curl \
+    && rm -rf /var/lib/apt/lists/*
 COPY setup.sh /
 RUN /setup.sh
```

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

from dockfix import AppendCommand, Facts, Level, Phase, Proof, Proposal, Refusal, transform
from dockfix.model.chains import is_list, last_only
from dockfix.model.lists import later_use
from dockfix.model.packages import CLEAN_LISTS, Apt, apt, cleans_lists, keeps_lists_out, updates
from dockfix.model.process import ON
from dockfix.model.runs import Run, runs
from dockfix.model.style import style_of
from dockfix.syntax.join import Side, appended
from dockfix.syntax.script import Binary, Script, Sequence, always_run, commands


@transform(
    "clean-package-lists",
    title="Delete package lists in the RUN that fetched them",
    level=Level.SAFE,
    phase=Phase.CLEANUP,
)
def clean_package_lists(facts: Facts) -> Iterator[Proposal | Refusal]:
    """Append the cleanup to each RUN of a shipped stage that fetches apt's lists and keeps them."""
    for run in facts.of(runs).values():
        if run.script is None or not run.stage.shipped or not any(updates(c) for c in commands(run.script)):
            continue
        if _cleaned(run):
            continue
        reason = _refusal(facts, run)
        yield Refusal(run.instruction.node.start, reason) if reason else _cleanup(facts, run)


def _cleaned(run: Run) -> bool:
    """Whether the lists go behind the last update, or a mount keeps them out of the image."""
    if keeps_lists_out(run.instruction.flags):
        return True
    found = list(commands(run.script)) if run.script else []
    last = max(index for index, command in enumerate(found) if updates(command))
    return any(cleans_lists(command) for command in found[last:])


def _refusal(facts: Facts, run: Run) -> str:
    if run.script is None or not any(updates(command) for command in always_run(run.script)):
        return "its update may not run: it stands in a branch, a loop or behind `||`"
    reason = last_only(run, appending=True)
    if reason:
        return reason.replace("the RUN before", "it")
    if run.end.errexit == ON and not is_list(_last(run.script)):
        return "its last statement may fail without ending the script, which a cleanup behind it would mask"
    if run.config.user not in (None, b"root", b"0") and not any(call.sudo for call in _updates(run)):
        return f"it runs as {run.config.user.decode(errors='replace')}, who may not delete the lists"
    later = later_use(facts, run.position)
    if later.reader is not None:
        return "a later instruction reads the package lists without an update of its own"
    return ""


def _last(script: Script) -> Script:
    return script.items[-1] if isinstance(script, Sequence) else script


def _updates(run: Run) -> list[Apt]:
    calls = map(apt, commands(run.script)) if run.script else ()
    return [call for call in calls if call and call.verb == b"update"]


def _cleanup(facts: Facts, run: Run) -> Proposal:
    if run.parsed is None or run.script is None:
        raise ValueError("an opaque RUN fetches nothing that is known")
    command = b"sudo " + CLEAN_LISTS if _updates(run)[-1].sudo else CLEAN_LISTS
    statements = run.end.errexit == ON and not isinstance(_last(run.script), Binary)
    style = style_of(facts, [run.instruction])
    side = Side(run.instruction.node, run.parsed, "")
    edits = appended(
        facts.source, side, command, b";" if statements else b"&&", style.indent, style.trailing and not statements
    )
    later = later_use(facts, run.position)
    why = "the lists (20 to 30 MB) are stale the next day, and a later `rm` would only hide them"
    if later.unknown:
        why += f"; review, because a later command may need them: {later.unknown}"
    level = Level.REVIEW if later.unknown else Level.SAFE
    may = (AppendCommand(command),)
    return Proposal(run.instruction.node.start, "delete apt's package lists", why, edits, may, Proof.MODELLED, level)
