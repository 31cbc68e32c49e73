r"""Answer what a package manager would ask.

In a build nobody answers: a manager that asks whether it may go on takes the silence for a No, and the build fails,
today or on the day when the package gains a dependency.

```diff
 FROM debian:bookworm-slim
 RUN apt-get update \
-    && apt-get install curl \
+    && apt-get install -y curl \
     && rm -rf /var/lib/apt/lists/*
```

`apt` is made for people at a terminal, and says so in every build; for update, install and remove `apt-get` does the
same.

```diff
 FROM ubuntu:24.04
-RUN apt update && apt install -y curl && rm -rf /var/lib/apt/lists/*
+RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
```

dnf, yum, zypper and pacman ask, too.

```diff
 FROM rockylinux:9
-RUN dnf install nginx && dnf clean all
+RUN dnf install -y nginx && dnf clean all
```

It saves a build that fails, and can break one only where a question was meant to stop it.

## Left alone

What is answered already, or only simulated.

```dockerfile
FROM debian:bookworm-slim
RUN apt-get update \
    && yes | apt-get install curl \
    && apt-get -qq install git \
    && apt-get -s install vim \
    && rm -rf /var/lib/apt/lists/*
```

Where its failure is forgiven, the answer would change what the image holds.

```dockerfile
FROM debian:bookworm-slim
RUN apt-get remove git || true
```

A name with a pattern means other packages to `apt` than to `apt-get`.

```dockerfile
FROM ubuntu:24.04
RUN apt-get update && apt install -y 'fonts-noto-*' && rm -rf /var/lib/apt/lists/*
```

Where the file configures the package manager, that may be its answer.

```dockerfile
FROM ubuntu:24.04
RUN echo 'APT::Get::Assume-Yes "true";' > /etc/apt/apt.conf.d/yes \
    && apt-get update \
    && apt-get install curl \
    && rm -rf /var/lib/apt/lists/*
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dockfix import ChangeCall, Edit, Facts, Level, Phase, Proof, Proposal, Refusal, transform
from dockfix.model.packages.answers import asked
from dockfix.model.packages.call import Call
from dockfix.model.packages.changed import SAME_AS_APT_GET, with_argument, with_program
from dockfix.model.packages.write import argument_edit, program_edit
from dockfix.model.process import ON
from dockfix.model.run_calls import run_calls
from dockfix.model.runs import Run, runs
from dockfix.syntax.script import fatal, in_compounds, texts

_CONFIGURED = rb"(?i)assume-?yes|\.condarc|always_yes|Dpkg::Options.*conf\.d"
# `apt` takes such a name for a glob, `apt-get` for a regular expression.
_PATTERN = rb"[*?^$(\[|]"


@transform(
    "noninteractive-install",
    title="Answer what a package manager would ask",
    level=Level.SAFE,
    phase=Phase.ARGUMENTS,
)
def noninteractive_install(facts: Facts) -> Iterator[Proposal | Refusal]:
    """Give each call that would ask its answer, and call apt-get where apt is called; one change for each RUN."""
    for run in facts.of(runs).values():
        if run.script is None or not facts.of(run_calls)[run.position]:
            continue
        found = [(call, row) for call, row in asked(run.script) if row is not None or _is_renamed(call)]
        if not found:
            continue
        at = run.instruction.node.start
        changes: list[ChangeCall] = []
        edits: list[Edit] = []
        reasons: list[str] = []
        fixed = in_compounds(run.script)
        ending = {command.start for command in fatal(run.script, run.end.errexit == ON)}
        for call, row in found:
            if row is not None and call.command.start not in fixed | ending:
                yield Refusal(at, f"its `{call.shown}` may fail without ending the build, and would now succeed")
                continue
            renamed = _is_renamed(call)
            reason = _refusal(facts, call, renamed, call.command.start in fixed)
            if reason:
                yield Refusal(at, reason)
                continue
            word = row.word if row else b""
            edits += _edits(run, call, word, renamed)
            changes.append(_change(call, word, renamed))
            reasons += ["`apt` is not made for scripts"] if renamed else []
            reasons += [f"`{call.shown}` asks, and nobody answers"] if row else []
        if edits:
            title = "answer what a package manager would ask" if any(" asks" in r for r in reasons) else "call apt-get"
            why = "; ".join(dict.fromkeys(reasons))
            yield Proposal(at, title, why, tuple(edits), tuple(dict.fromkeys(changes)), Proof.MODELLED)


def _is_renamed(call: Call) -> bool:
    return call.program == b"apt" and call.verb in SAME_AS_APT_GET


def _refusal(facts: Facts, call: Call, renamed: bool, fixed: bool) -> str:
    shown = f"`{call.shown}`"
    if fixed:
        return f"its {shown} stands in a loop, a `case` or a function"
    if renamed and any(re.search(_PATTERN, word) for word in call.arguments):
        return f"its {shown} names a pattern or a variable, which `apt` may read otherwise than `apt-get`"
    if not renamed and facts.of(_configures):
        return f"the file configures what {shown} asks"
    return ""


def _configures(facts: Facts) -> bool:
    return re.search(_CONFIGURED, facts.source.text) is not None


def _edits(run: Run, call: Call, word: bytes, renamed: bool) -> Iterator[Edit]:
    if run.parsed is None:
        raise ValueError("an opaque RUN calls nothing that is known")
    if renamed:
        yield program_edit(run.parsed.text, call, b"-get")
    if word:
        yield argument_edit(run.parsed.text, call, word)


def _change(call: Call, word: bytes, renamed: bool) -> ChangeCall:
    after = with_argument(call, word) if word else texts(call.command)
    return ChangeCall(texts(call.command), with_program(call, after, b"-get") if renamed else after)
