r"""Install what is asked for, and not what is only recommended.

By default apt also installs what packages recommend, and what those recommend. A third of what an image installs is
often of that kind: documentation, mail servers, compilers that nobody calls.

```diff
 FROM debian:bookworm-slim
 RUN apt-get update \
-    && apt-get install -y curl socat \
+    && apt-get install -y --no-install-recommends ca-certificates curl socat \
     && rm -rf /var/lib/apt/lists/*
```

What no longer comes along is said, with its installed size, from a table of the packages of Debian 11, 12 and 13; for
another base (Ubuntu, packages of others) it is said that it is not known. What the file visibly relies on is kept by
name: certificates for what speaks https, a compiler where pip, npm, cmake or make may call it, ssh for git over ssh.

```diff
 FROM debian:bookworm-slim
 RUN apt-get update \
-    && apt-get install -y \
+    && apt-get install -y --no-install-recommends \
+        ca-certificates \
         git \
         make \
+        openssh-client \
     && rm -rf /var/lib/apt/lists/*
 RUN git clone git@github.com:example/private.git
```

dnf and zypper have recommendations, too.

```diff
 FROM fedora:41
-RUN dnf install -y nginx && dnf clean all
+RUN dnf install -y --setopt=install_weak_deps=False nginx && dnf clean all
```

It is for review, since a program may need at run time what no file shows: then name that package in the install.

## Options

`keep = ["tzdata"]` names packages that are kept where they would no longer come along, or that is not known.

## Left alone

What is decided already: by an option, or by the configuration of apt that the file writes.

```dockerfile
FROM debian:bookworm-slim
RUN echo 'APT::Install-Recommends "false";' > /etc/apt/apt.conf.d/99-lean
RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
```

Packages that a variable, a loop or a pattern names are not known.

```dockerfile
FROM debian:bookworm-slim
ARG PACKAGES
RUN apt-get update && apt-get install -y $PACKAGES && rm -rf /var/lib/apt/lists/*
```

A stage that is not shipped weighs nothing.

```dockerfile
FROM debian:bookworm-slim AS build
RUN apt-get update && apt-get install -y gcc

FROM debian:bookworm-slim
COPY --from=build /usr/bin/gcc /
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from dockfix import ChangeCall, Edit, Facts, Level, Phase, Proof, Proposal, Refusal, transform
from dockfix.model.packages.arguments import NO_RECOMMENDS, Argument, rows
from dockfix.model.packages.call import Call
from dockfix.model.packages.changed import with_packages
from dockfix.model.packages.managers import Does
from dockfix.model.packages.write import argument_edit, packages_edit
from dockfix.model.recommends.ledger import in_words
from dockfix.model.reliance import reliance
from dockfix.model.run_calls import run_calls
from dockfix.model.runs import Run, runs
from dockfix.model.stages import ancestors, layout
from dockfix.syntax.script import in_compounds, texts

# What decides for apt, dnf or zypper as a whole: `APT::Install-Recommends`, `install_weak_deps`, `solver.onlyRequires`.
_CONFIGURED = re.compile(rb"(?<!-)Install-Recommends|(?<!setopt=)install_weak_deps|solver\.onlyRequires", re.IGNORECASE)
_TO_CONFIGURATION = re.compile(rb"/etc/apt/apt\.conf|/etc/apt/?$|/etc/dnf/|/etc/zypp/")
_PATTERN = re.compile(rb"[*?\[^|(]|^\W*[$`]")


@transform(
    "no-install-recommends",
    title="Install no recommended packages",
    level=Level.REVIEW,
    phase=Phase.ARGUMENTS,
    settings={"keep": ()},
)
def no_install_recommends(facts: Facts) -> Iterator[Proposal | Refusal]:
    """Add the flag to the installs of each RUN of a shipped stage; one change for each RUN."""
    kept_before: dict[int, tuple[str, ...]] = {}
    for run in facts.of(runs).values():
        if run.script is None or not run.stage.shipped:
            continue
        fixed = in_compounds(run.script)
        edits: list[Edit] = []
        changes: list[ChangeCall] = []
        why: list[str] = []
        for call in facts.of(run_calls)[run.position]:
            row = next(rows(call, NO_RECOMMENDS), None)
            reason = _refusal(facts, call, row, call.command.start in fixed)
            if reason:
                yield Refusal(run.instruction.node.start, reason)
            elif row is not None and not _is_decided(call, row):
                kept, said = _kept(facts, run, call, _of_ancestors(facts, run, kept_before))
                number = run.stage.number
                known = kept_before.get(number, ())
                new = (name.decode() for name in kept)
                kept_before[number] = (*known, *(name for name in new if name not in known))
                edits += _edits(run, call, row, kept)
                changes.append(ChangeCall(texts(call.command), with_packages(call, row.word, kept)))
                why += said
        if edits:
            may = tuple(dict.fromkeys(changes))
            title = "install no recommended packages"
            yield Proposal(
                run.instruction.node.start, title, "; ".join(dict.fromkeys(why)), tuple(edits), may, Proof.MODELLED
            )


def _is_decided(call: Call, row: Argument) -> bool:
    given = b" ".join(call.options).lower()
    return call.has(*row.said) or b"install-recommends" in given or b"install_weak_deps" in given


def _refusal(facts: Facts, call: Call, row: Argument | None, fixed: bool) -> str:
    shown = f"`{call.shown}`"
    if row is None:
        if call.manager.name == "apt-get" and call.does in (Does.INSTALL, Does.UPGRADE) and call.verb != b"upgrade":
            return f"its {shown} does not name what it installs"
        return ""
    if _is_decided(call, row):
        return ""
    if call.program == b"aptitude":
        return f"its {shown} has another option for that: --without-recommends"
    if fixed:
        return f"its {shown} stands in a loop, a `case` or a function"
    if not call.arguments:
        return f"its {shown} names no packages"
    if facts.of(_configures):
        return "the file configures whether recommended packages are installed"
    if any(_PATTERN.search(word) for word in call.arguments):
        return f"its {shown} names packages by a variable or a pattern, so what would no longer come along is not known"
    return ""


def _configures(facts: Facts) -> bool:
    """Whether the file writes or copies what decides for all installs."""
    copies = (i.rest for i in facts.instructions if i.keyword in ("COPY", "ADD"))
    written = _CONFIGURED.search(facts.source.text) is not None
    return written or any(_TO_CONFIGURATION.search(words) for words in copies)


def _of_ancestors(facts: Facts, run: Run, kept: Mapping[int, tuple[str, ...]]) -> tuple[str, ...]:
    """What earlier changes keep in the RUN's stage and in those that it is built from."""
    stages = (run.stage, *ancestors(facts.of(layout).stages, run.stage))
    return tuple(name for stage in stages for name in kept.get(stage.number, ()))


