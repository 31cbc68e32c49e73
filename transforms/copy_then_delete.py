r"""Keep what is copied and later deleted out of the image.

A file that a COPY brings and a later RUN deletes is gone from sight only: it still weighs in the layer of the COPY, and
whoever has the image can read it there. There are three ways out; the first that fits is taken.

What RUNs use and then delete becomes a mount of these RUNs. A mount is in no layer, and nothing is left to delete.

```context
tool.deb: packed
```

```diff
--- Dockerfile
 FROM debian:12
-COPY tool.deb /tmp/
-RUN dpkg -i /tmp/tool.deb \
-    && rm -rf /tmp/tool.deb /var/lib/apt/lists/*
+RUN --mount=type=bind,source=tool.deb,target=/tmp/tool.deb \
+    dpkg -i /tmp/tool.deb \
+    && rm -rf /var/lib/apt/lists/*
```

A file that is made executable first needs a mount that can be written to; what is written there is discarded.

```context
install.sh: ./configure
```

```diff
--- Dockerfile
 FROM debian:12
-COPY install.sh /opt/install.sh
-RUN chmod +x /opt/install.sh && /opt/install.sh
-RUN rm /opt/install.sh
+RUN --mount=type=bind,source=install.sh,target=/opt/install.sh,rw \
+    chmod +x /opt/install.sh && /opt/install.sh
```

Nobody uses what is deleted: where the file's `# syntax` line gives 1.19 or newer, the COPY leaves it out.

```context
docs/guide.md: long
server.py: short
```

```diff
--- Dockerfile
 # syntax=docker/dockerfile:1
 FROM python:3.13
-COPY . /app
-RUN rm -rf /app/docs
+COPY --exclude=docs . /app
 CMD ["python", "/app/server.py"]
```

Else a stage of its own collects what is left. Owner and mode of each file stay, a pattern is no obstacle, and nothing
but what the new stage holds is copied from it.

```diff
+FROM node:22 AS app-files
+COPY . /usr/src/app
+RUN rm -rf /usr/src/app/node_modules /usr/src/app/*.log
+
 FROM node:22
 WORKDIR /usr/src/app
-COPY . /usr/src/app
-RUN rm -rf /usr/src/app/node_modules /usr/src/app/*.log
+COPY --from=app-files /usr/src/app /usr/src/app
 RUN npm ci
```

A change is for review where the build context or the base is not known, and where a script or a build could do with a
mount what it cannot bear; the change says what to look at. Mounts need BuildKit, or the like; see `builder` in the
configuration.

## Left alone

A mount point can be neither moved nor replaced.

```dockerfile
FROM debian:12
COPY app.conf /tmp/app.conf
RUN mv /tmp/app.conf /etc/app.conf && rm -f /tmp/app.conf
```

The base may have a file of that name, and then the deletion is of that one.

```dockerfile
FROM debian:12
COPY motd /etc/motd
RUN cat /etc/motd && rm /etc/motd
```

A folder that the COPY makes and nobody deletes would be missing.

```dockerfile
FROM debian:12
COPY tool.deb /packages/tool.deb
RUN dpkg -i /packages/tool.deb && rm /packages/tool.deb
```

Whoever is not known may use the file.

```dockerfile
FROM debian:12
COPY . /app
RUN ./build
RUN rm -rf /app/docs
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dockfix import (
    AddStage,
    ExcludeCopied,
    Facts,
    Level,
    MountCopied,
    Phase,
    Proof,
    Proposal,
    Refusal,
    transform,
)
from dockfix.model.files.likely import may_delete_copied

if TYPE_CHECKING:
    from dockfix.model.files.passing import Passing
    from dockfix.model.files.unused import Unused


_SHOWN = 4  # paths by name; the rest is counted


@transform(
    "copy-then-delete",
    title="Keep out of the image what is copied and later deleted",
    level=Level.SAFE,
    phase=Phase.SPLIT,
)
def copy_then_delete(facts: Facts) -> Iterator[Proposal | Refusal]:
    """Mount what RUNs use and delete; leave out, or collect in a stage of its own, what is deleted unused."""
    if not may_delete_copied(facts):
        return
    from dockfix.model.files.passing import Passing, passing
    from dockfix.model.files.unused import Unused, unused

    for found in facts.of(passing):
        if isinstance(found, Passing):
            yield _mounted(facts, found)
        else:
            yield Refusal(facts.instructions[found.position].node.start, found.why)
    for part in facts.of(unused):
        if isinstance(part, Unused):
            yield _kept_out(facts, part)
        else:
            yield Refusal(facts.instructions[part.position].node.start, part.why)


def _mounted(facts: Facts, plan: Passing) -> Proposal | Refusal:
    from dockfix.model.files.passing_edits import edits_of
    from dockfix.model.listed import listed
    from dockfix.model.sizes import size

    at = facts.instructions[plan.copies[0].position].node.start
    edits = edits_of(facts, plan)
    if isinstance(edits, str):
        return Refusal(at, edits)
    placed = [one for copy in plan.copies for one in copy.placed]
    sizes = [one.size for one in placed if one.size is not None]
    less = f": {size(sum(sizes))} less" if sizes and len(sizes) == len(placed) else ""
    names = listed([one.source or "the build context" for one in placed], _SHOWN)
    it_is = "it is" if len(placed) == 1 else "they are"
    title = f"mount {names} where {it_is} used" if plan.mounts else f"do not copy {names}: nothing uses what is deleted"
    level = Level.REVIEW if plan.unsure else None
    may = (MountCopied(*plan.told(facts)),)
    return Proposal(at, title, _why(less, plan.unsure), edits, may, Proof.MODELLED, level)


def _kept_out(facts: Facts, plan: Unused) -> Proposal | Refusal:
    from dockfix.model.files.deleted import words_of
    from dockfix.model.files.unused_edits import edits_of, name_of
    from dockfix.model.listed import listed
    from dockfix.model.sizes import size

    at = facts.instructions[plan.copy.position].node.start
    edits = edits_of(facts, plan)
    if isinstance(edits, str):
        return Refusal(at, edits)
    if plan.ignorable and not plan.excluded and facts.context is not None and facts.context.narrows(plan.ignorable):
        return Refusal(at, f"write-dockerignore keeps {listed(plan.ignorable, _SHOWN)} out of the build context")
    less = f": {size(plan.size)} less" if plan.size else ""
    deletions = words_of(plan.deleted)
    names = listed([path.decode("utf-8", "replace") for path in plan.paths], _SHOWN)
    level = Level.REVIEW if plan.unsure else None
    if plan.excluded:
        may = (ExcludeCopied(plan.excluded, deletions),)
        return Proposal(at, f"do not copy {names}", _why(less, plan.unsure), edits, may, Proof.MODELLED, level)
    name = name_of(facts, plan)
    title = f"delete {names} in a stage of its own, {name}"
    stage = (AddStage(name, plan.paths, deletions),)
    return Proposal(at, title, _why(less, plan.unsure), edits, stage, Proof.MODELLED, level)


def _why(less: str, unsure: str) -> str:
    why = f"what is deleted later still weighs in the layer of the COPY{less}"
    return f"{why}. What to look at: {unsure}" if unsure else why
