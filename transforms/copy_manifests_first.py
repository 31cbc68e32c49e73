r"""Copy what an install reads before the rest of the project.

After `COPY . .` each change of any file makes the dependencies be installed again. The install reads the manifests
alone: copied first, they keep it in the cache until they change themselves.

```context
package.json: {"dependencies": {"left-pad": "1.3.0"}}
package-lock.json: {"lockfileVersion": 3}
src/index.js
```

```diff
--- .dockerignore
 node_modules
--- Dockerfile
 FROM node:22
 WORKDIR /app
-COPY . .
+COPY package-lock.json package.json ./
 RUN npm ci
+COPY . .
 RUN npm run build
```

Which files an install reads follows from the manifests themselves: requirements that include others, workspaces,
replaced modules.

```context
api/requirements.txt: -r base.txt
api/base.txt: flask==3.1.0
api/app.py
```

```diff
--- Dockerfile
 FROM python:3.12-slim
 WORKDIR /srv/api
-# the service
-COPY api .
+COPY api/base.txt api/requirements.txt ./
 RUN pip install --no-cache-dir -r requirements.txt
+# the service
+COPY api .
 CMD ["python", "app.py"]
```

The image is the same: the copy of the whole folder puts the same manifests there again. It is for review where an
install may rewrite its lock file, or where `.dockerignore` does not keep out what is installed (`node_modules`), since
a copy made outside of the build would come to lie over it.

## Left alone

A script of the project that runs with the install may read any file.

```context
package.json: {"scripts": {"postinstall": "node build.js"}}
package-lock.json: {"lockfileVersion": 3}
build.js
```

```dockerfile
FROM node:22
WORKDIR /app
COPY . .
RUN npm ci
```

An install of the project itself needs the project.

```context
requirements.txt: -e .
setup.py
```

```dockerfile
FROM python:3.12-slim
COPY . /app
RUN pip install -r /app/requirements.txt
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dockfix import CopyFirst, Facts, Level, Phase, Proof, Proposal, Refusal, transform
from dockfix.model.runs import runs
from dockfix.model.stages import Stage, layout

# What a RUN that installs for a project cannot lack: it is asked of each RUN.
_LIKELY = rb"\b(?:npm|yarn|pnpm|pip3?|uv|poetry|pipenv|go|cargo|mvnw?|gradlew?|bundler?|composer|dotnet|mix)\b"
_SHOWN = 4  # paths by name; the rest is counted


@transform(
    "copy-manifests-first",
    title="Copy manifests before the project",
    level=Level.SAFE,
    phase=Phase.ORDER,
)
def copy_manifests_first(facts: Facts) -> Iterator[Proposal | Refusal]:
    """Part the last copy above each install by what the install reads."""
    for stage in facts.of(layout).stages:
        span = range(stage.first + 1, stage.last)
        copies = [index for index in span if facts.instructions[index].keyword in ("COPY", "ADD")]
        if copies and any(_may_install(facts, index) for index in range(copies[0], stage.last)):
            yield from _in_stage(facts, stage, copies)


def _may_install(facts: Facts, index: int) -> bool:
    run = facts.of(runs).get(index)
    return run is not None and run.script is not None and re.search(_LIKELY, run.instruction.rest) is not None


def _in_stage(facts: Facts, stage: Stage, copies: list[int]) -> Iterator[Proposal | Refusal]:
    from dockfix.model.gain import is_gain
    from dockfix.model.listed import listed
    from dockfix.model.manifests.plan import NotParted, installs_of_project, parted
    from dockfix.model.sources import may_be_whole

    for install in installs_of_project(facts, range(copies[0] + 1, stage.last)):
        index = next((at for at in reversed(copies) if at < install and may_be_whole(facts, at)), -1)
        if index < 0:
            continue
        at = facts.instructions[index].node.start
        if facts.context is None:
            yield Refusal(
                at, "which files an install reads, the build context tells, which is not known here (--context)"
            )
            return
        found = parted(facts, stage, index, install, facts.context)
        if isinstance(found, NotParted):
            yield Refusal(at, found.why)
        elif found is not None and is_gain(facts, facts.edited(found.edits)):
            why = "it is all that the install reads; after any other change it need not run again"
            level = Level.REVIEW if found.unsure else None
            told = f"{why}. {found.unsure}" if found.unsure else why
            may = (CopyFirst(found.paths),)
            title = f"copy {listed(found.paths, _SHOWN)} first"
            yield Proposal(at, title, told, found.edits, may, Proof.MODELLED, level)
            return
