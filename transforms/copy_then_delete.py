r"""Keep what is copied and later deleted out of the image.

A file that a COPY brings and a later RUN deletes is gone from sight only: it still weighs in the layer of the COPY.
What a RUN needs and then deletes is mounted into that RUN instead, and is in no layer.

```context
tool.deb: packed
```

```diff
--- Dockerfile
 FROM debian:12
-COPY tool.deb /tmp/
-RUN dpkg -i /tmp/tool.deb && rm /tmp/tool.deb
+RUN --mount=type=bind,source=tool.deb,target=/tmp/tool.deb \
+    dpkg -i /tmp/tool.deb
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dockfix import Facts, Level, MountCopied, Phase, Proof, Proposal, Refusal, transform

if TYPE_CHECKING:
    from dockfix.model.files.passing import Passing


@transform(
    "copy-then-delete",
    title="Keep out of the image what is copied and later deleted",
    level=Level.SAFE,
    phase=Phase.SPLIT,
)
def copy_then_delete(facts: Facts) -> Iterator[Proposal | Refusal]:
    """Mount what RUNs use and delete."""
    if not _may_delete(facts):
        return
    from dockfix.model.files.passing import Passing, passing

    for found in facts.of(passing):
        if isinstance(found, Passing):
            yield _mounted(facts, found)
        else:
            yield Refusal(facts.instructions[found.position].node.start, found.why)


def _may_delete(facts: Facts) -> bool:
    """Whether a RUN that deletes something stands behind a COPY."""
    first = next((index for index, one in enumerate(facts.instructions) if one.keyword == "COPY"), None)
    if first is None:
        return False
    return any(one.keyword == "RUN" and b"rm" in one.rest for one in facts.instructions[first:])


def _mounted(facts: Facts, plan: Passing) -> Proposal | Refusal:
    from dockfix.model.files.passing_edits import edits_of
    from dockfix.model.sizes import size

    at = facts.instructions[plan.copies[0].position].node.start
    edits = edits_of(facts, plan)
    if isinstance(edits, str):
        return Refusal(at, edits)
    placed = [one for copy in plan.copies for one in copy.placed]
    sizes = [one.size for one in placed if one.size is not None]
    held = f"{size(sum(sizes))} less" if sizes and len(sizes) == len(placed) else "a layer less"
    names = ", ".join(one.source or "the build context" for one in placed[:4]) + (", ..." if len(placed) > 4 else "")
    why = f"what is deleted later still weighs in the layer of the COPY: {held}"
    told = f"{why}. For you to see: {plan.unsure}" if plan.unsure else why
    level = Level.REVIEW if plan.unsure else None
    may = (MountCopied(*plan.told(facts)),)
    return Proposal(at, f"mount {names} where it is used", told, edits, may, Proof.MODELLED, level)