def _kept(facts: Facts, run: Run, call: Call, before: tuple[str, ...]) -> tuple[list[bytes], list[str]]:
    """The packages to keep by name, and what there is to say of the call."""
    if call.manager.name != "apt-get":
        return [], ["which recommended packages no longer come along is not known"]
    found = reliance(facts, run, call, before)
    wanted = facts.settings["keep"]
    gone = {name for name, _ in found.lost.packages} if found.lost is not None else None
    by_hand = [name for name in wanted if gone is None or name in gone] if isinstance(wanted, tuple) else []
    kept = dict(found.kept) | dict.fromkeys(by_hand, "the configuration says so")
    said = [in_words(found.lost, found.release)]
    said += [f"{name} is kept: {reason}" for name, reason in kept.items()]
    if found.unknown:
        said.append(f"a later command may rely on what no longer comes along: {found.unknown}")
    names = [name.encode() for name in kept]
    return [name for name in names if name not in call.arguments], said


def _edits(run: Run, call: Call, row: Argument, kept: list[bytes]) -> Iterator[Edit]:
    if run.parsed is None:
        raise ValueError("an opaque RUN calls nothing that is known")
    flag = argument_edit(run.parsed.text, call, row.word)
    packages = packages_edit(run.parsed.text, call, kept) if kept else ()
    for edit in packages:
        if edit.start == flag.start:
            flag = flag._replace(new=flag.new + edit.new)
        else:
            yield edit
    yield flag
