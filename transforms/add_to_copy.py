r"""Use COPY where ADD neither fetches nor unpacks anything.

ADD unpacks what turns out to be an archive, and fetches what looks like an address. Where it does neither, COPY says
so, and an archive that comes to stand there one day is copied as it is.

```context
nginx.conf: worker_processes 4;
scripts/start.sh: exec nginx
```

```diff
--- Dockerfile
 FROM nginx:1.29
-ADD nginx.conf /etc/nginx/nginx.conf
-ADD --chown=nginx scripts /opt/scripts
+COPY nginx.conf /etc/nginx/nginx.conf
+COPY --chown=nginx scripts /opt/scripts
 CMD ["/opt/scripts/start.sh"]
```

A folder is never unpacked, whatever is in it, and the build context is always one.

```diff
 FROM python:3.13
-add . /app
+copy . /app
 WORKDIR /app
```

What a file is, its first bytes tell, not its name. A file that has the name of an archive may stand in the place of
one, as the pointers of Git LFS do, so that ADD stays.

## Left alone

COPY fetches nothing.

```dockerfile
FROM debian:12
ADD https://example.org/tool /usr/local/bin/tool
```

An archive is unpacked.

```context
rootfs.tar.gz: packed
```

```dockerfile
FROM scratch
ADD rootfs.tar.gz /
```

A pattern without an extension may match an archive one day.

```context
dist/app: run
```

```dockerfile
FROM debian:12
ADD dist/* /opt/
```

Without the build context it is not known what a file is.

```dockerfile
FROM debian:12
ADD run /run
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dockfix import Edit, Facts, Level, Phase, Proof, Proposal, Refusal, UseCopy, transform
from dockfix.model.pragmas import barred
from dockfix.model.stages import layout

# Between its letters, a continuation may stand.
_KEYWORD = re.compile(rb"(?:\xef\xbb\xbf)?\s*(ADD)\b", re.IGNORECASE)


@transform(
    "add-to-copy",
    title="Use COPY where ADD does no more",
    level=Level.SAFE,
    phase=Phase.SPLIT,
)
def add_to_copy(facts: Facts) -> Iterator[Proposal | Refusal]:
    """Write another keyword; neighbours are one decision."""
    row: list[Edit] = []
    for index, instruction in enumerate(facts.instructions):
        if instruction.keyword != "ADD" or facts.of(layout).stage_of[index] < 0:
            yield from _told(row)
            row = []
            continue
        from dockfix.model.unpacking import beyond_copy  # Most files have no ADD.

        found = _KEYWORD.match(facts.source.text, instruction.node.start)
        why = beyond_copy(facts, index) if found else "its keyword runs on over the end of a line"
        if why or found is None:
            yield Refusal(instruction.node.start, why)
            yield from _told(row)
            row = []
        else:
            if not facts.of(barred).isdisjoint({index, index - 1}):
                # Whoever says something about one ADD has not said it about its neighbours.
                yield from _told(row)
                row = []
            row.append(Edit(found.start(1), found.end(1), _in_case_of(found[1])))
    yield from _told(row)


def _told(row: list[Edit]) -> Iterator[Proposal]:
    if row:
        title = "use COPY for ADD" if len(row) == 1 else f"use COPY for {len(row)} ADDs"
        why = "nothing is fetched or unpacked, and COPY says so"
        yield Proposal(row[0].start, title, why, tuple(row), (UseCopy(),), Proof.MODELLED)


def _in_case_of(keyword: bytes) -> bytes:
    """COPY as the file writes its keywords."""
    return b"COPY" if keyword.isupper() else b"copy" if keyword.islower() else b"Copy"
