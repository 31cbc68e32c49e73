"""Documents that carry Dockerfiles: their rewriting, and what of them is built in a build context."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from ..adapters.embedded import Carrier, read_document
from ..adapters.plugins import installed
from ..engine.carried import carried_options, inner_spans, rewriting_carried
from ..engine.run import FindContext, Rewriting, no_context, rewriting
from ..model.embedded import Embedded

if TYPE_CHECKING:
    from .examine import Job

_BUILT = (Carrier.COMPOSE, Carrier.BAKE)
"""Whose Dockerfiles are built, in a context that the same file names; others are only text."""


def rewriting_document(job: Job, kind: Carrier, document: bytes, find_context: FindContext) -> Rewriting:
    """Rewrite the Dockerfiles in a document. `find_context` is asked, by path and text, for those that are built."""

    wanted = job.within(document)

    def rewriting_of(name: str, embedded: Embedded) -> Rewriting:
        within = None if wanted is None else inner_spans(document, embedded, wanted)
        return rewriting(
            {name: embedded.text},
            options=carried_options(job.options, embedded)._replace(within=within),
            known=installed(),
            asks=True,
            find_context=find_context if kind in _BUILT else no_context,
        )

    return rewriting_carried(job.name, document, partial(read_document, kind), rewriting_of)


def built_in(path: str, kind: Carrier, document: bytes) -> Mapping[str, bytes]:
    """The texts of the Dockerfiles that the document at `path` has built, each by what stands for its path."""
    if kind not in _BUILT:
        return {}
    return {f"{path}#{one.name}": one.text for one in read_document(kind, document).dockerfiles}
