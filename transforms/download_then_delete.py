r"""Fetch, use and delete in one RUN.

A file that one RUN fetches and a later one deletes is gone from sight only: it still weighs in the layer of the fetch.
One RUN that does both leaves nothing of it.

```diff
 FROM buildpack-deps:bookworm-curl
-RUN curl -fsSLO https://example.org/tool.tgz
-RUN tar xzf tool.tgz -C /opt
-RUN mv /opt/tool/bin/tool /usr/local/bin/ && rm -rf /opt/tool tool.tgz
+RUN curl -fsSLO https://example.org/tool.tgz \
+    && tar xzf tool.tgz -C /opt \
+    && mv /opt/tool/bin/tool /usr/local/bin/ && rm -rf /opt/tool tool.tgz
```

So do packages that are installed, scripts that are run, and repositories that are built.

```diff
 FROM debian:12
-RUN wget https://example.org/setup.deb
-RUN apt-get install -y ./setup.deb && rm setup.deb
-RUN git clone https://example.org/app.git
-RUN make -C app install
-RUN rm -rf app
+RUN wget https://example.org/setup.deb \
+    && apt-get install -y ./setup.deb && rm setup.deb
+RUN git clone https://example.org/app.git \
+    && make -C app install \
+    && rm -rf app
```

Where something else stands between the two, the deletion moves up to the last RUN that uses the file, if nobody in
between has to do with it.

```diff
 FROM debian:12
-RUN wget https://example.org/setup.sh && bash setup.sh -p /opt/conda
+RUN wget https://example.org/setup.sh && bash setup.sh -p /opt/conda \
+    && rm setup.sh
 ENV PATH=/opt/conda/bin:$PATH
-RUN conda update -y conda && rm setup.sh
+RUN conda update -y conda
```

Or what stands between moves out of the way: below, or above where that does not make the fetch run again more often.
A state file that was copied before the archive is unpacked no longer makes that run again.

```diff
 FROM debian:12
-RUN wget -O /tmp/data.tgz https://example.org/data.tgz
-COPY state.json /var/lib/app/
-WORKDIR /opt/data
-RUN tar xzf /tmp/data.tgz && rm /tmp/data.tgz
+WORKDIR /opt/data
+RUN wget -O /tmp/data.tgz https://example.org/data.tgz \
+    && tar xzf /tmp/data.tgz && rm /tmp/data.tgz
+COPY state.json /var/lib/app/
 CMD ["app"]
```

What ADD fetches is in a layer of its own already. A stage fetches it instead, and the RUNs that use it have it as a
mount, so that it is in no layer.

```diff
+FROM scratch AS download
+ADD https://example.org/tool.tgz /tool.tgz
+
 FROM debian:12
-ADD https://example.org/tool.tgz /opt/
-RUN tar xzf /opt/tool.tgz -C /usr/local && rm /opt/tool.tgz
+RUN --mount=type=bind,from=download,source=/tool.tgz,target=/opt/tool.tgz \
+    tar xzf /opt/tool.tgz -C /usr/local
```

## Options

`form = "stages"` lets two stages fetch and unpack, so that `--target download` stops behind the fetch, and copies what
is left. That is done only where this is one folder that the RUNs make; else they become one RUN. `form = "run"` makes
RUNs in any case; `"auto"`, the default, stages only where the file already has some that are called so.

```text
FROM debian:12 AS base
RUN apt-get update && apt-get install -y curl

FROM base AS download
RUN curl -fsSL -o /tmp/tool.tgz https://example.org/tool.tgz

FROM download AS expand
RUN mkdir /opt/tool && tar xzf /tmp/tool.tgz -C /opt/tool --strip-components=1

FROM base
COPY --from=expand /opt/tool /opt/tool
```

An archive that has been unpacked and that nobody deletes is deleted at level `unsafe` only: that nobody wants it later
is not in the file. So is the folder that an archive has made, where something is taken out of it and the rest is left
behind; the change names both.

## Left alone

What is used in between by somebody else keeps its place.

```dockerfile
FROM debian:12
RUN wget -O /tmp/setup https://example.org/setup
COPY setup.conf /etc/
RUN sh /tmp/setup && rm /tmp/setup
```

In a stage that is not shipped, a layer weighs nothing.

```dockerfile
FROM debian:12 AS build
RUN wget https://example.org/src.tgz
RUN tar xzf src.tgz && rm src.tgz

FROM debian:12
COPY --from=build /src /src
```

An address with a variable would have to be told its value in two stages.

```dockerfile
FROM debian:12
ARG VERSION=1.0
ADD https://example.org/tool-$VERSION.tgz /opt/tool.tgz
RUN tar xzf /opt/tool.tgz -C /usr/local && rm /opt/tool.tgz
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dockfix import (
    DeleteSooner,
    DropFetched,
    Facts,
    FetchInStages,
    Level,
    MountFetched,
    MoveStep,
    Phase,
    Proof,
    Proposal,
    Refusal,
    Regroup,
    transform,
)
from dockfix.model.files.likely import has_such_stages, may_add, may_delete, may_keep

if TYPE_CHECKING:
    from dockfix.model.files.one_run import OneRun, OutOfTheWay
    from dockfix.model.files.remote import Remote
    from dockfix.model.files.sooner import Sooner
    from dockfix.model.files.unpacked import Unpacked


@transform(
    "download-then-delete",
    title="Fetch, use and delete in one RUN",
    level=Level.SAFE,
    phase=Phase.MERGE,
    settings={"form": "auto"},
)
def download_then_delete(facts: Facts) -> Iterator[Proposal | Refusal]:
    """Make one RUN of those from a fetch to the deletion of what it has fetched."""
    if may_add(facts):
        from dockfix.model.files.remote import Remote, remote

        for found in facts.of(remote):
            if isinstance(found, Remote):
                yield _mounted(facts, found)
            else:
                yield Refusal(facts.instructions[found.position].node.start, f"what ADD fetches stays: {found.why}")
    if may_keep(facts):
        yield from _dropped(facts)
    stages = facts.settings["form"] == "stages"
    if stages:
        yield from _alone(facts)
    if not may_delete(facts):
        return
    stages = stages or (facts.settings["form"] == "auto" and has_such_stages(facts))
    from dockfix.model.files.one_run import OneRun, OutOfTheWay, plans
    from dockfix.model.files.sooner import Sooner

    for plan in facts.of(plans):
        match plan:
            case OneRun():
                yield from _staged(facts, plan) if stages else [_joined(facts, plan)]
            case Sooner():
                yield _sooner(facts, plan)
            case OutOfTheWay():
                yield _moved(facts, plan)
            case _:
                at = facts.instructions[plan.fetched.first].node.start
                yield Refusal(at, f"{plan.fetched.name} is deleted in another layer: {plan.why}")


def _dropped(facts: Facts) -> Iterator[Proposal]:
    from dockfix.model.files.kept import kept

    for one in facts.of(kept):
        path = one.path.decode("utf-8", "replace")
        of_it = f", of which only {b', '.join(one.used).decode('utf-8', 'replace')} is taken" if one.used else ""
        why = f"nothing deletes {path}, which has been unpacked{of_it}; whether somebody wants it later, you must know"
        may = (DropFetched(one.command, one.path),)
        at = one.run.instruction.node.start
        yield Proposal(at, f"delete {path} in the RUN that unpacks it", why, one.edits, may, level=Level.UNSAFE)


def _mounted(facts: Facts, plan: Remote) -> Proposal | Refusal:
    from dockfix.model.files.remote_edits import remote_edits

    at = facts.instructions[plan.passing.copies[0].position].node.start
    edits = remote_edits(facts, plan)
    if isinstance(edits, str):
        return Refusal(at, edits)
    name = plan.passing.copies[0].placed[0].source
    why = "what ADD fetches and a RUN deletes still weighs in the layer of the ADD"
    told = _told(why, plan.passing.unsure)
    level = Level.REVIEW if plan.passing.unsure else None
    may = (MountFetched(plan.lines, *plan.passing.told(facts)),)
    return Proposal(at, f"fetch {name} in a stage, and mount it where it is used", told, edits, may, level=level)


def _alone(facts: Facts) -> Iterator[Proposal | Refusal]:
    """RUNs that fetch and delete already, as stages."""
    from dockfix.model.files.unpacked import Unpacked, fetches_alone, unpacked

    for one in fetches_alone(facts):
        plan = unpacked(facts, one)
        if isinstance(plan, Unpacked):
            yield _in_stages(facts, plan)
        else:
            yield Refusal(facts.instructions[plan.at].node.start, f"it does not become stages: {plan.why}")


def _staged(facts: Facts, one: OneRun) -> Iterator[Proposal | Refusal]:
    """RUNs that fetch and delete, as stages; where that can't be, as one."""
    from dockfix.model.files.unpacked import Unpacked, unpacked

    plan = unpacked(facts, one)
    yield _in_stages(facts, plan) if isinstance(plan, Unpacked) else _joined(facts, one)


