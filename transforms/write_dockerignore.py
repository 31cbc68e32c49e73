r"""Keep out of the build context what no step of the build needs.

The builder is sent the whole folder first, with the repository's history, what was installed for this machine, and
secrets. Where every instruction names what it takes, only that is sent; no instruction gets less, today or later.

```context
package.json
package-lock.json
src/index.js
.git/config 40 kB
node_modules/left-pad/index.js 900 kB
```

```diff
--- Dockerfile
 FROM node:22
 WORKDIR /app
 COPY package*.json ./
 RUN npm ci
 COPY src src
--- .dockerignore
+# Only what the Dockerfile takes is sent to the builder.
+*
+!package*.json
+!src
```

A copy of the whole context takes less then, so that is for review, and the change names what it no longer gets.

```context
app.py
requirements.txt
.git/config 40 kB
.env 1 kB
tests/test_app.py 3 kB
__pycache__/app.pyc 2 kB
```

```diff
--- Dockerfile
 FROM python:3.12
 COPY . /app
 RUN pip install -r /app/requirements.txt
--- .dockerignore
+# Written by dockfix: none of this is needed in an image.
+
+# version control
+.git
+
+# secrets
+**/.env
+!**/.env*.example
+!**/.env*.sample
+!**/.env*.template
+!**/.env*.dist
+!**/.env*.default
+
+# dependencies that the build installs itself
+**/.venv
+**/venv
+
+# caches and logs
+**/__pycache__
+**/*.pyc
+**/*.pyo
+
+# what no image runs
+tests
+
+# what describes the build
+**/Dockerfile
+**/.dockerignore
+**/*.dockerignore
```

A file that is there already is extended at its end.

```context
Makefile
app/main.go 5 kB
app/main.go~ 5 kB
app/server.log 50 kB
go.mod
```

```diff
--- Dockerfile
 FROM golang:1.24
 COPY app /app
 RUN cd /app && go vet
--- .dockerignore
 go.mod
+
+# Added by dockfix.
+# editors and operating systems
+**/*~
+# caches and logs
+**/*.log
+# what describes the build
+**/Dockerfile
+**/.dockerignore
```

The history is sent where a step asks git for it, and the file says who does.

```context
main.c
.git/config 40 kB
docs/manual.pdf 3 MB
```

```diff
--- Dockerfile
 FROM gcc:14
 COPY . /src
 RUN cd /src && git describe > VERSION
--- .dockerignore
+# Written by dockfix: none of this is needed in an image.
+
+# .git is sent: Dockerfile:3 calls `git describe`
+
+# what no image runs
+docs
+
+# what describes the build
+**/Dockerfile
+**/.dockerignore
+**/*.dockerignore
```

What a copy of a whole folder takes along and a later step deletes unused still weighs in the layer of that copy. It is
kept out, if each Dockerfile of the context that takes it deletes it, too.

```context
server.py 4 kB
docs/guide.pdf 4 MB
```

```diff
--- Dockerfile
 FROM python:3.13
 COPY . /app
 RUN rm -rf /app/docs
 CMD ["python", "/app/server.py"]
--- .dockerignore
+# Written by dockfix: none of this is needed in an image.
+
+# what Dockerfile:2 copies and a later step deletes
+docs
+
+# this file
+.dockerignore
```

A change that keeps out less than `least` bytes is not worth a line. With `own_files = true`, Dockerfiles of one context
that take different things get [a file each](../context.md#a-file-for-each-dockerfile).

## Left alone

Who takes nothing from the context needs no ignore file.

```context
node_modules/left-pad/index.js 900 kB
```

```dockerfile
FROM node:22
RUN npm install -g pnpm
```
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from dockfix import Edit, IgnoreDeleted, Level, NarrowContext, Phase, Proof, Proposal, Refusal, context_transform
from dockfix.model.sizes import size

if TYPE_CHECKING:
    from dockfix.model.ignoring.plan import Addition
    from dockfix.model.together import Together

_SHOWN = 6  # lost paths by name; the rest is counted


@context_transform(
    "write-dockerignore",
    title="Write a .dockerignore",
    level=Level.SAFE,
    phase=Phase.CONTEXT,
    settings={"least": 10_000, "own_files": False},
)
def write_dockerignore(together: Together) -> Iterator[Proposal | Refusal]:
    """Keep out what nothing takes, first; then what a copy of a whole folder takes, and nobody misses."""
    from dockfix.model.together import problem, sent

    if bad := together.of(problem):
        yield Refusal(0, f"the build fails at its {bad}")
        return
    least = together.settings.get("least")
    smallest = least if isinstance(least, int) else 0
    if not together.of(sent):
        return
    from dockfix.model.ignoring.apart import is_idle

    if is_idle(together, smallest):
        return
    # Most folders are tidy; the tables are loaded for those that are not.
    from dockfix.model.ignoring.deleted_unused import deleted_unused
    from dockfix.model.ignoring.losses import uses
    from dockfix.model.ignoring.worth import is_worth, named_secrets

    for told in named_secrets(together):
        yield Refusal(0, f"{told}, which looks like a secret, into an image", warns=True)
    if together.of(deleted_unused):
        yield from _deleted(together)
    if not together.of(uses) or not is_worth(together, list(together.of(sent)), smallest):
        return
    from dockfix.model.ignoring.plan import next_addition

    addition = next_addition(together, smallest)
    if addition is None:
        return
    what = "send only what is taken" if addition.named_only else "keep out what no image needs"
    level = Level.SAFE if addition.sure and not addition.lost and not addition.copied else Level.REVIEW
    yield _proposal(together, addition, what, _why(together, addition), NarrowContext(addition.lost), level)


def _proposal(
    together: Together, addition: Addition, what: str, why: str, licence: NarrowContext | IgnoreDeleted, level: Level
) -> Proposal:
    end = len(together.text or b"")
    verb = "write" if together.text is None else "extend"
    title = f"{verb} {together.path.rpartition('/')[2]}: {what}"
    return Proposal(end, title, why, (Edit(end, end, addition.text),), (licence,), Proof.MODELLED, level)


def _deleted(together: Together) -> Iterator[Proposal]:
    """Keep out what a copy of a whole folder takes along, and a later step deletes before anybody uses it."""
    from dockfix.model.ignoring.plan import deletions
    from dockfix.model.listed import listed

    addition = together.of(deletions)
    if addition is None:
        return
    names = listed(_weighed(together, addition.gone), _SHOWN)
    why = f"what is deleted later still weighs in the layer of the COPY: {names}"
    licence = IgnoreDeleted(addition.gone)
    yield _proposal(together, addition, "keep out what is deleted unused", why, licence, Level.SAFE)


def _why(together: Together, addition: Addition) -> str:
    """How much less is sent, and what of that copies no longer get."""
    from dockfix.model.listed import listed

    told = _less(together, addition.gone)
    if not addition.lost:
        # Measured with docker 26: of 3 MB, 20 kB for `COPY api`, with and without such a file.
        others = " (BuildKit asks for what is named alone, too)" if addition.named_only else ""
        return f"{told}{others}; nothing of that is copied{_compared(together)}"
    return f"{told}; copies of a whole folder no longer get {listed(_weighed(together, addition.lost), _SHOWN)}"


def _less(together: Together, gone: Sequence[str]) -> str:
    """What is no longer sent, in figures as far as there are any."""
    from dockfix.model.ignoring.losses import weights
    from dockfix.model.listed import listed
    from dockfix.model.together import sent

    unweighed = [path for path in gone if path in together.context.unweighed]
    weight = weights(together.of(sent), gone).values()
    files = sum(one.files for one in weight)
    if unweighed and not files:
        return f"{listed(unweighed, _SHOWN)} {'is' if len(unweighed) == 1 else 'are'} no longer sent"
    everything = sum(entry.size for entry in together.of(sent).values())
    told = f"{size(sum(one.size for one in weight))} of {size(everything)} ({files:,} file{'' if files == 1 else 's'})"
    return f"{told}{''.join(f', and {path},' for path in unweighed)} are no longer sent"


def _weighed(together: Together, paths: Sequence[str]) -> list[str]:
    """The paths with their sizes, the heaviest first; before them those that nobody can weigh."""
    from dockfix.model.ignoring.losses import weights
    from dockfix.model.together import sent

    unweighed = [path for path in paths if path in together.context.unweighed]
    weight = weights(together.of(sent), [path for path in paths if path not in unweighed])
    heaviest = sorted(weight, key=lambda path: (-weight[path].size, path))
    return [*unweighed, *(f"{path} ({size(weight[path].size)})" for path in heaviest)]


def _compared(together: Together) -> str:
    """How much a file for all Dockerfiles would send, of a file of one's own."""
    from dockfix.model.ignoring.apart import reach

    found = together.common.of(reach) if together.common is not None and together.text is None else None
    return f"; one file for all Dockerfiles would send {size(found.common)}" if found is not None else ""
