r"""Count the layers of the image.

Docker refuses an image of more than 127 layers, those of the base among them: `max depth exceeded`. A warning comes
from 100 layers on, an error from 120. What counts is the text behind all changes: `merge-runs` makes fewer of them.

```dockerfile
FROM scratch
COPY hello /
WORKDIR /srv
ENV PATH=/
CMD ["/hello"]
```

```report
1: info: 2 layers
```

The stages that a stage is built FROM count with it. The layers of another base are not known from the file (but for
`scratch`, which has none); `dockfix verify` measures them.

```dockerfile
FROM debian:12 AS base
RUN apt-get update && apt-get install -y curl

FROM base
COPY . /srv
```

```report
4: info: 2 layers, and those of debian:12
```

RUN, COPY and ADD make a layer each. WORKDIR does with BuildKit, and does not with buildah (`builder` in the
configuration); other instructions make none. A stage that is not shipped is not counted: its layers reach nobody.

The limit: `maxLayerDepth` in moby's layer/layer_store.go is 125, "chosen to account for the 127 max in some
graphdrivers plus the 2 additional layers used to create a rwlayer".
"""

from __future__ import annotations

from collections.abc import Iterator

from dockfix import Facts, Finding, Severity, report


@report("layer-budget", title="Count the layers of the image", settings={"warning": 100, "error": 120})
def layer_budget(facts: Facts) -> Iterator[Finding]:
    """One finding for each stage that is shipped and that no other one is built FROM."""
    from dockfix.model.layer_budget import layer_count
    from dockfix.model.stages import layout

    stages = facts.of(layout).stages
    below = {stage.parent for stage in stages}
    for stage in stages:
        if not stage.shipped or (stage.number in below and stage.name not in facts.targets):
            continue
        count = layer_count(facts, stage, str(facts.settings.get("builder", "buildkit")))
        message = f"{count.layers} layer" + ("" if count.layers == 1 else "s")
        if count.of_base is None:
            message += f", and those of {count.base}"
        severity = _severity(facts, count.known)
        if severity is not Severity.INFO:
            message += "; docker takes no more than 125"
        yield Finding(facts.instructions[stage.first].node.start, severity, message, count)


def _severity(facts: Facts, layers: int) -> Severity:
    steps = ((Severity.ERROR, facts.settings["error"]), (Severity.WARNING, facts.settings["warning"]))
    return next((severity for severity, least in steps if isinstance(least, int) and layers >= least), Severity.INFO)