def _in_stages(facts: Facts, plan: Unpacked) -> Proposal:
    from dockfix.model.files.unpacked_edits import unpacked_edits

    folder = plan.folder.decode("utf-8", "replace")
    why = "the archive is in no layer, and `--target` stops behind the download"
    told = _told(why, plan.unsure)
    at = plan.chain[0].instruction.node.start
    level = Level.REVIEW if plan.unsure else None
    may = (FetchInStages(plan.names, plan.folder, plan.removed),)
    return Proposal(
        at, f"fetch and unpack {folder} in stages of their own", told, unpacked_edits(facts, plan), may, level=level
    )


def _joined(facts: Facts, plan: OneRun) -> Proposal:
    from dockfix.model.merging import follows_from_text, merged

    names = _shown(plan.names)
    proof = Proof.PROVED if follows_from_text(plan.chain) else Proof.MODELLED
    why = f"what a later layer deletes still weighs in the layer of its fetch: {names}"
    at = plan.chain[0].instruction.node.start
    return Proposal(
        at, f"fetch, use and delete {names} in one RUN", why, merged(facts, plan.chain), (Regroup(),), proof
    )


def _sooner(facts: Facts, plan: Sooner) -> Proposal:
    name = plan.fetched.operand.tree.decode("utf-8", "replace")
    why = f"what a later layer deletes still weighs in the layer of its fetch: {plan.fetched.name}"
    at = facts.instructions[plan.behind].node.start
    may = (DeleteSooner(plan.command, plan.before, plan.left),)
    return Proposal(at, f"delete {name} in the RUN that uses it last", why, plan.edits, may, Proof.MODELLED)


def _moved(facts: Facts, plan: OutOfTheWay) -> Proposal:
    name = plan.fetched.name
    keywords = " and ".join(dict.fromkeys(facts.instructions[index].keyword for index in plan.moved))
    why = "then one RUN can fetch and delete it; deleted in a later layer, it still weighs in that of its fetch"
    at = facts.instructions[plan.fetched.first].node.start
    title = f"move {keywords} out from between the fetch and the deletion of {name}"
    return Proposal(at, title, why, plan.edits, (MoveStep(),), Proof.MODELLED)


def _told(why: str, unsure: str) -> str:
    return f"{why}. For you to see: {unsure}" if unsure else why


def _shown(names: tuple[str, ...]) -> str:
    return ", ".join(names[:4]) + (", ..." if len(names) > 4 else "")
